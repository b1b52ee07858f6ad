"""The verdict of an experiment, by a rule that was stated before the first unit was exposed.

In this order:

1. `invalid` when the units are not split as planned, or, in a metric without a window, those whose
   outcome is known are not: then outcomes are missing for one variant more than for another.
2. `not_enough_data` before every variant has the least number of counted units (and, in a binary
   metric, of units with and without the outcome): the intervals are asymptotic.
3. `no_difference` when no pair's interval reaches the smallest effect: whatever the truth is, it is
   not worth acting on.
4. `winner` when one variant's difference to each other one is above 0 with its whole interval.
5. `not_enough_data` else.

The intervals of all pairs hold together at every look (`tools.experiments.sequences`, alpha shared
out among the pairs), so that neither looking daily nor stopping at will makes a verdict less sure.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from domain.experiment import Experiment
from domain.experiment_report import Difference, TrafficCheck, Verdict, VerdictKind
from tools.experiments.sequences import Followed, follow_mean, unit_scores, units_for
from tools.experiments.traffic import check_traffic
from tools.experiments.unit_log import Floats, UnitLog
from tools.experiments.wording import say_amount


class Judgement:
    """The verdict on a log, and what it rests on."""

    def __init__(self, experiment: Experiment, log: UnitLog) -> None:
        self.experiment = experiment
        self.counted = log.only_counted()
        self.traffic: TrafficCheck = check_traffic(experiment, log)
        self.scores: Floats = unit_scores(self.counted)
        self._pairs = self._compare()
        self.differences: tuple[Difference, ...] = tuple(pair for pair, _ in self._pairs)
        self.verdict: Verdict = self._judge()

    def _compare(self) -> list[tuple[Difference, Followed]]:
        names = self.counted.names
        pairs = list(combinations(range(len(names)), 2))
        rule = self.experiment.rule
        found: list[tuple[Difference, Followed]] = []
        if self.counted.size < 2:
            return found
        for one, other in pairs:
            apart = self.scores[:, one] - self.scores[:, other]
            followed = follow_mean(apart, rule.alpha / len(pairs), rule.plan_units)
            found.append((_difference(names[one], names[other], followed), followed))
        return found

    def _judge(self) -> Verdict:
        if not self.traffic.ok:
            return Verdict(kind=VerdictKind.INVALID, reasons=(_split_reason(self.traffic),))
        known = check_traffic(self.experiment, self.counted)
        if known.planned and self.experiment.metric.window_hours is None and not known.ok:
            reason = "Outcomes are missing for one variant more than for another. "
            return Verdict(kind=VerdictKind.INVALID, reasons=(reason + _split_reason(known),))
        lacking = lacking_units(self.experiment, self.counted)
        if lacking:
            more = self._more_units() if self.counted.size >= 2 else None
            return Verdict(
                kind=VerdictKind.NOT_ENOUGH_DATA, reasons=tuple(lacking), more_units=more
            )
        beaten = tuple(
            name for name in self.counted.names if any(_beats(d, name) for d in self.differences)
        )
        small = self.experiment.metric.smallest_effect
        if all(-small < d.low and d.high < small for d in self.differences):
            reason = f"No two variants differ by {self._amount(small)}, the least that matters."
            return Verdict(kind=VerdictKind.NO_DIFFERENCE, beaten=beaten, reasons=(reason,))
        if len(beaten) == len(self.counted.names) - 1:
            [winner] = set(self.counted.names) - set(beaten)
            return Verdict(
                kind=VerdictKind.WINNER,
                winner=winner,
                beaten=beaten,
                reasons=tuple(
                    f"{winner} is better than {d.other_id} by {self._amount(d.low)} at the least."
                    for d in self.differences
                    if d.variant_id == winner
                ),
            )
        return Verdict(
            kind=VerdictKind.NOT_ENOUGH_DATA,
            beaten=beaten,
            reasons=tuple(self._open_reasons()),
            more_units=self._more_units(),
        )

    def _open_reasons(self) -> Sequence[str]:
        small = self.experiment.metric.smallest_effect
        return [
            f"The difference {d.variant_id} - {d.other_id} may be anything from "
            f"{self._amount(d.low)} to {self._amount(d.high)}."
            for d in self.differences
            if (d.low <= 0 <= d.high) and (d.low <= -small or d.high >= small)
        ]

    def _more_units(self) -> int | None:
        """How many more counted units bring every open interval down to the smallest effect."""
        rule, small = self.experiment.rule, self.experiment.metric.smallest_effect
        alpha = rule.alpha / max(1, len(self._pairs))
        needed = 0
        for pair, followed in self._pairs:
            if not pair.low <= 0 <= pair.high or followed.deviation == 0:
                continue
            units = units_for(followed.deviation, small, alpha, rule.plan_units)
            if units is None:
                return None
            needed = max(needed, units)
        return max(0, needed - self.counted.size) or None

    def _amount(self, value: float) -> str:
        return say_amount(self.experiment.metric, value)


def lacking_units(experiment: Experiment, counted: UnitLog) -> list[str]:
    """Which variants have too few units for any verdict, in plain words."""
    rule, metric = experiment.rule, experiment.metric
    units = np.bincount(counted.arm, minlength=counted.arms)
    yes = np.bincount(counted.arm, weights=counted.value > 0, minlength=counted.arms)
    lacking: list[str] = []
    for name, number, with_it in zip(counted.names, units.tolist(), yes.tolist(), strict=True):
        if number < rule.min_units:
            lacking.append(f"{name} has {number:,} of the {rule.min_units:,} units it needs.")
        elif metric.kind == "binary" and with_it < rule.min_events:
            lacking.append(
                f"{name} has {int(with_it):,} of the {rule.min_events:,} units with the outcome "
                "that it needs."
            )
        elif metric.kind == "binary" and number - with_it < rule.min_events:
            lacking.append(
                f"{name} has {int(number - with_it):,} of the {rule.min_events:,} units without "
                "the outcome that it needs: are those recorded, with the value 0?"
            )
    return lacking


def _split_reason(traffic: TrafficCheck) -> str:
    if not traffic.planned:
        return "The units do not fit the propensities that they were recorded with."
    said = ", ".join(
        f"{name} {traffic.seen[name]:.2%} for {share:.2%}"
        for name, share in traffic.planned.items()
    )
    return f"The units are not split as planned ({said})."


def _difference(one: str, other: str, followed: Followed) -> Difference:
    """The pair with the better variant first."""
    if followed.estimate < 0:
        return Difference(
            variant_id=other,
            other_id=one,
            estimate=-followed.estimate,
            low=-followed.high,
            high=-followed.low,
        )
    return Difference(
        variant_id=one,
        other_id=other,
        estimate=followed.estimate,
        low=followed.low,
        high=followed.high,
    )


def _beats(difference: Difference, name: str) -> bool:
    return difference.other_id == name and difference.low > 0
