"""Promises in speech, what sounds like one and is none, and what becomes of them."""

import pytest

from tools.promises import Ledger, current_promises, find_promises


def kinds(text: str, currency: str | None = None) -> set[str]:
    found = find_promises(text, currency=currency)
    assert all(one.quote in text and one.value for one in found)
    return {one.kind for one in found}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Tonight, while we are live, it is $19.90.", "price"),
        ("When we get there I'll knock another five dollars off.", "price"),
        ("If you find it cheaper anywhere, I will refund you the difference.", "price"),
        ("right now on the stream it is twenty six dollars", "price"),
        ("Every order tonight gets a free pouch.", "gift"),
        ("Anybody who grabs two goes home with a tote bag on me.", "gift"),
        ("I'm giving away one signed teapot before we say goodbye.", "gift"),
        ("It ships within 2 working days.", "shipping"),
        ("so if you order before midnight we mail it the very next morning", "shipping"),
        ("Delivery's on us, wherever you live.", "shipping"),
        ("You have thirty days to send it back.", "returns"),
        ("These come with a ten-year guarantee on the motor.", "returns"),
        ("I am holding back ten of the Rose for those who come in after work.", "stock"),
        ("They'll be back in stock next Wednesday.", "stock"),
        ("The sale shuts at eleven sharp, so the offer ends at eleven.", "deadline"),
        ("I'll put the size chart in the pinned comment before we finish.", "other"),
        ("今天在我直播间只要399元。", "price"),
        ("点赞到五万我再降十块，说话算话。", "price"),
        ("今天买贵了我退你差价。", "price"),
        ("每床再送一个收纳袋，秋天收起来不占地方。", "gift"),
        ("拍一台给你配两包除垢剂，不用备注。", "gift"),
        ("等会儿点赞到一万，我再给大家抽三个真丝眼罩。", "gift"),
        ("付款以后48小时内发货。", "shipping"),
        ("咱家都是顺丰，江浙沪隔天就到。", "shipping"),
        ("没拆封七天之内都可以退。", "returns"),
        ("用了过敏的，空瓶我都给你退。", "returns"),
        ("今天下播之前我再给大家补二十件驼色m", "stock"),
        ("今晚十二点之前都是这个价，过了就恢复。", "deadline"),
        ("待会儿讲完袜子，我教大家怎么叠不占地方。", "other"),
    ],
)
def test_a_promise(text: str, kind: str):
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Do you get a free bag with that, somebody asks.",
        "We do not give out vouchers, sorry.",
        "Last year we gave everyone a free bulb and a tote bag.",
        "The other shop gives you a free pouch, fine, go there.",
        "I'd give it to you for free if my accountant let me, I wish I could.",
        "It keeps ice frozen for thirty hours.",
        "It takes about two hours to charge.",
        "I'm going to turn it around so you can see the back.",
        "We have two left in green.",
        "Put it in the oven at two hundred for twenty minutes.",
        "有人问能不能送三罐，这个真送不了。",
        "上次直播送的是锅刷，这次换了。",
        "送给妈妈当生日礼物特别合适。",
        "别家发货要等半个月。",
        "要是我能做主，我肯定送你们两口。",
        "来，给大家看一下背面。",
    ],
)
def test_no_promise(text: str):
    assert kinds(text) == set()


def test_what_is_promised_and_on_what_condition():
    (drop,) = find_promises("If we sell a hundred tonight I will knock another 5 dollars off.")
    assert (drop.kind, drop.condition) == ("price", "if we sell a hundred tonight")
    assert "5 dollars off" in drop.value
    assert drop.awaited
    offer, gift = find_promises("今天一口价一百五十九，送硅胶铲一把。")
    assert (offer.amount, gift.value) == (159.0, "硅胶铲一把")


def test_when_it_falls_due():
    (soon,) = find_promises("In ten minutes I am opening the second batch.", 60_000)
    assert soon.due.at_ms == 660_000
    (end,) = find_promises("I will tell you the winner before the end of the show.", 60_000)
    assert end.due.at_ms is None
    assert end.due.by_end
    (later,) = find_promises("We are back next Thursday at the same time.", 60_000)
    assert not later.due.by_end
    assert not later.awaited


def hear(ledger: Ledger, *texts: str, product_id: str | None = "mug") -> list[tuple[str, str]]:
    """The states that are told, each with the sentence that told it."""
    told: list[tuple[str, str]] = []
    for number, text in enumerate(texts, 1):
        at_ms = number * 10_000
        changes = [*ledger.advance(at_ms), *ledger.hear(number, text, at_ms, product_id)]
        told += [(change.state, text) for change in changes]
    return told


MAKE = "I will give away one signed teapot before we say goodbye tonight."
KEEP = "The signed teapot goes to Lucia from Leeds, congratulations."
SORRY = "Sorry, I cannot give away the teapot, the box did not arrive."


@pytest.mark.parametrize(("then", "state"), [(KEEP, "kept"), (SORRY, "withdrawn")])
def test_a_promise_is_kept_or_taken_back(then: str, state: str):
    between = "The glaze runs a little differently every time."
    assert hear(Ledger(), MAKE, between, then) == [("open", MAKE), (state, then)]


def test_a_promise_that_is_said_again_is_no_new_one():
    again = "Remember, one signed teapot, I give it away before we say goodbye tonight."
    assert hear(Ledger(), MAKE, again) == [("open", MAKE)]


def test_a_new_offer_changes_the_one_that_stands():
    ledger = Ledger()
    changes = ledger.hear(1, "Tonight it is $19.90.", 1000, "mug")
    changes += ledger.hear(2, "From now on I make it $17.90 for you.", 2000, "mug")
    assert [change.value for change in current_promises(changes)] == ["$17.90"]
    assert ledger.hear(3, "Tonight it is 40 dollars.", 3000, "bowl")[0].promise_id != (
        changes[0].promise_id
    )


def test_the_price_that_was_promised_comes():
    promise = "If we reach five thousand hearts, I will drop the price later tonight."
    keeps = "So I keep my word, the mug goes from $19.90 down to $17.90, starting right now."
    assert hear(Ledger(), promise, keeps)[1] == ("kept", keeps)


def test_what_was_due_and_was_not_heard_of_is_broken():
    ledger = Ledger()
    (made,) = ledger.hear(1, "十分钟之后我给大家演示怎么洗。", 0)
    assert made.due_ms == 600_000
    assert ledger.due_by(600_000) == [made]
    assert ledger.advance(630_000) == []
    (broken,) = ledger.advance(700_000)
    assert (broken.promise_id, broken.state, broken.start_ms) == (
        made.promise_id,
        "broken",
        660_000,
    )
    assert ledger.advance(900_000) == []


def test_at_the_end_what_was_to_be_done_in_the_show_is_broken_and_terms_stand():
    ledger = Ledger()
    ledger.hear(1, MAKE, 1000)
    ledger.hear(2, "It ships within 2 working days.", 2000)
    ledger.hear(3, "I will tell you who won tomorrow.", 3000)
    assert [change.quote for change in ledger.owed("Good night, everybody!")] == [MAKE]
    assert ledger.owed("Here is the handle.") == []
    assert [(change.state, change.quote) for change in ledger.close(9000)] == [("broken", MAKE)]


def test_the_same_speech_gives_the_same_changes():
    texts = (MAKE, "每床再送一个收纳袋。", "It ships within 2 days.", KEEP)
    first, second = Ledger(), Ledger()
    told = [
        [ledger.hear(n, t, n * 1000) for n, t in enumerate(texts)] for ledger in (first, second)
    ]
    assert told[0] == told[1]
    ids = [change.promise_id for changes in told[0] for change in changes]
    assert len(set(ids)) == len(ids) - 1
