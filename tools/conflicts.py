"""When sources disagree: which value wins by the stated policy, and what stays open.

The policy, in this order:

1. `supplier_correction`: a statement that takes back an earlier one wins, unless a source dated
   later says otherwise.
2. `later_date`: where every value is dated, the one with the latest date wins.
3. Otherwise the conflict is open: both values are kept and a person decides.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from domain.evidence import Evidence
from domain.extraction import ExtractedFact
from domain.lexicon import find_terms
from domain.quantities import find_quantities
from tools.extraction.facts import UNSURE
from tools.product_names import alikeness

Policy = Literal["supplier_correction", "later_date"]

ORIGINS = ("table", "pattern", "model")
"""Who read a value, the surest first."""

_TERMS = (
    re.compile(r"\b(?:ship|dispatch|leaves?|goes? out|sent)\w*|发货|发出|寄出", re.I),
    re.compile(r"\b(?:deliver|arriv)\w*|送达|到货|签收", re.I),
    re.compile(r"\b(?:return|refund|money[- ]back)\w*|退", re.I),
    re.compile(r"\b(?:warrant|guarantee)\w*|质保|保修|三包", re.I),
    re.compile(r"\bexchange\w*|换货|换新|包换", re.I),
)
_SECONDS = {
    "time": Decimal(1),
    "business_time": Decimal(1),
    "calendar": Decimal(30 * 86400),
}
_CLAUSE = re.compile(r"[，,；;。]|\.\s")
_PERCENT_OF = re.compile(r"(\d+(?:\.\d+)?)\s?[%％]")
_DENIES = re.compile(r"(?:不是|\bnot )\s*(?P<what>[^，。,.;]{1,16})", re.IGNORECASE)
_NEAR = 16
_SAME_WORDS = 0.6


@dataclass(slots=True)
class SourcedValue:
    """A value and every place that says it, in whatever words."""

    text: str
    key: str | None
    facts: list[ExtractedFact] = field(default_factory=list[ExtractedFact])

    @property
    def evidence(self) -> list[Evidence]:
        """The places, each once; the kept wording's own first."""
        said = sorted(self.facts, key=lambda fact: fact.value != self.text)
        return list(dict.fromkeys(fact.evidence for fact in said))

    @property
    def sure(self) -> bool:
        """Code read it, and not as a guess: a model's choice of field contradicts nobody."""
        return any(is_sure(fact) for fact in self.facts)

    @property
    def rank(self) -> tuple[bool, int]:
        """Order of trust, the lowest first."""
        unsure = all(fact.confidence <= UNSURE for fact in self.facts)
        return unsure, min(ORIGINS.index(fact.origin) for fact in self.facts)

    @property
    def sources(self) -> frozenset[str]:
        """The ids of the sources that say it."""
        return frozenset(fact.evidence.source for fact in self.facts)


def is_read(fact: ExtractedFact) -> bool:
    """Read by code, be it as a guess (`Price: 20` of a list price)."""
    return fact.origin != "model"


def is_sure(fact: ExtractedFact) -> bool:
    """Read by code, and not as a guess."""
    return fact.confidence > UNSURE and fact.origin != "model"


def settle(
    values: Sequence[SourcedValue], *, counts: Callable[[ExtractedFact], bool] = is_sure
) -> tuple[SourcedValue, Policy] | None:
    """The one of differing `values` that the policy prefers, and by which rule; None leaves it.

    `counts` tells which facts have a say: where nobody is sure, guesses of the same kind do.
    """
    return _by_correction(values, counts) or _by_date(values, counts)


def _by_correction(
    values: Sequence[SourcedValue], counts: Callable[[ExtractedFact], bool]
) -> tuple[SourcedValue, Policy] | None:
    corrections = [
        (fact.stated_on or date.min, value)
        for value in values
        for fact in value.facts
        if fact.correction and counts(fact)
    ]
    if not corrections:
        return None
    day, winner = max(corrections, key=lambda item: item[0])
    if any(value is not winner for latest, value in corrections if latest == day):
        return None
    overtaken = any(
        (fact.stated_on or date.min) > day
        for value in values
        if value is not winner
        for fact in value.facts
        if counts(fact) and day > date.min
    )
    return None if overtaken else (winner, "supplier_correction")


def _by_date(
    values: Sequence[SourcedValue], counts: Callable[[ExtractedFact], bool]
) -> tuple[SourcedValue, Policy] | None:
    newest: list[tuple[date, SourcedValue]] = []
    for value in values:
        days = [fact.stated_on for fact in value.facts if fact.stated_on and counts(fact)]
        if not days:
            return None
        newest.append((max(days), value))
    newest.sort(key=lambda item: item[0], reverse=True)
    if len(newest) < 2 or newest[0][0] == newest[1][0]:
        return None
    return newest[0][1], "later_date"


def terms_differ(a: str, b: str) -> bool:
    """Whether two statements on shipping, returns or warranty name different times for one thing.

    `Ships within 2 days` differs from `dispatched in 5 days`, not from `30-day returns`. A business
    day counts as a day.
    """
    pairs = ((_times(a, thing), _times(b, thing)) for thing in _TERMS)
    return any(x and y and x.isdisjoint(y) for x, y in pairs)


@lru_cache(maxsize=8192)
def _times(text: str, thing: re.Pattern[str]) -> set[Decimal]:
    """Seconds of each duration in the clauses that speak of `thing`."""
    return {
        quantity.base * _SECONDS[quantity.dimension]
        for clause in _CLAUSE.split(text)
        if thing.search(clause)
        for quantity in find_quantities(clause)
        if quantity.dimension in _SECONDS
    }


def denied_by(a: SourcedValue, b: SourcedValue) -> bool:
    """Whether a correction among the two says that a figure of the other is wrong (不是三支)."""
    return any(
        denied.base == quantity.base and denied.dimension in (quantity.dimension, None)
        for one, other in ((a, b), (b, a))
        for fact in one.facts
        if fact.correction
        for match in _DENIES.finditer(fact.evidence.quote)
        for denied in find_quantities(match["what"])[:1]
        for quantity in find_quantities(other.text)
    )


def figures_differ(a: str, b: str) -> bool:
    """Whether two statements say the same of different figures (送小样两支, 送小样三支)."""
    x, y = _figures(a), _figures(b)
    if not x or not y or x == y:
        return False
    return alikeness(_without(a), _without(b)) >= _SAME_WORDS


@lru_cache(maxsize=8192)
def _figures(text: str) -> set[tuple[str | None, Decimal]]:
    return {(quantity.dimension, quantity.base) for quantity in find_quantities(text)}


@lru_cache(maxsize=8192)
def _without(text: str) -> str:
    """`text` without its quantities."""
    for quantity in reversed(find_quantities(text)):
        text = text[: quantity.start] + text[quantity.end :]
    return text


def shares_differ(a: str, b: str) -> bool:
    """Whether two statements of materials give one material different shares (95 %, 100 %)."""
    x, y = _shares(a), _shares(b)
    return any(x[concept].isdisjoint(y[concept]) for concept in x.keys() & y.keys())


@lru_cache(maxsize=8192)
def _shares(text: str) -> dict[str, set[float]]:
    found: dict[str, set[float]] = {}
    terms = [term for term in find_terms(text) if term.cls == "material"]
    for match in _PERCENT_OF.finditer(text):
        gaps = [(max(t.start - match.end(), match.start() - t.end), t.concept) for t in terms]
        gap, concept = min(gaps, default=(_NEAR + 1, ""))
        if gap <= _NEAR:
            found.setdefault(concept, set()).add(float(match[1]))
    return found
