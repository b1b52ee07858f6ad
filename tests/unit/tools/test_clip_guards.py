"""Guards on planted violations, English and Chinese, and what they must leave alone."""

from collections.abc import Sequence

import pytest

from domain.clip import Rejection
from domain.compliance import ComplianceReport
from domain.product import ProductRecord, Variants
from domain.timeline import Effects, Piece, Sticker, Timeline
from tests.fakes.clips_to_make import SPEECH, tagged_speech
from tools.clip_guards import (
    Said,
    Shown,
    find_cut_words,
    find_references,
    find_stale,
    find_unlawful,
    read_said,
    read_shown,
)
from tools.compliance import RulePackLibrary, check_text

RECORD = ProductRecord(
    name="Kiln Mug",
    live_price=19.9,
    list_price=29,
    currency="USD",
    promotion=["10% off with code MUG10"],
    variants=Variants(stock={"Moss": 0, "Sand": 12}),
)


def one(text: str, *, joined: bool = False) -> list[Said]:
    return [Said(4, text, 1000, joined)]


def rules(found: Sequence[Rejection]) -> set[str]:
    return {rejection.rule for rejection in found}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("As I said, it is light.", "said_before"),
        ("Like we mentioned, the lid locks.", "said_before"),
        ("I just showed you the blue one.", "said_before"),
        ("刚才说的那个盖子特别好用", "said_before"),
        ("前面讲过这个材质", "said_before"),
        ("Yes, it does fit a size eight.", "answer_without_question"),
        ("是的，可以机洗", "answer_without_question"),
        ("Second, the sole is soft.", "numbering"),
        ("The third reason is the price.", "numbering"),
        ("第二个优点是轻", "numbering"),
        ("其次，它很轻", "numbering"),
        ("Because the lid locks.", "dangling"),
        ("但是价格不贵", "dangling"),
        ("It keeps coffee hot.", "pointing_back"),
        ("它保温六个小时", "pointing_back"),
        ("This is better than the previous item.", "pointing_back"),
        ("跟上一款比更轻", "pointing_back"),
        ("Type 1 if you want it.", "live_room"),
        ("Tell me your size in the chat.", "live_room"),
        ("想要的扣1", "live_room"),
        ("点小黄车一号链接", "live_room"),
        ("If we reach 5000 hearts, something happens.", "live_room"),
        ("I have time for two more questions, so be quick.", "live_room"),
        ("点赞到一万我就高兴", "live_room"),
    ],
)
def test_what_refers_outside_is_named(text: str, rule: str):
    [found] = [r for r in find_references(one(text)) if r.rule == rule]
    assert (found.guard, found.utterance) == ("standalone", 4)
    assert found.quote
    assert found.quote in text
    assert found.reason


@pytest.mark.parametrize(
    "text",
    [
        "This mug keeps coffee hot for six hours.",
        "You can put one in your bag.",
        "Second-hand leather was never so soft.",
        "Now look at this lid, it locks with a click.",
        "Someone asks if the lid leaks: no, it does not.",
        "这款杯子保温六个小时",
        "打开盖子就能喝",
        "不锈钢内胆，轻轻一按就开",
    ],
)
def test_what_stands_alone_is_left_alone(text: str):
    assert find_references(one(text)) == []


def test_what_went_before_in_the_clip_counts():
    first = Said(1, "First, the Kiln Mug is light.", 0, joined=False)
    assert find_references([first, Said(7, "Second, it is strong.", 0, joined=False)]) == []
    assert find_references([first, Said(7, "It is strong.", 0, False)], ["Kiln Mug"]) == []
    assert rules(find_references([first, Said(7, "It is strong.", 0, False)], ["Lamp"])) == {
        "pointing_back"
    }
    asked = Said(1, "Does the lid leak?", 0, joined=False)
    assert find_references([asked, Said(7, "No, never.", 0, joined=False)]) == []
    assert find_references(one("Because the lid locks.", joined=True)) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Only today you get a second lid.", "passing_offer"),
        ("For the next ten minutes shipping is free.", "passing_offer"),
        ("仅限今晚，下单送盖子", "passing_offer"),
        ("最后五分钟", "passing_offer"),
        ("I will drop the price later tonight.", "passing_offer"),
        ("这个待会儿再降价", "passing_offer"),
        ("Five, four, three, go!", "countdown"),
        ("倒计时，三二一上链接", "countdown"),
        ("Only five left.", "stock_left"),
        ("They are almost gone.", "stock_left"),
        ("最后20单", "stock_left"),
        ("The mug is $15.", "old_price"),
        ("现在只要99元", "old_price"),
        ("Use code SAVE20 at the end.", "dead_coupon"),
        ("The Moss one is my favourite.", "out_of_stock"),
    ],
)
def test_what_does_not_last_is_named(text: str, rule: str):
    found = {r.rule: r for r in find_stale(one(text), record=RECORD)}
    assert rule in found, found
    assert found[rule].guard == "stale_claims"
    assert found[rule].quote


@pytest.mark.parametrize(
    "text",
    [
        "The mug is $19.90.",
        "It was $29 before.",
        "Use code MUG10 at the end.",
        "The Sand one is my favourite.",
        "It holds 350 ml and keeps hot for six hours.",
        "三百五十毫升，保温六小时",
    ],
)
def test_what_the_record_says_is_left_alone(text: str):
    assert find_stale(one(text), record=RECORD) == []


def test_a_subtitle_that_says_other_than_the_speech_is_held_against_the_record() -> None:
    said = one("The mug is $19.90.")
    same, edited = Shown("subtitles", "The mug is $19.90."), Shown("subtitles", "The mug is $9.90.")
    assert find_stale(said, [same], RECORD) == []
    assert {(r.rule, r.surface) for r in find_stale(said, [edited], RECORD)} == {
        ("old_price", "subtitles")
    }


def test_a_price_without_a_record_cannot_be_checked():
    assert rules(find_stale(one("The mug is $15."))) == {"unknown_price"}


def timeline(*spans: tuple[int, int], effects: Effects | None = None) -> Timeline:
    pieces = tuple(
        Piece(piece_id=f"p{n}", start_ms=start, end_ms=end) for n, (start, end) in enumerate(spans)
    )
    return Timeline(
        timeline_id="t", recording_id="r", product_id=None, lang="en", title="Mug", pieces=pieces,
        effects=effects or Effects(cover=False),
    )  # fmt: skip


def test_a_cut_within_a_word_is_named():
    tagged = tagged_speech()
    said = tagged[1].utterance
    word = said.words[2]
    middle = (word.start_ms + word.end_ms) // 2
    [found] = find_cut_words(timeline((said.start_ms, middle)), tagged)
    assert (found.guard, found.quote, found.at_ms) == ("word_safe", word.text.strip(), middle)
    assert find_cut_words(timeline((said.start_ms, said.end_ms)), tagged) == []
    assert find_cut_words(timeline((said.start_ms, word.start_ms)), tagged) == []
    joined = timeline((said.start_ms, middle), (middle, said.end_ms))
    assert find_cut_words(joined, tagged) == []


def test_what_a_clip_says_and_shows_is_read():
    tagged = tagged_speech()
    first, third = tagged[1].utterance, tagged[3].utterance
    effects = Effects(
        cover_title="Warm hands", intro="Hello", outro=None, subtitles=False,
        stickers=(Sticker(kind="badge", text="New", start_ms=0, end_ms=1000),),
    )  # fmt: skip
    spans = ((third.start_ms, third.end_ms), (first.start_ms, first.end_ms))
    said = read_said(timeline(*spans), tagged)
    assert [(s.number, s.text, s.joined) for s in said] == [
        (3, SPEECH[3][0], False),
        (1, SPEECH[1][0], False),
    ]
    shown = read_shown(timeline(*spans, effects=effects))
    assert {(s.surface, s.text) for s in shown} == {
        ("sticker", "New"),
        ("cover", "Warm hands"),
        ("card", "Hello"),
    }


@pytest.fixture(scope="module")
def packs() -> RulePackLibrary:
    return RulePackLibrary.shipped()


async def test_the_rules_hold_for_speech_cover_and_stickers(packs: RulePackLibrary):
    async def check(
        text: str,
        *,
        jurisdictions: Sequence[str] | None = None,
        category: str | None = None,
        product_id: str | None = None,
    ) -> ComplianceReport:
        return check_text(text, packs, jurisdictions=("CN",) if jurisdictions else None)

    effects = Effects(
        cover_title="全网最好的杯子", subtitles=False,
        stickers=(Sticker(kind="badge", text="国家级品质", start_ms=0, end_ms=1000),),
    )  # fmt: skip
    shown = read_shown(timeline((0, 1000), effects=effects))
    said = [Said(3, "这款杯子是双层的。", 0, False), Said(5, "它是全球第一的杯子。", 4000, False)]
    found = await find_unlawful(said, shown, check, jurisdictions=["CN"])
    places = {(r.surface, r.utterance) for r in found}
    assert places == {("speech", 5), ("cover", None), ("sticker", None)}
    for rejection in found:
        assert rejection.guard == "compliance"
        assert rejection.reason.startswith("CN: ")
