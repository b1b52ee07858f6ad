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


HEADS_ZH = ("24节的考研英语课保证上岸", "40毫升的霜三天根治痘痘", "这款800克的乳胶枕治颈椎病")
TAILS_ZH = ("每节45分钟", "送绒布袋", "48小时发货", "盒装", "雾蓝色和米白色", "M到XL", "129元两支")
HEADS_EN = (
    "These 120 salmon chews cure arthritis in old dogs",
    "The 300 g tub of turmeric powder treats arthritis",
    "Our 12 oz balm in a glass jar heals eczema for good",
)
TAILS_EN = ("one chew per 10 kg", "$14.90 with shipping", "resealable pouch", "ships on Monday")
TOLD = {
    **dict(zip(HEADS_ZH, ("24节", "40毫升", "800克"), strict=True)),
    **dict(zip(HEADS_EN, ("120 salmon chews", "300 g", "12 oz"), strict=True)),
}
CLAIMS = ("上岸", "根治", "痘", "颈椎", "arthritis", "eczema", "cure", "heal")


@given(
    st.sampled_from(HEADS_ZH), st.lists(st.sampled_from(TAILS_ZH), unique=True), st.integers(0, 7)
)
@settings(deadline=None, max_examples=60)
def test_a_chinese_rewrite_says_every_fact_and_no_claim(
    head: str, tails: list[str], place: int
) -> None:
    _assert_kept(head, tails, place, "，", "。")


@given(
    st.sampled_from(HEADS_EN), st.lists(st.sampled_from(TAILS_EN), unique=True), st.integers(0, 4)
)
@settings(deadline=None, max_examples=60)
def test_an_english_rewrite_says_every_fact_and_no_claim(
    head: str, tails: list[str], place: int
) -> None:
    _assert_kept(head, tails, place, ", ", ".")


def _assert_kept(head: str, tails: list[str], place: int, comma: str, stop: str) -> None:
    place = min(place, len(tails))
    rewrite = check_text(comma.join([*tails[:place], head, *tails[place:]]) + stop, LIBRARY).rewrite
    for fact in (TOLD[head], *tails):
        assert rewrite.casefold().count(fact.casefold()) == 1, rewrite
    assert not [claim for claim in CLAIMS if claim in rewrite.casefold()], rewrite


@pytest.mark.parametrize(
    ("text", "rewrite"),
    [
        ("The safest 240 ml bottle in the world, two teats.", "240 ml bottle, two teats."),
        ("全宇宙最好的28厘米炒锅，送木铲。", "很好的28厘米炒锅，送木铲。"),
        ("最最好吃的牛肉干，250克一袋。", "很好吃的牛肉干，250克一袋。"),
        ("国家级品质的40毫米钢表，防水50米。", "40毫米钢表，防水50米。"),
        ("这支15克的膏祛D0U一夜见效，铝管包装。", "这支15克的膏，铝管包装。"),
        ("8毫米的手串戴一个月就转运，附绒布袋。", "8毫米的手串，附绒布袋。"),
    ],
)
def test_nothing_of_the_claim_is_left_behind(text: str, rewrite: str) -> None:
    assert check_text(text, LIBRARY).rewrite == rewrite


def test_goods_that_may_not_be_sold_are_not_described() -> None:
    text = "Same factory as Nike, no logo yet, mesh upper, 280 g each, 30-day returns."
    assert "280 g" not in check_text(text, LIBRARY).rewrite


def test_what_was_promised_is_no_fact_to_say_again() -> None:
    text = "Lose 20 pounds in 10 days without dieting, 60 bags, decaf."
    assert check_text(text, LIBRARY).rewrite == "60 bags, decaf."
