"""What would have come of another way to choose variants, estimated from what was tried.

- IPS, inverse propensity scoring (Horvitz & Thompson 1952; Bottou et al. 2013 for clipping): right
  on average, wide where the other way chooses what was rarely tried.
- SNIPS, self-normalised (Swaminathan & Joachims 2015): a little bias, much narrower.
- DR, doubly robust (Dudík, Langford & Li 2011): IPS on what a regression leaves over; right on
  average if the propensities are, and narrow if the regression is good.

Intervals are normal, at 95 %, for one look. Diagnostics: the effective sample size (Kish 1965; Kong
1992), the largest weight and how many were clipped, and the mean weight, which is 1 on average
where the propensities are right.
"""

import math
from collections.abc import Iterable

import numpy as np

from domain.errors import InvalidInput
from domain.experiment_report import Estimated, PolicyValue, TargetPolicy
from tools.experiments.rewards import feature_table, guess_outcomes
from tools.experiments.unit_log import Floats, UnitLog

Z95 = 1.959963984540054
FEW_UNITS = 100.0
THIN_SHARE = 0.05
RARE = 0.01


def target_shares(target: TargetPolicy, log: UnitLog) -> Floats:
    """With what probability the policy gives each unit (row) each variant (column).

    Raises:
        InvalidInput: it names a variant or a feature that there is not.
    """
    if target.feature is None:
        _known(log, target.shares)
        return np.tile([target.shares.get(name, 0.0) for name in log.names], (log.size, 1))
    otherwise = target.otherwise or ""
    _known(log, [*target.choices.values(), otherwise])
    if not any(target.feature in context for context in log.contexts):
        there = ", ".join(sorted({name for context in log.contexts for name in context}))
        raise InvalidInput(
            f"no unit has a feature {target.feature}",
            hint=f"there are: {there}" if there else "record units with context",
        )
    places = {name: place for place, name in enumerate(log.names)}
    shares = np.zeros((log.size, log.arms))
    for row, context in enumerate(log.contexts):
        value = context.get(target.feature)
        chosen = otherwise if value is None else target.choices.get(_said(value), otherwise)
        shares[row, places[chosen]] = 1.0
    return shares


class OffPolicy:
    """Estimates from one log of counted units; the regression is fitted once.

    `weight_limit` cuts larger weights; None takes 100, or the square root of the number of units
    where that is more (Ionides 2008), which leaves usual designs alone.
    """

    def __init__(self, log: UnitLog, weight_limit: float | None = None) -> None:
        if log.size < 2:
            raise InvalidInput(
                "there are too few counted units to estimate another policy from",
                hint="record outcomes first",
            )
        self._log = log
        self._limit = weight_limit or max(100.0, math.sqrt(log.size))
        table, self._features = feature_table(log.contexts, log.size)
        self._guesses = guess_outcomes(log, table)

    def value(self, name: str, target: TargetPolicy) -> PolicyValue:
        """The mean outcome under `target`.

        Raises:
            InvalidInput: it names a variant or a feature that there is not.
        """
        log = self._log
        shares = target_shares(target, log)
        raw = shares[np.arange(log.size), log.arm] / log.propensity
        weights = np.minimum(raw, self._limit)
        total, squares = float(weights.sum()), float(np.square(weights).sum())
        effective = total * total / squares if squares else 0.0
        guessed = self._guesses[np.arange(log.size), log.arm]
        expected = (shares * self._guesses).sum(axis=1)
        clipped = float(np.mean(raw > self._limit))
        return PolicyValue(
            name=name,
            units=log.size,
            ips=_mean(weights * log.value),
            snips=_ratio(weights, log.value),
            dr=_mean(expected + weights * (log.value - guessed)),
            effective_units=round(effective, 1),
            mean_weight=float(np.mean(raw)),
            max_weight=float(raw.max()),
            weight_limit=self._limit,
            clipped=clipped,
            features=tuple(self._features),
            warnings=tuple(_warnings(log, shares, raw, effective, clipped)),
        )


def _warnings(
    log: UnitLog, shares: Floats, raw: Floats, effective: float, clipped: float
) -> list[str]:
    found: list[str] = []
    wanted = shares.sum(axis=0) > 0
    tried = np.bincount(log.arm, minlength=log.arms) > 0
    never = [n for n, w, t in zip(log.names, wanted, tried, strict=True) if w and not t]
    if never:
        found.append(f"{', '.join(never)} was never shown: nothing is known of it")
    if effective < max(FEW_UNITS, THIN_SHARE * log.size):
        found.append(f"poor overlap: the estimate rests on about {effective:,.0f} units")
    used = raw > 0
    if used.any() and float(log.propensity[used].min()) < RARE:
        found.append(f"some units had a chance below {RARE:.0%} of what they were shown")
    if clipped:
        found.append(f"{clipped:.2%} of the weights were clipped, which biases the estimates")
    deviation = float(np.std(raw)) / math.sqrt(log.size)
    if abs(float(np.mean(raw)) - 1) > 4 * max(deviation, 1e-9) and not never:
        found.append("the weights do not average 1: the propensities seem wrong")
    return found


def _mean(terms: Floats) -> Estimated:
    value = float(np.mean(terms))
    half = Z95 * float(np.std(terms, ddof=1)) / math.sqrt(len(terms))
    return Estimated(value=value, low=value - half, high=value + half)


def _ratio(weights: Floats, values: Floats) -> Estimated:
    """A ratio of means, with the delta method's interval."""
    total = float(weights.sum())
    if not total:
        return _mean(weights * values)
    value = float((weights * values).sum()) / total
    half = Z95 * math.sqrt(float(np.square(weights * (values - value)).sum())) / total
    return Estimated(value=value, low=value - half, high=value + half)


def _said(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _known(log: UnitLog, names: Iterable[str]) -> None:
    unknown = sorted(set(names) - set(log.names))
    if unknown:
        raise InvalidInput(
            f"there is no variant {', '.join(unknown)}", hint=f"there are {', '.join(log.names)}"
        )
