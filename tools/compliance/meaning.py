"""What a sentence means without saying it: a small classifier for what no listed word gives away.

The third layer. It is trained on sentences of several hands (`training/purification`), each
labelled under a jurisdiction, and reads a sentence alone, as a viewer hears it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast

from domain.compliance import JURISDICTIONS, Jurisdiction, Severity
from models.text_classifier import Classifier
from tools.compliance.library import CompiledRule
from tools.compliance.packs import Rule, Wording
from tools.compliance.sentences import split_clauses
from tools.compliance.skeleton import Skeleton
from tools.compliance.yaml_files import load_yaml

VIOLATES = 0.9
"""Probability from which a sentence violates: above it lie 4 in 100 of the unseen legal sentences
that look dangerous, and 1 in 100 of the plain ones (`training/purification/CARD.md`)."""

UNSURE = 0.75
"""Probability from which a person, or a model that is asked, should look."""

SURE = 0.99
"""Probability from which talk of the show itself violates: of 278 sentences by hands that it was
not trained on none lies above it, 28 above `VIOLATES`."""

_REMEMBERED = 4096
_SHORTEST, _FEWEST_WORDS = 12, 8
"""Shorter sentences are not judged: hardly one of the training sentences is so short."""


class MeaningJudge:
    """A `SentenceJudge`; the labels of its `classifier`, made on first need, are jurisdictions.

    A sentence `violates` from that probability on.
    """

    def __init__(self, classifier: Callable[[], Classifier], *, violates: float = VIOLATES) -> None:
        self._classifier = classifier
        self._violates = violates
        self._rules = _load_rules()
        self._odds = lru_cache(maxsize=_REMEMBERED)(self._classify)

    def __call__(
        self, skeleton: Skeleton, jurisdictions: Sequence[Jurisdiction], category: str | None
    ) -> list[tuple[CompiledRule, int, int]]:
        """The jurisdictions under which the sentence means too much, each with what to cut."""
        del category  # the sentence names its goods
        if not _says_something(skeleton.text):
            return []
        odds = self._odds(skeleton.source)
        floor = SURE if _talks_of_show(skeleton.text) else UNSURE
        found: list[tuple[CompiledRule, int, int]] = []
        for name in jurisdictions:
            if odds[name] >= floor:
                severity: Severity = "violation" if odds[name] >= self._violates else "notice"
                found.append((self._rules[name, severity], *self._narrow(skeleton, name)))
        return found

    def _classify(self, text: str) -> Mapping[Jurisdiction, float]:
        classifier = self._classifier()
        row = classifier.classify([text])[0]
        return {
            cast("Jurisdiction", label): float(odds)
            for label, odds in zip(classifier.labels, row, strict=True)
        }

    def _narrow(self, skeleton: Skeleton, name: Jurisdiction) -> tuple[int, int]:
        """The clause without which the sentence is harmless, else all of it."""
        text = skeleton.text
        clauses = split_clauses(text)
        harmless: list[tuple[float, int, int]] = []
        for start, end in clauses if len(clauses) > 1 else ():
            rest = text[:start] + text[end:]
            odds = self._odds(rest)[name] if _says_something(rest) else 0.0
            if odds < UNSURE:
                harmless.append((odds, start, end))
        if not harmless:
            return 0, len(text)
        _, start, end = min(harmless)
        return start, end


IMPLIED = "implied"
"""The category of what is found by meaning."""

MEANING_RULES: Mapping[Jurisdiction, str] = {
    name: f"{name.lower()}.meaning.implied" for name in JURISDICTIONS
}
"""The ids of the rules by which findings of meaning are reported."""


def is_unsure(rule: CompiledRule) -> bool:
    """True for what may be meant, and where another judge should be asked."""
    return rule.rule.category == IMPLIED and rule.rule.severity == "notice"


def as_violation(rule: CompiledRule) -> CompiledRule:
    """The rule of an unsure finding, once it is sure."""
    return replace(rule, rule=rule.rule.model_copy(update={"severity": "violation"}))


def _says_something(text: str) -> bool:
    words = len(text.split())
    return words >= _FEWEST_WORDS if text.isascii() else len(text) >= _SHORTEST


def _talks_of_show(text: str) -> bool:
    about, unless = _load_show_talk()
    return about.search(text) is not None and unless.search(text) is None


@cache
def _load_told() -> dict[str, dict[str, Any]]:
    return cast("dict[str, dict[str, Any]]", load_yaml(Path(__file__).with_name("meaning.yaml")))


@cache
def _load_show_talk() -> tuple[re.Pattern[str], re.Pattern[str]]:
    told = cast("dict[str, list[str]]", _load_told()["show_talk"])
    about, unless = ("|".join(f"(?:{one})" for one in told[name]) for name in ("about", "unless"))
    return re.compile(about), re.compile(unless)


def _load_rules() -> dict[tuple[Jurisdiction, Severity], CompiledRule]:
    told = cast("dict[str, dict[str, Any]]", _load_told()["rules"])
    severities: tuple[Severity, ...] = ("violation", "notice")
    return {
        (name, severity): CompiledRule(
            rule=Rule.model_construct(
                id=MEANING_RULES[name],
                article=told[name]["article"],
                category=IMPLIED,
                severity=severity,
                reason=Wording(**told[name]["reason"]),
                suggestion=Wording(**told[name]["suggestion"]),
                legal_when=[],
                applies_to=[],
                not_for=[],
                cut="clause",
            ),
            jurisdiction=name,
            patterns=(),
            disguised=(),
            exclusions=(),
            replacements=(),
        )
        for name in JURISDICTIONS
        for severity in severities
    }
