"""What a sentence says beside the claim that has to go: quantities, codes and known words."""

import re
from collections.abc import Sequence

from domain.lexicon import Term, find_terms
from domain.quantities import find_codes, find_quantities
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

Span = tuple[int, int]


def find_facts(text: str, objected: Sequence[Span] = ()) -> list[Span]:
    """Where `text` says a quantity, code, material and the like, outside the `objected` spans."""
    found = [
        *((q.start, q.end) for q in find_quantities(text) if q.dimension is not None),
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


def describes_goods(text: str) -> bool:
    """True when `text` says what the goods measure or are made of, which no trick changes."""
    return any(q.dimension in _MEASURED for q in find_quantities(text)) or any(
        t.cls in _SHOWN and _is_said(text, t) for t in find_terms(text)
    )


def _is_said(text: str, term: Term) -> bool:
    """False within a longer word (`接骨木`), and for goods called as a colour (`This cream`)."""
    if len(term.text) == 1 and is_han(term.text):
        before, after = text[: term.start], text[term.end :]
        return bool(_ALONE_BEFORE.search(before) and _ALONE_AFTER.match(after))
    return not (
        term.cls == "colour"
        and _DETERMINED.search(text[: term.start])
        and _HEAD.match(text, term.end)
    )
