"""The report of an experiment: estimates of each variant, differences, verdict, plain words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import numpy as np

from domain.experiment import Experiment, Thompson
from domain.experiment_report import (
    ExperimentReport,
    Interval,
    PolicyValue,
    TargetPolicy,
    VariantEstimate,
    WeightChange,
)
from stores.experiment_units import Tally
from tools.experiments.intervals import (
    MOST_RESAMPLED,
    bootstrap_interval,
    normal_interval,
    wilson_interval,
)
from tools.experiments.judging import Judgement
from tools.experiments.off_policy import OffPolicy
from tools.experiments.posteriors import (
    believe,
    best_probabilities,
    draw_all,
    expected_losses,
)
from tools.experiments.sequences import follow_mean
from tools.experiments.unit_log import Floats, UnitLog
from tools.experiments.wording import say_what_does_not, say_what_holds

Method = Literal["wilson", "bootstrap", "normal"]


def write_report(
    experiment: Experiment, log: UnitLog, as_of: datetime, changes: Sequence[WeightChange] = ()
) -> ExperimentReport:
    """All that the units of `log` tell at `as_of`; `changes` are what was learnt before."""
    judgement = Judgement(experiment, log)
    counted = judgement.counted
    waiting = int(log.size - counted.size)
    verdict, differences = judgement.verdict, judgement.differences
    return ExperimentReport(
        experiment=experiment,
        as_of=as_of,
        counted=counted.size,
        waiting=waiting,
        verdict=verdict,
        estimates=tuple(_estimates(experiment, log, judgement)),
        differences=differences,
        traffic=judgement.traffic,
        policies=tuple(_policies(counted)),
        weights=tuple(changes),
        can=tuple(say_what_holds(experiment, verdict, differences)),
        cannot=tuple(
            say_what_does_not(experiment, verdict, differences, waiting=waiting, changes=changes)
        ),
    )


def tally_log(counted: UnitLog) -> list[Tally]:
    """The number and sums of each variant's counted units."""
    found: list[Tally] = []
    for arm in range(counted.arms):
        values = counted.value[counted.arm == arm]
        found.append(Tally(len(values), float(values.sum()), float(np.square(values).sum())))
    return found


def _estimates(experiment: Experiment, log: UnitLog, judgement: Judgement) -> list[VariantEstimate]:
    counted, rule = judgement.counted, experiment.rule
    level = 1 - rule.alpha
    tallies = tally_log(counted)
    beliefs = believe(experiment.metric, tallies)
    drawn = draw_all(beliefs)
    best, losses = best_probabilities(drawn), expected_losses(drawn)
    found: list[VariantEstimate] = []
    for arm, variant in enumerate(experiment.variants):
        values = counted.value[counted.arm == arm]
        exposed = log.arm == arm
        interval, method = _plain_interval(experiment, values, level)
        followed = follow_mean(judgement.scores[:, arm], rule.alpha, rule.plan_units)
        sure = counted.size >= rule.min_units and len(values) > 1
        found.append(
            VariantEstimate(
                variant_id=variant.variant_id,
                exposed=int(exposed.sum()),
                counted=len(values),
                waiting=int(exposed.sum()) - len(values),
                late=int((exposed & log.late).sum()),
                mean=float(values.mean()) if len(values) else None,
                interval=interval,
                interval_method=method,
                credible=beliefs[arm].interval(level) if len(values) else None,
                adjusted=followed.estimate if sure else None,
                always_valid=(followed.low, followed.high) if sure else None,
                best_probability=float(best[arm]) if counted.size else None,
                expected_loss=float(losses[arm]) if counted.size else None,
            )
        )
    return found


def _plain_interval(
    experiment: Experiment, values: Floats, level: float
) -> tuple[Interval | None, Method | None]:
    """The interval for one look, and how it was made; none under adaptive assignment.

    There the plain mean is biased downwards (Nie, Tian, Taylor & Zou 2018).
    """
    if isinstance(experiment.policy, Thompson) or len(values) < 2:
        return None, None
    if experiment.metric.kind == "binary":
        return wilson_interval(float(values.sum()), len(values), level), "wilson"
    if len(values) > MOST_RESAMPLED:
        return normal_interval(values, level), "normal"
    return bootstrap_interval(values, level), "bootstrap"


def _policies(counted: UnitLog) -> list[PolicyValue]:
    """The value of always showing one variant, for each."""
    if counted.size < 2:
        return []
    estimator = OffPolicy(counted)
    return [
        estimator.value(f"always {name}", TargetPolicy(shares={name: 1.0}))
        for name in counted.names
    ]
