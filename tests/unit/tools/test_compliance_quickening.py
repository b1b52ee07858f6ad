"""Quickened expressions: they match what they matched before."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.compliance import RulePackLibrary, fold_text
from tools.compliance.quickening import compile_quick

LIBRARY = RulePackLibrary.shipped()
SOURCES = sorted({*LIBRARY.sources, *LIBRARY.asides.sources})
TEXTS = [
    fold_text(text).text
    for rule in LIBRARY.rules
    for text in (*rule.rule.examples.must_match, *rule.rule.examples.must_not_match)
]


def _groups(pattern: re.Pattern[str], text: str) -> list[tuple[object, ...]]:
    return [(match.span(), *match.groups()) for match in pattern.finditer(text)]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("(?:ab|a|abc|ac)c?", "abc ac abcc a"),
        (r"(?:\bfoo|\bfob|fo|bar|foo bar)s?", "foo bars fobs xfoo bar"),
        ("(?:a|b|c|d|)x", "ax x dx"),
        ("(a)|(b)|(c)|(ab)|(ac)", "abacbc"),
        ("[^,](?:甲乙|甲|丙[丁戊]|[丙丁]戊|己)", "x甲乙,丙丁,y丙戊丁戊己"),
        ("(?:(?:x|xy|z|zz)(?!q)|(?<=a)xq|zzq|[a-f]q)+", "axqxyzzqaqfq"),
        ("(?:a?b|ac|d{0,2}e|f)g", "abgbgacgddegegfg"),
        ("(?i:a|b|c|ab)(?:A|a|c|d)", "AAaBaabA"),
        ("(?i)(?:a|A|ab|c)b?", "abABcBa"),
    ],
)
def test_spans_and_groups_stay(source: str, text: str) -> None:
    assert _groups(compile_quick(source), text) == _groups(re.compile(source, re.ASCII), text)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SOURCES), st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4))
def test_shipped_expressions_find_the_same(source: str, texts: list[str]) -> None:
    text = "".join(texts)
    assert _groups(compile_quick(source), text) == _groups(re.compile(source, re.ASCII), text)


def test_shipped_rules_find_the_same_in_their_examples() -> None:
    for rule in LIBRARY.rules:
        text = "\n".join(fold_text(t).text for t in rule.rule.examples.must_match)
        for source in rule.patterns[::9]:
            assert _groups(compile_quick(source), text) == _groups(
                re.compile(source, re.ASCII), text
            ), source


def test_what_does_not_compile_is_an_error() -> None:
    with pytest.raises(re.error):
        compile_quick("(?:a|b")
