"""Checking: places, jurisdictions, categories, proof, and a rewrite that holds."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InvalidInput, LimitExceeded
from tools.compliance import Bounds, RulePackLibrary, check_batch, check_sentences, check_text

LIBRARY = RulePackLibrary.shipped()
WORDS = [rule_text for rule in LIBRARY.rules for rule_text in rule.rule.examples.must_match]


def test_offsets_are_code_points_of_the_original() -> None:
    text = "😀家人们，这口锅是 最.好 的。First, rinse."
    (finding,) = check_text(text, LIBRARY).findings
    assert "最.好" in text[finding.start : finding.end] in "是 最.好 的"
    assert finding.rule == "cn.absolute.superlative"
    assert finding.jurisdiction == "CN"
    assert finding.severity == "violation"


def test_reasons_speak_the_language_of_the_text_or_the_one_asked_for() -> None:
    (chinese,) = check_text("这口锅是最好的。", LIBRARY).findings
    (english,) = check_text("这口锅是最好的。", LIBRARY, lang="en").findings
    assert "绝对化用语" in chinese.reason
    assert "superlative" in english.reason
    assert "第九条" in chinese.reason
    assert "第九条" in english.reason


def test_each_jurisdiction_names_its_own_rule() -> None:
    report = check_text("This tea cures diabetes.", LIBRARY)
    assert {f.jurisdiction for f in report.findings} == {"CN", "US", "EU"}
    only = check_text("This tea cures diabetes.", LIBRARY, jurisdictions=["us"])
    assert {f.jurisdiction for f in only.findings} == {"US"}
    assert only.packs == LIBRARY.names(["US"])


def test_puffery_is_legal_in_the_us_and_not_in_china() -> None:
    text = "The best pancakes you will ever taste!"
    assert not check_text(text, LIBRARY, jurisdictions=["US"]).violating
    assert check_text(text, LIBRARY, jurisdictions=["CN"]).violating


def test_an_unknown_jurisdiction_is_named() -> None:
    with pytest.raises(InvalidInput, match="Mars") as caught:
        check_text("Hi.", LIBRARY, jurisdictions=["Mars"])
    assert "CN" in caught.value.hint


def test_the_category_decides_what_applies() -> None:
    text = "A paraben-free formula."
    assert check_text(text, LIBRARY, jurisdictions=["EU"], category="护肤品").violating
    assert not check_text(text, LIBRARY, jurisdictions=["EU"], category="snacks").violating


def test_a_data_claim_is_legal_with_source_sample_and_date() -> None:
    bare = "92% of users saw smoother skin."
    proven = "92% of users saw smoother skin (survey of 210 users, published by Ipsos in 2024)."
    assert check_text(bare, LIBRARY, jurisdictions=["US"]).violating
    assert not check_text(proven, LIBRARY, jurisdictions=["US"]).violating


def test_a_trick_admitted_aloud_is_no_quotation() -> None:
    quoted = "广告法规定不能说“最好”。"
    trick = "广告法规定不能说“最好”，但你懂的。"
    assert not check_text(quoted, LIBRARY, jurisdictions=["CN"]).violating
    assert check_text(trick, LIBRARY, jurisdictions=["CN"]).violating


def test_a_notice_does_not_violate() -> None:
    report = check_text("Only 5 left in navy.", LIBRARY)
    assert [f.severity for f in report.findings] == ["notice"]
    assert not report.violating
    assert report.rewrite == "Only 5 left in navy."


def test_touching_finds_of_one_rule_are_one_finding() -> None:
    findings = check_text("全网销量第一第一品牌。", LIBRARY, jurisdictions=["CN"]).findings
    assert [f.rule for f in findings] == ["cn.absolute.rank"]


@pytest.mark.parametrize(
    ("text", "rewrite", "method"),
    [
        ("这款面霜用起来最舒服了。", "这款面霜用起来很舒服了。", "replacement"),
        ("The best mug, made of steel.", "A great mug, made of steel.", "replacement"),
        ("今天全网最低价，三层不锈钢。", "今天优惠价，三层不锈钢。", "replacement"),
        ("它能治湿疹，容量50毫升。", "容量50毫升。", "cut"),
        ("It holds 500 ml and cures arthritis.", "It holds 500 ml.", "cut"),
        ("Clinically proven, it holds 500 ml.", "It holds 500 ml.", "cut"),
        ("保温又能治关节炎。", "", "cut"),
    ],
)
def test_the_mend_keeps_what_may_stay(text: str, rewrite: str, method: str) -> None:
    report = check_text(text, LIBRARY)
    assert report.rewrite == rewrite
    assert [mend.method for mend in report.mends] == [method]


def test_untouched_sentences_stay_as_they_are() -> None:
    text = "Hi all!  It cures gout. The lid is 3 mm thick.\nThanks."
    assert check_text(text, LIBRARY).rewrite == "Hi all! The lid is 3 mm thick.\nThanks."


def test_cutting_the_proof_cuts_what_it_proved() -> None:
    text = "92% of users agree. Source: our survey of 300 users in 2024, which cures cancer."
    report = check_text(text, LIBRARY)
    assert not check_text(report.rewrite, LIBRARY).violating


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*WORDS, "一瓶500毫升", "It holds 500 ml", "，", "。", " and ", ". ", "\n"]
        ),
        min_size=1,
        max_size=8,
    )
)
def test_a_rewrite_never_violates(parts: list[str]) -> None:
    report = check_text("".join(parts), LIBRARY)
    again = check_text(report.rewrite, LIBRARY)
    assert not again.violating
    assert again.rewrite == report.rewrite


@pytest.mark.parametrize(
    ("text", "rewrite"),
    [
        (
            "One sachet of our ginseng and reishi powder cures gout; warm water, not boiling.",
            "warm water, not boiling.",
        ),
        (
            "The pen heals tinnitus, migraine and sinus infection, it writes in blue and red.",
            "It writes in blue and red.",
        ),
        (
            "This cream is 50 ml, it cures eczema and psoriasis, and the jar is glass.",
            "This cream is 50 ml, and the jar is glass.",
        ),
        ("A mug for one, now cures gout, free shipping.", "A mug for one, free shipping."),
    ],
)
def test_a_cut_takes_the_rest_of_its_list_along(text: str, rewrite: str) -> None:
    assert check_text(text, LIBRARY, jurisdictions=["US"]).rewrite == rewrite


@pytest.mark.parametrize(
    ("text", "rewrite"),
    [
        (
            "我们家这口30厘米的铸铁锅是全国销量第一的，电磁炉能用。",
            "我们家这口30厘米的铸铁锅，电磁炉能用。",
        ),
        ("史无前例的实木餐桌，长1.4米。", "实木餐桌，长1.4米。"),
        ("这款乳胶枕治颈椎病，乳胶含量93%。", "这款乳胶枕，乳胶含量93%。"),
        ("每天两粒就能降血压，一瓶60粒。", "每天两粒，一瓶60粒。"),
        (
            "这台加湿器4升水箱静音28分贝全球最静能加精油定时1到8小时",
            "这台加湿器4升水箱静音28分贝能加精油定时1到8小时",
        ),
        ("这个理疗仪专治腰间盘突出，充电两小时，能用五天。", "这个理疗仪，充电两小时，能用五天。"),
        ("加我微信xiaomei88拿内部价，衬衫是亚麻的。", "找平台客服，衬衫是亚麻的。"),
        ("好评返现5元，每日一包25克，保质期240天。", "每日一包25克，保质期240天。"),
        (
            "Our magnetic bottle detoxes your body and holds 750 ml of water.",
            "Our magnetic bottle holds 750 ml of water.",
        ),
        (
            "The belt burns belly fat while you sleep and runs 8 hours on one charge.",
            "The belt runs 8 hours on one charge.",
        ),
        (
            "Gluten free and it shrinks tumors, each bar is 45 g.",
            "Gluten free, each bar is 45 g.",
        ),
        (
            "Throw those sleeping pills out of the window, the pillow is memory foam, 60 by 40 cm.",
            "The pillow is memory foam, 60 by 40 cm.",
        ),
        ("This cream cures eczema, psoriasis and gout, 50 ml.", "This cream, 50 ml."),
        ("This balm cures eczema, psoriasis and gout, 50 ml.", "This balm, 50 ml."),
        ("Buy this replica of a famous bag, it is leather, 20 cm wide.", ""),
    ],
)
def test_a_rewrite_keeps_the_facts_of_the_clause_and_loses_the_claim(
    text: str, rewrite: str
) -> None:
    report = check_text(text, LIBRARY)
    assert report.violating
    assert report.rewrite == rewrite


@pytest.mark.parametrize(
    "text",
    [
        "“喝茶降三高”这种话我们不说，茶就是茶。",
        "谁跟您说三天祛斑，转头就走。",
        "Copper bracelets cure rheumatism, that's a tale; I sell it because it's pretty.",
        "That socks cure varicose veins is simply not true, they are hiking socks.",
    ],
)
def test_a_claim_that_the_host_refuses_is_none(text: str) -> None:
    assert not check_text(text, LIBRARY).violating


@pytest.mark.parametrize(
    "text",
    [
        "这话我不敢说，但是它确实能治失眠。",
        "Officially I won't say it cures gout, wink wink, but it cures gout.",
    ],
)
def test_a_refusal_that_sells_is_none(text: str) -> None:
    assert check_text(text, LIBRARY).violating


def test_a_replacement_loses_what_it_was_compared_with() -> None:
    text = "The most advanced earbuds on the planet weigh 4.5 g a side."
    mended = "Very advanced earbuds weigh 4.5 g a side."
    assert check_text(text, LIBRARY, jurisdictions=["CN"]).rewrite == mended


def test_a_replacement_begins_as_the_words_began() -> None:
    text = "We are open, the best coat in the world is blue."
    assert ", a great coat" in check_text(text, LIBRARY, jurisdictions=["CN"]).rewrite


def test_a_text_over_the_limit_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="21"):
        check_text("a" * 21, LIBRARY, max_chars=20)


def test_texts_checked_together_are_checked_as_each_alone() -> None:
    texts = WORDS[::5]
    together = list(check_batch(["", *texts, "A mug."], LIBRARY, Bounds()))
    assert together[0] == []
    assert [item.matches for item in together[-1]] == [()]
    assert len(texts) > 300
    assert any(item.matches for checked in together for item in checked)
    for text, checked in zip(texts, together[1:-1], strict=True):
        alone = check_sentences(text, LIBRARY, Bounds())
        assert [item.matches for item in checked] == [item.matches for item in alone]


@pytest.mark.parametrize(
    "unit",
    [
        "最",
        "最好的",
        "not a ",
        "1",
        "%的用户",
        "cures a ",
        "a.b ",
        "，",
        "<",
        "cures gout, ",
        "最低价。",
        "cures gout. ",
        "a最",
        "c*r",
        "zui ",
        "微 ",
        "最hao ",
        "💰最",
        "b e ",
        "sgs高",
        "1比1项链",
        "醉好的 ",
        "包本 ",
        "the ultimate load ",
    ],
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    def seconds(chars: int) -> float:
        text = unit * (chars // len(unit))
        start = time.process_time()
        check_text(text, LIBRARY)
        return time.process_time() - start

    # Eight times the text takes eight times as long; a busy machine may disturb some of the tries.
    assert any(seconds(12_000) < 11 * min(seconds(1_500) for _ in range(3)) for _ in range(4))
