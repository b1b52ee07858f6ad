"""The units of experiments: whom a variant was shown, and what came of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Float, and_, case, cast, func, insert, select, true

from domain.experiment import Experiment, Exposure, Outcome
from domain.scope import Scope
from stores.clock import Clock, utc_now
from stores.sql import Database
from stores.tables import ExperimentUnitRow as Row

_AT_ONCE = 5_000
_IN_ONE_QUERY = 500


class UnitRecord(NamedTuple):
    """A unit as it is stored; `late`: its outcome happened after its window."""

    unit: str
    variant_id: str
    propensity: float
    context: dict[str, Any] | None
    exposed_at: datetime
    value: float | None
    outcome_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """The counted units of a variant: their number, and the sum and sum of squares of values."""

    units: int = 0
    total: float = 0.0
    squares: float = 0.0


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an exposure and an outcome that were to be recorded.

    `problem` says why nothing of it was.
    """

    exposed: bool = False
    outcome: bool = False
    corrected: bool = False
    late: bool = False
    problem: str | None = None


class ExperimentUnitStore:
    """Units by workspace and experiment."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def exposure(self, scope: Scope, experiment_id: str, unit: str) -> Exposure | None:
        """What a unit was given, None where it was given nothing yet."""
        with self._database.reading() as session:
            row = session.get(Row, (scope.workspace_id, experiment_id, unit))
            return None if row is None else _exposure(row)

    def expose(self, scope: Scope, experiment_id: str, exposure: Exposure) -> Exposure:
        """Note an exposure, or return the one that the unit had before."""
        with self._database.session() as session:
            known = session.get(Row, (scope.workspace_id, experiment_id, exposure.unit))
            if known is not None:
                return _exposure(known)
            stamp = {"actor": scope.actor, "created_at": self._clock()}
            session.add(Row(**_new(scope, experiment_id, exposure), **stamp))
        return exposure

    def record(
        self,
        scope: Scope,
        experiment: Experiment,
        given: Sequence[tuple[Exposure | None, Outcome | None]],
    ) -> list[Fate]:
        """Note exposures and outcomes in one transaction; a fate for each pair, in order.

        What is known already is left alone. An outcome takes the place of one that happened
        earlier; of two for one moment the first stays, and the other is refused.
        """
        now = self._clock()
        fates: list[Fate] = []
        fresh: dict[str, dict[str, Any]] = {}
        with self._database.session() as session:
            units = [_unit(*pair) for pair in given]
            known: dict[str, Row] = {}
            for start in range(0, len(units), _IN_ONE_QUERY):
                query = select(Row).where(
                    Row.workspace_id == scope.workspace_id,
                    Row.experiment_id == experiment.experiment_id,
                    Row.unit.in_(units[start : start + _IN_ONE_QUERY]),
                )
                known |= {row.unit: row for row in session.scalars(query)}
            for unit, (exposure, outcome) in zip(units, given, strict=True):
                held = fresh.get(unit) or _held(known.get(unit))
                changes, fate = _settle(experiment, held, exposure, outcome)
                fates.append(fate)
                if not changes:
                    continue
                if "value" in changes:
                    changes["outcome_by"] = scope.actor
                if unit in known:
                    for name, value in changes.items():
                        setattr(known[unit], name, value)
                elif held is not None:
                    held.update(changes)
                elif exposure is not None:
                    stamp = {"actor": scope.actor, "created_at": now}
                    made = _new(scope, experiment.experiment_id, exposure) | stamp
                    fresh[unit] = made | changes
            if fresh:
                session.execute(insert(Row), list(fresh.values()))
        return fates

    def tallies(self, scope: Scope, experiment: Experiment, as_of: datetime) -> dict[str, Tally]:
        """The counted units of each variant as of a time; a variant without any is left out."""
        counted, value = _counting(experiment, as_of)
        query = (
            select(
                Row.variant_id,
                func.count(),
                func.sum(value, type_=Float),
                func.sum(value * value, type_=Float),
            )
            .where(
                Row.workspace_id == scope.workspace_id,
                Row.experiment_id == experiment.experiment_id,
                counted,
            )
            .group_by(Row.variant_id)
        )
        with self._database.reading() as session:
            return {name: Tally(*sums) for name, *sums in session.execute(query)}

    def units(self, scope: Scope, experiment_id: str) -> Iterator[UnitRecord]:
        """Every unit of an experiment, some thousand in memory at once, in no set order."""
        query = (
            select(
                Row.unit,
                Row.variant_id,
                Row.propensity,
                Row.context,
                Row.exposed_at,
                Row.value,
                Row.outcome_at,
                Row.late,
            )
            .where(Row.workspace_id == scope.workspace_id, Row.experiment_id == experiment_id)
            .execution_options(yield_per=_AT_ONCE)
        )
        with self._database.reading() as session:
            for found in session.execute(query):
                yield UnitRecord(*found)


def window_of(experiment: Experiment) -> timedelta | None:
    """How long after its exposure a unit's outcome counts; None: however late."""
    hours = experiment.metric.window_hours
    return None if hours is None else timedelta(hours=hours)


def _counting(experiment: Experiment, as_of: datetime) -> tuple[Any, Any]:
    """SQL: which units count as of a time, and the value of each."""
    window = window_of(experiment)
    if window is None:
        return and_(Row.exposed_at <= as_of, Row.value.is_not(None)), Row.value
    in_time = and_(Row.value.is_not(None), Row.late.is_not(true()))
    return Row.exposed_at <= as_of - window, case((in_time, Row.value), else_=cast(0.0, Float))


def _unit(exposure: Exposure | None, outcome: Outcome | None) -> str:
    given = exposure or outcome
    if given is None:
        raise ValueError("neither an exposure nor an outcome")
    return given.unit


def _held(row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    names = ("variant_id", "exposed_at", "value", "outcome_at")
    return {name: getattr(row, name) for name in names}


def _settle(
    experiment: Experiment,
    held: dict[str, Any] | None,
    exposure: Exposure | None,
    outcome: Outcome | None,
) -> tuple[dict[str, Any], Fate]:
    """What changes in a unit's row, and its fate; what is new of an exposure is not listed."""
    if held is None and exposure is None:
        return {}, Fate(problem="there is no exposure of this unit")
    if held is not None and exposure is not None and exposure.variant_id != held["variant_id"]:
        return {}, Fate(problem=f"this unit was shown {held['variant_id']} before")
    base: dict[str, Any] = held or {}
    changes: dict[str, Any] = {}
    exposed = held is None
    if exposure is not None and exposed:
        base = {"exposed_at": exposure.at, "value": None, "outcome_at": None}
        changes = {"variant_id": exposure.variant_id}
    if outcome is None:
        return changes, Fate(exposed=exposed)
    if outcome.at < base["exposed_at"]:
        return {}, Fate(problem="the outcome happened before the exposure")
    before = base["value"]
    if before is not None and (before == outcome.value or outcome.at <= base["outcome_at"]):
        if before == outcome.value:
            return changes, Fate(exposed=exposed)
        return {}, Fate(problem=f"this unit's outcome was {before:g} at the same time or later")
    window = window_of(experiment)
    late = window is not None and outcome.at > base["exposed_at"] + window
    if before is not None and late:
        return {}, Fate(problem=f"a correction of {before:g} came after the window")
    changes |= {"value": outcome.value, "outcome_at": outcome.at, "late": late}
    corrected = before is not None
    return changes, Fate(exposed=exposed, outcome=not corrected, corrected=corrected, late=late)


def _new(scope: Scope, experiment_id: str, exposure: Exposure) -> dict[str, Any]:
    return {
        "workspace_id": scope.workspace_id,
        "experiment_id": experiment_id,
        "unit": exposure.unit,
        "variant_id": exposure.variant_id,
        "propensity": exposure.propensity,
        "context": exposure.context or None,
        "exposed_at": exposure.at,
        "value": None,
        "outcome_at": None,
        "late": False,
        "outcome_by": None,
    }


def _exposure(row: Row) -> Exposure:
    return Exposure(
        unit=row.unit,
        variant_id=row.variant_id,
        propensity=row.propensity,
        context=row.context or {},
        at=row.exposed_at,
    )
