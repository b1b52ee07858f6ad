"""Words that are one unit in a trade and another elsewhere, and how both languages say them."""

import pytest

from domain.lexicon import translate_terms
from domain.quantities import find_quantities, same_quantity


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("60支全棉", "yarn count"),
        ("80S长绒棉", "yarn count"),
        ("纱支：60支", "yarn count"),
        ("60-count cotton", "yarn count"),
        ("3支口红", "pcs"),
        ("12支装", "pcs"),
        ("100支棉签", "pcs"),
        ("300根长绒棉", "thread count"),
        ("3根蜡烛", "pcs"),
        ("300克重", "gsm"),
        ("克重：260克", "gsm"),
        ("净重260克", "g"),
        ("300克重量", "g"),
        ("这个杯子有520克重", "g"),
        ("80目滤网", "mesh"),
        ("1000目磨刀石", "grit"),
        ("8丝加厚", "丝"),
        ("20D尼龙", "denier"),
        ("12针羊绒", "gauge"),
        ("1.5匹", "hp"),
        ("19姆米桑蚕丝", "momme"),
        ("52度白酒", "% vol"),
        ("360度旋转", "deg"),
        ("38度", "C"),
    ],
)
def test_what_stands_beside_a_number_tells_its_unit(text: str, unit: str) -> None:
    [quantity] = find_quantities(text)
    assert quantity.unit == unit


@pytest.mark.parametrize("text", ["3D打印", "2目标", "桑蚕丝", "5针"])
def test_a_word_that_is_no_unit_gives_none(text: str) -> None:
    assert {quantity.unit for quantity in find_quantities(text)} <= {None}


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("60支全棉", "60-count cotton"),
        ("12支", "12 pcs"),
        ("5层不锈钢", "5-layer stainless steel"),
        ("3层", "3 layers"),
        ("4人", "4 people"),
        ("2次", "2 times"),
        ("3双", "3 pairs"),
        ("1件", "1 pc"),
        ("19姆米桑蚕丝", "19 momme silk"),
        ("20D尼龙", "20D nylon"),
        ("1.5匹", "1.5 HP"),
        ("2斤", "1 kg"),
        ("8丝", "0.08 mm"),
        ("8折", "20% off"),
        ("5毛", "0.5 CNY"),
        ("38码", "size 38"),
        ("6月18日", "June 18"),
        ("晚上8点", "20:00"),
        ("下播恢复原价", "back to the list price after the stream"),
        ("-18度", "-18 °C"),
    ],
)
def test_a_chinese_measure_is_said_in_english(chinese: str, english: str) -> None:
    assert translate_terms(chinese, "en") == english


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("60-count cotton", "60支棉"),
        ("3-ply", "3层"),
        ("4 people", "4人"),
        ("12 sheets", "12张"),
        ("24 capsules", "24粒"),
        ("20 x 30 cm", "20×30厘米"),
        ("99 cents", "0.99美元"),
        ("June 18", "6月18日"),
    ],
)
def test_an_english_measure_is_said_in_chinese(english: str, chinese: str) -> None:
    assert translate_terms(english, "zh") == chinese


def test_a_name_tells_the_unit_of_its_value() -> None:
    assert translate_terms("260克", "en", about="克重") == "260 gsm"
    assert translate_terms("260克", "en", about="净重") == "260 g"


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("60支全棉", "60 cotton", True),
        ("60支全棉", "60-count cotton", True),
        ("60支全棉", "60 pcs", False),
        ("8丝加厚", "0.08 mm", True),
        ("52度白酒", "52% vol", True),
    ],
)
def test_a_grade_is_no_count(a: str, b: str, same: bool) -> None:
    [first], [second] = find_quantities(a), find_quantities(b)
    assert same_quantity(first, second) is same
