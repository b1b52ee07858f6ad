import json
from collections.abc import Iterator
from typing import Any, cast

import pytest

from domain.evidence import Evidence
from domain.product import Conflict, ConflictValue, ProductDocument, ProductRecord, Variants
from domain.units import CASED, FOLDED
from tests.fakes.products import CUP, MUG, document_of
from tools.json_ld import UNIT_CODES, open_fields, to_json_ld

THING = {"name", "description", "identifier"}
PRODUCT = THING | {
    "additionalProperty", "audience", "brand", "category", "color", "hasCertification", "material",
    "offers", "positiveNotes", "size",
}  # fmt: skip
VOCABULARY = {
    "Product": PRODUCT,
    "ProductGroup": PRODUCT | {"hasVariant", "productGroupID", "variesBy"},
    "Brand": THING,
    "Certification": THING,
    "Audience": THING | {"audienceType"},
    "ItemList": THING | {"itemListElement"},
    "ListItem": THING | {"position"},
    "PropertyValue": THING | {"value", "unitCode"},
    "QuantitativeValue": THING | {"value"},
    "Offer": THING | {
        "availability", "hasMerchantReturnPolicy", "inventoryLevel", "price", "priceCurrency",
        "priceSpecification", "shippingDetails",
    },
    "UnitPriceSpecification": THING | {"price", "priceCurrency", "priceType"},
    "OfferShippingDetails": THING,
    "MerchantReturnPolicy": THING,
}  # fmt: skip
"""Properties by type, as https://schema.org/<type> lists them (those that a shop may need here)."""


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from nodes(item)
    elif isinstance(value, dict):
        node = cast("dict[str, Any]", value)
        if "@type" in node:
            yield node
        for item in node.values():
            yield from nodes(item)


def disputed(record: ProductRecord, *fields: str, status: Any = "open") -> ProductDocument:
    quote = Evidence(source="s", file="f", quote="x")
    values = [ConflictValue(value=v, evidence=[quote]) for v in ("1", "2")]
    conflicts = [Conflict(field=field, values=values, status=status) for field in fields]
    return document_of(record).model_copy(update={"conflicts": conflicts})


@pytest.mark.parametrize("record", [MUG, CUP, ProductRecord()])
def test_only_words_of_the_vocabulary_are_used(record: ProductRecord):
    document = to_json_ld(document_of(record))
    assert document["@context"] == "https://schema.org"
    for node in nodes(document):
        assert node.keys() - {"@type", "@context"} <= VOCABULARY[node["@type"]], node
    assert json.loads(json.dumps(document)) == document


def test_the_price_is_the_live_one_and_the_list_price_stands_beside_it():
    offer = to_json_ld(document_of(MUG))["offers"]
    assert (offer["price"], offer["priceCurrency"]) == (19.9, "USD")
    listed = offer["priceSpecification"]
    assert (listed["price"], listed["priceType"]) == (29.9, "https://schema.org/ListPrice")
    only = to_json_ld(document_of(ProductRecord(list_price=30)))["offers"]
    assert only == {"@type": "Offer", "price": 30}


def test_variants_are_those_that_a_stock_is_known_for():
    group = to_json_ld(document_of(MUG))
    assert group["@type"] == "ProductGroup"
    assert group["variesBy"] == ["https://schema.org/color", "https://schema.org/size"]
    told = [
        (v["color"], v["size"], v["offers"]["availability"].rsplit("/", 1)[-1])
        for v in group["hasVariant"]
    ]
    assert told == [("Cream White", "350 ml", "InStock"), ("Moss Green", "350 ml", "OutOfStock")]
    assert group["offers"]["availability"] == "https://schema.org/InStock"
    assert group["offers"]["inventoryLevel"]["value"] == 12


def test_sizes_and_colours_without_stock_are_not_crossed():
    node = to_json_ld(document_of(CUP))
    assert node["@type"] == "Product"
    assert (node["size"], node["color"]) == (CUP.variants.sizes, CUP.variants.colours)
    assert "availability" not in node["offers"]
    sizes = ProductRecord(name="Tee", variants=Variants(sizes=["S", "M"]))
    assert [v["size"] for v in to_json_ld(document_of(sizes))["hasVariant"]] == ["S", "M"]


def test_a_stock_of_the_whole_product_is_its_availability():
    record = ProductRecord(name="Kiln Mug", variants=Variants(stock={"kiln mug": 0}))
    node = to_json_ld(document_of(record))
    assert node["@type"] == "Product"
    assert node["offers"]["availability"] == "https://schema.org/OutOfStock"


def test_chinese_variants_and_quantities_are_read():
    record = ProductRecord(
        name="北屿保温杯",
        specs={"重量": "210克", "保温": "双层真空"},
        variants=Variants(sizes=["350毫升"], colours=["奶油白", "白"], stock={"奶油白350毫升": 2}),
    )
    node = to_json_ld(document_of(record))
    [variant] = node["hasVariant"]
    assert (variant["color"], variant["size"]) == ("奶油白", "350毫升")
    weight, text = node["additionalProperty"]
    assert (weight["value"], weight["unitCode"], weight["description"]) == (210, "GRM", "210克")
    assert text["value"] == "双层真空"
    assert "unitCode" not in text


def test_what_the_sources_dispute_is_left_out():
    document = disputed(MUG, "live_price", "brand", "specs.Weight")
    assert open_fields(document) == ["live_price", "brand", "specs.Weight"]
    node = to_json_ld(document)
    assert "brand" not in node
    assert "Weight" not in {p["name"] for p in node["additionalProperty"]}
    assert not {"price", "priceSpecification"} & node["offers"].keys()
    assert "price" not in to_json_ld(disputed(MUG, "currency"))["offers"]
    stock = to_json_ld(disputed(MUG, "variants.stock.Moss Green / 350 ml"))
    assert [v["color"] for v in stock["hasVariant"]] == ["Cream White"]
    assert "availability" not in stock["offers"]
    decided = to_json_ld(disputed(MUG, "live_price", status="resolved"))
    assert decided["offers"]["price"] == 19.9


def test_every_unit_code_is_of_a_unit_that_we_read():
    assert UNIT_CODES.keys() <= {unit.name for unit in (*CASED.values(), *FOLDED.values())}
    assert len(set(UNIT_CODES.values())) == len(UNIT_CODES)
