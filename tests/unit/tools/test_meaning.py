from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from models.embeddings import EmbeddedE5
from models.text_classifier import load_classifier
from tools.compliance import MeaningJudge, RulePackLibrary, check_text

HINT = "after two boxes my aunt's walking stick found a new home"


class HintClassifier:
    """Objects, with `odds`, to whatever holds the hint, under US rules only."""

    labels: tuple[str, ...] = ("CN", "US", "EU", "platform")

    def __init__(self, odds: float) -> None:
        self._odds = odds

    def classify(self, texts: Sequence[str]) -> NDArray[np.float32]:
        row = [[0.0, self._odds if HINT in text.casefold() else 0.1, 0.0, 0.0] for text in texts]
        return np.asarray(row, dtype=np.float32)


def library(odds: float) -> RulePackLibrary:
    return RulePackLibrary.shipped(judge=MeaningJudge(lambda: HintClassifier(odds)))


def test_what_is_meant_without_a_listed_word_violates_and_is_cut() -> None:
    text = f"It comes in three colours, and {HINT}. Ships on Monday."
    report = check_text(text, library(0.95), jurisdictions=["US"])
    assert report.violating
    (finding,) = report.findings
    assert (finding.rule, finding.jurisdiction) == ("us.meaning.implied", "US")
    assert HINT in text[finding.start : finding.end]
    assert HINT not in report.rewrite
    assert "three colours" in report.rewrite
    assert "Ships on Monday." in report.rewrite


@pytest.mark.parametrize(
    ("text", "violating"),
    [
        (f"Tell me in the comments where you are watching from, {HINT}.", False),
        (f"Good evening everybody, {HINT}.", False),
        (f"Good evening everybody, the doctor was cross, {HINT}.", True),
        (f"This chair is made of beech, {HINT}.", True),
    ],
)
def test_talk_of_the_show_is_not_taken_for_a_hint(text: str, violating: bool) -> None:
    assert check_text(text, library(0.95), jurisdictions=["US"]).violating is violating
    assert check_text(text, library(0.995), jurisdictions=["US"]).violating


def test_an_unsure_hint_is_a_notice_and_stays() -> None:
    text = f"Well, {HINT}."
    report = check_text(text, library(0.85), jurisdictions=["US"])
    assert [finding.severity for finding in report.findings] == ["notice"]
    assert (report.violating, report.rewrite) == (False, text)


def test_each_jurisdiction_is_judged_by_itself() -> None:
    text = f"Well, {HINT}."
    assert not check_text(text, library(0.95), jurisdictions=["EU"]).findings
    assert {f.jurisdiction for f in check_text(text, library(0.95)).findings} == {"US"}


@pytest.mark.parametrize(
    "text",
    [
        "大家晚上好，这款杯子有两个颜色，容量是三百五十毫升",
        "The mug holds 350 ml and comes in moss, chalk and ink.",
        "今天下单，周一从杭州仓发货，包邮",
    ],
)
def test_the_trained_weights_leave_plain_talk_alone(text: str) -> None:
    embedder = EmbeddedE5()
    judge = MeaningJudge(lambda: load_classifier("purification", embedder))
    assert not check_text(text, RulePackLibrary.shipped(judge=judge)).violating
