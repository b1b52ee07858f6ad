import random
import time

from domain.evidence import Evidence
from domain.product import ProductDocument, ProductRecord, ProductStatus, Variants, iter_fields
from tests.fakes.products import MUG
from tools.record_diff import diff_documents


def document(record: ProductRecord, version: int = 1) -> ProductDocument:
    return ProductDocument(
        product_id="mug",
        version=version,
        status=ProductStatus.PUBLISHED,
        record=record,
        evidence={
            path: [Evidence(source=f"v{version}", file="f", quote=value)]
            for path, value in iter_fields(record)
        },
    )


def changes(
    old: ProductRecord, new: ProductRecord
) -> list[tuple[str, str, str | None, str | None]]:
    found = diff_documents(document(old, 1), document(new, 2)).changes
    return [(c.field, c.change, c.before, c.after) for c in found]


def test_the_same_record_in_another_order_has_no_change():
    other = MUG.model_copy(
        update={
            "selling_points": list(reversed(MUG.selling_points)),
            "specs": dict(reversed(MUG.specs.items())),
        }
    )
    assert changes(MUG, MUG) == []
    assert changes(MUG, other) == []


def test_items_are_matched_by_value_and_then_by_likeness():
    old = ProductRecord(
        selling_points=["Leak-proof lid", "Keeps drinks hot for 12 hours", "Made in Bergen"],
        variants=Variants(sizes=["350 ml", "500 ml"]),
    )
    new = ProductRecord(
        selling_points=["Fits a cup holder", "Keeps drinks hot for 10 hours", "LEAK-PROOF LID"],
        variants=Variants(sizes=["0.5 l", "350 ml"]),
    )
    assert changes(old, new) == [
        ("variants.sizes[0]", "changed", "500 ml", "0.5 l"),
        ("selling_points[0]", "added", None, "Fits a cup holder"),
        (
            "selling_points[1]",
            "changed",
            "Keeps drinks hot for 12 hours",
            "Keeps drinks hot for 10 hours",
        ),
        ("selling_points[2]", "changed", "Leak-proof lid", "LEAK-PROOF LID"),
        ("selling_points[2]", "removed", "Made in Bergen", None),
    ]


def test_specs_are_matched_by_name_and_each_change_has_its_evidence():
    old = ProductRecord(live_price=20, specs={"Weight": "210 g", "Height": "18 cm"})
    new = ProductRecord(brand="Fjord", specs={"Depth": "9 cm", "weight": "200 g"})
    found = diff_documents(document(old, 1), document(new, 2))
    assert [(c.field, c.change, c.evidence[0].source) for c in found.changes] == [
        ("brand", "added", "v2"),
        ("live_price", "removed", "v1"),
        ("specs.Depth", "added", "v2"),
        ("specs.weight", "changed", "v2"),
        ("specs.Height", "removed", "v1"),
    ]
    assert found.model_dump(mode="json")["from"] == 1


def test_a_first_version_is_all_new():
    found = diff_documents(None, document(MUG))
    assert found.before is None
    assert [c.field for c in found.changes] == [path for path, _ in iter_fields(MUG)]
    assert {c.change for c in found.changes} == {"added"}


def test_long_lists_are_compared_in_no_time():
    old = ProductRecord(usage=[f"step {n} of the old way" for n in range(1000)])
    new = ProductRecord(usage=[f"{n} of the new way" for n in range(1000)])
    start = time.perf_counter()
    assert len(changes(old, new)) == 2000
    assert time.perf_counter() - start < 5


def test_long_items_are_compared_in_no_time():
    chars = random.Random(4)  # noqa: S311

    def items(length: int) -> list[str]:
        return ["".join(chars.choices("ab", k=length)) for _ in range(100)]

    for length in (190, 2000):
        old, new = ProductRecord(usage=items(length)), ProductRecord(usage=items(length))
        start = time.perf_counter()
        assert changes(old, new)
        assert time.perf_counter() - start < 10


def test_reworded_items_are_found_before_the_budget_ends():
    way = "Rinse it under warm water, dry it with a soft cloth, and keep step {} out of the sun."
    old = ProductRecord(usage=[way.format(f"{n} of the old way") for n in range(20)])
    new = ProductRecord(usage=[way.format(f"{n} of the new way") for n in range(20)])
    assert {kind for _, kind, _, _ in changes(old, new)} == {"changed"}
