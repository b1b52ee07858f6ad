"""What the experiment stores promise, whatever order things come in."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import InvalidInput, NotFound, StateConflict
from domain.experiment import Exposure, Outcome
from domain.scope import Scope
from stores.experiment_units import ExperimentUnitStore
from stores.experiments import ExperimentStore
from stores.sql import Database
from tests.fakes.experiments import START, plan_of
from tools.experiments import read_log
from tools.experiments.reporting import tally_log

UNITS = st.sampled_from(["u1", "u2", "u3", "u4"])


def exposed(unit: str, variant: str = "a", at: datetime = START) -> Exposure:
    return Exposure(unit=unit, variant_id=variant, propensity=0.5, at=at)


def test_an_experiment_comes_back_as_it_was_made(database: Database, scope: Scope):
    store = ExperimentStore(database)
    made = store.create(scope, plan_of(), "one")
    assert store.get(scope, "one") == made
    assert (made.actor, made.status.value) == ("ana", "running")
    assert store.create(scope, plan_of()).experiment_id.startswith("opening-lines-")
    assert len(store.list(scope)) == 2
    assert store.list(scope, industry="beauty") == []
    with pytest.raises(StateConflict):
        store.create(scope, plan_of(), "one")
    with pytest.raises(InvalidInput):
        store.create(scope, plan_of(), "../one")
    with pytest.raises(NotFound):
        store.get(Scope("other"), "one")
    stopped = store.stop(scope, "one")
    assert store.stop(Scope("shop", "bo"), "one") == stopped
    assert stopped.stopped_by == "ana"


def test_a_unit_is_exposed_once(database: Database, scope: Scope):
    experiment = ExperimentStore(database).create(scope, plan_of(), "one")
    units = ExperimentUnitStore(database)
    first = units.expose(scope, "one", exposed("u1"))
    assert units.expose(scope, "one", exposed("u1", "b")) == first
    assert units.exposure(Scope("other"), "one", "u1") is None
    fates = units.record(
        scope,
        experiment,
        [
            (exposed("u1", "b"), None),
            (exposed("u2"), None),
            (exposed("u2"), Outcome(unit="u2", value=1, at=START)),
            (None, Outcome(unit="u3", value=1, at=START)),
        ],
    )
    assert [fate.problem is None for fate in fates] == [False, True, True, False]
    assert [fate.exposed for fate in fates] == [False, True, False, False]
    assert fates[2].outcome


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.tuples(UNITS, st.sampled_from("ab"), st.booleans(), st.integers(0, 3)), max_size=12)
)
def test_batches_of_any_size_store_the_same(
    database: Database, scope: Scope, rows: list[tuple[str, str, bool, int]]
):
    given_rows = [
        (
            exposed(unit, variant),
            Outcome(unit=unit, value=float(hour % 2), at=START + timedelta(hours=hour))
            if has_outcome
            else None,
        )
        for unit, variant, has_outcome, hour in rows
    ]
    store, units = ExperimentStore(database), ExperimentUnitStore(database)
    together, apart = store.create(scope, plan_of()), store.create(scope, plan_of())
    fates = units.record(scope, together, given_rows)
    one_by_one = [units.record(scope, apart, [row])[0] for row in given_rows]
    assert fates == one_by_one
    seen = [
        sorted(units.units(scope, one.experiment_id), key=lambda unit: unit.unit)
        for one in (together, apart)
    ]
    assert seen[0] == seen[1]


@pytest.mark.parametrize("window", [None, 2.0])
def test_the_tallies_are_those_of_the_log(database: Database, scope: Scope, window: float | None):
    plan = plan_of()
    metric = plan.metric.model_copy(update={"window_hours": window})
    experiment = ExperimentStore(database).create(
        scope, plan.model_copy(update={"metric": metric}), "one"
    )
    units = ExperimentUnitStore(database)
    rows = [
        (
            exposed(f"u{n}", "ab"[n % 2], START + timedelta(hours=n)),
            Outcome(unit=f"u{n}", value=float(n % 3 == 0), at=START + timedelta(hours=n + n % 4))
            if n % 5
            else None,
        )
        for n in range(40)
    ]
    units.record(scope, experiment, rows)
    as_of = START + timedelta(hours=30 if window else 90)
    log = read_log(experiment, units.units(scope, "one"), as_of).only_counted()
    tallies = units.tallies(scope, experiment, as_of)
    assert [tallies[name] for name in log.names] == tally_log(log)
    assert sum(tally.units for tally in tallies.values()) == (29 if window else 32)
