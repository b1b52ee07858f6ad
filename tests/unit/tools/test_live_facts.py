"""What a host says that changes a record, and what sounds like it and does not."""

import pytest

from domain.product import ProductRecord, Variants
from domain.stream import Comment, LogEntry, ScreenLine, Utterance
from tools.live_facts import find_live_facts


def facts(text: str, record: ProductRecord | None = None) -> list[tuple[str, str]]:
    row = Utterance(start_ms=1000, end_ms=5000, text=text)
    found = find_live_facts(LogEntry(seq=7, row=row), "p1", record)
    assert all(f.quote in text and f.said_in == 7 and f.start_ms == 5000 for f in found)
    assert all(f.product_id == "p1" for f in found)
    return [(fact.fact, fact.value) for fact in found]


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("It's now 89.", "89"),
        ("Down to $25 for the next ten minutes!", "25"),
        ("Was 89, now 69 dollars.", "69"),
        ("In the shops it is 89, and tonight you pay 69 dollars.", "69"),
        ("Tonight only, twenty five dollars.", "25"),
        ("The price drops to £18.50", "18.5"),
        ("From seventy dollars it is now down to fifty five dollars.", "55"),
        ("现在只要八十九", "89"),
        ("原价一百二十九，今天到手八十九块九", "89.9"),
        ("降到五十九块九，大家快拍", "59.9"),
        ("我们直播间只要199元", "199"),
    ],
)
def test_a_price_of_now(text: str, price: str):
    assert facts(text) == [("price", price)]


@pytest.mark.parametrize(
    "text",
    [
        "Is it 25 dollars now?",
        "It was 89 dollars last week.",
        "In the shops, you pay $28, and tonight",
        "Save 20 dollars today.",
        "Now 20% off.",
        "We now have 89 people in here.",
        "If we reach a thousand likes it goes down to 20 dollars.",
        "She said it is now 20 dollars.",
        "Two pairs are now sixty dollars.",
        "It's 4:30 now.",
        "Now in size 38.",
        "现在多少钱",
        "平时要一百二十九",
        "今天立减二十元",
        "我们现在有八十九个人在看",
        "现在打八折",
        "今天两盒一起一百三十八块",
        "如果点赞到一万，降到五十块",
    ],
)
def test_no_price(text: str):
    assert not [fact for fact in facts(text) if fact[0] == "price"]


@pytest.mark.parametrize(
    "text",
    ["The matte black is sold out.", "We are out of the small.", "白色已经卖完了", "粉色的断货了"],
)
def test_sold_out(text: str):
    assert [fact for fact, _ in facts(text)] == ["stock"]


@pytest.mark.parametrize(
    "text", ["The small is back in stock.", "小样补货了", "We just restocked the olive one."]
)
def test_back_in_stock(text: str):
    assert [fact for fact, _ in facts(text)] == ["stock"]


@pytest.mark.parametrize(
    "text",
    [
        "Is it sold out?",
        "is the pink sold out",
        "It is not sold out yet.",
        "It will be sold out soon.",
        "He said it was sold out.",
        "马上就卖完了",
        "是不是卖完了",
        "有人问是不是卖完了，没有啊",
        "没卖完，还有",
        "要等到下周补货",
    ],
)
def test_no_word_on_stock(text: str):
    assert facts(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Every order gets a tin for free.",
        "I will show you the lining at the end.",
        "I will give away one signed teapot.",
        "We will tell you the winner before the end of the show.",
        "Your order ships tomorrow morning.",
        "If it gets cheaper, we pay you back the difference.",
        "每一单都送一个杯刷",
        "七十二小时内发货",
        "买贵了我们退差价",
        "一会儿给大家试穿",
    ],
)
def test_a_promise(text: str):
    assert [fact for fact, _ in facts(text)] == ["promise"]


@pytest.mark.parametrize(
    "text", ["We do not throw in a gift today.", "Do you get a free case?", "没有送的", "送吗？"]
)
def test_no_promise(text: str):
    assert facts(text) == []


def test_a_price_has_to_be_of_the_records_order():
    record = ProductRecord(list_price=120, currency="USD")
    assert facts("It is now 99 dollars.", record) == [("price", "99")]
    assert facts("It is now 5 dollars.", record) == []
    assert facts("It is now 900 dollars.", record) == []


def test_a_known_variant_is_named():
    record = ProductRecord(variants=Variants(stock={"Moss M": 3, "Sand L": 2}))
    row = Utterance(start_ms=0, end_ms=1, text="The moss in m is sold out.")
    (fact,) = find_live_facts(LogEntry(seq=1, row=row), "p", record)
    assert fact.field == "variants.stock.Moss M"


def test_guests_and_comments_state_nothing_and_the_screen_does():
    guest = Utterance(start_ms=0, end_ms=1, text="It's now 89.", speaker="guest")
    comment = Comment(start_ms=0, user="a", text="It's now 89.")
    shown = ScreenLine(start_ms=0, text="NOW $89")
    assert find_live_facts(LogEntry(seq=1, row=guest), "p") == []
    assert find_live_facts(LogEntry(seq=1, row=comment), "p") == []
    assert [f.value for f in find_live_facts(LogEntry(seq=1, row=shown), "p")] == ["89"]
