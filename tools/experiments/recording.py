"""Exposures and outcomes from outside, checked against the plan, stored in batches."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from domain.errors import InvalidInput
from domain.experiment import (
    Experiment,
    Exposure,
    Outcome,
    Recorded,
    RecordRow,
    RefusedRow,
)
from domain.scope import Scope
from stores.clock import Clock
from stores.experiment_units import ExperimentUnitStore, Fate
from tools.experiments.csv_rows import Read

AT_ONCE = 1_000
"""Rows that are in memory, and in one transaction, at once."""

MOST_TOLD = 50
"""Refused rows that are named; the others are counted."""

_SAME = 1e-6


def record_rows(
    units: ExperimentUnitStore,
    scope: Scope,
    experiment: Experiment,
    rows: Iterable[Read],
    clock: Clock,
) -> Recorded:
    """Store what the rows say; what does not fit the plan is named, and the others are stored."""
    counts: dict[str, int] = {}
    told: list[RefusedRow] = []
    source = iter(rows)
    while batch := list(islice(source, AT_ONCE)):
        counts["rows"] = counts.get("rows", 0) + len(batch)
        for refused in _record_batch(units, scope, experiment, batch, clock(), counts):
            counts["refused_rows"] = counts.get("refused_rows", 0) + 1
            if len(told) < MOST_TOLD:
                told.append(refused)
    told.sort(key=lambda refused: refused.row)
    return Recorded.model_validate({**counts, "refused": told})


def _record_batch(
    units: ExperimentUnitStore,
    scope: Scope,
    experiment: Experiment,
    batch: list[Read],
    now: datetime,
    counts: dict[str, int],
) -> Iterator[RefusedRow]:
    places: list[tuple[int, str]] = []
    pairs: list[tuple[Exposure | None, Outcome | None]] = []
    for number, row in batch:
        if isinstance(row, RefusedRow):
            yield row
            continue
        try:
            pairs.append(_pair(experiment, row, now))
            places.append((number, row.unit))
        except InvalidInput as error:
            yield RefusedRow(row=number, unit=row.unit, problem=error.message)
    fates = units.record(scope, experiment, pairs)
    for (number, unit), fate in zip(places, fates, strict=True):
        _count(fate, counts)
        if fate.problem is not None:
            yield RefusedRow(row=number, unit=unit, problem=fate.problem)


def _count(fate: Fate, counts: dict[str, int]) -> None:
    new = fate.exposed or fate.outcome or fate.corrected
    happened = {
        "exposures": fate.exposed,
        "outcomes": fate.outcome,
        "corrected": fate.corrected,
        "late": fate.late,
        "known": not new and fate.problem is None,
    }
    for name, did in happened.items():
        counts[name] = counts.get(name, 0) + did


def _pair(
    experiment: Experiment, row: RecordRow, now: datetime
) -> tuple[Exposure | None, Outcome | None]:
    """What a row says, checked against the plan.

    Raises:
        InvalidInput: it does not fit the plan.
    """
    exposure = _exposure(experiment, row, now) if row.variant is not None else None
    if row.value is None:
        return exposure, None
    if experiment.metric.kind == "binary" and row.value not in (0, 1):
        raise _misfit(f"the value {row.value:g} of a binary metric is neither 0 nor 1")
    at = row.outcome_at or (row.exposed_at if exposure else None) or now
    if at > now:
        raise _misfit(f"its outcome lies in the future, at {at.isoformat()}")
    return exposure, Outcome(unit=row.unit, value=row.value, at=at)


def _exposure(experiment: Experiment, row: RecordRow, now: datetime) -> Exposure:
    name = row.variant or ""
    if experiment.variant(name) is None:
        known = ", ".join(variant.variant_id for variant in experiment.variants)
        raise _misfit(f"there is no variant {name[:80]!r}; there are {known}")
    planned = experiment.share_of(name)
    propensity = row.propensity or planned
    if propensity is None:
        raise _misfit("under adaptive assignment an exposure needs its propensity")
    if planned is not None and abs(propensity - planned) > _SAME:
        raise _misfit(f"its propensity is {propensity:g}, but the plan gives it {planned:g}")
    at = row.exposed_at or now
    if at > now:
        raise _misfit(f"it was exposed in the future, at {at.isoformat()}")
    if experiment.stopped_at is not None and at > experiment.stopped_at:
        raise _misfit(f"it was exposed after the experiment stopped, at {at.isoformat()}")
    return Exposure(
        unit=row.unit, variant_id=name, propensity=propensity, context=row.context, at=at
    )


def _misfit(problem: str) -> InvalidInput:
    return InvalidInput(problem, hint="see the experiment's plan: livecue experiment report")
