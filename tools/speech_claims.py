"""Claims in a host's speech that may not be made on air: by the rules, and by what is meant.

Rules read every sentence. What is only meant is looked for in sentences about the goods on air, and
counts from a higher probability than in a text that was written to sell: the classifier has read no
small talk, and finds something in much of it. No language model is asked.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from domain.compliance import JURISDICTIONS, Jurisdiction, Override
from domain.language import detect_language
from domain.product import ProductRecord
from models.text_classifier import Classifier
from tools.compliance import (
    Bounds,
    Checked,
    Match,
    MeaningJudge,
    RulePackLibrary,
    check_sentences,
    fold_text,
    mend_sentence,
)
from tools.questions.reading import content_words, covered

SURELY_MEANT = 0.95
"""Probability from which what is meant in speech violates."""
_CHATTER = "chatter"
_MOST_CHATTER = 0.5
"""Probability of being talk from which a sentence is not judged by what is meant. With both, 6 of
239 harmless lines of the demo broadcast are objected to, 18 without; of the implicit claims of
`training/purification` a quarter is still found."""
_MOST = 3
_WARM = "The kettle is on and the table is set for everybody who comes in."
_EUROPEAN = frozenset({"EUR", "GBP", "CHF", "SEK", "DKK", "NOK", "PLN", "CZK"})
_PROVABLE = frozenset({"proven", "patented", "authorised", "cleared", "cnad_documented"})
"""Contexts in which proof that the text itself gives makes a claim lawful."""


@dataclass(frozen=True)
class SpeechClaim:
    """A claim, `quote`, that the rule `rule` forbids, and why; `suggestion` is what to say.

    `said_instead` is the sentence with the rule's own replacement, where it has one.
    """

    rule: str
    quote: str
    reason: str
    suggestion: str
    said_instead: str = ""


class SpeechClaims:
    """Finds claims in sentences; what it needs is loaded at the first call.

    `packs` are the rules, `meaning` the classifier of what is meant and `sorting` the one that
    knows talk when it sees it (`models/weights/purification`, `record_clauses`). With
    `jurisdictions` these hold whatever is sold where.
    """

    def __init__(
        self,
        packs: Callable[[], RulePackLibrary],
        meaning: Callable[[], Classifier],
        sorting: Callable[[], Classifier],
        *,
        jurisdictions: Sequence[Jurisdiction] | None = None,
    ) -> None:
        self._packs = packs
        self._judge = MeaningJudge(meaning, violates=SURELY_MEANT)
        self._sorting = sorting
        self._jurisdictions = jurisdictions

    def warm(self) -> None:
        """Load rules and classifiers, so that the first sentence of a stream need not wait."""
        self._packs()
        self._judge(fold_text(_WARM), JURISDICTIONS, None)
        self._is_talk(_WARM)

    def find(
        self,
        text: str,
        record: ProductRecord | None,
        *,
        overrides: Sequence[Override] = (),
        line_up: Iterable[ProductRecord] = (),
        is_read: bool = False,
    ) -> list[SpeechClaim]:
        """The claims of an utterance about the goods of `record`, at most three.

        Where none are on air, the markets of the `line_up` count. What `is_read` already as a
        promise or a term is not searched for what it may mean.
        """
        language = detect_language(text)
        markets = self._jurisdictions or find_markets(record, line_up, language)
        category = " ".join(filter(None, (record.category, record.name))) if record else None
        bounds = Bounds(tuple(markets), category or None, overrides)
        rules = self._packs().without_judge()
        found: list[SpeechClaim] = []
        for item in check_sentences(text, rules, bounds):
            sure = [
                match
                for match in item.violations
                if not _is_proven(match, item, rules, bounds, record)
            ]
            if sure:
                found += _claims(item, sure, language, rules, bounds)
            elif record is not None and not is_read:
                found += self._meant(item, bounds, language)
        return found[:_MOST]

    def _meant(self, item: Checked, bounds: Bounds, language: str) -> list[SpeechClaim]:
        told = self._judge(item.skeleton, bounds.jurisdictions, bounds.category)
        matches = [Match(*one) for one in told if one[0].rule.severity == "violation"]
        if not matches or self._is_talk(item.sentence.text):
            return []
        allowed = [
            match
            for match in matches
            if bounds.find_override(
                match.rule.rule.id,
                item.skeleton.text[match.start : match.end],
                item.sentence.text.strip(),
            )
        ]
        left = [match for match in matches if match not in allowed]
        return [_claim(item, left[0], language)] if left else []

    def _is_talk(self, text: str) -> bool:
        classifier = self._sorting()
        odds = classifier.classify([text])[0]
        return float(odds[classifier.labels.index(_CHATTER)]) >= _MOST_CHATTER


def find_markets(
    record: ProductRecord | None, line_up: Iterable[ProductRecord], language: str
) -> list[Jurisdiction]:
    """Whose rules hold for a broadcast: told from the currency of what it sells, else the language.

    Those of marketplaces always do.
    """
    records = [record] if record is not None else list(line_up)
    currencies = {one.currency for one in records if one.currency}
    markets: set[Jurisdiction] = {"platform"}
    for currency in currencies or {"CNY" if language == "zh" else "USD"}:
        if currency == "CNY":
            markets.add("CN")
        else:
            markets.add("EU" if currency in _EUROPEAN else "US")
    return [name for name in JURISDICTIONS if name in markets]


def _claims(
    item: Checked,
    matches: Sequence[Match],
    language: str,
    rules: RulePackLibrary,
    bounds: Bounds,
) -> list[SpeechClaim]:
    """A claim for each stretch that rules object to, by the rule that objects to most of it."""
    mend = mend_sentence(item, rules, bounds)
    instead = mend.text.strip() if mend.method == "replacement" else ""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda m: (m.start - m.end, m.start)):
        if not any(match.start < other.end and other.start < match.end for other in kept):
            kept.append(match)
    return [_claim(item, match, language, instead) for match in sorted(kept, key=lambda m: m.start)]


def _claim(item: Checked, match: Match, language: str, instead: str = "") -> SpeechClaim:
    start, end = item.skeleton.original(match.start, match.end)
    rule = match.rule.rule
    return SpeechClaim(
        rule=rule.id,
        quote=item.sentence.text[start:end].strip(),
        reason=f"{rule.reason.in_language(language)} ({rule.article})",
        suggestion=rule.suggestion.in_language(language),
        said_instead=instead,
    )


def _is_proven(
    match: Match,
    item: Checked,
    rules: RulePackLibrary,
    bounds: Bounds,
    record: ProductRecord | None,
) -> bool:
    """Whether the record has proof with which the rule would let the claim pass."""
    if record is None or _PROVABLE.isdisjoint(match.rule.rule.legal_when):
        return False
    claim = content_words(item.skeleton.text[match.start : match.end])
    said = item.sentence.text.rstrip("。.!！ ")
    for proof in record.certifications:
        if covered(claim, proof):
            checked = check_sentences(f"{said} ({proof})", rules, bounds)
            if all(m.rule.rule.id != match.rule.rule.id for one in checked for m in one.violations):
                return True
    return False
