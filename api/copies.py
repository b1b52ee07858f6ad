"""Copywriting jobs and the copies that they wrote."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from domain.compliance import JURISDICTIONS
from domain.copywriting import Copy, CopyBrief, StoredCopy
from domain.errors import NotFound
from domain.job import Job
from domain.pool import in_pool
from domain.scope import Scope
from graphs.deps import Deps
from tools.copy_briefs import check_brief
from tools.copy_platforms import find_jurisdictions
from tools.copy_staleness import find_staleness

router = APIRouter(prefix="/api/v1/copies", tags=["copy"], route_class=IdempotentRoute)


class AskedBrief(CopyBrief):
    """A brief with its free words bounded."""

    lang: str | None = Field(default=None, max_length=35)
    platform: str | None = Field(default=None, max_length=100)
    tone: str | None = Field(default=None, max_length=200)


class CopyRequest(BaseModel):
    """Which product to write for, and what."""

    model_config = ConfigDict(extra="forbid")

    product_id: str
    brief: AskedBrief = AskedBrief()


class CopyList(BaseModel):
    """Copies, newest first; `next_cursor` leads to the next page where there may be one."""

    copies: list[StoredCopy]
    next_cursor: str | None = None


@router.post("", status_code=202)
async def start_copy(wanted: CopyRequest, home: Home, caller: Caller) -> Job:
    """Start writing; the job's result names the copies."""
    check_brief(wanted.brief)
    await in_pool(home.deps_for(caller).catalog.get, caller, wanted.product_id)
    return await home.runner.submit(caller, "copy", wanted.model_dump(mode="json"))


@router.get("")
def list_copies(
    home: Home,
    caller: Caller,
    product_id: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> CopyList:
    """A page of the copies of a product, or of all."""
    deps = home.deps_for(caller)
    after = None if cursor is None else deps.copies.get(caller, cursor)
    found = deps.copies.list(caller, product_id, limit=limit, after=after)
    return CopyList(
        copies=[_stored(copy, deps, caller) for copy in found],
        next_cursor=found[-1].copy_id if len(found) == limit else None,
    )


@router.get("/{copy_id}")
def show_copy(copy_id: str, home: Home, caller: Caller) -> StoredCopy:
    """One copy with its claims and report."""
    deps = home.deps_for(caller)
    return _stored(deps.copies.get(caller, copy_id), deps, caller)


def _stored(copy: Copy, deps: Deps, caller: Scope) -> StoredCopy:
    try:
        document = deps.catalog.get(caller, copy.product_id)
    except NotFound:
        document = None
    jurisdictions = copy.jurisdictions or find_jurisdictions(copy.brief) or JURISDICTIONS
    stale = find_staleness(
        copy,
        document,
        packs=deps.packs().names(jurisdictions),
        overrides={o.override_id for o in deps.overrides.in_force(caller, copy.product_id)},
    )
    return StoredCopy(**dict(copy), stale=stale)
