import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence import Passage
from domain.quantities import find_quantities, same_quantity
from tools.spoken import collect_spellings, mend_names, normalise_spoken

CHINESE = {
    "一百九十九元": "199元",
    "两百块钱": "200块钱",
    "一千三百块": "1300块",
    "一九九元": "199元",
    "39块9": "39.9元",
    "三十九块九": "39.9元",
    "九块九包邮": "9.9元包邮",
    "九块九毛九": "9.99元",
    "129块酒": "129.9元",
    "五六百块": "500-600块",
    "原价三百九十九": "原价399",
    "卖一百二": "卖120",
    "三百毫升": "300毫升",
    "两千克": "2千克",
    "三点五厘米": "3.5厘米",
    "零点五升": "0.5升",
    "一米五乘两米": "1.5米乘2米",
    "1米5乘2米": "1.5米乘2米",
    "一万毫安时": "10000毫安时",
    "零下十八度": "零下18度",
    "百分之三十": "30%",
    "百分之九十九点九": "99.9%",
    "百分之百": "100%",
    "百分之95": "95%",
    "打八折": "打8折",
    "八五折": "85折",
    "四十八小时": "48小时",
    "十分钟": "10分钟",
    "七天无理由": "7天无理由",
    "两三天": "2-3天",
    "三五天": "3-5天",
    "五到七个工作日": "5到7个工作日",
    "四五十个": "40-50个",
    "一百二十件": "120件",
    "三十六到四十码": "36到40码",
    "二零二六年五月一号": "2026年5月1号",
}
ENGLISH = {
    "three hundred fifty millilitres": "350 millilitres",
    "four hundred and fifty grams": "450 grams",
    "a three-hundred-fifty-millilitre mug": "a 350-millilitre mug",
    "one point five litres": "1.5 litres",
    "1 point 5 liters": "1.5 liters",
    "zero point seven five litres": "0.75 litres",
    "point five litres": "0.5 litres",
    "two and a half hours": "2.5 hours",
    "nineteen dollars ninety": "$19.90",
    "nineteen dollars and ninety cents": "$19.90",
    "19 dollars and 90 cents": "$19.90",
    "$19 and 90 cents": "$19.90",
    "nineteen pounds ninety nine": "£19.99",
    "two for thirty five dollars": "two for 35 dollars",
    "ninety nine cents": "99 cents",
    "one thousand two hundred dollars": "1200 dollars",
    "It is only nineteen ninety-nine today": "It is only 19.99 today",
    "the price is twenty-nine fifty": "the price is 29.50",
    "twenty nine ninety-nine": "29.99",
    "since nineteen ninety nine": "since 1999",
    "in twenty twenty four": "in 2024",
    "ninety nine percent cotton": "99 percent cotton",
    "two to three days": "2 to 3 days",
    "five to seven working days": "5 to 7 working days",
    "forty eight hours": "48 hours",
    "twenty dollars thirty day returns": "20 dollars 30 day returns",
    "twelve fluid ounces": "12 fluid ounces",
    "nine p.m.": "9 p.m.",
}


@pytest.mark.parametrize(("said", "written"), [*CHINESE.items(), *ENGLISH.items()])
def test_amounts_are_written_in_digits(said: str, written: str):
    assert normalise_spoken(said) == written


IDIOMS = """
一下|一起|三心二意|万一|十分好用|千万不要|一百分|一万个放心|两个|四通八达|有一天|一点都不|下午三点
半斤八两|三天两头|百年老店|第三十二代|三三两两|九九八十一|十来天|三十多块|成千上万|双十一|一块手表
两块手表|三块五花肉|百里挑一|三分之一|周三|独一无二|十全十美|百分百|二话不说|三文鱼|一二三|型号A7-200
one of the best|one size fits all|two in one|one day you will see|a hundred times better
fifty fifty|a sixty forty blend|one two three|at one point|It costs 1,200 dollars at 9 pm.
"""


@pytest.mark.parametrize("text", IDIOMS.strip().replace("\n", "|").split("|"))
def test_words_and_idioms_stay(text: str):
    assert normalise_spoken(text) == text


def test_what_is_said_and_what_is_printed_are_the_same_quantity():
    pairs = [
        ("一百二十九块九", "¥129.90"),
        ("三百五十毫升", "350 ml"),
        ("three hundred fifty millilitres", "350 ml"),
        ("nineteen dollars ninety", "$19.9"),
        ("百分之九十五", "95 %"),
        ("一米八", "180 cm"),
    ]
    for said, printed in pairs:
        (spoken,), (label,) = find_quantities(normalise_spoken(said)), find_quantities(printed)
        assert same_quantity(spoken, label), said


_WORDS = (
    "一|二|两|九|十|百|千|万|零|点|半|块|毛|元|克|米|天|月|号|年|折|百分之|到|个|件|第|多|9|39|"
    "one|two|nineteen|ninety|hundred|thousand|point|and|a|half|dollars|cents|to|percent|ml|.|,|"
    "the|price|is"
)


@given(st.lists(st.sampled_from(_WORDS.split("|")), max_size=9), st.sampled_from(["", " "]))
def test_a_second_pass_changes_nothing(words: list[str], joint: str):
    once = normalise_spoken(joint.join(words))
    assert normalise_spoken(once) == once


@given(st.text(max_size=60))
def test_any_text_passes_and_loses_no_letters_but_number_words(text: str):
    assert bool(normalise_spoken(text).strip()) == bool(text.strip())


@pytest.mark.parametrize(
    ("text", "terms", "mended"),
    [
        ("the emberlo kiln mug", ["Emberlow"], "the Emberlow kiln mug"),
        ("two ember low mugs", ["Emberlow"], "two Emberlow mugs"),
        ("EMBERLOW, and Emberlow.", ["Emberlow"], "Emberlow, and Emberlow."),
        ("the kiln mugs and the killed mug", ["Kiln Mug"], "the kiln mugs and the killed mug"),
        ("two emberlows", ["Emberlow"], "two emberlows"),
        ("a member low in the water", ["Emberlow"], "a member low in the water"),
        ("the store has stones", ["Stone"], "the store has stones"),
        ("the A7 201 and A7 200", ["A7-200"], "the A7 201 and A7 200"),
        ("这款桑残丝夏凉被很好", ["桑蚕丝夏凉被"], "这款桑蚕丝夏凉被很好"),
        ("白色夏凉被", ["黑色夏凉被"], "白色夏凉被"),
        ("这款单人夏凉被", ["双人夏凉被"], "这款单人夏凉被"),
        ("保暖杯", ["保温杯"], "保暖杯"),
    ],
)
def test_names_are_mended_with_care(text: str, terms: list[str], mended: str):
    assert mend_names(text, terms) == mended


@pytest.mark.parametrize(
    ("said", "terms", "meant"),
    [
        ("今天带来的是监国里河", ["坚果礼盒"], "今天带来的是坚果礼盒"),
        ("先吃腰果和河桃人", ["核桃仁", "巴旦木"], "先吃腰果和核桃仁"),
        ("再加一瓶揉顺剂", ["柔顺剂"], "再加一瓶柔顺剂"),
        ("全棉四剑套", ["四件套"], "全棉四件套"),
        ("不秀钢内胆", ["不锈钢"], "不锈钢内胆"),
        ("轻轻拍打", ["亲亲"], "轻轻拍打"),
        ("核桃仁和腰果", ["核桃仁"], "核桃仁和腰果"),
    ],
)
def test_chinese_words_are_mended_by_their_sound(said: str, terms: list[str], meant: str):
    assert mend_names(said, terms) == meant


def test_spellings_are_words_that_stand_alone() -> None:
    def passage(text: str, **given: str) -> Passage:
        return Passage.model_validate(
            {"source_id": "s", "file": "f", "kind": "text", "text": text} | given
        )

    found = collect_spellings(
        [
            passage("配料：核桃仁、巴旦木（烤）、盐"),
            passage("这是一句很长的没有停顿的聊天内容"),
            passage("买二送一", aside="an advert for other goods"),
            passage("听到的词", kind="audio"),
        ]
    )
    assert found == ["核桃仁", "巴旦木"]
