"""The made-up worlds have the truth that they say, and the measure counts what it should."""

import numpy as np
import pytest

from domain.experiment_report import TargetPolicy
from evals.experiment_worlds import DAYS, DIFFERENT, NULLS, UNITS_A_DAY, World, live_through
from evals.experiments import measure
from evals.logged_policies import LoggedWorld, draw_log


@pytest.mark.parametrize("world", [*NULLS, *DIFFERENT], ids=lambda world: world.name)
def test_a_world_is_as_it_says(world: World):
    last = list(live_through(world, np.random.default_rng(2)))[-1]
    counted = last.log.only_counted()
    assert last.log.size == DAYS * UNITS_A_DAY
    weights = [(counted.arm == arm) / counted.propensity for arm in range(world.arms)]
    means = [float((weight * counted.value).sum() / weight.sum()) for weight in weights]
    spread = max(world.spread * float(last.truth.max()), 0.5)
    assert means == pytest.approx(last.truth.tolist(), abs=6 * spread / np.sqrt(300))


def test_a_log_has_the_true_value_and_misleads_at_first_sight():
    world = LoggedWorld(units=60_000)
    target = TargetPolicy(feature="device", choices={"phone": "v1"}, otherwise="v0")
    log = draw_log(world, np.random.default_rng(4))
    chosen = np.array([1 if context["device"] == "phone" else 0 for context in log.contexts])
    as_chosen = log.arm == chosen
    weighted = float((as_chosen * log.value / log.propensity).mean())
    assert weighted == pytest.approx(world.value_of(target), abs=0.01)
    plain = float(log.value[as_chosen].mean())
    assert plain == pytest.approx(world.naive_value(target), abs=0.01)


def test_the_same_seed_measures_the_same():
    first, again = measure(simulations=2), measure(simulations=2)
    assert [report.measures for report in first] == [report.measures for report in again]
    assert [report.rows for report in first] == [2 * len(NULLS), 2 * len(DIFFERENT), 2, 2]
    assert all(report.missing is None for report in first)
