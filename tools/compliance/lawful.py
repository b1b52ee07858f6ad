"""What a sentence says beside the claim that has to go: quantities, codes and known words."""

from collections.abc import Sequence

from domain.lexicon import find_terms
from domain.quantities import find_codes, find_quantities

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

Span = tuple[int, int]


def find_facts(text: str, objected: Sequence[Span] = ()) -> list[Span]:
    """Where `text` says a quantity, code, material and the like, outside the `objected` spans."""
    found = [
        *((q.start, q.end) for q in find_quantities(text) if q.dimension is not None),
        *((c.start, c.end) for c in find_codes(text)),
        *((t.start, t.end) for t in find_terms(text) if t.cls in _SAID),
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
        t.cls in _SHOWN for t in find_terms(text)
    )
