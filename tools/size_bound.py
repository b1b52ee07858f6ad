"""Specs that hold for one of several sizes: a label is that of the goods that it is stuck on."""

from domain.product import Fact, ProductDocument
from domain.quantities import Quantity, find_quantities, same_quantity

_MEASURES = frozenset({"mass", "volume", "length", "area"})
_FEWEST_SIZES = 2


def find_size_bound(document: ProductDocument) -> dict[str, Fact]:
    """The field paths of specs that are about one size alone, with that size.

    A spec that gives one of the sizes (`Capacity: 350 ml` of a mug in 350 and 480 ml) tells which
    one its source is about, and so do the other measures of that source. Where a record does not
    tell its sources, they count as one.
    """
    facts = document.facts()
    sizes = [(f, _measures(f.value)) for f in facts if f.field.startswith("variants.sizes[")]
    if len(sizes) < _FEWEST_SIZES or not all(measured for _, measured in sizes):
        return {}
    specs = [(f, _measures(f.value)) for f in facts if f.field.startswith("specs.")]
    anchors: list[tuple[Fact, Fact]] = []
    for spec, measured in specs:
        named = [size for size, own in sizes if _same(measured, own)]
        if len(named) == 1:
            anchors.append((spec, named[0]))
    if len({size.field for _, size in anchors}) != 1:
        return {}
    [size] = {size.field: size for _, size in anchors}.values()
    told = {file for spec, _ in anchors for file in _files(spec)}
    return {
        spec.field: size
        for spec, measured in specs
        if measured and (not told or told & _files(spec) or not _files(spec))
    }


def _measures(text: str) -> list[Quantity]:
    return [quantity for quantity in find_quantities(text) if quantity.dimension in _MEASURES]


def _same(some: list[Quantity], others: list[Quantity]) -> bool:
    return len(some) == len(others) > 0 and all(
        same_quantity(a, b) for a, b in zip(some, others, strict=True)
    )


def _files(fact: Fact) -> set[str]:
    return {evidence.source for evidence in fact.evidence}
