"""Which specs hold for one of several sizes."""

import pytest

from domain.evidence import Evidence
from domain.product import ProductRecord, Variants
from tests.fakes.products import document_of
from tools.size_bound import find_size_bound

LABEL, SHEET = (Evidence(source=name, file=name, quote="x") for name in ("label.jpg", "sheet.csv"))


def bound(sizes: list[str], specs: dict[str, str], told: dict[str, Evidence]) -> dict[str, str]:
    record = ProductRecord(name="Mug", variants=Variants(sizes=sizes), specs=specs)
    evidence = {f"specs.{name}": [where] for name, where in told.items()}
    document = document_of(record).model_copy(update={"evidence": evidence})
    return {path: size.value for path, size in find_size_bound(document).items()}


def test_a_label_speaks_of_the_size_that_it_names() -> None:
    specs = {"Capacity": "0.35 l", "Weight": "390 g", "Box": "12 x 10 cm", "Origin": "Portugal"}
    told = {"Capacity": LABEL, "Weight": LABEL, "Box": SHEET, "Origin": LABEL}
    assert bound(["350 ml", "480 ml"], specs, told) == {
        "specs.Capacity": "350 ml",
        "specs.Weight": "350 ml",
    }


@pytest.mark.parametrize(
    ("sizes", "specs"),
    [
        (["350 ml"], {"Capacity": "350 ml", "Weight": "390 g"}),
        (["S", "M"], {"Length": "70 cm"}),
        (["350 ml", "480 ml"], {"Weight": "390 g"}),
        (["350 ml", "480 ml"], {"Small": "350 ml", "Large": "480 ml", "Weight": "390 g"}),
    ],
)
def test_nothing_is_bound_where_no_single_size_is_named(
    sizes: list[str], specs: dict[str, str]
) -> None:
    assert bound(sizes, specs, {}) == {}
