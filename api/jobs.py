"""Jobs and their progress, live by SSE with `Last-Event-ID`."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from api.context import Caller, Home
from domain.job import Job, JobStatus
from domain.pool import in_pool

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])


class JobList(BaseModel):
    """Jobs, newest first."""

    jobs: list[Job]


@router.get("")
def list_jobs(
    home: Home,
    caller: Caller,
    status: JobStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> JobList:
    """The newest jobs of the workspace."""
    return JobList(jobs=home.jobs.list(caller, status=status, limit=limit))


@router.get("/{job_id}")
def show_job(job_id: str, home: Home, caller: Caller) -> Job:
    """One job."""
    return home.jobs.get(caller, job_id)


@router.post("/{job_id}/cancel")
async def cancel_job(job_id: str, home: Home, caller: Caller) -> Job:
    """Stop a job; what it finished stays, and it can be resumed."""
    return await home.runner.cancel(caller, job_id)


@router.post("/{job_id}/resume")
async def resume_job(job_id: str, home: Home, caller: Caller) -> Job:
    """Continue a failed or cancelled job from its last finished step."""
    return await home.runner.resume(caller, job_id)


@router.get(
    "/{job_id}/events", response_class=EventSourceResponse, dependencies=[Depends(show_job)]
)
async def follow_job(
    job_id: str,
    home: Home,
    caller: Caller,
    last_event_id: Annotated[int, Header(ge=0)] = 0,
) -> AsyncGenerator[ServerSentEvent]:
    """Progress events from `Last-Event-ID` on, then one `job` event when it ends or waits.

    An unknown job is refused before the stream begins.
    """
    seen = last_event_id
    while True:
        job = await in_pool(home.jobs.get, caller, job_id)
        for event in await in_pool(home.jobs.events, caller, job_id, seen):
            seen = event.seq
            yield ServerSentEvent(event="progress", id=str(seen), data=event)
        if job.status.is_final or job.status is JobStatus.WAITING:
            yield ServerSentEvent(event="job", data=job)
            return
        await asyncio.sleep(home.settings.jobs.poll_seconds)
