"""A fact in another language: the same numbers, the same denial, and no word of its own."""

import pytest

from domain.product import Fact
from tools.translation_checks import check_translation


def _fact(value: str) -> Fact:
    return Fact(field="selling_points[0]", value=value)


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("热饮保温12小时", True),
        ("热饮保温24小时", False),
        ("热饮保温", False),
        ("Hot 12 hours", False),
        ("热饮不保温12小时", False),
    ],
)
def test_a_translation_keeps_numbers_and_denial(text: str, is_right: bool) -> None:
    faults = check_translation(text, _fact("Keeps drinks hot for 12 hours"), "zh")
    assert (faults == []) is is_right


@pytest.mark.parametrize(
    ("value", "text", "lang"),
    [
        ("Stitched seams, no glue", "缝制接缝，不用胶水", "zh"),
        (
            "Sinks in within two minutes, so make-up can follow",
            "两分钟就会下沉，可以继续化妆",
            "zh",
        ),
        ("Keeps drinks hot for 12 hours", "保温12小时", "zh"),
        ("Soft brush for pets with long hair", "适合长毛宠物的软刷", "zh"),
        ("Quiet motor for small flats", "静音电机，适合小公寓", "zh"),
        ("双线缝制，不用胶水", "Double-stitched, no glue", "en"),
        ("可放15寸笔记本", "Holds a 15-inch laptop", "en"),
        ("冷水下锅，煮八分钟", "Put in cold water and boil for eight minutes", "en"),
    ],
)
def test_a_right_translation_may_be_used(value: str, text: str, lang: str) -> None:
    assert check_translation(text, _fact(value), lang) == []


@pytest.mark.parametrize(
    ("value", "text", "lang", "wrong"),
    [
        ("4% squalane for dry cheeks", "4%石蜡，适合干燥脸颊", "zh", "石蜡"),
        ("Tastes of red apple and panela", "红苹果和面板的味道", "zh", "面板"),
        ("One jar of softgels", "一罐软糖", "zh", "软糖"),
        ("Waxed cotton sheds rain", "蜡棉反射雨水", "zh", "反射"),
        ("Light oat scent", "轻质 oat香", "zh", "oat"),
        ("粉质细腻", "Fine powder, waterproof", "en", "waterproof"),
        ("纯手工缝制", "Hand-stitched in Italy", "en", "Italy"),
    ],
)
def test_a_word_that_the_fact_does_not_have_is_a_fault(
    value: str, text: str, lang: str, wrong: str
) -> None:
    assert wrong in [fault.quote for fault in check_translation(text, _fact(value), lang)]


def test_what_leaves_most_out_is_a_fault() -> None:
    faults = check_translation("软刷", _fact("Soft brush for pets with long hair"), "zh")
    assert "leaves out" in faults[0].reason
