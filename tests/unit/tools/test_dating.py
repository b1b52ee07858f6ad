from datetime import date

import pytest

from domain.evidence import Locator, Passage, SourceKind
from domain.extraction import ExtractedFact
from tools.extraction import date_facts, extract_facts
from tools.extraction.dating import find_day


def lines(*texts: str, file: str = "chat.txt", kind: SourceKind = "text") -> list[Passage]:
    return [
        Passage(source_id="s", file=file, kind=kind, text=text, locator=Locator(line=number))
        for number, text in enumerate(texts, start=1)
    ]


def dated(passages: list[Passage]) -> dict[str, ExtractedFact]:
    facts = date_facts(extract_facts(passages).facts, passages)
    return {f"{fact.field}={fact.value}": fact for fact in facts}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Updated 2026-10-01", date(2026, 10, 1)),
        ("2026年9月3日更新", date(2026, 9, 3)),
        ("2026/9/3 15:20", date(2026, 9, 3)),
        ("valid from 1 September 2026", date(2026, 9, 1)),
        ("as of Sept 7, 2026", date(2026, 9, 7)),
        ("prices 28.10.26", date(2026, 10, 28)),
        ("price-list-20261015.xlsx", date(2026, 10, 15)),
        ("Autumn list, October 2026", date(2026, 10, 1)),
        ("2026年10月报价", date(2026, 10, 1)),
        ("batch 20269901", None),
        ("call me at 0151 2026 1234", None),
        ("30 days", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    assert find_day(text) == day


def test_a_chat_gives_each_statement_the_day_of_the_stamp_above_it() -> None:
    facts = dated(
        lines(
            "2026-06-17 14:02 阿宁：直播价399元",
            "2026-06-18 09:00 阿宁：原价599元",
            "库存：雾蓝 36件",
        )
    )
    assert facts["live_price=399"].stated_on == date(2026, 6, 17)
    assert facts["list_price=599"].stated_on == date(2026, 6, 18)
    assert facts["stock=36"].stated_on == date(2026, 6, 18)


def test_a_month_first_chat_is_told_by_a_day_above_twelve() -> None:
    facts = dated(
        lines("[9/3/26, 10:00] Ann: Live price: $20", "[9/14/26, 10:00] Ann: List price: $30")
    )
    assert facts["live_price=20"].stated_on == date(2026, 9, 3)


def test_a_list_dates_itself_by_its_title_or_its_name() -> None:
    titled = dated(lines("Price list, valid from 1 October 2026", "Live price: $20"))
    named = dated(lines("Live price: $20", file="prices/list_2026-10-02.txt"))
    assert titled["live_price=20"].stated_on == date(2026, 10, 1)
    assert named["live_price=20"].stated_on == date(2026, 10, 2)


@pytest.mark.parametrize(
    "passages",
    [
        lines("生产日期：2026年5月1日", "净含量：108g"),
        lines("Best before 01.05.2027, lot 7", "Live price: $20"),
        lines("Live price: $20", file="IMG_20260918.jpg", kind="image"),
    ],
)
def test_the_date_of_the_goods_or_of_a_photo_dates_no_statement(passages: list[Passage]) -> None:
    assert [fact.stated_on for fact in dated(passages).values() if fact.stated_on] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sorry, the RRP is 84.99 not 79.99", "list_price=84.99"),
        ("Correction: live price: $18", "live_price=18"),
        ("The live price has changed to $18", "live_price=18"),
        ("更正一下，直播价149元", "live_price=149"),
        ("说错了，直播价改成149，以这个为准哈", "live_price=149"),
        ("直播价不是159元，是149元", "live_price=149"),
    ],
)
def test_what_takes_something_back_is_a_correction(text: str, value: str) -> None:
    assert dated(lines(text))[value].correction


def test_a_correction_may_be_announced_in_the_message_before() -> None:
    facts = dated(
        lines(
            "2026-09-03 15:41 林姐：等下，刚才写错了",
            "2026-09-03 15:41 林姐：直播价149元",
            "2026-09-03 15:42 林姐：原价359元",
        )
    )
    assert facts["live_price=149"].correction
    assert not facts["list_price=359"].correction


@pytest.mark.parametrize(
    "text",
    [
        "Live price: $20",
        "直播价149元",
        "No wrong way to wear it. Live price: $20",
        "live price: $20!",
    ],
)
def test_a_plain_statement_is_no_correction(text: str) -> None:
    assert not any(fact.correction for fact in dated(lines(text)).values())
