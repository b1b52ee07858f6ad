"""The gold is whole: stored as it stands it scores full marks, and nobody else's does."""

from itertools import pairwise
from typing import Any

import pytest

from domain.product import ProductDocument, ProductRecord, ProductStatus
from evals.gold import GoldFact, GoldProduct, Material, read_example_gold, read_intake_gold
from evals.scoring import score_folder

MATERIAL = [*read_example_gold(), *read_intake_gold()]
IDS = [material.gold.id for material in MATERIAL]


def store(product: GoldProduct) -> ProductDocument:
    record: dict[str, Any] = {"name": product.name, "variants": {}, "specs": {}}
    for fact in product.facts:
        put(record, fact)
    return ProductDocument(
        product_id="gold",
        version=1,
        status=ProductStatus.AWAITING_APPROVAL,
        record=ProductRecord.model_validate(record),
    )


def put(record: dict[str, Any], fact: GoldFact) -> None:
    key = " ".join(fact.key) if isinstance(fact.key, list) else fact.key or "all"
    match fact.field:
        case "name":
            return
        case "list_price" | "live_price":
            record[fact.field] = float(fact.value)
        case "sizes" | "colours":
            record["variants"].setdefault(fact.field, []).append(fact.value)
        case "stock":
            record["variants"].setdefault("stock", {})[key] = int(fact.value)
        case "specs":
            names = (name for name in fact.keys if name not in record["specs"])
            record["specs"][next(names, f"{key} (more)")] = fact.value
        case "brand" | "category" | "currency":
            record[fact.field] = fact.value
        case "shipping" | "audience":
            record[fact.field] = "; ".join([*filter(None, [record.get(fact.field)]), fact.value])
        case _:
            record.setdefault(fact.field, []).append(fact.value)


@pytest.mark.parametrize("material", MATERIAL, ids=IDS)
def test_gold_stored_as_it_stands_has_full_marks(material: Material):
    score = score_folder(material, [store(product) for product in material.gold.products])
    assert score.found_products == score.wanted_products
    assert (score.total.missed, score.total.false, score.leaks) == (0, 0, 0)


def test_the_record_of_other_goods_has_hardly_any():
    for one, other in pairwise(MATERIAL):
        score = score_folder(one, [store(product) for product in other.gold.products])
        assert score.total.f1 < 0.2, (one.gold.id, other.gold.id)
