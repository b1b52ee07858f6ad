"""Made-up experiments with a known truth: units, their outcomes, and how they were assigned."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from domain.experiment import (
    Experiment,
    ExperimentPlan,
    FixedSplit,
    Metric,
    Thompson,
    Variant,
    VerdictRule,
)
from stores.experiment_units import Tally
from tools.experiments import UnitLog, shares_of

Floats = NDArray[np.float64]

START = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 14
WINDOW_DAYS = 4
UNITS_A_DAY = 400
SMALLEST_EFFECT = 0.04


@dataclass(frozen=True)
class World:
    """How units behave: the mean outcome of each variant on each day (rows), and what is planned.

    `shown` are the true shares where they are not the planned ones; `delay_days` is how long
    outcomes take on average, where they come late; `spread` makes outcomes continuous, with a long
    tail to the right.
    """

    name: str
    means: Floats
    shares: tuple[float, ...] = ()
    shown: tuple[float, ...] = ()
    adaptive: bool = False
    delay_days: float = 0.0
    spread: float = 0.0
    smallest_effect: float = SMALLEST_EFFECT

    @property
    def arms(self) -> int:
        """How many variants there are."""
        return self.means.shape[1]

    @property
    def metric(self) -> Metric:
        """The metric that outcomes are of; delayed ones have a window of four days."""
        return Metric(
            kind="continuous" if self.spread else "binary",
            name="revenue" if self.spread else "conversion",
            smallest_effect=self.smallest_effect,
            window_hours=24 * WINDOW_DAYS if self.delay_days else None,
        )

    def experiment(self) -> Experiment:
        """The experiment that is run in this world."""
        names = [f"v{place}" for place in range(self.arms)]
        policy = (
            Thompson(floor=0.05)
            if self.adaptive
            else FixedSplit(
                shares=dict(zip(names, self.shares, strict=True)) if self.shares else {}
            )
        )
        plan = ExperimentPlan(
            name=self.name,
            variants=tuple(Variant(variant_id=name, label=name) for name in names),
            metric=self.metric,
            policy=policy,
            rule=VerdictRule(),
        )
        return Experiment(
            **{name: getattr(plan, name) for name in ExperimentPlan.model_fields},
            experiment_id=self.name,
            actor="world",
            created_at=START,
        )


@dataclass(frozen=True)
class Day:
    """What is known at the end of a day, and the truth that it is to be held against."""

    log: UnitLog
    truth: Floats


def live_through(world: World, dice: np.random.Generator) -> Iterator[Day]:
    """The experiment at the end of each of its days."""
    experiment = world.experiment()
    names = tuple(variant.variant_id for variant in experiment.variants)
    total = DAYS * UNITS_A_DAY
    arm = np.zeros(total, dtype=np.int64)
    propensity, value = np.zeros(total), np.zeros(total)
    known_on = np.zeros(total)
    window = (world.metric.window_hours or 0) / 24
    for day in range(DAYS):
        here = slice(day * UNITS_A_DAY, (day + 1) * UNITS_A_DAY)
        until = here.stop
        before = slice(0, here.start)
        seen = _tallies(names, arm[before], value[before]) if world.adaptive else {}
        shares = np.array(shares_of(experiment, seen))
        shown = np.array(world.shown) if world.shown else shares
        arm[here] = np.searchsorted(np.cumsum(shown), dice.random(UNITS_A_DAY), side="right").clip(
            max=world.arms - 1
        )
        propensity[here] = shares[arm[here]]
        value[here] = _outcomes(world, day, arm[here], dice)
        late = dice.exponential(world.delay_days, UNITS_A_DAY) if world.delay_days else 0.0
        known_on[here] = day + late
        counted = np.arange(until) < max(0, (day + 1 - round(window))) * UNITS_A_DAY
        known = value[:until] * (known_on[:until] <= np.arange(until) // UNITS_A_DAY + window)
        log = UnitLog(
            names,
            arm[:until],
            propensity[:until],
            np.where(counted, known, np.nan) if window else value[:until],
            counted if window else np.ones(until, dtype=np.bool_),
            np.zeros(until, dtype=np.bool_),
        )
        ripe = max(1, day + 1 - round(window))
        yield Day(log, _true_means(world)[:ripe].mean(axis=0))


def _true_means(world: World) -> Floats:
    """Each day's true means; of delayed outcomes, those that come within the window."""
    if not world.delay_days:
        return world.means
    return world.means * -np.expm1(-WINDOW_DAYS / world.delay_days)


def _tallies(names: tuple[str, ...], arm: NDArray[np.int64], value: Floats) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for place, name in enumerate(names):
        values = value[arm == place]
        found[name] = Tally(len(values), float(values.sum()), float(np.square(values).sum()))
    return found


def _outcomes(world: World, day: int, arm: NDArray[np.int64], dice: np.random.Generator) -> Floats:
    means = world.means[day][arm]
    if not world.spread:
        return (dice.random(len(arm)) < means).astype(np.float64)
    sigma = np.sqrt(np.log1p(world.spread**2))
    return means * np.exp(dice.normal(-sigma * sigma / 2, sigma, len(arm)))


def _level(*means: float) -> Floats:
    return np.tile(np.array(means, dtype=np.float64), (DAYS, 1))


def _drifting(*means: float, swing: float) -> Floats:
    """Means that rise and fall together over the weeks."""
    wave = 1 + swing * np.sin(np.arange(DAYS) / DAYS * 2 * np.pi)
    return _level(*means) * wave[:, None]


Truth = Literal["null", "different"]

NULLS: tuple[World, ...] = (
    World("no difference", _level(0.1, 0.1)),
    World("no difference, rare", _level(0.02, 0.02), smallest_effect=0.01),
    World("no difference, three variants", _level(0.1, 0.1, 0.1)),
    World("no difference, traffic 9 to 1", _level(0.1, 0.1), shares=(0.9, 0.1)),
    World("no difference, drifting, adaptive", _drifting(0.1, 0.1, swing=0.5), adaptive=True),
    World("no difference, outcomes late", _level(0.1, 0.1), delay_days=1.0),
    World("no difference, revenue", _level(10.0, 10.0), spread=2.0, smallest_effect=2.0),
)
"""Worlds in which no variant is better; in all of them a person looks every day."""

DIFFERENT: tuple[World, ...] = (
    World("small", _level(0.1, 0.14)),
    World("large", _level(0.1, 0.18)),
    World("large, three variants", _level(0.1, 0.1, 0.18)),
    World("large, traffic 9 to 1", _level(0.1, 0.18), shares=(0.9, 0.1)),
    World("large, drifting, adaptive", _drifting(0.1, 0.18, swing=0.5), adaptive=True),
    World("large, outcomes late", _level(0.1, 0.18), delay_days=1.0),
    World("large, revenue", _level(10.0, 14.0), spread=2.0, smallest_effect=2.0),
)
"""Worlds in which the last variant is the best."""

SKEWED = World("traffic not as planned", _level(0.1, 0.1), shares=(0.5, 0.5), shown=(0.55, 0.45))
"""A world in which one variant's units go missing."""
