"""Facts of a stored record, for an intake that cannot read their source any more."""

from collections.abc import Iterator

from domain.evidence import Evidence
from domain.extraction import ExtractedFact, FactField
from domain.product import ProductDocument, plain_number
from tools.extraction.facts import make_fact

_SCALARS: tuple[FactField, ...] = (
    "name", "brand", "category", "list_price", "live_price", "currency", "audience", "shipping",
)  # fmt: skip
_LISTS: tuple[FactField, ...] = (
    "promotion", "materials", "ingredients", "selling_points", "usage", "certifications",
    "returns_warranty", "warnings",
)  # fmt: skip


def facts_of(document: ProductDocument, source: str) -> list[ExtractedFact]:
    """What `document` holds of the source with this id, with the evidence as it was stored.

    Values that lost a conflict are among them, so that it is found again.
    """
    facts: list[ExtractedFact] = []
    lost = {
        conflict.field: [value for value in conflict.values if value.evidence]
        for conflict in document.conflicts
    }
    for field, key, path, value in _values(document):
        said = [(value, document.evidence.get(path, ()))]
        said += [(other.value, other.evidence) for other in lost.get(path, ())]
        facts += [
            _fact(field, key, text, place)
            for text, places in said
            for place in [e for e in places if e.source == source][:1]
        ]
    return list(dict.fromkeys(facts))


def _fact(field: FactField, key: str | None, value: str, place: Evidence) -> ExtractedFact:
    return make_fact(field, value, place, origin="pattern", key=key)


def _values(document: ProductDocument) -> Iterator[tuple[FactField, str | None, str, str]]:
    """(field, key, field path, value as text) of every value of the record."""
    record = document.record
    for field in _SCALARS:
        value = getattr(record, field)
        if value is not None:
            text = plain_number(value) if isinstance(value, float) else str(value)
            yield field, None, field, text
    for field in _LISTS:
        for index, text in enumerate(getattr(record, field)):
            yield field, None, f"{field}[{index}]", text
    for index, text in enumerate(record.variants.sizes):
        yield "sizes", None, f"variants.sizes[{index}]", text
    for index, text in enumerate(record.variants.colours):
        yield "colours", None, f"variants.colours[{index}]", text
    for key, count in record.variants.stock.items():
        yield "stock", key, f"variants.stock.{key}", str(count)
    for key, text in record.specs.items():
        yield "specs", key, f"specs.{key}", text
