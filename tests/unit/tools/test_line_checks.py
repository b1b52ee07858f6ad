"""What a model adds to a fact, leaves out of it or turns around is seen."""

import pytest

from domain.product import Fact
from tools.line_checks import (
    are_alike,
    check_line,
    covers,
    cut_additions,
    find_additions,
)


def fact(value: str, field: str = "selling_points[0]") -> Fact:
    return Fact(field=field, value=value)


@pytest.mark.parametrize(
    ("line", "value", "lang", "added"),
    [
        ("Look, it fits a car cup holder.", "Fits a car cup holder", "en", []),
        ("The lid is locked with one hand.", "Lid locks with one hand", "en", []),
        ("It fits a car cup holder, so elegant!", "Fits a car cup holder", "en", ["elegant"]),
        ("Easy to clean and durable.", "Dishwasher safe", "en", ["easy", "clean", "durable"]),
        ("你看，这个放得进车载杯架。", "放得进车载杯架", "zh", []),
        ("放得进车载杯架，方便随时喝。", "放得进车载杯架", "zh", ["方便随时喝"]),
        ("杯口圆润，保鲜。", "杯口圆润，保温", "zh", ["保鲜"]),
        ("保温12小时，又香又软。", "保温12小时", "zh", ["香", "软"]),
        ("保温12小时，很轻。", "保温12小时", "zh", ["轻"]),
        (
            "Fits a car cup holder, and this is the last one.",
            "Fits a car cup holder",
            "en",
            ["last"],
        ),
        (
            "Many people love it. It fits a car cup holder.",
            "Fits a car cup holder",
            "en",
            ["many", "people", "love"],
        ),
        (
            "Like new every time, ready in a second.",
            "Dishwasher safe",
            "en",
            ["new", "ready", "second"],
        ),
        ("It will always last long.", "Dishwasher safe", "en", ["always", "last", "long"]),
    ],
)
def test_words_of_content_come_from_the_facts(
    line: str, value: str, lang: str, added: list[str]
) -> None:
    assert find_additions(line, [fact(value)], lang) == added


@pytest.mark.parametrize(
    ("line", "value", "lang", "is_said"),
    [
        ("It keeps drinks hot for 12 hours.", "Keeps drinks hot for 12 hours", "en", True),
        ("It keeps drinks hot.", "Keeps drinks hot for 12 hours", "en", False),
        ("This is a mug.", "Fits a car cup holder", "en", False),
        ("单手就能开合，防漏的。", "防漏杯盖，单手开合", "zh", True),
        ("这个杯子很好。", "防漏杯盖，单手开合", "zh", False),
    ],
)
def test_a_fact_counts_as_said_only_with_its_numbers_and_words(
    line: str, value: str, lang: str, is_said: bool
) -> None:
    assert covers(line, fact(value), lang) is is_said


@pytest.mark.parametrize(
    ("line", "value", "lang"),
    [
        ("It isn't dishwasher safe.", "Dishwasher safe", "en"),
        ("不可以用洗碗机洗。", "可用洗碗机洗", "zh"),
        ("这个刮嘴。", "不刮嘴", "zh"),
    ],
)
def test_a_turned_meaning_is_a_fault(line: str, value: str, lang: str) -> None:
    assert check_line(line, [fact(value)], lang=lang)


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        ("This fits a car cup holder, perfect for trips.", "This fits a car cup holder."),
        ("Perfect! It weighs 1.5 kg, easily.", "It weighs 1.5 kg, easily."),
        ("Perfect for trips.", ""),
        ("Nothing wrong here.", ""),
    ],
)
def test_cutting_takes_the_clause_and_leaves_a_sentence(line: str, cut: str) -> None:
    faults = check_line(line, [fact("Fits a car cup holder")], lang="en")
    praise = [fault for fault in faults if fault.quote.casefold() == "perfect"]
    assert cut_additions(line, praise) == cut


def test_a_clause_that_says_nothing_new_is_a_fault() -> None:
    faults = check_line(
        "Safe for the dishwasher. Dishwasher safe.", [fact("Dishwasher safe")], lang="en"
    )
    assert [fault.quote for fault in faults] == ["Dishwasher safe."]


def test_a_line_is_not_said_twice() -> None:
    first = "Watch my hand. One finger, and the zip opens."
    assert are_alike(first, "Watch my hand! One finger and the zip opens")
    assert not are_alike(first, "It holds a 15-inch laptop.")


@pytest.mark.parametrize(
    ("line", "value", "lang"),
    [
        ("我用过，保温12小时。", "保温12小时", "zh"),
        ("看我用的，保温12小时。", "保温12小时", "zh"),
        ("I've used it, it fits a car cup holder.", "Fits a car cup holder", "en"),
        ("Mine fits a car cup holder.", "Fits a car cup holder", "en"),
    ],
)
def test_nobody_speaks_of_own_use(line: str, value: str, lang: str):
    faults = check_line(line, [fact(value)], lang=lang)
    assert any("own use" in fault.reason for fault in faults)


def test_a_line_may_tell_of_use_that_its_fact_tells():
    value = "我用过三年还保温"
    faults = check_line(value, [fact(value)], lang="zh")
    assert not any("own use" in fault.reason for fault in faults)
