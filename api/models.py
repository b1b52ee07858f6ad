"""The models that serve each job, and fetching their files."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from domain.errors import InvalidInput
from domain.job import Job
from models.registry import survey
from tools.fingerprints import fingerprint

router = APIRouter(prefix="/api/v1/models", tags=["models"], route_class=IdempotentRoute)


class ModelList(BaseModel):
    """What serves each job."""

    models: list[dict[str, Any]]


class PullRequest(BaseModel):
    """Which model files to fetch; empty means all that the settings need."""

    model_config = ConfigDict(extra="forbid")

    names: list[str] = []


@router.get("")
def list_models(home: Home) -> ModelList:
    """Name, state, path and licence per job."""
    return ModelList(models=[item.as_dict() for item in survey(home.settings, home.models)])


@router.post("/pull", status_code=202)
async def pull_models(wanted: PullRequest, home: Home, caller: Caller) -> Job:
    """Fetch and verify model files as a job."""
    names, known = sorted(set(wanted.names)), home.models.names()
    if unknown := [name for name in names if name not in known]:
        raise InvalidInput(
            f"no model is called {', '.join(map(repr, unknown))}", hint=f"known: {', '.join(known)}"
        )
    return await home.runner.submit(
        caller, "pull_models", {"names": names}, fingerprint=fingerprint("pull", names)
    )
