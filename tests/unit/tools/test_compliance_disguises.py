"""Disguised wording is read as the wording; ordinary wording is left alone."""

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.compliance import Jurisdiction
from tools.compliance import Bounds, RulePackLibrary, Skeleton, check_sentences, check_text
from tools.compliance.sentences import split_sentences

LIBRARY = RulePackLibrary.shipped()
EXAMPLES = [
    (rule.jurisdiction, text, finding)
    for rule in LIBRARY.rules
    if rule.rule.severity == "violation"
    for text in rule.rule.examples.must_match
    for finding in check_text(text, LIBRARY, jurisdictions=[rule.jurisdiction]).findings[:1]
]


def _reading(text: str) -> str:
    return "".join(item.skeleton.text for item in check_sentences(text, LIBRARY, Bounds()))


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("能降gao血ya", "能降高血压"),
        ("z疗颈椎病", "治疗颈椎病"),
        ("Z南海特g", "中南海特供"),
        ("zuì hǎo 的锅", "最好的锅"),
        ("zui4hao3的锅", "最好的锅"),
        ("国嘉级工艺", "国家级工艺"),
        ("氵台疒了失眠", "治疗失眠"),
        ("最亻圭的锅", "最佳的锅"),
        ("冶疗鼻炎", "治疗鼻炎"),
        ("能抗🦀的茶", "能抗癌的茶"),
        ("绿泡泡找我", "微信找我"),
        ("rmdht专用", "人民大会堂专用"),
        ("it cur3s d!abetes", "it cures diabetes"),
        ("it c*res d1abetes", "it cures diabetes"),
        ("c.u.r.3.$ c/u/r/e", "cures cure"),
        ("a m!racle cure", "a miracle cure"),
        ("gu@r@nt33d 1ncome", "guaranteed income"),
        ("d 1 a b e t e s", "diabetes"),
        ("降jiang压yao的茶", "降降压药的茶"),
        ("加了益zhi因子", "加了益智因子"),
        ("能zhi b懂吧", "能治病懂吧"),
        ("顶.ji.的茶", "顶级的茶"),
        ("zl失眠", "治疗失眠"),
        ("月中 疒留变小了", "肿瘤变小了"),
        ("颈 木隹 病", "颈椎病"),
        ("老风 シ显", "老风湿"),
        ("抗ガン的茶", "抗癌的茶"),
        ("机🤖器人在抢", "机器人在抢"),
        ("xiao🌾的屏", "小米的屏"),
        ("遥遥领❌", "遥遥领先"),
        ("包那个过", "包过"),
        ("治*这个病", "治疗这个病"),
        ("胃溃……后面那个字", "胃溃疡后面那个字"),
        ("信微倒过来念", "微信倒过来念"),
        ("文赚补陪", "稳赚不赔"),
        ("之疗两个字故意写错的", "治疗两个字故意写错的"),
        ("滴眼干掉百内樟", "滴眼干掉白内障"),
        ("匆明的娃", "聪明的娃"),
        ("好评返五个米", "好评返五元"),
        ("唯①的", "唯一的"),
        ("某诗兰黛的同款", "雅诗兰黛的同款"),
        ("it ᴄᴜʀᴇꜱ ɪʙꜱ", "it cures ibs"),
        ("sıʇıɹɥʇɹɐ sǝɹnɔ", "arthritis cures"),
        ("1OO% guar@nteed, n0 d13t", "100% guaranteed, no diet"),
        ("y o u  n e v e r  l o s e", "you never lose"),
        ("C. U. R. E. your gout", "cure. your gout"),
        ("it mellllts fat", "it melts fat"),
        ("a thigh-royd dizzease", "a thyroid disease"),
        ("tin-eye-tus and vert-you-go", "tinnitus and vertigo"),
        ("my kid-knees", "my kidneys"),
        ("daibetes and diabtes", "diabetes and diabetes"),
        ("it prvnts cancre", "it prevents cancer"),
        ("eff-dee-ay approved", "fda approved"),
        ("charlie uniform romeo echo sierra it", "cures it"),
        ("an ancer-cay ure-cay", "an cancer cure"),
        ("it's a 'eruc' for 'tuog'", "it's a 'cure' for 'gout'"),
        ("psoria, you know the rest", "psoriasis"),
        ("her alz-you-know", "her alzheimer's"),
        ("st🪨ne lighter", "stone lighter"),
        ("made in 🇺🇸", "made in usa"),
        ("the skinny jab", "the ozempic"),
    ],
)
def test_a_disguise_reads_as_the_wording(text: str, reading: str) -> None:
    assert _reading(text) == reading


@pytest.mark.parametrize(
    "text",
    [
        "国家及地方标准",
        "M码偏大，平时穿S的拿M",
        "接口是C口对C口",
        "充电5V，功率20W",
        "维生素C含量高",
        "这条长裙的裙摆很大",
        "隔壁XX家居",
        "苹果的芯片",
        "It's an over-the-counter cleaner, 16oz, model A1C-500.",
        "Weigh 100g of flour at 80F, mix in 2 eggs.",
        "A five-star hotel in Zhengzhou, June 5.",
        "e-mail: see the form",
        "微芯片和公司信息",
        "这是某东西，某手机和某音乐",
        "小黄鱼新鲜，黄鱼也新鲜",
        "一盒十片，围裙自己画的",
        "二〇二四年检测",
        "螃蟹是兴化塘里养的",
        "跑步机最高十二公里，老人家走四公里",
        "今天🎁大家💪，新款上架🌸🌸",
        "给你五米布，充电20W",
        "M码、L码、XL码都有，USB口",
        "Poster, brush, straw and margin; humanity prefers color to calories.",
        "🏆 New arrivals! Free gift 🎁 today 💰",
        "The disc, the snap closure and the next batch of cheddar.",
        "A twenty-six-piece second-hand set, 12-oz, tie-dye.",
        "It's a full spectrum lamp, high-heeled shoes, ten reps.",
    ],
)
def test_ordinary_wording_is_left_alone(text: str) -> None:
    report = check_text(text, LIBRARY)
    assert not report.violating, report.findings
    assert not any("\u4e00" <= c <= "\u9fff" for c in _reading(text)) or "微信" not in _reading(
        text
    )


def _between(sign: str) -> Callable[[str], str]:
    return lambda words: re.sub(r"(?<=[^\W\d_])(?=[^\W\d_])", sign, words)


def _each_word(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda words: re.sub("[A-Za-z]{4,}", lambda match: change(match[0]), words)


def _swapped(letters: str, signs: str) -> Callable[[str], str]:
    return lambda words: words.translate(str.maketrans(letters, signs))


def _full_width(words: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "a" <= c <= "z" else c for c in words)


@pytest.mark.parametrize(
    ("disguise", "languages", "least"),
    [
        (_between("\u200b"), "en zh", 0.99),
        (_between("·"), "zh", 0.98),
        (_between("*"), "zh", 0.98),
        (_between("❤"), "zh", 0.97),
        (_between(" "), "zh", 0.95),
        (_each_word(".".join), "en", 0.95),
        (_each_word("-".join), "en", 0.95),
        (_each_word(_swapped("oea", "03@")), "en", 0.9),
        (_swapped("aeocpx", "аеосрх"), "en", 0.98),
        (_full_width, "en", 0.98),
    ],
)
def test_rule_examples_are_found_in_disguise(
    disguise: Callable[[str], str], languages: str, least: float
) -> None:
    tried = found = 0
    for jurisdiction, text, finding in random.Random(3).sample(EXAMPLES, 160):  # noqa: S311
        if ("en" if text.isascii() else "zh") not in languages:
            continue
        words = disguise(text[finding.start : finding.end])
        hidden = text[: finding.start] + words + text[finding.end :]
        tried += 1
        found += check_text(hidden, LIBRARY, jurisdictions=[jurisdiction]).violating
    assert tried > 20
    assert found >= least * tried


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["最", "zui", "hao", "好", "的", "💰", "招", "c*re", "d1abetes", " ", "·", "氵台", "，",
             "国嘉级", "z疗", "绿泡泡", "⭐⭐⭐⭐⭐", "b e s t", "\u200b", "薇", "❤", "①", "。",
             "V", "+", "治", "*", "什么", "那个", "倒着念", "信微", "错别字", "之疗", "顶.ji", "zl",
             "🌾", "xiao", "tin-eye-tus", "mellllts", "y o u  n o  t", "1OO", "rhymes with cure",
             "1w", "you know", "alz", "charlie uniform romeo echo sierra", "返五个米", "🪨"]
        ),
        max_size=9,
    )
)  # fmt: skip
def test_spans_of_a_disguised_text_lie_in_it_and_in_order(parts: list[str]) -> None:
    text = "".join(parts)
    for item in check_sentences(text, LIBRARY, Bounds()):
        spans = item.skeleton.spans
        assert len(spans) == len(item.skeleton.text)
        assert all(0 <= a < b <= len(item.sentence.text) for a, b in spans)
        assert [a for a, _ in spans] == sorted(a for a, _ in spans)
        assert all(0 <= m.start < m.end <= len(spans) for m in item.matches)


def test_a_find_behind_a_disguise_is_placed_in_the_original() -> None:
    text = "老板，这口锅 z u ì 好的，全国嘉级工艺。"
    report = check_text(text, LIBRARY, jurisdictions=["CN"])
    assert any("国嘉级" in text[f.start : f.end] for f in report.findings)
    assert not check_text(report.rewrite, LIBRARY).violating


def test_signs_inside_a_word_end_no_sentence() -> None:
    assert [s.text for s in split_sentences("It k!lls c0vid! Now. OK?Yes")] == [
        "It k!lls c0vid! ",
        "Now. ",
        "OK?",
        "Yes",
    ]


def _own(folder: Path, **changes: Any) -> Path:
    rule: dict[str, Any] = {
        "id": "cn.test.rule", "article": "art. 1", "category": "test",
        "reason": {"en": "r", "zh": "理由"}, "suggestion": {"en": "s", "zh": "建议"},
        "terms": ["卖血压的药"],
        "examples": {"must_match": ["卖血压的药", "要卖血压的药"], "must_not_match": ["锅"]},
    }  # fmt: skip
    pack = {
        "id": "cn-test", "version": 1, "jurisdiction": "CN", "languages": ["zh"],
        "source": "a law", "rules": [rule | changes],
    }  # fmt: skip
    (folder / "own.yaml").write_text(yaml.safe_dump(pack, allow_unicode=True), "utf-8")
    return folder


def test_a_word_may_violate_only_where_it_is_hidden(tmp_path: Path) -> None:
    library = RulePackLibrary(_own(tmp_path, disguised=["高血压"]))
    assert not check_text("有高血压的叔叔来看", library).violating
    for hidden in ("高·血·压", "高\u200b血压", "高 血 压"):
        report = check_text(f"有{hidden}的叔叔来看", library)
        assert [f.rule for f in report.findings] == ["cn.test.rule"], hidden


def test_a_judge_is_asked_of_every_sentence_with_disguises_undone(tmp_path: Path) -> None:
    seen: list[str] = []

    def judge(
        skeleton: Skeleton, jurisdictions: Any, category: str | None
    ) -> list[tuple[Any, int, int]]:
        seen.append(skeleton.text)
        at = skeleton.text.find("锅")
        return [(library.rules[0], at, at + 1)] if at >= 0 else []

    library = RulePackLibrary(_own(tmp_path), judge=judge)
    wanted: list[Jurisdiction] = ["CN"]
    report = check_text("一口锅。卖血丫的药。", library, jurisdictions=wanted)
    assert "卖血压的药。" in seen
    assert [(f.start, f.end) for f in report.findings] == [(2, 3), (4, 9)]
    assert report.rewrite == ""
