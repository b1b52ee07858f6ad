from typing import Any

import pytest

from domain.product import ProductRecord, Variants
from evals.gold import GoldFact
from evals.matching import Item, is_right, items_of, keys_agree, texts_agree


@pytest.mark.parametrize(
    ("wanted", "stored", "same"),
    [
        ("Hand wash only", "hand-wash only", True),
        ("390 g", "0.39 kg", True),
        ("350 ml", "350 g", False),
        ("350 ml", "350 毫升", True),
        ("7天无理由退换", "七天无理由退换", True),
        ("30 days return", "60 days return", False),
        ("rinse with warm water", "Please rinse with warm water before first use", True),
        ("oven safe to 200 °C", "oven safe", False),
        ("dishwasher safe", "not dishwasher safe", False),
        ("dishwasher safe", "Dishwasher safe, but not for the oven", True),
        ("不可机洗", "可机洗", False),
        ("可机洗", "面料非常舒服，可机洗", True),
        ("wide handle that fits four fingers", "handle", False),
        ("wide handle that fits four fingers", "a wide handle, fits all four fingers", True),
        ("battery lasts 12 hours of talk", "battery lasts 10 hours of talk", False),
        ("双层防烫杯身", "杯身双层，防烫设计", True),
        ("双层防烫杯身", "三层防尘滤网", False),
        ("GB/T 24252-2019", "执行标准：GB/T24252-2019", True),
        ("GB/T 24252-2019", "GB/T 24252-2009", False),
        ("free shipping over $50", "free shipping over $80", False),
        ("cap", "capacity", False),
        ("1,200 Pa suction", "suction 1200 Pa", True),
        ("keeps tea hot for three hours", "keeps tea hot for 3 hours", True),
    ],
)
def test_texts_agree_in_wording_never_with_another_number(wanted: str, stored: str, same: bool):
    assert texts_agree(wanted, stored) is same


@pytest.mark.parametrize(
    ("wanted", "stored", "same"),
    [
        (["net weight"], "Weight", True),
        (["净重"], "weight", True),
        (["capacity"], "weight", False),
        (["battery", "run time"], "Run time (max)", True),
        ([], "anything", True),
        (["height"], None, False),
        (["max load"], "Load (max)", True),
        (["load height"], "Load (max)", False),
    ],
)
def test_names_of_a_property_go_together(wanted: list[str], stored: str | None, same: bool):
    assert keys_agree(wanted, stored) is same


def fact(field: str, value: str, **more: Any) -> GoldFact:
    return GoldFact.model_validate({"field": field, "value": value, "files": ["a.txt"], **more})


@pytest.mark.parametrize(
    ("wanted", "item", "right"),
    [
        (fact("list_price", "29.90"), Item("list_price", "29.9", ""), True),
        (fact("list_price", "29.90"), Item("live_price", "29.9", ""), False),
        (fact("list_price", "29.90"), Item("list_price", "29", ""), False),
        (fact("currency", "USD"), Item("currency", "usd", ""), True),
        (fact("currency", "USD"), Item("currency", "US dollars", ""), False),
        (fact("stock", "42", key=["Moss", "350 ml"]), Item("stock", "42", "", "350ml Moss"), True),
        (fact("stock", "42", key=["Moss", "350 ml"]), Item("stock", "41", "", "350ml Moss"), False),
        (fact("stock", "42", key=["Moss", "M"]), Item("stock", "42", "", "Moss XM"), False),
        (fact("stock", "7", key=["150×200cm"]), Item("stock", "7", "", "藕粉 150*200 cm"), True),
        (fact("stock", "7"), Item("stock", "7", "", "Kiln Mug"), True),
        (fact("specs", "390 g", key="net weight"), Item("specs", "390g", "", "Weight"), True),
        (fact("specs", "390 g", key="net weight"), Item("specs", "390g", "", "Load"), False),
        (
            fact("specs", "390 g", key="net weight", accept_keys=["load"]),
            Item("specs", "390g", "", "Load"),
            True,
        ),
        (
            fact("specs", "0.4 kg", key="weight", accept=["390 g"]),
            Item("specs", "390g", "", "weight"),
            True,
        ),
        (
            fact("materials", "25 mm recycled nylon", accept=["recycled nylon"]),
            Item("materials", "Recycled nylon", ""),
            True,
        ),
        (
            fact("materials", "25 mm recycled nylon", accept=["recycled nylon"]),
            Item("materials", "30 mm recycled nylon", ""),
            False,
        ),
        (fact("usage", "Hand wash only"), Item("warnings", "hand wash only", ""), False),
        (
            fact("usage", "Hand wash only", also=["warnings"]),
            Item("warnings", "hand wash only", ""),
            True,
        ),
        (
            fact("materials", "stoneware", also=["specs"]),
            Item("specs", "Stoneware", "", "Body"),
            True,
        ),
        (fact("colours", "米白"), Item("colours", "米白色", ""), True),
        (fact("colours", "Blue"), Item("colours", "Navy Blue", ""), False),
        (fact("sizes", "M"), Item("sizes", "XM", ""), False),
        (fact("sizes", "M"), Item("sizes", "M (EU 38)", ""), True),
    ],
)
def test_a_stored_item_is_held_against_a_fact(wanted: GoldFact, item: Item, right: bool):
    assert is_right(wanted, item) is right


def test_every_value_of_a_record_is_an_item_and_joined_sentences_are_parted():
    record = ProductRecord(
        name="Mug",
        list_price=28.0,
        specs={"weight": "390 g"},
        variants=Variants(sizes=["350 ml"], stock={"Moss 350 ml": 4}),
        shipping="Ships in 2.5 days. Free over $50; not to N. Ireland",
        usage=["Rinse. Then dry."],
    )
    found = [(item.field, item.key, item.value) for item in items_of(record)]
    assert found == [
        ("name", None, "Mug"),
        ("list_price", None, "28"),
        ("sizes", None, "350 ml"),
        ("stock", "Moss 350 ml", "4"),
        ("specs", "weight", "390 g"),
        ("usage", None, "Rinse. Then dry."),
        ("shipping", None, "Ships in 2.5 days."),
        ("shipping", None, "Free over $50"),
        ("shipping", None, "not to N. Ireland"),
    ]
