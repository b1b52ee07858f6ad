"""The units of an experiment as columns, in the order in which they were exposed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.experiment import Experiment
from stores.experiment_units import UnitRecord, window_of

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
Contexts = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class UnitLog:
    """A row for each exposed unit, the earliest first.

    `arm` is the place of its variant among the experiment's `names`, `value` its outcome (0 where
    its window ended without one, NaN where it is waited for), `counted` whether it counts, `late`
    whether an outcome came after the window. `contexts` is empty where nothing is known of any.
    """

    names: tuple[str, ...]
    arm: Whole
    propensity: Floats
    value: Floats
    counted: Flags
    late: Flags
    contexts: Contexts = ()

    @property
    def arms(self) -> int:
        """How many variants there are."""
        return len(self.names)

    @property
    def size(self) -> int:
        """How many units were exposed."""
        return len(self.arm)

    def only_counted(self) -> "UnitLog":
        """The log of the units that count."""
        keep = self.counted
        contexts: Contexts = [
            context for context, kept in zip(self.contexts, keep.tolist(), strict=False) if kept
        ]
        return UnitLog(
            self.names,
            self.arm[keep],
            self.propensity[keep],
            self.value[keep],
            keep[keep],
            self.late[keep],
            contexts,
        )


def read_log(experiment: Experiment, units: Iterable[UnitRecord], as_of: datetime) -> UnitLog:
    """The units that were exposed by `as_of`, and what counts of them then.

    With a window a unit counts from its window's end on, whether its outcome came early or late in
    it or not at all: if those with an outcome counted at once, they would be too many.
    """
    places = {variant.variant_id: n for n, variant in enumerate(experiment.variants)}
    window = window_of(experiment)
    ripe = None if window is None else (as_of - window).timestamp()
    until = as_of.timestamp()
    names: list[str] = []
    columns: list[tuple[float, int, float, float, bool]] = []
    contexts: list[dict[str, Any]] = []
    for unit in units:
        at = unit.exposed_at.timestamp()
        if at > until:
            continue
        value = _value(unit, as_of)
        columns.append((at, places[unit.variant_id], unit.propensity, value, unit.late))
        names.append(unit.unit)
        contexts.append(unit.context or {})
    table = np.array(columns, dtype=np.float64).reshape(-1, 5)
    order: Whole = np.lexsort((np.array(names, dtype=np.str_), table[:, 0]))
    table = table[order]
    value, late = table[:, 3], table[:, 4] > 0
    if ripe is None:
        counted = ~np.isnan(value)
    else:
        counted = table[:, 0] <= ripe
        value = np.where(counted & (np.isnan(value) | late), 0.0, value)
    places_in_order: list[int] = order.tolist()
    in_order = [contexts[n] for n in places_in_order]
    return UnitLog(
        tuple(places),
        table[:, 1].astype(np.int64),
        table[:, 2],
        value,
        counted,
        late,
        in_order if any(contexts) else [],
    )


def _value(unit: UnitRecord, as_of: datetime) -> float:
    """The outcome as it was known at a time, NaN where there was none."""
    if unit.value is None or unit.outcome_at is None or unit.outcome_at > as_of:
        return float("nan")
    return unit.value
