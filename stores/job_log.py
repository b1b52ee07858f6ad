"""The progress log of jobs: append-only, numbered from 1 without gaps within a job."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.job import JobEvent, JobStatus
from domain.progress import Progress
from stores.tables import JobEventRow, JobRow


def append_event(
    session: Session, job_id: str, progress: Progress, status: JobStatus, at: datetime
) -> JobEvent | None:
    """Add a line with the next number, drawn by the UPDATE that locks the job; None: no job."""
    job = session.execute(
        update(JobRow)
        .where(JobRow.job_id == job_id)
        .values(last_seq=JobRow.last_seq + 1, updated_at=at)
        .returning(JobRow.last_seq, JobRow.workspace_id, JobRow.actor)
    ).one_or_none()
    if job is None:
        return None
    seq, workspace_id, actor = job
    session.add(
        JobEventRow(
            job_id=job_id,
            seq=seq,
            workspace_id=workspace_id,
            actor=actor,
            at=at,
            status=status,
            progress=progress.model_dump(mode="json"),
        )
    )
    return JobEvent(job_id=job_id, seq=seq, at=at, status=status, progress=progress)


def read_events(session: Session, job_id: str, after: int, limit: int | None) -> list[JobEvent]:
    """The lines after number `after`, in order."""
    rows = session.scalars(
        select(JobEventRow)
        .where(JobEventRow.job_id == job_id, JobEventRow.seq > after)
        .order_by(JobEventRow.seq)
        .limit(limit)
    )
    return [
        JobEvent(
            job_id=row.job_id,
            seq=row.seq,
            at=row.at,
            status=JobStatus(row.status),
            progress=Progress.model_validate(row.progress),
        )
        for row in rows
    ]
