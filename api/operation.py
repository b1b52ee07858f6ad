"""doctor: what is healthy, what is not, and the mend."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api.context import Caller, Home
from domain.pool import in_pool
from tools.diagnosis import Check, diagnose

router = APIRouter(prefix="/api/v1/doctor", tags=["operation"])


class DoctorReport(BaseModel):
    """Every check; `ok` when none failed."""

    model_config = ConfigDict(extra="forbid")

    ok: bool
    checks: list[Check]


class Rebuilt(BaseModel):
    """How many facts the rebuilt index holds, and how many streams' memories were made anew."""

    facts: int
    streams: int = 0


@router.get("")
async def doctor(home: Home, caller: Caller) -> DoctorReport:
    """Check the home, disk, models, prompts, rule packs and endpoints."""
    checks = await in_pool(
        lambda: diagnose(
            settings=home.settings,
            models=home.models,
            prompts=home.deps_for(caller).prompts,
            database=home.database,
            catalog=home.deps_for(caller).catalog,
            scope=caller,
        )
    )
    return DoctorReport(ok=all(check.state != "failed" for check in checks), checks=checks)


@router.post("/rebuild-index")
async def rebuild_index(home: Home, caller: Caller) -> Rebuilt:
    """Make the vector index anew from the published records, and streams' memories from SQL."""
    return Rebuilt(
        facts=await in_pool(home.deps_for(caller).catalog.rebuild_index, caller),
        streams=await in_pool(lambda: home.memory().rebuild_all(caller)),
    )
