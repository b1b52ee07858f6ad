"""Sorting clauses that no rule could place, and doubting rules, by a small trained classifier."""

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.evidence import Evidence
from domain.extraction import ExtractedFact, FactField
from domain.product import Dropped
from models.text_classifier import Classifier
from tools.extraction.asking import is_question
from tools.extraction.cues import is_commercial, is_talk
from tools.extraction.facts import make_fact
from tools.extraction.labels import read_label
from tools.extraction.properties import names_material
from tools.same_value import is_measure

_FIELDS: Mapping[str, FactField] = {
    "selling_point": "selling_points",
    "usage": "usage",
    "warning": "warnings",
    "shipping": "shipping",
    "returns_warranty": "returns_warranty",
    "promotion": "promotion",
    "audience": "audience",
    "certification": "certifications",
    "material": "materials",
}
_IDLE = ("chatter", "title")
_SURE_POINT = 0.45
_SURE = 0.55
_SECONDED = 0.2
_VETO = 0.8
"""Probabilities, set on the tuning half of the intake folders."""

_SHORTEST_HAN, _FEWEST_WORDS = 4, 2
_HAN = re.compile(r"[\u3400-\u9fff]")
_PUNCTUATION = re.compile(r"(?<=[，；;。！!])")
_GAPS = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_ALONE = 6
_WHOLE = 0.8
_LABELLED = re.compile(r"^[^:：]{1,40}[:：]\s*\S")
_CUED: frozenset[FactField] = frozenset(
    {"promotion", "usage", "shipping", "returns_warranty", "warnings", "audience"}
)


@dataclass(frozen=True, slots=True)
class Sorted:
    """A clause with the probability of each label, 0-1, and the likeliest of them."""

    evidence: Evidence
    label: str
    odds: Mapping[str, float]


class ClauseSorter:
    """Tells what a clause of product material does; the classifier is loaded at the first call."""

    def __init__(self, classifier: Callable[[], Classifier]) -> None:
        self._classifier = classifier

    def sort(self, clauses: Sequence[Evidence]) -> list[Sorted]:
        """What each of `clauses` does, read alone."""
        if not clauses:
            return []
        classifier = self._classifier()
        odds = classifier.classify([clause.quote for clause in clauses])
        rows = [dict(zip(classifier.labels, map(float, row), strict=True)) for row in odds]
        return [
            Sorted(clause, max(row, key=row.__getitem__), row)
            for clause, row in zip(clauses, rows, strict=True)
        ]

    def place(self, rest: Sequence[Evidence]) -> tuple[list[ExtractedFact], list[Dropped]]:
        """Facts in those of the sentences of `rest` that surely belong to a field.

        They count as guesses: they contradict nobody. What is said of price, stock or promotion
        among qualities is dropped with the reason.
        """
        facts: list[ExtractedFact] = []
        dropped: list[Dropped] = []
        for clause in self.sort([part for sentence in rest for part in _cut(sentence)]):
            field = _FIELDS.get(clause.label)
            quote = clause.evidence.quote
            if field is None or not _says_something(quote) or is_question(quote) or is_talk(quote):
                continue
            if read_label(quote, whole=True).field is not None:
                continue
            if clause.odds[clause.label] < (_SURE_POINT if field == "selling_points" else _SURE):
                continue
            if field == "selling_points" and is_measure(quote):
                continue
            if field == "materials" and not names_material(quote):
                continue
            if field == "selling_points" and is_commercial(quote):
                dropped.append(
                    Dropped(
                        field=field,
                        value=quote,
                        reason="price_stock_or_promotion",
                        file=clause.evidence.file,
                    )
                )
                continue
            confidence = round(clause.odds[clause.label], 3)
            facts.append(
                make_fact(field, quote, clause.evidence, origin="model", confidence=confidence)
            )
        return facts, dropped

    def second(self, proposed: Iterable[ExtractedFact]) -> list[ExtractedFact]:
        """What a language model has `proposed`, without qualities that are nothing of the kind."""
        proposed = list(proposed)
        points = [fact for fact in proposed if fact.field == "selling_points"]
        odds = {
            id(fact): clause.odds
            for fact, clause in zip(points, self.sort([_as_clause(f) for f in points]), strict=True)
        }
        return [
            fact
            for fact in proposed
            if id(fact) not in odds or odds[id(fact)]["selling_point"] >= _SECONDED
        ]

    def doubt(self, facts: Iterable[ExtractedFact]) -> list[ExtractedFact]:
        """`facts` without those that a rule took, by a word in it, from what is mere talk."""
        facts = list(facts)
        cued = [fact for fact in facts if fact.origin == "pattern" and _is_cued(fact)]
        idle = {
            id(fact)
            for fact, clause in zip(cued, self.sort([_as_clause(f) for f in cued]), strict=True)
            if sum(clause.odds[label] for label in _IDLE) >= _VETO
        }
        return [fact for fact in facts if id(fact) not in idle]


def _is_cued(fact: ExtractedFact) -> bool:
    whole = len(fact.value) >= _WHOLE * len(fact.evidence.quote)
    return whole and fact.field in _CUED and _LABELLED.match(fact.evidence.quote) is None


def _as_clause(fact: ExtractedFact) -> Evidence:
    return fact.evidence.model_copy(update={"quote": fact.value})


def _cut(sentence: Evidence) -> list[Evidence]:
    """The clauses of a Chinese sentence; another one stays whole, for commas part no topics."""
    text = sentence.quote
    if _HAN.search(text) is None:
        return [sentence]
    parts = _PUNCTUATION.split(text)
    parts = [piece for part in parts for piece in _part_at_gaps(part)]
    joined: list[str] = []
    for part in parts:
        if joined and min(len(_HAN.findall(part)), len(_HAN.findall(joined[-1]))) < _ALONE:
            joined[-1] += part
        else:
            joined.append(part)
    clauses = [part.strip() for part in joined]
    return [sentence.model_copy(update={"quote": clause}) for clause in clauses if clause]


def _part_at_gaps(text: str) -> list[str]:
    """`text` cut where blanks stand between Chinese characters, with the blanks kept."""
    borders = [0, *(match.end() for match in _GAPS.finditer(text)), len(text)]
    return [text[a:b] for a, b in itertools.pairwise(borders)]


def _says_something(text: str) -> bool:
    han = len(_HAN.findall(text))
    return han >= _SHORTEST_HAN if han else len(text.split()) >= _FEWEST_WORDS
