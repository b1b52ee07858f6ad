"""Liveness, and what serves each model job; answers without loading a model."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from api.context import Home
from models.registry import survey

router = APIRouter(tags=["operation"])


class Health(BaseModel):
    """The answer of /health."""

    status: str
    version: str
    owner: dict[str, Any]
    models: list[dict[str, Any]]


@router.get("/health")
def health(home: Home) -> Health:
    """Whether the server is up, and which models are ready."""
    return Health(
        status="ok",
        version=home.version,
        owner={"pid": home.owner.pid, "command": home.owner.command},
        models=[item.as_dict() for item in survey(home.settings, home.models)],
    )
