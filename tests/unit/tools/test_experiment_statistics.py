"""Distributions, intervals, posteriors and the traffic check, against known values and laws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.experiment import FixedSplit, Thompson
from stores.experiment_units import Tally
from tests.fakes.experiments import drawn_log, experiment_of, log_of
from tools.experiments import choose, match_probabilities, point_of, shares_of
from tools.experiments.distributions import (
    beta_cdf,
    beta_quantile,
    student_cdf,
    student_quantile,
)
from tools.experiments.intervals import bootstrap_interval, normal_interval, wilson_interval
from tools.experiments.posteriors import believe, best_probabilities, draw_all, expected_losses
from tools.experiments.sequences import follow_mean, half_width, unit_scores, units_for
from tools.experiments.traffic import check_traffic


@pytest.mark.parametrize(
    ("x", "a", "b", "known"),
    [
        (0.3, 2, 5, 0.579825),
        (0.05, 0.5, 0.5, 0.14356629312870628),
        (0.9, 120, 14, 0.5384218404770951),
        (1e-4, 1, 9000, 0.5934486367021892),
        (0.0, 2, 3, 0.0),
        (1.0, 2, 3, 1.0),
    ],
)
def test_the_beta_distribution(x: float, a: float, b: float, known: float):
    assert beta_cdf(x, a, b) == pytest.approx(known, rel=1e-10)


@pytest.mark.parametrize(
    ("probability", "a", "b", "known"),
    [(0.025, 6, 96, 0.022110572409418053), (0.975, 1, 1, 0.975), (0.5, 300, 700, 0.2998666194)],
)
def test_the_beta_quantile(probability: float, a: float, b: float, known: float):
    assert beta_quantile(probability, a, b) == pytest.approx(known, rel=1e-8)


@pytest.mark.parametrize(
    ("probability", "freedom", "known"),
    [(0.975, 4, 2.7764451051977934), (0.9, 1.5, 2.1963984175655376), (0.025, 2000, -1.96115082609)],
)
def test_the_student_quantile(probability: float, freedom: float, known: float):
    assert student_quantile(probability, freedom) == pytest.approx(known, rel=1e-8)
    assert student_cdf(known, freedom) == pytest.approx(probability, rel=1e-6)


@pytest.mark.parametrize(
    ("yes", "units", "known"),
    [
        (0, 20, (0.0, 0.16112515805281935)),
        (7, 50, (0.06950833427016292, 0.26186193710585537)),
        (50, 50, (0.9286524008666412, 1.0)),
    ],
)
def test_wilson(yes: int, units: int, known: tuple[float, float]):
    assert wilson_interval(yes, units, 0.95) == pytest.approx(known, abs=1e-9)


@given(st.integers(1, 5000), st.floats(0, 1), st.floats(0.5, 0.999))
def test_wilson_holds_the_share_and_stays_a_share(units: int, part: float, level: float):
    yes = round(units * part)
    low, high = wilson_interval(yes, units, level)
    assert 0 <= low <= yes / units + 1e-12
    assert yes / units - 1e-12 <= high <= 1


def test_the_bootstrap_agrees_with_the_normal_where_both_hold():
    values = np.random.default_rng(3).normal(5, 2, 400)
    assert bootstrap_interval(values, 0.95) == pytest.approx(
        normal_interval(values, 0.95), abs=0.03
    )
    assert bootstrap_interval(values, 0.95) == bootstrap_interval(values, 0.95)


@given(st.floats(0, 1, exclude_max=True), st.lists(st.floats(0.01, 1), min_size=2, max_size=6))
def test_a_point_chooses_a_variant_that_may_be_chosen(point: float, parts: list[float]):
    shares = [0.0, *(part / sum(parts) for part in parts), 0.0]
    assert 0 < choose(shares, point) < len(shares) - 1


def test_units_are_spread_by_the_shares_and_apart_in_each_experiment():
    experiment = experiment_of(policy=FixedSplit(shares={"a": 0.8, "b": 0.2}))
    shares = shares_of(experiment, {})
    units = [f"viewer-{n}" for n in range(10_000)]
    chosen = [choose(shares, point_of("one", unit)) for unit in units]
    assert sum(chosen) == pytest.approx(2000, abs=160)
    other = [choose([0.5, 0.5], point_of("two", unit)) for unit in units]
    both = np.corrcoef(chosen, other)[0, 1]
    assert abs(both) < 0.04
    assert chosen == [choose(shares, point_of("one", unit)) for unit in units]


def test_thompson_prefers_what_does_well_but_never_forgets_the_rest():
    experiment = experiment_of(policy=Thompson(floor=0.05))
    assert shares_of(experiment, {}) == [0.5, 0.5]
    seen = {"a": Tally(1000, 100, 100), "b": Tally(1000, 160, 160)}
    shares = shares_of(experiment, seen)
    assert sum(shares) == pytest.approx(1)
    assert shares == pytest.approx([0.05, 0.95], abs=1e-3)
    assert shares == shares_of(experiment, seen)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.floats(0, 1)), min_size=2, max_size=5))
def test_matched_probabilities_are_probabilities(seen: list[tuple[int, float]]):
    experiment = experiment_of(policy=Thompson(floor=0.1))
    tallies = [Tally(units, round(units * part), round(units * part)) for units, part in seen]
    shares = match_probabilities(experiment, tallies, 0.1, draws=200)
    assert shares.sum() == pytest.approx(1)
    assert shares.min() >= 0.1 - 1e-12


def test_a_posterior_of_means_tells_the_better_and_the_cost_of_the_worse():
    metric = experiment_of().metric.model_copy(update={"kind": "continuous"})
    squares = [500 * (1 + 10.0**2), 500 * (1 + 10.3**2)]
    beliefs = believe(metric, [Tally(500, 5000, squares[0]), Tally(500, 5150, squares[1])])
    drawn = draw_all(beliefs)
    assert best_probabilities(drawn)[1] > 0.99
    assert expected_losses(drawn)[0] == pytest.approx(0.3, abs=0.02)
    low, high = beliefs[0].interval(0.95)
    assert low < 10 < high
    assert high - low == pytest.approx(4 * 1 / math.sqrt(500), rel=0.05)


def test_scores_are_unbiased_under_skewed_assignment():
    dice = np.random.default_rng(5)
    chance = np.where(np.arange(40_000) < 20_000, 0.9, 0.1)
    arm = (dice.random(40_000) >= chance).astype(int)
    rate = np.where(np.arange(40_000) < 20_000, 0.3, 0.1)  # drifts: plain means mislead
    value = (dice.random(40_000) < rate).astype(float)
    propensity = np.where(arm == 0, chance, 1 - chance)
    log = log_of(arm.tolist(), value.tolist(), propensity.tolist())
    plain = [value[arm == place].mean() for place in (0, 1)]
    assert plain[0] - plain[1] > 0.1
    means = unit_scores(log).mean(axis=0)
    assert means == pytest.approx([0.2, 0.2], abs=0.02)


def test_the_sequence_narrows_and_tells_how_many_units_it_needs():
    widths = [half_width(n, 0.05, 5000) for n in (100, 1000, 10_000, 100_000)]
    assert widths == sorted(widths, reverse=True)
    assert widths[2] > 1.96 / math.sqrt(10_000)
    needed = units_for(0.3, 0.02, 0.05, 5000)
    assert needed is not None
    assert 0.3 * half_width(needed, 0.05, 5000) <= 0.02
    assert 0.3 * half_width(needed - 2, 0.05, 5000) > 0.02
    assert follow_mean(np.zeros(1), 0.05, 5000).high == math.inf


@pytest.mark.parametrize(("skew", "ok"), [(0.5, True), (0.42, False)])
def test_traffic_that_is_not_split_as_planned_is_found(skew: float, ok: bool):
    arm = (np.random.default_rng(2).random(6000) >= skew).astype(int)
    log = log_of(arm.tolist(), [0.0] * 6000)
    found = check_traffic(experiment_of(), log)
    assert found.ok is ok
    assert found.planned == {"a": 0.5, "b": 0.5}
    assert found.seen["a"] == pytest.approx(skew, abs=0.02)


def test_an_even_split_raises_no_alarm_however_often_it_is_looked_at():
    alarms = 0
    for seed in range(100):
        arm = np.random.default_rng(seed).integers(0, 2, 3000)
        alarms += any(
            not check_traffic(experiment_of(), log_of(arm[:n].tolist(), [0.0] * n)).ok
            for n in range(100, 3001, 300)
        )
    assert alarms <= 4


@pytest.mark.parametrize(("logged", "ok"), [(0.2, True), (0.5, False)])
def test_adaptive_units_have_to_fit_their_propensities(logged: float, ok: bool):
    experiment = experiment_of(policy=Thompson())
    arm = (np.random.default_rng(4).random(5000) < 0.2).astype(int)
    propensity = np.where(arm == 1, logged, 1 - logged)
    log = log_of(arm.tolist(), [0.0] * 5000, propensity.tolist())
    found = check_traffic(experiment, log)
    assert (found.ok, found.e_value, found.planned) == (ok, None, {})


def test_a_drawn_log_is_what_the_tests_take_it_for():
    log = drawn_log([0.1, 0.3], 4000)
    assert log.value[log.arm == 1].mean() == pytest.approx(0.3, abs=0.04)
