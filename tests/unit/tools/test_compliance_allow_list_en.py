"""The English allow list: legal sentences stay as they are, under the jurisdiction they name."""

from pathlib import Path
from typing import cast

import pytest
import yaml

from tools.compliance import RulePackLibrary, check_text

LIBRARY = RulePackLibrary.shipped()
ALLOWED = cast(
    "dict[str, list[str]]",
    yaml.safe_load(
        Path(__file__).with_name("compliance_allow_list_en.yaml").read_text(encoding="utf-8")
    ),
)
SENTENCES = [
    pytest.param(jurisdiction, text, id=f"{jurisdiction}: {text}")
    for jurisdiction, texts in ALLOWED.items()
    for text in texts
]


@pytest.mark.parametrize(("jurisdiction", "text"), SENTENCES)
def test_legal_english_passes(jurisdiction: str, text: str) -> None:
    wanted = None if jurisdiction == "all" else [jurisdiction]
    report = check_text(text, LIBRARY, jurisdictions=wanted)
    assert not report.violating, report.findings
    assert report.rewrite == text


def test_the_list_is_long_and_without_doubles() -> None:
    texts = [text for listed in ALLOWED.values() for text in listed]
    assert len(texts) >= 100
    assert len(set(texts)) == len(texts)
