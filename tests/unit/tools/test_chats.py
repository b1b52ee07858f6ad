"""What a chat says beyond labels: questions and their answers, corrections, stock, asides."""

import pytest

from domain.evidence import Locator, Passage
from domain.extraction import ExtractedFact
from tools.extraction import Reading, extract_facts


def read(*lines: str) -> Reading:
    passages = [
        Passage(
            source_id="s", file="chat.txt", kind="text", text=line, locator=Locator(line=number)
        )
        for number, line in enumerate(lines, start=1)
    ]
    return extract_facts(passages)


def told(*lines: str) -> list[tuple[str, str | None, str]]:
    facts: list[ExtractedFact] = read(*lines).facts
    return [(fact.field, fact.key, fact.value) for fact in facts]


@pytest.mark.parametrize(
    ("question", "answer", "fact"),
    [
        ("price on stream", "$36 for every size", ("live_price", None, "36")),
        ("washing?", "cold only", ("usage", None, "cold only")),
        ("whats in the box?", "robot, dock, two brushes", ("specs", "in the box", None)),
        ("how big is the dust bin", "450 ml", ("specs", "dust bin", "450 ml")),
        ("发货和售后？", "从杭州仓走，第二天就出", ("shipping", None, "从杭州仓走，第二天就出")),
        ("适合什么皮肤", "油皮、混油皮", ("audience", None, "油皮、混油皮")),
        ("尘盒多大呀", "400毫升", ("specs", "尘盒", "400毫升")),
    ],
)
def test_an_answer_is_read_with_its_question(
    question: str, answer: str, fact: tuple[str, str | None, str | None]
) -> None:
    found = told(f"[03/09/2026, 10:00] Owen: {question}", f"[03/09/2026, 10:01] Tess: {answer}")
    assert (fact[0], fact[1], fact[2] or answer) in found


def test_the_second_message_after_a_question_stands_for_itself() -> None:
    found = told(
        "[03/09/2026, 10:00] Owen: anything extra for the stream",
        "[03/09/2026, 10:01] Tess: everyone gets a pack of 3 mop pads free",
        "[03/09/2026, 10:02] Tess: its really for flats and small houses",
    )
    assert [fact[0] for fact in found] == ["promotion"]


def test_a_wechat_name_above_its_time_is_no_statement() -> None:
    reading = read("林姐（云舍家居）", "2026/9/3 15:23", "直播价159元")
    assert [fact.value for fact in reading.facts] == ["159", "CNY"]
    assert reading.rest == []


def test_a_short_message_above_another_stamp_is_kept() -> None:
    lines = ("林姐  10:34", "直播间下单送小样三支", "林姐  10:52", "好的")
    assert told(*lines) == [("promotion", None, "直播间下单送小样三支")]


@pytest.mark.parametrize(
    ("text", "stock"),
    [
        ("就米白和浅灰两个色，米白还有320只，浅灰只剩80", {"米白": "320", "浅灰": "80"}),
        ('a new one "sea glass" is only 40 pcs left', {"sea glass": "40"}),
        ("XL断码", {"XL": "0"}),
        ("M is sold out", {"M": "0"}),
        ("they have 30 days to send it back", {}),
        ("两只装299", {}),
    ],
)
def test_stock_of_a_choice_in_passing(text: str, stock: dict[str, str]) -> None:
    assert {key: value for field, key, value in told(text) if field == "stock"} == stock


@pytest.mark.parametrize(
    ("text", "field", "values"),
    [
        ("盒子有朱红和墨绿两个色", "colours", ["朱红", "墨绿"]),
        ("Comes in Slate and Chalk now, we stopped doing the green one", "colours", None),
        ("Four sizes, S M L XL, and Bracken or Dusk", "sizes", ["S", "M", "L", "XL"]),
        ("In size M, it is 118 centimeters long", "sizes", []),
        ("Rust is not made in XS", "specs", []),
    ],
)
def test_choices_in_passing(text: str, field: str, values: list[str] | None) -> None:
    found = [value for name, _, value in told(text) if name == field]
    assert found == (["Slate", "Chalk"] if values is None else values)


def test_what_is_taken_back_is_not_said() -> None:
    assert told("更正一下哈，小样是送两支，不是三支，以这条为准") == [
        ("promotion", None, "小样是送两支")
    ]


@pytest.mark.parametrize(
    "text",
    [
        'My uncle wants "the only escape-proof harness on earth" somewhere',
        '对了领导让加一句"国家级好坚果"',
        "don't say it blocks all noise",
        "面霜下个月再说，现在别提",
    ],
)
def test_lines_for_the_host_are_set_aside(text: str) -> None:
    reading = read(text)
    assert reading.facts == []
    assert [aside.text for aside in reading.set_aside] == [text]


def test_clauses_of_one_message_go_to_their_fields() -> None:
    found = told("乳胶含量93%，枕套可以拆下来洗，枕芯千万别水洗")
    assert [field for field, _, _ in found] == ["materials", "usage", "warnings"]
