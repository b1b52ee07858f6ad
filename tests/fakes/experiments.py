"""Plans and unit logs of experiments."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from domain.experiment import Experiment, ExperimentPlan, Metric, Variant, VerdictRule
from domain.recording import SpeechTag
from tools.experiments import UnitLog

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def plan_of(*names: str, **given: Any) -> ExperimentPlan:
    """A plan of a binary metric with variants of these names, `a` and `b` by default."""
    made: dict[str, Any] = {
        "name": "Opening lines",
        "variants": tuple(Variant(variant_id=name, label=name) for name in names or ("a", "b")),
        "metric": Metric(kind="binary", name="click", smallest_effect=0.02),
        "rule": VerdictRule(min_units=100, plan_units=5000),
    }
    return ExperimentPlan(**{**made, **given})


def experiment_of(plan: ExperimentPlan | None = None, **given: Any) -> Experiment:
    """An experiment that runs by a plan."""
    plan = plan or plan_of(**given)
    fields = {name: getattr(plan, name) for name in ExperimentPlan.model_fields}
    return Experiment(**fields, experiment_id="exp", actor="ana", created_at=START)


def storyline(name: str, *tags: SpeechTag) -> Variant:
    """A variant with a storyline."""
    return Variant(variant_id=name, label=name, tags=tags)


def log_of(
    arm: Sequence[int],
    value: Sequence[float],
    propensity: Sequence[float] | None = None,
    names: Sequence[str] = ("a", "b"),
    contexts: Sequence[dict[str, Any]] = (),
) -> UnitLog:
    """A log in which every unit counts."""
    size = len(arm)
    shares = propensity if propensity is not None else [1 / len(names)] * size
    return UnitLog(
        tuple(names),
        np.array(arm, dtype=np.int64),
        np.array(shares, dtype=np.float64),
        np.array(value, dtype=np.float64),
        np.ones(size, dtype=np.bool_),
        np.zeros(size, dtype=np.bool_),
        contexts,
    )


def drawn_log(rates: Sequence[float], units: int, seed: int = 1) -> UnitLog:
    """A log of an even split with these rates of success."""
    dice = np.random.default_rng(seed)
    arm = dice.integers(0, len(rates), units)
    value = (dice.random(units) < np.array(rates)[arm]).astype(np.float64)
    return log_of(arm.tolist(), value.tolist(), names=[*"abcdefghij"[: len(rates)]])
