"""Online experiments: plan, assign, record, report, stop, and what winners taught."""

import hashlib
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.byte_chunks import consume_in_pool
from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from domain.experiment import (
    Context,
    Experiment,
    ExperimentPlan,
    ExperimentStatus,
    Exposure,
    Feature,
    Recorded,
    RecordRow,
    UnitId,
)
from domain.experiment_report import (
    ExperimentReport,
    PolicyValue,
    StoppedExperiment,
    TargetPolicy,
    TemplateWeights,
    WeightChange,
)
from tools.experiments import read_csv

router = APIRouter(prefix="/api/v1", tags=["experiments"], route_class=IdempotentRoute)

MOST_ROWS = 10_000


class NewExperiment(ExperimentPlan):
    """A plan, and the id that the experiment is to have; one is made of its name."""

    experiment_id: str | None = None


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AssignRequest(_Request):
    """A unit that is to be shown a variant, and what is known of it."""

    unit: UnitId
    context: Context = Field(default_factory=dict[str, Feature])


class RecordRequest(_Request):
    """Exposures and outcomes; the same row sent again changes nothing."""

    rows: list[RecordRow] = Field(min_length=1, max_length=MOST_ROWS)


class UndoRequest(_Request):
    """Nothing is to be said."""


class StopRequest(_Request):
    """With `learn` a winner changes the weights of its industry."""

    learn: bool = True


class ExperimentList(BaseModel):
    """Experiments, the newest first."""

    experiments: list[Experiment]


class ImportedRows(Recorded):
    """What became of a file's rows, and the SHA-256 of its bytes."""

    sha256: str


class UndoneChanges(BaseModel):
    """The steps in weights that were taken back."""

    undone: tuple[WeightChange, ...]


@router.post("/experiments", status_code=201)
def create_experiment(plan: NewExperiment, home: Home, caller: Caller) -> Experiment:
    """Begin an experiment; its plan and the rule of its verdict never change afterwards."""
    return home.experiments.create(caller, plan, plan.experiment_id)


@router.get("/experiments")
def list_experiments(
    home: Home,
    caller: Caller,
    industry: str | None = None,
    status: ExperimentStatus | None = None,
) -> ExperimentList:
    """The experiments, the newest first."""
    found = home.experiments.list(caller, industry=industry, status=status)
    return ExperimentList(experiments=found)


@router.get("/experiments/{experiment_id}")
def read_experiment(experiment_id: str, home: Home, caller: Caller) -> Experiment:
    """An experiment's plan and status."""
    return home.experiments.get(caller, experiment_id)


@router.post("/experiments/{experiment_id}/assign")
def assign(experiment_id: str, wanted: AssignRequest, home: Home, caller: Caller) -> Exposure:
    """The variant of a unit, the same at every call; the first call is its exposure."""
    return home.experiments.assign(caller, experiment_id, wanted.unit, wanted.context)


@router.post("/experiments/{experiment_id}/records")
def record(experiment_id: str, sent: RecordRequest, home: Home, caller: Caller) -> Recorded:
    """Note exposures and outcomes; rows that do not fit are named, the others are noted."""
    return home.experiments.record(caller, experiment_id, enumerate(sent.rows, start=1))


@router.post("/experiments/{experiment_id}/import")
async def import_rows(
    experiment_id: str, request: Request, home: Home, caller: Caller
) -> ImportedRows:
    """Note the exposures and outcomes of a CSV file, the request's body, as it arrives.

    Columns: unit, and variant, propensity, exposed_at, value, outcome_at as far as there are any;
    every other column is a feature of the unit's context.
    """
    digest = hashlib.sha256()

    def take(chunks: Iterator[bytes]) -> Recorded:
        def hashed() -> Iterator[bytes]:
            for chunk in chunks:
                digest.update(chunk)
                yield chunk

        return home.experiments.record(caller, experiment_id, read_csv(hashed()))

    recorded = await consume_in_pool(request.stream(), take)
    return ImportedRows(**dict(recorded), sha256=digest.hexdigest())


@router.get("/experiments/{experiment_id}/report")
def report(
    experiment_id: str,
    home: Home,
    caller: Caller,
    as_of: Annotated[AwareDatetime | None, Query(description="an earlier time")] = None,
) -> ExperimentReport:
    """Estimates, the verdict, and what can and what cannot be concluded."""
    return home.experiments.report(caller, experiment_id, as_of)


@router.post("/experiments/{experiment_id}/evaluate")
def evaluate(experiment_id: str, target: TargetPolicy, home: Home, caller: Caller) -> PolicyValue:
    """What another way to choose variants would have brought, estimated from what was recorded."""
    return home.experiments.evaluate(caller, experiment_id, target)


@router.post("/experiments/{experiment_id}/stop")
def stop(experiment_id: str, wanted: StopRequest, home: Home, caller: Caller) -> StoppedExperiment:
    """Give out no more variants; outcomes of units that have one are still noted."""
    return home.experiments.stop(caller, experiment_id, teach=wanted.learn)


@router.post("/experiments/{experiment_id}/undo")
def undo(experiment_id: str, _wanted: UndoRequest, home: Home, caller: Caller) -> UndoneChanges:
    """Take back what was learnt from an experiment; the record of it stays."""
    return UndoneChanges(undone=home.experiments.undo(caller, experiment_id))


@router.get("/template-weights/{industry}")
def template_weights(industry: str, home: Home, caller: Caller) -> TemplateWeights:
    """What experiments taught of an industry's storylines."""
    return home.experiments.weights(caller, industry)
