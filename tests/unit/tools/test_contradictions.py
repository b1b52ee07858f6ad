"""What a host says otherwise than the record or than before, and what only sounds so."""

import pytest

from domain.product import ProductRecord, Variants
from tools.contradictions import Contradiction, SpeechCheck

MUG = ProductRecord(
    name="Kiln Mug",
    list_price=28.0,
    live_price=19.9,
    currency="USD",
    variants=Variants(
        sizes=["350 ml", "480 ml"], colours=["Moss", "Navy"], stock={"Moss": 42, "Navy": 0}
    ),
    specs={"Weight": "390 g", "Height": "9.5 cm", "Made in": "Portugal"},
    materials=["stoneware"],
    usage=["Dishwasher safe"],
    shipping="Ships within 2 working days; shipping $4.95, free over $40",
    returns_warranty=["30 days, unused", "2 years warranty"],
    promotion=["a free spoon with every mug"],
)
COAT = ProductRecord(
    name="羊毛大衣",
    list_price=1299.0,
    live_price=699.0,
    currency="CNY",
    variants=Variants(sizes=["S", "M", "L"], colours=["驼色", "黑色"], stock={"黑色 M": 0}),
    specs={"衣长": "108厘米", "重量": "1.3千克"},
    materials=["70%羊毛，30%聚酯纤维"],
    usage=["只能干洗"],
    shipping="15天内发货，包邮",
    returns_warranty=["七天无理由退换"],
    promotion=["每件送一个防尘袋"],
)


def hear(*texts: str) -> list[Contradiction]:
    """What the last of the sentences contradicts."""
    check = SpeechCheck({"mug": MUG, "coat": COAT})
    found: list[Contradiction] = []
    for seq, text in enumerate(texts, 1):
        product_id = "mug" if text.isascii() else "coat"
        found = list(check.hear(seq, text, product_id).contradictions)
        assert all(one.quote in text for one in found)
    return found


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("The price is 24 dollars for everybody.", "live_price"),
        ("It weighs 520 grams.", "specs.Weight"),
        ("It stands 14 centimetres tall.", "specs.Height"),
        ("It is made in Italy, by the way.", "specs.Made in"),
        ("You can have it in Moss, in Navy and in red.", "variants.colours"),
        ("There are three colours.", "variants.colours"),
        ("It comes in two sizes, 350 ml and 600 ml.", "variants.sizes"),
        ("I still have plenty in Navy.", "variants.stock.Navy"),
        ("It ships within 24 hours.", "shipping"),
        ("Shipping is free on everything.", "shipping"),
        ("You have 60 days to return it.", "returns_warranty"),
        ("It has a five year warranty.", "returns_warranty"),
        ("Please do not put it in the dishwasher.", "usage"),
        ("It is pure porcelain.", "materials"),
        ("You get two free spoons with every mug.", "promotion[0]"),
        ("今天只要六百五十九。", "live_price"),
        ("这件是百分之百羊毛的。", "materials"),
        ("放洗衣机里洗也没问题。", "usage"),
        ("今天拍四十八小时就发走。", "shipping"),
        ("一共有四个颜色。", "variants.colours"),
        ("黑色m码还有很多，放心拍。", "variants.stock.黑色 M"),
        ("十五天之内都可以退。", "returns_warranty"),
        ("这件才八百克。", "specs.重量"),
    ],
)
def test_otherwise_than_the_record(text: str, field: str):
    (found,) = hear(text)
    assert (found.what, found.field) == ("record", field)
    assert found.known


@pytest.mark.parametrize(
    "text",
    [
        "In the shops you pay $28, and tonight it is $19.90.",
        "It is almost twenty dollars.",
        "So from now on I make it 17.90.",
        "Other shops want 45 dollars for a mug like this.",
        "Last year it was 25 dollars.",
        "It weighs about 400 grams.",
        "It weighs 0.39 kilos.",
        "It stands nearly four inches tall.",
        "My old mug weighed 700 grams.",
        "You ask whether it is made in Italy.",
        "With three of them you are over $40, so the shipping is free.",
        "It goes out the door in two days.",
        "It is not 500 grams, feel it.",
        "If it arrives broken, send us a photo within 7 days.",
        "There are two left in Moss.",
        "You can have it in Moss or in blue.",
        "Save 5 dollars with the code.",
        "衣长一米零八，一米六五的姑娘穿到小腿。",
        "别人家卖五百多。",
        "去年我们卖八百九十九。",
        "从现在开始再降三十，改成六百六十九。",
        "两斤六两，不压身。",
        "有姐妹说是不是百分之百羊毛的。",
        "刚才说错了，发货不是四十八小时，是十五天。",
    ],
)
def test_nothing_otherwise(text: str):
    assert hear(text) == []


def test_otherwise_than_was_said_before():
    (found,) = hear("From now on I make it $17.90.", "Put it in the basket, it is $19.90 tonight.")
    assert (found.what, found.field, found.earlier) == ("earlier", "live_price", 1)
    assert "17.90" in found.known
    (found,) = hear("The Moss is sold out, sorry.", "I can still give you Moss, we have plenty.")
    assert (found.what, found.earlier) == ("earlier", 1)
    (found,) = hear("It holds heat, the lid is 12 cm wide.", "The lid is 15 cm wide.")
    assert (found.what, found.earlier) == ("earlier", 1)


def test_what_came_back_or_was_corrected_is_no_contradiction():
    assert hear("Moss is sold out.", "Moss is back in stock.", "I still have plenty of Moss.") == []
    texts = ("It weighs 520 grams.", "Sorry, I misspoke, it weighs 390 grams.", "Just 390 grams.")
    assert hear(*texts) == []


def test_a_sentence_that_names_another_product_is_about_that():
    check = SpeechCheck({"mug": MUG, "coat": COAT})
    assert check.hear(1, "The Kiln Mug is 390 grams.", "coat").contradictions == ()
    assert check.hear(2, "It is 390 grams.", None).contradictions == ()
