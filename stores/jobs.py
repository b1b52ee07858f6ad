"""The job table: durable units of work with a lease, a progress log, cancel and resume.

One process owns a home, so a job whose lease belongs to another owner was left by a killed
process; the lease's time guards the day when several processes share one database.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Update, and_, or_, select, tuple_, update
from sqlalchemy.orm import Session

from domain.errors import NotFound, StateConflict
from domain.job import Job, JobEvent, JobStatus
from domain.progress import Progress
from domain.scope import Scope
from stores.clock import Clock, utc_now
from stores.ids import new_id
from stores.job_log import append_event, read_events
from stores.sql import Database
from stores.tables import JobRow

FINAL = (JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED)


class JobStore:
    """Jobs by workspace; what takes no scope is for the runner, which serves every workspace."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def create(
        self,
        scope: Scope,
        kind: str,
        input: dict[str, Any],  # noqa: A002 - the column's name
        fingerprint: str | None = None,
    ) -> Job:
        """A new queued job.

        Args:
            scope: the workspace and who acts.
            kind: what the job does; it fixes the shape of `input` and of the result.
            input: a JSON object.
            fingerprint: equal for requests that ask for the same work.
        """
        with self._database.session() as session:
            return _job(self._add(session, scope, kind, input, fingerprint))

    def find_or_create(
        self,
        scope: Scope,
        kind: str,
        input: dict[str, Any],  # noqa: A002 - the column's name
        fingerprint: str,
    ) -> tuple[Job, bool]:
        """The unfinished job of this fingerprint, or a new one; True when it is new.

        One step: of two requests at once, one creates the job and both get it.
        """
        with self._database.session() as session:
            row = self._unfinished(session, scope, kind, fingerprint)
            if row is not None:
                return _job(row), False
            return _job(self._add(session, scope, kind, input, fingerprint)), True

    def get(self, scope: Scope, job_id: str) -> Job:
        """A job by its id.

        Raises:
            NotFound: no such job in the workspace.
        """
        with self._database.reading() as session:
            return _job(_row(session, scope, job_id))

    def waiting(self, scope: Scope, kind: str) -> Sequence[Job]:
        """The jobs of a kind that wait for a person, the newest first."""
        return self.list(scope, status=JobStatus.WAITING, kind=kind, limit=None)

    def claim(self, scope: Scope, job_id: str, owner: str, lease_seconds: float) -> Job | None:
        """Take a job up: it is running and leased to `owner`, or None when another has it.

        A queued or waiting job can be claimed, and a running one whose lease has run out. A job
        that was asked to stop cannot.
        """
        now = self._clock()
        return self._change(
            update(JobRow)
            .where(
                JobRow.workspace_id == scope.workspace_id,
                JobRow.job_id == job_id,
                JobRow.cancel_requested.is_(False),
                or_(
                    JobRow.status.in_((JobStatus.QUEUED, JobStatus.WAITING)),
                    and_(JobRow.status == JobStatus.RUNNING, JobRow.lease_until < now),
                ),
            )
            .values(
                status=JobStatus.RUNNING,
                attempts=JobRow.attempts + 1,
                lease_owner=owner,
                lease_until=now + timedelta(seconds=lease_seconds),
                updated_at=now,
            )
        )

    def heartbeat(self, job_id: str, owner: str, lease_seconds: float) -> bool:
        """Prolong the lease; True means stop: a cancel was asked for, or the lease is lost."""
        job = self._change(
            update(JobRow)
            .where(_held(job_id, owner))
            .values(lease_until=self._clock() + timedelta(seconds=lease_seconds))
        )
        return job is None or job.cancel_requested

    def append(self, job_id: str, progress: Progress, status: JobStatus) -> JobEvent:
        """Add a line to the progress log; `status` is the job's at that moment.

        Raises:
            NotFound: no such job.
        """
        with self._database.session() as session:
            event = append_event(session, job_id, progress, status, self._clock())
            if event is None:
                raise _no_job(job_id)
            return event

    def events(
        self, scope: Scope, job_id: str, after: int = 0, limit: int | None = None
    ) -> Sequence[JobEvent]:
        """The progress log from the line after `after` on, in order.

        Raises:
            NotFound: no such job in the workspace.
        """
        with self._database.reading() as session:
            _row(session, scope, job_id)
            return read_events(session, job_id, after, limit)

    def finish(
        self,
        job_id: str,
        status: JobStatus,
        *,
        result: dict[str, Any] | None = None,
        error: dict[str, Any] | None = None,
        owner: str | None = None,
    ) -> Job:
        """End a run: the job is final, or waits for a person; the lease is given up.

        A `result` or `error` of None clears what an earlier attempt left.

        Args:
            job_id: a running job.
            status: waiting, succeeded, failed or cancelled.
            result: the result document of the job's kind.
            error: the inner object of the error shape.
            owner: when given, the lease has to be this owner's.

        Raises:
            StateConflict: the job does not run, or another owner has taken it over.
        """
        if status not in (*FINAL, JobStatus.WAITING):
            raise ValueError(f"a run does not end {status}")
        job = self._change(
            update(JobRow)
            .where(_held(job_id, owner))
            .values(
                status=status,
                result=result,
                error=error,
                lease_owner=None,
                lease_until=None,
                updated_at=self._clock(),
            )
        )
        if job is None:
            raise StateConflict(
                f"Job {job_id} is not running here any more; its result was not stored.",
                hint=f"See: livecue jobs show {job_id}",
            )
        return job

    def release(self, job_id: str) -> Job | None:
        """Put a running job back (cancelled if that was asked for); None when it does not run."""
        with self._database.session() as session:
            released = self._release(session, JobRow.job_id == job_id)
            return released[0] if released else None

    def release_orphans(self, owner: str) -> Sequence[Job]:
        """Put back every running job that is not `owner`'s, and return those now queued.

        Call it once after opening a home, before claiming; jobs that were queued already (put
        back at a shutdown) are returned too, the oldest first.
        """
        with self._database.session() as session:
            self._release(session, JobRow.lease_owner != owner)
            rows = session.scalars(
                select(JobRow)
                .where(JobRow.status == JobStatus.QUEUED)
                .order_by(JobRow.created_at, JobRow.job_id)
            )
            return [_job(row) for row in rows]

    def requeue(self, scope: Scope, job_id: str) -> Job:
        """Queue a failed, cancelled or waiting job again; a queued one stays as it is.

        Raises:
            NotFound: no such job in the workspace.
            StateConflict: the job is running or has succeeded.
        """
        with self._database.session() as session:
            row = _row(session, scope, job_id, lock=True)
            if row.status in (JobStatus.RUNNING, JobStatus.SUCCEEDED):
                raise StateConflict(
                    f"Job {job_id} is {row.status} and cannot be queued again.",
                    hint=f"See: livecue jobs show {job_id}",
                )
            row.status = JobStatus.QUEUED
            row.error = None
            row.cancel_requested = False
            row.actor = scope.actor
            row.updated_at = self._clock()
            return _job(row)

    def request_cancel(self, scope: Scope, job_id: str) -> Job:
        """Ask a running job to stop; one that is queued or waits is cancelled at once.

        Raises:
            NotFound: no such job in the workspace.
            StateConflict: the job has ended.
        """
        with self._database.session() as session:
            row = _row(session, scope, job_id, lock=True)
            if JobStatus(row.status).is_final:
                raise StateConflict(
                    f"Job {job_id} has already {row.status}."
                    if row.status != JobStatus.CANCELLED
                    else f"Job {job_id} is already cancelled.",
                    hint=f"See: livecue jobs show {job_id}",
                )
            row.cancel_requested = True
            if row.status != JobStatus.RUNNING:
                row.status = JobStatus.CANCELLED
            row.updated_at = self._clock()
            return _job(row)

    def list(
        self,
        scope: Scope,
        *,
        status: JobStatus | Sequence[JobStatus] | None = None,
        kind: str | None = None,
        limit: int | None = 50,
        before: str | None = None,
    ) -> list[Job]:
        """Jobs, the newest first; `before` is the last job id of the page before.

        Raises:
            NotFound: `before` is no job of the workspace.
        """
        query = select(JobRow).where(JobRow.workspace_id == scope.workspace_id)
        if status is not None:
            wanted = (status,) if isinstance(status, JobStatus) else status
            query = query.where(JobRow.status.in_(wanted))
        if kind is not None:
            query = query.where(JobRow.kind == kind)
        with self._database.reading() as session:
            if before is not None:
                last = _row(session, scope, before)
                query = query.where(
                    tuple_(JobRow.created_at, JobRow.job_id) < tuple_(last.created_at, last.job_id)
                )
            query = query.order_by(JobRow.created_at.desc(), JobRow.job_id.desc()).limit(limit)
            return [_job(row) for row in session.scalars(query)]

    def _add(
        self,
        session: Session,
        scope: Scope,
        kind: str,
        input: dict[str, Any],  # noqa: A002
        fingerprint: str | None,
    ) -> JobRow:
        now = self._clock()
        job_id = new_id("job")
        row = JobRow(
            job_id=job_id,
            workspace_id=scope.workspace_id,
            actor=scope.actor,
            kind=kind,
            status=JobStatus.QUEUED,
            input=input,
            fingerprint=fingerprint,
            thread_id=job_id,
            attempts=0,
            cancel_requested=False,
            last_seq=0,
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        session.flush()
        return row

    def _unfinished(
        self, session: Session, scope: Scope, kind: str, fingerprint: str
    ) -> JobRow | None:
        return session.scalar(
            select(JobRow)
            .where(
                JobRow.workspace_id == scope.workspace_id,
                JobRow.kind == kind,
                JobRow.fingerprint == fingerprint,
                JobRow.status.not_in(FINAL),
            )
            .order_by(JobRow.created_at.desc(), JobRow.job_id.desc())
            .limit(1)
        )

    def _change(self, statement: Update) -> Job | None:
        """Run an UPDATE of at most one job; None when its conditions did not hold."""
        with self._database.session() as session:
            row = session.scalars(statement.returning(JobRow)).one_or_none()
            return None if row is None else _job(row)

    def _release(self, session: Session, which: ColumnElement[bool]) -> Sequence[Job]:
        running = select(JobRow).where(JobRow.status == JobStatus.RUNNING, which)
        rows = session.scalars(running.with_for_update())
        released: list[Job] = []
        for row in rows:
            row.status = JobStatus.CANCELLED if row.cancel_requested else JobStatus.QUEUED
            row.lease_owner = None
            row.lease_until = None
            row.updated_at = self._clock()
            released.append(_job(row))
        session.flush()
        return released


def _held(job_id: str, owner: str | None) -> ColumnElement[bool]:
    held = and_(JobRow.job_id == job_id, JobRow.status == JobStatus.RUNNING)
    return held if owner is None else and_(held, JobRow.lease_owner == owner)


def _row(session: Session, scope: Scope, job_id: str, *, lock: bool = False) -> JobRow:
    row = session.get(JobRow, job_id, with_for_update=lock)
    if row is None or row.workspace_id != scope.workspace_id:
        raise _no_job(job_id)
    return row


def _no_job(job_id: str) -> NotFound:
    return NotFound(f"There is no job {job_id}.", hint="See: livecue jobs list")


def _job(row: JobRow) -> Job:
    return Job.model_validate({name: getattr(row, name) for name in Job.model_fields})
