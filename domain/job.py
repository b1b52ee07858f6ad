"""Jobs: durable units of long work with a lease, a progress log, cancel and resume."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from domain.progress import Progress


class JobStatus(StrEnum):
    """The states of a job; `waiting` means that a person has to decide before it goes on."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """True when nothing but an explicit resume moves the job on."""
        return self in (JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED)


class Job(BaseModel):
    """A snapshot of a job's row.

    `input` and `result` are JSON documents whose shape the job's `kind` fixes; `attempts` counts
    how often a runner took the job up; `fingerprint` makes the same request find the same
    unfinished job; `thread_id` names its graph checkpoints.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    job_id: str
    workspace_id: str
    actor: str
    kind: str
    status: JobStatus
    input: dict[str, Any]
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    fingerprint: str | None = None
    thread_id: str
    attempts: int = 0
    cancel_requested: bool = False
    lease_owner: str | None = None
    lease_until: datetime | None = None
    created_at: datetime
    updated_at: datetime


class JobEvent(BaseModel):
    """One line of a job's progress log; `seq` starts at 1 and has no gaps within a job."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    job_id: str
    seq: int = Field(ge=1)
    at: datetime
    status: JobStatus
    progress: Progress
