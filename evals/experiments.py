"""Verdicts of experiments, and off-policy estimates, on made-up data whose truth is known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from domain.experiment_report import Estimated, TargetPolicy, VerdictKind
from evals.experiment_worlds import (
    DIFFERENT,
    NULLS,
    SKEWED,
    Day,
    World,
    live_through,
)
from evals.logged_policies import LoggedWorld, draw_log
from evals.report import EvalReport, share
from tools.experiments import Judgement, OffPolicy, UnitLog

SIMULATIONS = 200
SEED = 20_260_301
_Z = 1.96


@dataclass(frozen=True)
class _Run:
    """How one simulated experiment went, looked at every day until its first verdict.

    `covered` tells whether every difference's interval held the truth at every look, `naive`
    whether a two-sided z test at 5 %, looked at as often, ever found a difference.
    """

    kind: VerdictKind | None
    winner: str | None
    day: int
    covered: bool
    naive: bool


def measure(simulations: int = SIMULATIONS) -> list[EvalReport]:
    """Wrong verdicts without a difference, power with one, coverage, and bias off-policy."""
    return [
        _without_difference(simulations),
        _with_difference(simulations),
        _mismatch(simulations),
        _off_policy(simulations),
    ]


def _without_difference(simulations: int) -> EvalReport:
    runs = {world.name: _simulate(world, simulations) for world in NULLS}
    every = [run for found in runs.values() for run in found]
    wrong = {
        name: share(sum(run.kind is VerdictKind.WINNER for run in found), len(found))
        for name, found in runs.items()
    }
    alarms = sum(run.kind is VerdictKind.INVALID for run in every)
    return EvalReport(
        job="experiment verdicts, no variant better",
        data=f"simulated, {len(NULLS)} worlds, looked at daily for 2 weeks",
        rows=len(every),
        measures={
            "wrong winner": share(sum(run.kind is VerdictKind.WINNER for run in every), len(every)),
            "in the worst world": max(wrong.values()),
            "false traffic alarm": share(alarms, len(every)),
            "intervals hold at every look": share(sum(run.covered for run in every), len(every)),
            "a z test looked at daily is wrong": share(sum(run.naive for run in every), len(every)),
        },
        details={"worlds": {name: _summary(found) for name, found in runs.items()}},
    )


def _with_difference(simulations: int) -> EvalReport:
    runs = {world.name: _simulate(world, simulations) for world in DIFFERENT}
    best = {world.name: f"v{world.arms - 1}" for world in DIFFERENT}
    large = [run for name, found in runs.items() if name != "small" for run in found]
    every = [(best[name], run) for name, found in runs.items() for run in found]
    wrong = sum(
        run.kind in (VerdictKind.NO_DIFFERENCE, VerdictKind.INVALID)
        or (run.winner is not None and run.winner != right)
        for right, run in every
    )
    found_in = [run.day for run in large if run.kind is VerdictKind.WINNER]
    return EvalReport(
        job="experiment verdicts, the last variant better",
        data=f"simulated, {len(DIFFERENT)} worlds, looked at daily for 2 weeks",
        rows=len(every),
        measures={
            "wrong": share(wrong, len(every)),
            "found, twice the smallest effect": share(
                sum(run.winner is not None for run in large), len(large)
            ),
            "found, the smallest effect": share(
                sum(run.winner is not None for run in runs["small"]), len(runs["small"])
            ),
            "median day of the verdict": int(np.median(found_in)) if found_in else 0,
            "intervals hold at every look": share(sum(run.covered for _, run in every), len(every)),
        },
        details={"worlds": {name: _summary(found) for name, found in runs.items()}},
    )


def _mismatch(simulations: int) -> EvalReport:
    runs = _simulate(SKEWED, simulations)
    return EvalReport(
        job="experiment traffic check",
        data="simulated, 55 to 45 shown of 50 to 50 planned",
        rows=len(runs),
        measures={
            "found": share(sum(run.kind is VerdictKind.INVALID for run in runs), len(runs)),
            "median day": int(np.median([run.day for run in runs])),
        },
    )


def _simulate(world: World, simulations: int) -> list[_Run]:
    return [
        _watch(world, live_through(world, np.random.default_rng([SEED, number])))
        for number in range(simulations)
    ]


def _watch(world: World, days: Iterator[Day]) -> _Run:
    experiment = world.experiment()
    first: tuple[VerdictKind, str | None, int] | None = None
    covered, naive = True, False
    number = 0
    for number, day in enumerate(days, start=1):
        judgement = Judgement(experiment, day.log)
        counted = judgement.counted
        if np.bincount(counted.arm, minlength=world.arms).min() < experiment.rule.min_units:
            continue
        truth = dict(zip(counted.names, day.truth.tolist(), strict=True))
        for pair in judgement.differences:
            covered &= pair.low <= truth[pair.variant_id] - truth[pair.other_id] <= pair.high
        naive |= _z_test(counted)
        verdict = judgement.verdict
        if first is None and verdict.kind is not VerdictKind.NOT_ENOUGH_DATA:
            first = (verdict.kind, verdict.winner, number)
    kind, winner, day_of = first or (None, None, number)
    return _Run(kind, winner, day_of, covered, naive)


def _z_test(counted: UnitLog) -> bool:
    """Whether any two plain means differ at the level of 5 % of a test for one look."""
    values = [counted.value[counted.arm == arm] for arm in range(counted.arms)]
    means = np.array([float(v.mean()) for v in values])
    errors = np.array([float(v.var()) / len(v) for v in values])
    best, worst = int(means.argmax()), int(means.argmin())
    error = float(np.sqrt(errors[best] + errors[worst]))
    return bool(means[best] - means[worst] > _Z * error)


def _summary(runs: Sequence[_Run]) -> dict[str, float]:
    kinds = [run.kind.value if run.kind else "no verdict" for run in runs]
    return {kind: share(kinds.count(kind), len(runs)) for kind in sorted(set(kinds))} | {
        "covered": share(sum(run.covered for run in runs), len(runs)),
        "median day": float(np.median([run.day for run in runs])),
        "z test": share(sum(run.naive for run in runs), len(runs)),
    }


def _off_policy(simulations: int) -> EvalReport:
    world = LoggedWorld()
    target = TargetPolicy(feature="device", choices={"phone": "v1"}, otherwise="v0")
    truth = world.value_of(target)
    errors: dict[str, list[float]] = {"IPS": [], "SNIPS": [], "DR": []}
    held = dict.fromkeys(errors, 0)
    for number in range(simulations):
        log = draw_log(world, np.random.default_rng([SEED, 1, number]))
        found = OffPolicy(log).value("by device", target)
        for name, estimate in _by_name(found.ips, found.snips, found.dr):
            errors[name].append(estimate.value - truth)
            held[name] += estimate.low <= truth <= estimate.high
    measures: dict[str, float | int] = {}
    for name, off in errors.items():
        measures[f"{name} bias of the truth"] = round(abs(float(np.mean(off))) / truth, 3)
        measures[f"{name} error"] = round(float(np.sqrt(np.mean(np.square(off)))) / truth, 3)
        measures[f"{name} coverage"] = share(held[name], simulations)
    return EvalReport(
        job="value of another policy, by context",
        data="simulated, 4,000 units, skewed propensities",
        rows=simulations,
        measures=measures,
        details={"truth": truth, "naive": world.naive_value(target)},
    )


def _by_name(ips: Estimated, snips: Estimated, dr: Estimated) -> list[tuple[str, Estimated]]:
    return [("IPS", ips), ("SNIPS", snips), ("DR", dr)]
