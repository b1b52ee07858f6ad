"""Running experiments: giving units their variants, recording, reporting, stopping."""

import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime

from domain.errors import StateConflict
from domain.experiment import (
    Context,
    Experiment,
    ExperimentPlan,
    ExperimentStatus,
    Exposure,
    Recorded,
    Thompson,
)
from domain.experiment_report import (
    ExperimentReport,
    PolicyValue,
    StoppedExperiment,
    TargetPolicy,
    TemplateWeights,
    WeightChange,
)
from domain.scope import Scope
from stores.clock import Clock, utc_now
from stores.experiment_units import ExperimentUnitStore
from stores.experiments import ExperimentStore
from tools.experiments.assignment import choose, point_of, shares_of
from tools.experiments.csv_rows import Read
from tools.experiments.judging import Judgement
from tools.experiments.learning import learn, sum_weights
from tools.experiments.off_policy import OffPolicy
from tools.experiments.recording import record_rows
from tools.experiments.reporting import write_report
from tools.experiments.unit_log import UnitLog, read_log


class ExperimentDesk:
    """Experiments of every workspace of a home."""

    def __init__(
        self,
        experiments: ExperimentStore,
        units: ExperimentUnitStore,
        clock: Clock = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._experiments = experiments
        self._units = units
        self._clock = clock
        self._monotonic = monotonic
        self._shares: dict[tuple[str, str], tuple[float, list[float]]] = {}
        self._lock = threading.Lock()

    def create(
        self, scope: Scope, plan: ExperimentPlan, experiment_id: str | None = None
    ) -> Experiment:
        """Begin an experiment.

        Raises:
            InvalidInput: the id cannot be one.
            StateConflict: there is an experiment of this id.
        """
        return self._experiments.create(scope, plan, experiment_id)

    def get(self, scope: Scope, experiment_id: str) -> Experiment:
        """An experiment by its id; NotFound where there is none."""
        return self._experiments.get(scope, experiment_id)

    def assign(
        self, scope: Scope, experiment_id: str, unit: str, context: Context | None = None
    ) -> Exposure:
        """The variant of a unit, the same at every call; the first call is logged as its exposure.

        Raises:
            NotFound: no such experiment.
            StateConflict: the experiment was stopped, and the unit has no variant.
        """
        experiment = self._experiments.get(scope, experiment_id)
        known = self._units.exposure(scope, experiment_id, unit)
        if known is not None:
            return known
        if experiment.status is ExperimentStatus.STOPPED:
            raise StateConflict(
                f"Experiment {experiment_id} was stopped; no unit is given a variant any more.",
                hint="Show the variant that its report names.",
            )
        shares = self._current_shares(scope, experiment)
        place = choose(shares, point_of(experiment_id, unit))
        exposure = Exposure(
            unit=unit,
            variant_id=experiment.variants[place].variant_id,
            propensity=min(1.0, shares[place]),
            context=context or {},
            at=self._clock(),
        )
        return self._units.expose(scope, experiment_id, exposure)

    def record(self, scope: Scope, experiment_id: str, rows: Iterable[Read]) -> Recorded:
        """Note rows of exposures and outcomes, some hundred at a time; bad rows are named.

        A row that was recorded before changes nothing, so rows may be sent again.

        Raises:
            NotFound: no such experiment.
        """
        experiment = self._experiments.get(scope, experiment_id)
        return record_rows(self._units, scope, experiment, rows, self._clock)

    def report(
        self, scope: Scope, experiment_id: str, as_of: datetime | None = None
    ) -> ExperimentReport:
        """What the experiment tells, now or as of an earlier time; NotFound where there is none."""
        experiment = self._experiments.get(scope, experiment_id)
        at = as_of or self._clock()
        changes = self._experiments.learnt(scope, experiment_id)
        return write_report(experiment, self._log(scope, experiment, at), at, changes)

    def evaluate(self, scope: Scope, experiment_id: str, target: TargetPolicy) -> PolicyValue:
        """What another way to choose variants would have brought, by what was recorded.

        Raises:
            NotFound: no such experiment.
            InvalidInput: it names what there is not, or nothing counts yet.
        """
        experiment = self._experiments.get(scope, experiment_id)
        log = self._log(scope, experiment, self._clock())
        name = f"by {target.feature}" if target.feature else "shares"
        return OffPolicy(log.only_counted()).value(name, target)

    def stop(self, scope: Scope, experiment_id: str, *, teach: bool = True) -> StoppedExperiment:
        """Give out no more variants; with `teach` a winner changes its industry's weights.

        Stopped a second time, it stays as it is.

        Raises:
            NotFound: no such experiment.
        """
        experiment = self._experiments.get(scope, experiment_id)
        now = self._clock()
        judgement = Judgement(experiment, self._log(scope, experiment, now))
        learnt: list[WeightChange] = []
        if teach and experiment.status is ExperimentStatus.RUNNING:
            learnt = learn(
                experiment, judgement.verdict, judgement.differences, actor=scope.actor, now=now
            )
        stopped = self._experiments.stop(scope, experiment_id, learnt)
        return StoppedExperiment(
            experiment=stopped,
            verdict=judgement.verdict,
            learnt=tuple(self._experiments.learnt(scope, experiment_id)),
        )

    def undo(self, scope: Scope, experiment_id: str) -> tuple[WeightChange, ...]:
        """Take back what was learnt from an experiment; NotFound where there is none."""
        return tuple(self._experiments.undo(scope, experiment_id))

    def weights(self, scope: Scope, industry: str) -> TemplateWeights:
        """The weights of an industry, and the steps that they are made of."""
        return sum_weights(industry, self._experiments.weights(scope, industry))

    def _log(self, scope: Scope, experiment: Experiment, as_of: datetime) -> UnitLog:
        return read_log(experiment, self._units.units(scope, experiment.experiment_id), as_of)

    def _current_shares(self, scope: Scope, experiment: Experiment) -> list[float]:
        if not isinstance(experiment.policy, Thompson):
            return shares_of(experiment, {})
        key = (scope.workspace_id, experiment.experiment_id)
        with self._lock:
            made, shares = self._shares.get(key, (-1e18, []))
            if self._monotonic() - made >= experiment.policy.renew_seconds:
                tallies = self._units.tallies(scope, experiment, self._clock())
                shares = shares_of(experiment, tallies)
                self._shares[key] = (self._monotonic(), shares)
            return shares

    def list(
        self, scope: Scope, *, industry: str | None = None, status: ExperimentStatus | None = None
    ) -> list[Experiment]:
        """Experiments, the newest first."""
        return self._experiments.list(scope, industry=industry, status=status)
