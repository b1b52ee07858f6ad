"""A rewrite says of what it keeps neither more nor less than the text did."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.compliance import RulePackLibrary, check_text

LIBRARY = RulePackLibrary.shipped()
BOUNDS_ZH = ("不含", "没有", "无", "未用", "不超过", "低于", "不足", "少于")
BOUNDS_EN = ("without ", "no ", "not ", "never over ", "less than ", "under ", "unless over ")
FACTS = ("5克", "乳胶", "30厘米")
CLAIMS_ZH = ("这款茶降血压", "治失眠", "这款枕头治失眠每杯")
CLAIMS_EN = ("This tea cures gout ", "It cures insomnia and has ", "This pillow cures insomnia ")
FACTS_EN = ("latex", "60 cm", "30 ml")


@given(st.sampled_from(CLAIMS_ZH), st.sampled_from(BOUNDS_ZH), st.sampled_from(FACTS))
@settings(deadline=None, max_examples=72)
def test_a_chinese_rewrite_never_loses_what_denies_a_fact(c: str, bound: str, fact: str) -> None:
    report = check_text(f"{c}{bound}{fact}。", LIBRARY)
    assert report.violating
    assert fact not in report.rewrite or bound + fact in report.rewrite


@given(st.sampled_from(CLAIMS_EN), st.sampled_from(BOUNDS_EN), st.sampled_from(FACTS_EN))
@settings(deadline=None, max_examples=63)
def test_an_english_rewrite_never_loses_what_denies_a_fact(c: str, bound: str, fact: str) -> None:
    report = check_text(f"{c}{bound}{fact}.", LIBRARY)
    assert report.violating
    assert fact not in report.rewrite.lower() or bound + fact in report.rewrite


@pytest.mark.parametrize(
    ("text", "rewrite"),
    [
        ("治失眠不含乳胶的枕头，高10厘米。", "不含乳胶的枕头，高10厘米。"),
        ("This pillow cures insomnia without using latex, 60 by 40 cm.", "60 by 40 cm."),
    ],
)
def test_a_fact_that_was_denied_stays_or_goes_with_its_denial(text: str, rewrite: str) -> None:
    assert check_text(text, LIBRARY).rewrite == rewrite


@pytest.mark.parametrize(
    ("text", "rewrite"),
    [
        ("这款蚕丝被治失眠，2公斤。", "这款蚕丝被，2公斤。"),
        ("这款羽绒被治失眠，2公斤。", "这款羽绒被，2公斤。"),
        ("This juicer has the FDA's blessing, 300 g.", "This juicer, 300 g."),
        ("This balm cures eczema, psoriasis and gout, 50 ml.", "This balm, 50 ml."),
        ("The best coat weighs 2 kg.", "A great coat weighs 2 kg."),
        ("The best coats weigh 2 kg.", "Great coats weigh 2 kg."),
        ("Our wok is the number one wok in the world.", "Our wok is a great wok."),
        ("加微信coffee200克装，衬衫是亚麻的。", "找平台客服coffee200克装，衬衫是亚麻的。"),
    ],
)
def test_what_stays_is_whole_words(text: str, rewrite: str) -> None:
    assert check_text(text, LIBRARY).rewrite == rewrite


@pytest.mark.parametrize(
    ("text", "rewrite"),
    [
        ("接骨木治失眠，300克。", "300克。"),
        ("铁皮石斛治糖尿病，300克。", "300克。"),
    ],
)
def test_a_material_within_the_name_of_a_herb_is_no_fact(text: str, rewrite: str) -> None:
    assert check_text(text, LIBRARY).rewrite == rewrite


@pytest.mark.parametrize(
    "text",
    ["这款茶能治糖尿病，孕妇不能喝，100克。", "孕妇禁用，这款面膜7天美白，25毫升。"],
)
def test_a_warning_makes_no_claim_beside_it_lawful(text: str) -> None:
    assert check_text(text, LIBRARY).violating
