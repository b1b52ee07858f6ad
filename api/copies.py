"""Copywriting jobs and the copies that they wrote."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from domain.copywriting import Copy, CopyBrief
from domain.job import Job
from domain.pool import in_pool

router = APIRouter(prefix="/api/v1/copies", tags=["copy"], route_class=IdempotentRoute)


class CopyRequest(BaseModel):
    """Which product to write for, and what."""

    model_config = ConfigDict(extra="forbid")

    product_id: str
    brief: CopyBrief = CopyBrief()


class CopyList(BaseModel):
    """Copies, newest first."""

    copies: list[Copy]


@router.post("", status_code=202)
async def start_copy(wanted: CopyRequest, home: Home, caller: Caller) -> Job:
    """Start writing; the job's result names the copies."""
    await in_pool(home.deps_for(caller).catalog.get, caller, wanted.product_id)
    return await home.runner.submit(caller, "copy", wanted.model_dump(mode="json"))


@router.get("")
def list_copies(home: Home, caller: Caller, product_id: str) -> CopyList:
    """The copies of a product."""
    return CopyList(copies=home.deps_for(caller).copies.list(caller, product_id))


@router.get("/{copy_id}")
def show_copy(copy_id: str, home: Home, caller: Caller) -> Copy:
    """One copy with its claims and report."""
    return home.deps_for(caller).copies.get(caller, copy_id)
