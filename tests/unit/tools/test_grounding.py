import time

import pytest

from domain.product import Fact, ProductDocument, ProductRecord, ProductStatus, Variants
from tools.grounding import find_unsupported

RECORD = ProductRecord(
    name="Alder Mug A7-200",
    brand="Alder",
    list_price=29,
    live_price=19.9,
    currency="USD",
    variants=Variants(
        colours=["Moss", "Cream White"],
        sizes=["S", "M", "37"],
        stock={"Moss M": 3, "Moss S": 0},
    ),
    specs={"Capacity": "350 ml", "Weight (g)": "420", "Care": "Not dishwasher safe"},
    materials=["304 stainless steel", "100% cotton strap"],
    selling_points=["Keeps drinks hot for 6 hours", "A gift for commuters"],
    shipping="Ships in 3-5 business days",
    returns_warranty=["30 days, unworn"],
)
FACTS = ProductDocument(
    product_id="mug", version=1, status=ProductStatus.PUBLISHED, record=RECORD
).facts()


@pytest.mark.parametrize(
    "text",
    [
        "It's $19.9 now, was $29.",
        "现价19.9美元，原价29美元",
        "On sale now for $19.90",
        "有苔绿色和奶油白，容量350毫升",
        "It holds 0.35 l and weighs 420 g.",
        "不锈钢材质，保温6小时",
        "Model A7-200, Size 37",
        "1. Moss\n2. Cream White",
        "一款好杯子",
        "One cup for you",
        "三十天内未穿可退",
        "3到5个工作日发货",
        "不可用洗碗机",
        "No, we don't have pink; we have Moss and Cream White.",
        "没有粉色，有苔绿色",
        "a green cup",
        "We have 3 Moss M",
        "A gift for commuters",
    ],
)
def test_what_the_facts_say_is_supported(text: str):
    assert find_unsupported(text, FACTS) == []


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("现价19.9元", "19.9元"),
        ("It holds 12 oz", "12 oz"),
        ("保温12小时", "12小时"),
        ("It weighs 420 kg", "420 kg"),
        ("35 % off", "35 %"),
        ("3到5天发货", "5天"),
        ("There are 7 of them", "7"),
        ("Yes, it comes in pink.", "pink"),
        ("也有粉色", "粉色"),
        ("olive green", "olive green"),
        ("XXL is here", "XXL"),
        ("pure silk", "silk"),
        ("made in Japan", "Japan"),
        ("It is dishwasher safe", "dishwasher safe"),
        ("可以用洗碗机", "洗碗机"),
        ("We don't have Moss", "Moss"),
        ("Model A7-300", "A7-300"),
        ("IPX7 rated", "IPX7"),
        ("SGS report", "SGS"),
        ("the best mug", "best"),
        ("better than any other", "better than"),
        ("Hurry", "Hurry"),
        ("限量发售", "限量"),
        ("a free gift inside", "free gift"),
        ("全网最低价", "全网最低"),
        ("BPA-free", "BPA-free"),
    ],
)
def test_what_the_facts_do_not_say_is_named(text: str, span: str):
    found = find_unsupported(text, FACTS)
    assert span in [item.text for item in found]
    assert all(text[item.start : item.end] == item.text and item.reason for item in found)


def test_a_price_without_a_known_currency_backs_any_currency():
    facts = [Fact(field="live_price", value="19.9")]
    assert find_unsupported("19.9元", facts) == []
    assert find_unsupported("29.9元", facts)


def test_a_discount_needs_a_lower_price_or_a_promotion():
    price = [Fact(field="live_price", value="20"), Fact(field="list_price", value="20")]
    assert find_unsupported("on sale", price)
    assert not find_unsupported("on sale", [*price, Fact(field="promotion[0]", value="2 for 1")])


def test_an_index_in_a_field_path_backs_no_number():
    facts = [Fact(field="selling_points[7]", value="Light")]
    assert find_unsupported("7", facts)


def test_nothing_is_supported_by_nothing():
    assert find_unsupported("red", [])
    assert find_unsupported("Hello there", []) == []


def test_a_sentence_takes_less_than_five_milliseconds():
    text = "It's $19.9 now, was $29. 有苔绿色和奶油白，容量350毫升"
    find_unsupported(text, FACTS)
    started = time.perf_counter()
    for _ in range(20):
        find_unsupported(text, FACTS)
    assert (time.perf_counter() - started) / 20 < 0.005
