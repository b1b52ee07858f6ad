"""Facts by what a question asks about: record fields, spec names, and texts that speak of it."""

import re
from collections.abc import Sequence
from functools import lru_cache

from domain.lexicon import find_fields
from domain.product import Conflict, Fact, ProductDocument
from domain.quantities import find_quantities

PATHS: dict[str, tuple[str, ...]] = {
    "price": ("live_price", "list_price", "currency"),
    "promotion": ("promotion",),
    "stock": ("variants.stock",),
    "colour": ("variants.colours",),
    "size": ("variants.sizes",),
    "material": ("materials",),
    "ingredients": ("ingredients",),
    "features": ("selling_points",),
    "usage": ("usage",),
    "audience": ("audience",),
    "certification": ("certifications",),
    "shipping": ("shipping",),
    "returns": ("returns_warranty",),
    "warranty": ("returns_warranty",),
    "warnings": ("warnings",),
    "brand": ("brand",),
}
_GIVES = re.compile(r"\bfree\b|\bgifts?\b|\bcomplimentary\b|\bbonus\b|送|赠", re.IGNORECASE)
_MIXED = frozenset({"returns", "warranty"})
_MEASURED = {
    "weight": frozenset({"mass"}),
    "capacity": frozenset({"volume"}),
    "dimensions": frozenset({"length", "area"}),
    "battery": frozenset({"charge"}),
    "power": frozenset({"power"}),
}
_ELECTRIC = frozenset({"battery", "power"})
_CONTENT_NAMES = frozenset({"weight", "capacity", "dimensions", "size", "package"})
_TEXTS = (
    "selling_points", "usage", "warnings", "promotion", "shipping", "returns_warranty",
    "audience", "specs.", "certifications",
)  # fmt: skip
_SPOKEN = frozenset(
    {
        "weight", "capacity", "battery", "insulation", "power", "shelf_life", "storage",
        "dimensions", "origin", "fit", "package", "flavour", "shipping", "returns", "warranty",
        "gift", "certification",
    }
)  # fmt: skip


def is_spec(fact: Fact) -> bool:
    """Whether the fact is a named property of the goods."""
    return fact.field.startswith("specs.")


def spec_name(fact: Fact) -> str:
    """The property's name as the source writes it."""
    return fact.field.removeprefix("specs.")


@lru_cache(maxsize=8192)
def concepts_of(text: str) -> frozenset[str]:
    """The field concepts that a text speaks of."""
    return frozenset(term.concept for term in find_fields(text))


def facts_of(kind: str, document: ProductDocument) -> list[Fact]:
    """The facts that speak of `kind`, the most direct first; empty where the record is silent."""
    facts = document.facts()
    own = [fact for fact in facts if fact.field.startswith(PATHS.get(kind, ("\0",)))]
    if kind in _MIXED:
        own = _of_mixed_list(kind, own)
    if kind == "price" and not any(fact.field.endswith("price") for fact in own):
        return []
    if kind == "gift":
        own = [f for f in facts if f.field.startswith("promotion") and _GIVES.search(f.value)]
    named = [fact for fact in facts if is_spec(fact) and kind in concepts_of(spec_name(fact))]
    found = [*own, *(fact for fact in named if fact not in own)]
    if found or kind == "price":
        return found
    if kind in _MEASURED:
        electric = kind in _ELECTRIC
        measured = [fact for fact in facts if _measures(fact, kind)]
        found = [fact for fact in measured if is_spec(fact) and electric] or [
            fact for fact in measured if _tells_content(fact)
        ]
    if not found and kind in _SPOKEN:
        found = [
            fact
            for fact in facts
            if fact.field.startswith(_TEXTS) and kind in concepts_of(fact.value)
        ]
    return found


def conflict_of(kind: str, facts: Sequence[Fact], document: ProductDocument) -> Conflict | None:
    """The open conflict that touches what is asked, if there is one."""
    paths = {fact.field for fact in facts}
    prefixes = PATHS.get(kind, ())
    for conflict in document.conflicts:
        if conflict.status != "open":
            continue
        name = conflict.field
        same_spec = name.startswith("specs.") and kind in concepts_of(name.removeprefix("specs."))
        if name in paths or (prefixes and name.startswith(prefixes)) or same_spec:
            return conflict
    return None


def _of_mixed_list(kind: str, facts: list[Fact]) -> list[Fact]:
    """Of returns and warranty entries, those of `kind`; an entry that names neither is returns."""
    other = "warranty" if kind == "returns" else "returns"
    return [
        fact
        for fact in facts
        if kind in (said := concepts_of(fact.value)) or (kind == "returns" and other not in said)
    ]


def _tells_content(fact: Fact) -> bool:
    if is_spec(fact):
        return bool(concepts_of(spec_name(fact)) & _CONTENT_NAMES)
    return fact.field == "name" or fact.field.startswith("variants.sizes")


def _measures(fact: Fact, kind: str) -> bool:
    return any(q.dimension in _MEASURED[kind] for q in find_quantities(fact.value))
