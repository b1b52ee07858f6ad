"""An override holds for the words as they are written, disguised or not, and for no others."""

from datetime import UTC, datetime

import pytest

from domain.compliance import Override
from tools.compliance import RulePackLibrary, check_text

PACKS = RulePackLibrary.shipped()


def override(rule: str, quote: str) -> Override:
    return Override(
        override_id="o-1",
        rule=rule,
        quote=quote,
        reason="a title",
        actor="local",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "text",
    [
        "这款茶能治*糖尿病，每天一杯。",
        "这是国家那个级的配方。",
        "这是zui好的面霜。",
        "It c*res cancer fast.",
        "想买的加我V信聊。",
    ],
)
def test_each_finding_of_a_disguised_wording_can_be_overridden(text: str) -> None:
    report = check_text(text, PACKS)
    assert report.violating
    allowed = [override(f.rule, text[f.start : f.end]) for f in report.findings]
    after = check_text(text, PACKS, overrides=allowed)
    assert all(finding.override for finding in after.findings)
    assert after.rewrite == text


def test_a_quote_without_words_allows_nothing() -> None:
    text = "这是全网最好的杯子。"
    rules = [f.rule for f in check_text(text, PACKS).findings]
    assert check_text(text, PACKS, overrides=[override(rule, "😀") for rule in rules]).violating
