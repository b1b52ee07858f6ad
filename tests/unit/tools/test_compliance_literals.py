"""Literal factors: no match without them, and no rule that has none."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.compliance import RulePackLibrary
from tools.compliance.alternatives import split_alternatives
from tools.compliance.literals import analyse

LIBRARY = RulePackLibrary.shipped()
SOURCES = sorted({source for rule in LIBRARY.rules for source in rule.patterns})


@pytest.mark.parametrize(
    ("source", "factors"),
    [
        ("最(?:佳|优秀?|棒)", [{"最佳", "最优", "最棒"}]),
        (r"\bcures?\b(?: [a-z]{1,14}){0,4} (?:gout|acne)", [{" gout", " acne"}, {"cure"}]),
        ("foo[ -]bar", [{"foo bar", "foo-bar"}]),
        ("(?:治疗|医治)(?:了)?[^,]{0,6}(?:湿疹|鼻炎)", [{"治疗", "医治"}, {"湿疹", "鼻炎"}]),
        ("a{0,3}好?", []),
        ("(?=最)[^,]{1,3}", []),
    ],
)
def test_factors(source: str, factors: list[set[str]]) -> None:
    found = [set(factor) for factor in analyse(source).factors]
    assert sorted(map(sorted, found)) == sorted(map(sorted, factors))


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_every_match_holds_one_string_of_each_factor(data: st.DataObject) -> None:
    source = data.draw(
        st.sampled_from(
            [
                "最(?:佳|优秀?|棒)[^,]{0,2}(?:的)?(?:锅|碗)?",
                r"(?:加|\+)(?:我|我们)?[^,。]{0,3}(?:微信|vx|q{2})(?:号|群)?",
                "(?:ab|a)(?:b?c){1,2}(?:d|ef?){0,1}g",
                r"1[3-9]\d{4}(?:x|yz{2})",
                "[一二三](?:天|周)瘦(?:[十百]|[a-z])斤",
                "(?:a|bc|)(?:de|f)(?:gh){0,2}i",
            ]
        )
    )
    text = data.draw(st.from_regex(re.compile(source, re.ASCII), fullmatch=True))
    for factor in analyse(source).factors:
        assert any(literal in text for literal in factor), (source, text, factor)


def test_alternatives_match_what_the_expression_matches() -> None:
    assert split_alternatives("(?:a|b(?:c|d))|[|]e") == ["a", "b(?:c|d)", "[|]e"]
    assert split_alternatives("(?:a|b)(?:c|d)") == ["(?:a|b)(?:c|d)"]
    assert split_alternatives(r"\(a\|b") == [r"\(a\|b"]


def test_every_pattern_requires_a_literal() -> None:
    assert [s for s in SOURCES if not analyse(s).factors] == []
    assert LIBRARY.scanner.always == frozenset()


def test_every_alternative_compiles() -> None:
    for source in SOURCES:
        re.compile(source, re.ASCII)


def test_the_scan_misses_no_pattern() -> None:
    texts = [
        text
        for rule in LIBRARY.rules
        for text in (*rule.rule.examples.must_match, *rule.rule.examples.must_not_match)
    ]
    patterns = [re.compile(source, re.ASCII) for source in LIBRARY.sources]
    for text in texts[::9]:
        folded = text.lower()
        expected = LIBRARY.scanner.scan(folded).patterns
        found = {i for i, pattern in enumerate(patterns) if pattern.search(folded)}
        assert found <= expected, text
