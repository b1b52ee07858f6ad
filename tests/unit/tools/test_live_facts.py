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


SOLD_BY_SIZE = ProductRecord(
    name="Desk",
    live_price=1299,
    list_price=1899,
    currency="CNY",
    variants=Variants(sizes=["80厘米", "100厘米", "120厘米"]),
)


@pytest.mark.parametrize(
    ("text", "prices"),
    [
        (
            "一米的一千二百九十九,一米二的一千四百九十九",
            {"live_price.100厘米": "1299", "live_price.120厘米": "1499"},
        ),
        ("价格动一动,一米的,一千二百九十九,改一千一百五十九", {"live_price.100厘米": "1159"}),
        ("现在一千一百九十九", {"live_price": "1199"}),
        ("一米的还剩三十来张", {}),
    ],
)
def test_prices_of_one_size(text: str, prices: dict[str, str]):
    row = Utterance(start_ms=1000, end_ms=5000, text=text)
    found = find_live_facts(LogEntry(seq=7, row=row), "p1", SOLD_BY_SIZE)
    assert {fact.field: fact.value for fact in found if fact.fact == "price"} == prices


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("Okay price change, it just went live, it's fifty-eight.", "58"),
        ("They're saying flash price, it is $56.50 till I stop.", "56.5"),
        ("From now till the end of the stream the Whirl is 54.50.", "54.5"),
        ("Another shop sells one for 58 dollars, price drop or not.", None),
        ("If we hit five thousand likes the price drops to 40.", None),
    ],
)
def test_a_price_that_a_sentence_calls_new(text: str, price: str | None):
    record = ProductRecord(name="Whirl", live_price=64, list_price=89, currency="USD")
    assert [value for kind, value in facts(text, record) if kind == "price"] == [
        *([price] if price else [])
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Basil's sold out, I'm sorry green team.", "Basil's sold out"),
        ("Ink, I see the counter, gone.", "gone."),
        ("And Ink, eight came back, cancelled carts.", "eight came back"),
        ("五百克的又有了", "500克的又有了"),
        ("香菇一斤的补了二十包", "香菇一斤的补了20包"),
    ],
)
def test_stock_in_passing(text: str, value: str):
    assert [(kind, told) for kind, told in facts(text) if kind == "stock"] == [("stock", value)]


def test_how_many_came_back_may_be_said_right_after():
    row = Utterance(start_ms=0, end_ms=9, text="Basil is back. They found eight pieces. Yes.")
    (fact,) = find_live_facts(LogEntry(seq=1, row=row), "p1")
    assert fact.quote == "Basil is back. They found eight pieces."
