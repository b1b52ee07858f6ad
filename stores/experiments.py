"""Experiments as they were planned, and the weights that their winners changed."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, select, update

from domain.errors import NotFound, StateConflict
from domain.experiment import Experiment, ExperimentPlan, ExperimentStatus
from domain.experiment_report import WeightChange
from domain.scope import Scope
from stores.clock import Clock, utc_now
from stores.ids import checked_id, readable_id
from stores.sql import Database
from stores.tables import ExperimentRow, TemplateWeightRow


class ExperimentStore:
    """Experiments by workspace."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def create(
        self, scope: Scope, plan: ExperimentPlan, experiment_id: str | None = None
    ) -> Experiment:
        """Begin an experiment, under `experiment_id` or an id made of its name.

        Raises:
            InvalidInput: the id cannot be one.
            StateConflict: there is an experiment of this id.
        """
        ident = checked_id(experiment_id or readable_id(plan.name), "experiment id")
        row = ExperimentRow(
            workspace_id=scope.workspace_id,
            actor=scope.actor,
            created_at=self._clock(),
            experiment_id=ident,
            industry=plan.industry,
            status=ExperimentStatus.RUNNING.value,
            document=ExperimentPlan.model_validate(
                {name: getattr(plan, name) for name in ExperimentPlan.model_fields}
            ).model_dump(mode="json"),
        )
        with self._database.session() as session:
            if session.get(ExperimentRow, (scope.workspace_id, ident)) is not None:
                raise StateConflict(
                    f"There is an experiment {ident} already.",
                    hint="Give another id; a running experiment's plan never changes.",
                )
            session.add(row)
        return _experiment(row)

    def get(self, scope: Scope, experiment_id: str) -> Experiment:
        """An experiment by its id.

        Raises:
            NotFound: no such experiment.
        """
        with self._database.reading() as session:
            row = session.get(ExperimentRow, (scope.workspace_id, experiment_id))
            if row is None:
                raise _unknown(experiment_id)
            return _experiment(row)

    def stop(
        self, scope: Scope, experiment_id: str, learnt: Sequence[WeightChange] = ()
    ) -> Experiment:
        """Let no further unit be exposed, and keep what was learnt, in one step.

        An experiment that was stopped before stays as it is, and nothing more is learnt from it.

        Raises:
            NotFound: no such experiment.
        """
        with self._database.session() as session:
            row = session.get(ExperimentRow, (scope.workspace_id, experiment_id))
            if row is None:
                raise _unknown(experiment_id)
            if row.status == ExperimentStatus.RUNNING.value:
                row.status = ExperimentStatus.STOPPED.value
                row.stopped_at = self._clock()
                row.stopped_by = scope.actor
                session.flush()
                session.add_all(
                    TemplateWeightRow(workspace_id=scope.workspace_id, **change.model_dump())
                    for change in learnt
                )
            return _experiment(row)

    def undo(self, scope: Scope, experiment_id: str) -> list[WeightChange]:
        """Take back what was learnt from an experiment; the steps that were in force until now.

        Raises:
            NotFound: no such experiment.
        """
        self.get(scope, experiment_id)
        with self._database.session() as session:
            query = (
                update(TemplateWeightRow)
                .where(
                    TemplateWeightRow.workspace_id == scope.workspace_id,
                    TemplateWeightRow.experiment_id == experiment_id,
                    TemplateWeightRow.undone_at.is_(None),
                )
                .values(undone_at=self._clock(), undone_by=scope.actor)
                .returning(TemplateWeightRow)
            )
            return _in_order(map(_change, session.scalars(query).all()))

    def learnt(self, scope: Scope, experiment_id: str) -> list[WeightChange]:
        """The steps that an experiment made, those that were taken back too."""
        return self._changes(scope, TemplateWeightRow.experiment_id == experiment_id)

    def weights(self, scope: Scope, industry: str) -> list[WeightChange]:
        """All steps of an industry, those that were taken back too."""
        return self._changes(scope, TemplateWeightRow.industry == industry)

    def _changes(self, scope: Scope, which: ColumnElement[bool]) -> list[WeightChange]:
        query = select(TemplateWeightRow).where(
            TemplateWeightRow.workspace_id == scope.workspace_id, which
        )
        with self._database.reading() as session:
            return _in_order(map(_change, session.scalars(query)))

    def list(
        self,
        scope: Scope,
        *,
        industry: str | None = None,
        status: ExperimentStatus | None = None,
    ) -> list[Experiment]:
        """Experiments, the newest first."""
        query = select(ExperimentRow).where(ExperimentRow.workspace_id == scope.workspace_id)
        if industry is not None:
            query = query.where(ExperimentRow.industry == industry)
        if status is not None:
            query = query.where(ExperimentRow.status == status.value)
        query = query.order_by(ExperimentRow.created_at.desc(), ExperimentRow.experiment_id)
        with self._database.reading() as session:
            return [_experiment(row) for row in session.scalars(query)]


def _unknown(experiment_id: str) -> NotFound:
    return NotFound(
        f"There is no experiment {experiment_id}.", hint="List them: livecue experiment list"
    )


def _in_order(changes: Iterable[WeightChange]) -> list[WeightChange]:
    found = sorted(changes, key=lambda change: (change.kind, -abs(change.delta), change.key))
    return sorted(found, key=lambda change: change.created_at, reverse=True)


def _experiment(row: ExperimentRow) -> Experiment:
    return Experiment.model_validate(
        row.document
        | {
            "experiment_id": row.experiment_id,
            "status": row.status,
            "actor": row.actor,
            "created_at": row.created_at,
            "stopped_at": row.stopped_at,
            "stopped_by": row.stopped_by,
        }
    )


def _change(row: TemplateWeightRow) -> WeightChange:
    return WeightChange.model_validate(
        {name: getattr(row, name) for name in WeightChange.model_fields}
    )
