"""What a sentence says beside the claim that has to go: quantities, codes and known words."""

import re
from collections.abc import Sequence

from domain.lexicon import Term, find_terms
from domain.quantities import Quantity, find_codes, find_quantities
from tools.compliance.han import is_han

_SAID = frozenset({"colour", "size", "material", "country", "care", "shipping", "returns"})
_SHOWN = frozenset({"colour", "size", "material", "care"})
_MEASURED = frozenset(
    {
        "mass", "volume", "length", "area", "area_weight", "power", "voltage", "charge", "energy",
        "frequency", "data", "pressure", "sound", "size",
        "temperature",
    }
)  # fmt: skip
"""Dimensions of what the goods are, no trick with prices, counts or time."""

_OF_SOMETHING = frozenset({"time", "business_time", "percent", "discount", "clock", "ratio", None})

_MANY = 10
"""Pieces from which a number tells what a pack holds rather than what somebody takes."""

_DISGUISED = re.compile(r"[a-z]\d|[A-Za-z]?[a-z]+\d+[a-z]+")
"""A word with digits put for letters (`depress10n`, `b4`) rather than a code."""

_ALONE_BEFORE = re.compile(r"(?:^|[^\u3400-\u9fff]|[是为有用选的和或纯全])$")
_ALONE_AFTER = re.compile(r"[制质做造的色款和或]|[^\u3400-\u9fff]|$")
_DETERMINED = re.compile(
    r"(?<!in )(?<!is )(?<!are )\b(?:this|that|these|those|the|our|my|your|its|an?)(?: [a-z-]+)? $",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"\W*$|\s*[,.;:!?]|\s+(?:\w+s|and|or|but|can|will|made|for|from|of|with|to|you|we|unless)\b",
    re.IGNORECASE,
)

_COUNTED = re.compile(
    r"[ -](?!(?:times?|people|customers?|buyers?|stars?|years?|days?|weeks?)\b)"
    r"(?!(?:or|and|to|of|in|on|out)\b)"
    r"[a-z]{3,}|[节讲课把条只支块张份片粒页袋瓶盒罐包件套层档头根册本颗枚抽卷]",
    re.IGNORECASE,
)
_RANKED = re.compile(r"(?:\bno\.? ?|#|\bnumber |\btop[ -]?|第|每)$", re.IGNORECASE)
_REACH = 10
_OF_BODIES = re.compile(r"pound|\blbs?\b|kilo|kg|斤|inch|英寸", re.IGNORECASE)

Span = tuple[int, int]


def find_facts(text: str, objected: Sequence[Span] = ()) -> list[Span]:
    """Where `text` says a quantity, code, material and the like, outside the `objected` spans."""
    found = [
        *((q.start, q.end) for q in find_quantities(text) if _is_told(text, q)),
        *((c.start, c.end) for c in find_codes(text) if not _DISGUISED.fullmatch(c.text)),
        *((t.start, t.end) for t in find_terms(text) if t.cls in _SAID and _is_said(text, t)),
    ]
    taken = bytearray(len(text))
    for left, right in objected:
        taken[max(left, 0) : right] = b"\1" * (min(right, len(text)) - max(left, 0))
    return sorted((start, end) for start, end in set(found) if not any(taken[start:end]))


def count_kept(text: str, facts: Sequence[str]) -> int:
    """How many of the `facts`, in the words that a sentence used, `text` still says."""
    folded = text.casefold()
    return sum(fact.casefold() in folded for fact in facts)


def holds_fact(text: str, fact: str) -> bool:
    """True when `text` says `fact`, and not as part of a longer number or word."""
    wanted = fact.casefold().strip()
    before = r"(?<!\d)(?<!\d\.)" if wanted[:1].isdigit() else _border(wanted[:1], "(?<![a-z])")
    after = r"(?!\.?\d)" if wanted[-1:].isdigit() else _border(wanted[-1:], "(?![a-z])")
    return re.search(before + re.escape(wanted) + after, text.casefold()) is not None


def stands_alone(fact: str) -> bool:
    """False for a time, a share or a few (`two cups`): they say nothing without a noun."""
    told = find_quantities(fact)
    return not told or any(
        q.dimension not in _OF_SOMETHING and (q.dimension != "count" or q.value >= _MANY)
        for q in told
    )


def is_only_time(words: str) -> bool:
    """True for a stretch of time and nothing else (`一个小时`, `within an hour`)."""
    spans = [(q.start, q.end) for q in find_quantities(words) if q.dimension in _OF_SOMETHING]
    rest = "".join(c for i, c in enumerate(words) if not any(a <= i < b for a, b in spans))
    return bool(spans) and not re.search(r"[A-Za-z]{4,}|[\u3400-\u9fff]{2,}", rest)


def _border(char: str, border: str) -> str:
    return border if char.isascii() and char.isalpha() else ""


def is_measured(fact: str) -> bool:
    """True for what the goods measure or are made of, and bodies do not lose (`20 pounds`)."""
    if _OF_BODIES.search(fact):
        return False
    return any(q.dimension in _MEASURED for q in find_quantities(fact)) or any(
        t.cls in {"size", "material"} for t in find_terms(fact)
    )


def describes_goods(text: str) -> bool:
    """True when `text` says what the goods measure or are made of, which no trick changes."""
    return any(q.dimension in _MEASURED for q in find_quantities(text)) or any(
        t.cls in _SHOWN and _is_said(text, t) for t in find_terms(text)
    )


def _is_told(text: str, quantity: Quantity) -> bool:
    """True for a quantity with a unit, and for a number of things (`120 chews`, `24节`)."""
    if quantity.dimension is not None:
        return True
    counted = quantity.value > 1 and _COUNTED.match(text, quantity.end) is not None
    return counted and _RANKED.search(text, max(0, quantity.start - _REACH), quantity.start) is None


def _is_said(text: str, term: Term) -> bool:
    """False within a longer word (`接骨木`), and for goods called as a colour (`This cream`)."""
    if term.text.lower().startswith("guarant"):
        return False
    if len(term.text) == 1 and is_han(term.text):
        before, after = text[: term.start], text[term.end :]
        return bool(_ALONE_BEFORE.search(before) and _ALONE_AFTER.match(after))
    return not (
        term.cls == "colour"
        and _DETERMINED.search(text[: term.start])
        and _HEAD.match(text, term.end)
    )
