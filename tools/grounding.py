"""Whether every checkable part of a text is backed by facts, in whichever language each is.

Checked are quantities, codes and acronyms, closed-class terms with their denial (`not dishwasher
safe`), and words that praise, compare, hurry, give away, discount or claim proof. An open-class
word (`cosy`) is not checked here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from domain.codes import find_codes
from domain.lexicon import Term, broader_concepts, find_claims, find_terms, is_negated
from domain.product import Fact
from domain.quantities import Quantity, find_quantities, same_quantity, with_unit

_PRICES = frozenset({"list_price", "live_price", "price"})
_CLOSED_LISTS = {"colour": "variants.colours", "size": "variants.sizes"}
_LIST_MARK = re.compile(r"(?:^|\n)\s*(?:\(\d{1,2}\)|（\d{1,2}）|\d{1,2}[.)、．])(?!\d)")
_ONE = re.compile(r"一|one\b|an?\b|1(?![\d.,]*\d)", re.IGNORECASE)
_ACRONYM = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2,}(?![a-z])(?:-[A-Z0-9]+)*")
_MIXED = re.compile(r"(?<![A-Za-z0-9.])\d+(?:\.\d+)?[A-Za-z]{1,4}\d*(?![A-Za-z0-9])")
_PLAIN_ACRONYMS = frozenset(
    {"OK", "USD", "CNY", "RMB", "EUR", "GBP", "HKD", "JPY", "QA", "FAQ", "ID"}
)
_NOT_ALNUM = re.compile(r"[^a-z0-9\u3400-\u9fff]+")
_BRACKETED_UNIT = re.compile(r"[(（\[/,，]\s*([^()（）\[\]]{1,12}?)\s*[)）\]]?\s*$")


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A stretch of the text that the facts do not back; `reason` names what is missing."""

    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Parsed:
    quantities: tuple[Quantity, ...]
    concepts: frozenset[tuple[str, str, bool]]
    claims: frozenset[tuple[str, str]]


@dataclass(slots=True)
class _Support:
    """What facts say, in normal form."""

    quantities: list[Quantity] = field(default_factory=list[Quantity])
    any_currency: list[Decimal] = field(default_factory=list[Decimal])
    concepts: dict[tuple[str, str], set[bool]] = field(
        default_factory=dict[tuple[str, str], set[bool]]
    )
    claims: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    text: str = ""
    folded: str = ""
    closed: set[str] = field(default_factory=set[str])


def find_unsupported(text: str, facts: Sequence[Fact]) -> list[Unsupported]:
    """Every stretch of `text` that `facts` do not back, left to right.

    Tolerated without a fact: the marks of a numbered list, and one as an article (one, 一款, 1 件).
    A broader word than the fact's is backed (blue by Navy), a narrower one is not. A denied colour
    or size is backed when the facts hold the closed list and it is not in it.
    """
    support = _read(facts)
    found = [
        *_check_quantities(text, support),
        *_check_codes(text, support),
        *_check_terms(text, support),
        *_check_claims(text, support),
    ]
    found.sort(key=lambda item: (item.start, -item.end))
    kept: list[Unsupported] = []
    for item in found:
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return kept


def _read(facts: Sequence[Fact]) -> _Support:
    support = _Support()
    currency = next((fact.value for fact in facts if fact.field == "currency"), None)
    prices: dict[str, Decimal] = {}
    lines: list[str] = []
    for fact in facts:
        name = _name(fact)
        value, label = _parse(fact.value), _parse(name)
        lines += [fact.value, name]
        amounts = [_measured(q, name, fact, currency) for q in value.quantities]
        support.quantities += [*amounts, *label.quantities]
        if fact.field in _PRICES:
            prices.update((fact.field, amount.value) for amount in amounts[:1])
            support.any_currency += [a.value for a in amounts if a.dimension is None]
        for cls, path in _CLOSED_LISTS.items():
            if fact.field.startswith(path):
                support.closed.add(cls)
        for part in (value, label):
            for cls, concept, denied in part.concepts:
                support.concepts.setdefault((cls, concept), set()).add(denied)
            support.claims |= part.claims
        if fact.field.startswith("promotion"):
            support.claims.add(("discount", "discount"))
        if fact.field.startswith("certifications"):
            support.claims.add(("proof", "certified"))
    if prices.get("live_price", Decimal(0)) < prices.get("list_price", Decimal(0)):
        support.claims.add(("discount", "discount"))
    support.text = "\n".join(lines).lower()
    support.folded = _fold(support.text)
    return support


def _name(fact: Fact) -> str:
    """The part of the path that the source wrote: a spec's name or a variant's."""
    for prefix in ("specs.", "variants.stock."):
        if fact.field.startswith(prefix):
            return fact.field.removeprefix(prefix)
    return ""


@lru_cache(maxsize=8192)
def _parse(text: str) -> _Parsed:
    """What a stored text says; cached, since the same few facts back every sentence on air."""
    return _Parsed(
        quantities=tuple(find_quantities(text)),
        concepts=frozenset(
            (term.cls, concept, is_negated(text, term))
            for term in find_terms(text)
            for concept in broader_concepts(term.cls, term.concept)
        ),
        claims=frozenset((claim.cls, claim.concept) for claim in find_claims(text)),
    )


def _measured(quantity: Quantity, name: str, fact: Fact, currency: str | None) -> Quantity:
    """A bare number with the unit that the fact's own unit, name or currency gives it."""
    if quantity.dimension is not None:
        return quantity
    bracket = _BRACKETED_UNIT.search(name)
    surface = fact.unit or (bracket.group(1) if bracket else None)
    if fact.field in _PRICES and fact.unit is None:
        surface = currency
    if surface is None:
        return quantity
    return with_unit(quantity, surface) or quantity


def _check_quantities(text: str, support: _Support) -> list[Unsupported]:
    marks = [(m.start(), m.end()) for m in _LIST_MARK.finditer(text)]
    found: list[Unsupported] = []
    for quantity in find_quantities(text):
        if any(start <= quantity.start < end for start, end in marks):
            continue
        if quantity.dimension in (None, "count") and _ONE.match(quantity.text):
            continue
        if not _is_quantity_backed(quantity, support):
            found.append(
                Unsupported(
                    quantity.start, quantity.end, quantity.text, f"ungrounded: {quantity.text}"
                )
            )
    return found


def _is_quantity_backed(quantity: Quantity, support: _Support) -> bool:
    if any(same_quantity(quantity, known) for known in support.quantities):
        return True
    if quantity.dimension is None:
        return any(quantity.value == known.value for known in support.quantities)
    if quantity.dimension.startswith("currency"):
        return quantity.base in support.any_currency
    return False


def _check_codes(text: str, support: _Support) -> list[Unsupported]:
    spans = [(code.start, code.end, code.text) for code in find_codes(text)]
    measured = [(quantity.start, quantity.end) for quantity in find_quantities(text)]
    spans += [
        (match.start(), match.end(), match.group())
        for match in (*_MIXED.finditer(text), *(() if text.isupper() else _ACRONYM.finditer(text)))
        if not any(start < match.end() and match.start() < end for start, end in measured)
    ]
    sizes = {(term.start, term.end) for term in find_terms(text) if term.cls == "size"}
    return [
        Unsupported(start, end, code, f"ungrounded: {code}")
        for start, end, code in spans
        if code not in _PLAIN_ACRONYMS
        and (start, end) not in sizes
        and _fold(code) not in support.folded
    ]


def _check_terms(text: str, support: _Support) -> list[Unsupported]:
    found: list[Unsupported] = []
    for term in find_terms(text):
        if term.cls == "yes_no":
            continue
        reason = _fault(text, term, support)
        if reason is not None:
            found.append(Unsupported(term.start, term.end, term.text, reason))
    return found


def _fault(text: str, term: Term, support: _Support) -> str | None:
    denied = is_negated(text, term)
    known = support.concepts.get((term.cls, term.concept))
    if known is None:
        if denied and term.cls in support.closed:
            return None
        return None if _is_literal(term.text, support) else f"ungrounded: {term.text}"
    if denied in known:
        return None
    return f"contradicts the record: {term.text}"


def _check_claims(text: str, support: _Support) -> list[Unsupported]:
    return [
        Unsupported(claim.start, claim.end, claim.text, f"ungrounded {claim.cls}: {claim.text}")
        for claim in find_claims(text)
        if (claim.cls, claim.concept) not in support.claims and not _is_literal(claim.text, support)
    ]


def _is_literal(words: str, support: _Support) -> bool:
    """Whether the facts use the very words (a product named Sand, a brand named Perfect)."""
    lowered = words.lower()
    if lowered.isascii():
        return (
            re.search(rf"(?<![a-z0-9]){re.escape(lowered)}(?![a-z0-9])", support.text) is not None
        )
    return len(lowered) > 1 and lowered in support.text


def _fold(text: str) -> str:
    return _NOT_ALNUM.sub("", text.lower())
