"""An experiment from its plan to what it taught: assigned, recorded, reported, stopped, undone."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import pytest

from domain.errors import InvalidInput, NotFound, StateConflict
from domain.experiment import Metric, RecordRow, Thompson
from domain.experiment_report import VerdictKind
from domain.recording import SpeechTag
from domain.scope import Scope
from stores.experiment_units import ExperimentUnitStore
from stores.experiments import ExperimentStore
from stores.sql import Database
from tests.fakes.experiments import START, plan_of, storyline
from tools.experiments import ExperimentDesk, read_csv

STRANGER = Scope("other", "eve")
LATER = START + timedelta(days=30)


class _Clock:
    now = LATER

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def desk(database: Database, clock: _Clock) -> ExperimentDesk:
    store = ExperimentStore(database, clock)
    return ExperimentDesk(store, ExperimentUnitStore(database, clock), clock)


def _csv(text: str) -> Iterator[bytes]:
    """The file in pieces that end anywhere."""
    data = text.encode()
    return (data[n : n + 7] for n in range(0, len(data), 7))


def _won(units: int = 6000) -> Iterator[tuple[int, RecordRow]]:
    dice = np.random.default_rng(1)
    for n in range(units):
        arm = int(dice.integers(0, 2))
        value = float(dice.random() < (0.1, 0.2)[arm])
        at = START + timedelta(minutes=n)
        yield n, RecordRow(unit=f"u{n}", variant="ab"[arm], value=value, exposed_at=at)


def test_a_unit_keeps_its_variant(desk: ExperimentDesk, scope: Scope):
    made = desk.create(scope, plan_of(), "opening")
    first = [desk.assign(scope, "opening", f"u{n}", {"device": "phone"}) for n in range(60)]
    again = [desk.assign(scope, "opening", f"u{n}") for n in range(60)]
    assert again == first
    assert {one.variant_id for one in first} == {"a", "b"}
    assert {one.propensity for one in first} == {0.5}
    assert desk.get(scope, "opening") == made


def test_thompson_follows_what_comes_in(desk: ExperimentDesk, scope: Scope):
    policy = Thompson(floor=0.1, renew_seconds=0)
    desk.create(scope, plan_of(policy=policy), "opening")
    assert desk.assign(scope, "opening", "first").propensity == 0.5
    rows = [
        RecordRow(unit=f"u{n}", variant="ab"[n % 2], propensity=0.5, value=float(n % 2))
        for n in range(200)
    ]
    desk.record(scope, "opening", enumerate(rows))
    given = [desk.assign(scope, "opening", f"v{n}") for n in range(100)]
    assert sum(one.variant_id == "b" for one in given) > 75
    for one in given:
        assert one.propensity == pytest.approx(0.9 if one.variant_id == "b" else 0.1, abs=1e-3)


def test_rows_sent_again_change_nothing(desk: ExperimentDesk, scope: Scope):
    desk.create(scope, plan_of(), "opening")
    first = desk.record(scope, "opening", _won(500))
    assert (first.rows, first.exposures, first.outcomes, first.refused_rows) == (500, 500, 500, 0)
    before = desk.report(scope, "opening")
    again = desk.record(scope, "opening", _won(500))
    assert (again.exposures, again.outcomes, again.known) == (0, 0, 500)
    assert desk.report(scope, "opening") == before


def test_bad_rows_are_named_and_the_others_kept(desk: ExperimentDesk, scope: Scope):
    desk.create(scope, plan_of(), "opening")
    found = desk.record(
        scope,
        "opening",
        read_csv(
            _csv(
                "unit,variant,exposed_at,value,propensity,device\n"
                "u1,a,2026-03-01T10:00:00Z,1,,phone\n"
                "u2,z,,1,,\n"
                "u3,a,yesterday,1,,\n"
                "u4,b,,2,,\n"
                "u5,b,,1,0.7,\n"
                "u6,,,1,,\n"
                ",a,,1,,\n"
                "u7,a,,1\n"
                "u1,b,,,,\n"
                "u8,b,2199-01-01,,,\n"
                '"u9 ""x""",b,2026-03-01 10:00,0,0.5,12\n'
                "u10,a,,nan,,\n"
                "\n"
            )
        ),
    )
    told = {refused.row: refused.problem for refused in found.refused}
    assert list(told) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 13]
    assert "no variant 'z'; there are a, b" in told[3]
    assert "'yesterday' is no time" in told[4]
    assert "neither 0 nor 1" in told[5]
    assert "the plan gives it 0.5" in told[6]
    assert "no exposure" in told[7]
    assert "unit" in told[8]
    assert told[9] == "4 cells under 6 columns"
    assert "was shown a before" in told[10]
    assert "in the future" in told[11]
    assert "value" in told[13]
    assert (found.rows, found.exposures, found.refused_rows) == (12, 2, 10)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "first line"),
        (b"unit,device\nu1,phone\n", "first line"),
        (b"unit,value,value\nu1,1,1\n", "two columns"),
        ("unit,value\nü,1\n".encode("latin-1"), "UTF-8"),
        (b"unit,value\n" + b"x" * 70_000, "line has more"),
    ],
)
def test_what_is_no_such_file_is_refused(
    desk: ExperimentDesk, scope: Scope, data: bytes, told: str
):
    desk.create(scope, plan_of(), "opening")
    with pytest.raises(InvalidInput, match=told):
        desk.record(scope, "opening", read_csv([data]))


def test_semicolons_tabs_and_a_byte_order_mark_are_read(desk: ExperimentDesk, scope: Scope):
    desk.create(scope, plan_of(), "opening")
    data = "\ufeffunit;variant;value\r\nu1;a;1\r\n"
    assert desk.record(scope, "opening", read_csv(_csv(data))).outcomes == 1
    assert desk.record(scope, "opening", read_csv(_csv(data.replace(";", "\t")))).known == 1


def test_with_a_window_silence_counts_once_it_is_over(
    desk: ExperimentDesk, scope: Scope, clock: _Clock
):
    metric = Metric(kind="binary", name="order", smallest_effect=0.02, window_hours=24)
    desk.create(scope, plan_of(metric=metric), "opening")
    clock.now = START + timedelta(hours=30)
    rows = [
        RecordRow(unit="early", variant="a", exposed_at=START),
        RecordRow(unit="silent", variant="a", exposed_at=START),
        RecordRow(unit="tardy", variant="b", exposed_at=START),
        RecordRow(unit="fresh", variant="b", exposed_at=START + timedelta(hours=29), value=1),
        RecordRow(unit="early", value=1, outcome_at=START + timedelta(hours=1)),
        RecordRow(unit="tardy", value=1, outcome_at=START + timedelta(hours=25)),
    ]
    found = desk.record(scope, "opening", enumerate(rows))
    assert (found.late, found.refused) == (1, ())
    report = desk.report(scope, "opening")
    a, b = report.estimates
    assert (report.counted, report.waiting) == (3, 1)
    assert (a.mean, a.counted, b.mean, b.late) == (0.5, 2, 0.0, 1)
    clock.now += timedelta(days=2)
    assert desk.report(scope, "opening").estimates[1].mean == 0.5
    earlier = desk.report(scope, "opening", START + timedelta(hours=23))
    assert (earlier.counted, earlier.waiting) == (0, 3)


def test_a_later_outcome_corrects_an_earlier_one(desk: ExperimentDesk, scope: Scope):
    metric = Metric(kind="continuous", name="revenue", smallest_effect=1)
    desk.create(scope, plan_of(metric=metric), "opening")

    def send(value: float, hours: int, variant: str | None = None) -> tuple[int, int, int]:
        at = START + timedelta(hours=hours)
        exposed = START if variant else None
        row = RecordRow(unit="u", variant=variant, exposed_at=exposed, value=value, outcome_at=at)
        found = desk.record(scope, "opening", [(1, row)])
        return found.outcomes, found.corrected, found.refused_rows

    assert send(30, 1, "a") == (1, 0, 0)
    assert send(30, 5) == (0, 0, 0)
    assert send(12.5, 6) == (0, 1, 0)
    assert send(99, 2) == (0, 0, 1)
    assert send(9, -1) == (0, 0, 1)
    assert desk.report(scope, "opening").estimates[0].mean == 12.5


def test_a_winner_changes_weights_until_that_is_undone(desk: ExperimentDesk, scope: Scope):
    variants = (storyline("a", SpeechTag.GREETING), storyline("b", SpeechTag.PAIN_POINT))
    desk.create(scope, plan_of(variants=variants, industry="beauty"), "opening")
    desk.record(scope, "opening", _won())
    stopped = desk.stop(scope, "opening")
    assert stopped.verdict.winner == "b"
    weights = desk.weights(scope, "beauty")
    assert weights.templates["pain_point"] > 0 > weights.templates["greeting"]
    assert desk.report(scope, "opening").weights == stopped.learnt
    assert desk.stop(scope, "opening").learnt == stopped.learnt
    assert desk.weights(Scope("other"), "beauty").changes == ()
    undone = desk.undo(scope, "opening")
    assert len(undone) == len(stopped.learnt)
    assert {change.undone_by for change in undone} == {"ana"}
    assert desk.undo(scope, "opening") == ()
    assert desk.weights(scope, "beauty").bigrams == {}
    assert len(desk.weights(scope, "beauty").changes) == len(undone)


def test_a_stopped_experiment_takes_outcomes_but_no_units(
    desk: ExperimentDesk, scope: Scope, clock: _Clock
):
    desk.create(scope, plan_of(), "opening")
    before = desk.assign(scope, "opening", "u1")
    assert desk.stop(scope, "opening").verdict.kind is VerdictKind.NOT_ENOUGH_DATA
    clock.now += timedelta(hours=2)
    assert desk.assign(scope, "opening", "u1") == before
    with pytest.raises(StateConflict, match="stopped"):
        desk.assign(scope, "opening", "u2")
    rows = [RecordRow(unit="u1", value=1), RecordRow(unit="u3", variant="a")]
    found = desk.record(scope, "opening", enumerate(rows))
    assert (found.outcomes, found.refused_rows) == (1, 1)
    assert "after the experiment stopped" in found.refused[0].problem


def test_late_outcomes_that_turn_a_verdict_are_told(desk: ExperimentDesk, scope: Scope):
    variants = (storyline("a", SpeechTag.GREETING), storyline("b", SpeechTag.PAIN_POINT))
    desk.create(scope, plan_of(variants=variants), "opening")
    desk.record(scope, "opening", _won())
    desk.stop(scope, "opening")
    rows = [
        RecordRow(unit=row.unit, value=0, outcome_at=LATER - timedelta(days=1))
        for _, row in _won()
        if row.variant == "b" and row.value
    ][:330]
    assert desk.record(scope, "opening", enumerate(rows)).corrected == 330
    report = desk.report(scope, "opening")
    assert report.verdict.winner != "b"
    assert any("livecue experiment undo opening" in line for line in report.cannot)


def test_experiments_belong_to_their_workspace(desk: ExperimentDesk, scope: Scope):
    desk.create(scope, plan_of(), "opening")
    desk.create(STRANGER, plan_of(), "opening")
    desk.assign(STRANGER, "opening", "u1")
    assert desk.report(scope, "opening").estimates[0].exposed == 0
    assert desk.get(STRANGER, "opening").actor == "eve"
    assert [one.experiment_id for one in desk.list(scope)] == ["opening"]
    with pytest.raises(StateConflict, match="opening"):
        desk.create(scope, plan_of(), "opening")
    with pytest.raises(NotFound, match="nothing"):
        desk.report(scope, "nothing")
