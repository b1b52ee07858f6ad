"""Rule packs: every rule's own examples, the allow list, and what a bad pack is told."""

from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from tools.compliance import RulePackInvalid, RulePackLibrary, check_text

LIBRARY = RulePackLibrary.shipped()
ALLOWED = cast(
    "dict[str, list[str]]",
    yaml.safe_load(
        Path(__file__).with_name("compliance_allow_list.yaml").read_text(encoding="utf-8")
    ),
)
EXAMPLES = [
    pytest.param(rule.rule.id, rule.jurisdiction, text, wanted, id=f"{rule.rule.id}: {text}")
    for rule in LIBRARY.rules
    for wanted, texts in (
        (True, rule.rule.examples.must_match),
        (False, rule.rule.examples.must_not_match),
    )
    for text in texts
]


@pytest.mark.parametrize(("rule", "jurisdiction", "text", "wanted"), EXAMPLES)
def test_a_rule_finds_its_examples_and_only_those(
    rule: str, jurisdiction: str, text: str, wanted: bool
) -> None:
    report = check_text(text, LIBRARY, jurisdictions=[jurisdiction])
    if wanted:
        assert rule in {finding.rule for finding in report.findings}
    else:
        assert not report.violating, report.findings


@pytest.mark.parametrize("text", [*ALLOWED["zh"], *ALLOWED["en"]])
def test_legal_sentences_pass_everywhere(text: str) -> None:
    report = check_text(text, LIBRARY)
    assert not report.violating, report.findings
    assert report.rewrite == text


def test_every_jurisdiction_has_a_pack_in_both_languages() -> None:
    assert {pack.jurisdiction for pack in LIBRARY.packs} == {"CN", "US", "EU", "platform"}
    for pack in LIBRARY.packs:
        texts = [text for rule in pack.rules for text in rule.examples.must_match]
        assert any(text.isascii() for text in texts), pack.id
        assert any(not text.isascii() for text in texts), pack.id


def _pack(**changes: Any) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": "cn.test.rule",
        "article": "art. 1",
        "category": "test",
        "reason": {"en": "r", "zh": "理由"},
        "suggestion": {"en": "s", "zh": "建议"},
        "terms": ["foo"],
        "examples": {"must_match": ["foo", "a foo"], "must_not_match": ["bar"]},
    }
    return {
        "id": "cn-test",
        "version": 1,
        "jurisdiction": "CN",
        "languages": ["en"],
        "source": "a law",
        "rules": [rule | changes],
    }


def _write(folder: Path, name: str, **changes: Any) -> None:
    (folder / name).write_text(yaml.safe_dump(_pack(**changes), allow_unicode=True), "utf-8")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"patterns": ["a.*b"]}, "unbounded"),
        ({"patterns": ["(?:a+)+b"]}, "unbounded"),
        ({"patterns": ["a{2,}b"]}, "unbounded"),
        ({"patterns": ["(?:a{0,30}b?){0,30}c"]}, "too much"),
        ({"patterns": ["x{0,500}"]}, "too much"),
        ({"patterns": ["(?:a"]}, "does not compile"),
        ({"patterns": ["<no_such_list>"]}, "no_such_list"),
        ({"patterns": ["國家級"]}, "國"),
        ({"legal_when": ["full_moon"]}, "full_moon"),
        ({"terms": []}, "neither terms nor patterns"),
        ({"severity": "fatal"}, "severity"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_rule_is_refused_and_named(
    tmp_path: Path, changes: dict[str, Any], named: str
) -> None:
    _write(tmp_path, "bad.yaml", **changes)
    with pytest.raises(RulePackInvalid, match=named) as caught:
        RulePackLibrary(tmp_path)
    assert caught.value.hint


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    _write(tmp_path, "one.yaml")
    _write(tmp_path, "two.yaml")
    with pytest.raises(RulePackInvalid, match=r"cn\.test\.rule"):
        RulePackLibrary(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulePackInvalid, match="no rule pack"):
        RulePackLibrary(tmp_path)


def test_a_pack_of_ones_own_is_applied(tmp_path: Path) -> None:
    _write(tmp_path, "own.yaml", replacements=[{"match": "foo", "to": "bar"}])
    report = check_text("A FOO mug.", RulePackLibrary(tmp_path))
    assert [finding.rule for finding in report.findings] == ["cn.test.rule"]
    assert report.rewrite == "A bar mug."
    assert report.packs == ["cn-test@1"]
