"""The one place that runs, resumes and cancels long work as jobs.

A job is claimed with a lease, kept alive by a heartbeat that also carries the wish to cancel, and
leaves a progress log. Graph jobs continue from their last checkpoint; plain work starts over, and
is written so that starting over repeats nothing that is done.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from typing import Any

from domain.errors import JobCancelled, LivecueError, NotFound, StateConflict
from domain.job import Job, JobStatus
from domain.pool import in_pool
from domain.product import ProductStatus
from domain.progress import ProgressSink
from domain.scope import Scope
from domain.settings import Jobs
from graphs.deps import Deps, RunContext
from graphs.kinds import JobKind, Outcome
from graphs.progress_log import ProgressLog
from stores.jobs import JobStore

log = logging.getLogger("livecue.jobs")


class JobRunner:
    """Runs the jobs of one home, a few at a time, in the event loop that opened it."""

    def __init__(
        self,
        jobs: JobStore,
        deps: Callable[[Scope], Deps],
        kinds: Mapping[str, JobKind],
        settings: Jobs,
        owner: str,
    ) -> None:
        self._jobs = jobs
        self._deps = deps
        self._kinds = kinds
        self._settings = settings
        self._owner = owner
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._deciding = asyncio.Lock()
        self._closing = False

    async def submit(
        self,
        scope: Scope,
        kind: str,
        payload: dict[str, Any],
        *,
        fingerprint: str | None = None,
    ) -> Job:
        """Create and start a job, or take up the unfinished one of the same fingerprint."""
        if kind not in self._kinds:
            raise NotFound(f"no job kind {kind!r}", hint=f"kinds: {', '.join(sorted(self._kinds))}")
        if fingerprint is None:
            job = await in_pool(self._jobs.create, scope, kind, payload)
        else:
            job, _ = await in_pool(self._jobs.find_or_create, scope, kind, payload, fingerprint)
        if job.status is not JobStatus.WAITING:
            self._start(scope, job.job_id)
        return job

    async def run(
        self, scope: Scope, kind: str, payload: dict[str, Any], *, progress: ProgressSink
    ) -> Job:
        """Submit a job and wait until it ends or waits for a person."""
        job = await self.submit(scope, kind, payload)
        seen = 0
        while True:
            task = self._tasks.get(job.job_id)
            if task is None:
                await asyncio.sleep(self._settings.poll_seconds)
            else:
                await asyncio.wait({task}, timeout=self._settings.poll_seconds)
            for event in await in_pool(self._jobs.events, scope, job.job_id, seen):
                seen = event.seq
                progress(event.progress)
            job = await in_pool(self._jobs.get, scope, job.job_id)
            if job.status.is_final or job.status is JobStatus.WAITING:
                return job

    async def cancel(self, scope: Scope, job_id: str) -> Job:
        """Ask a job to stop; a job that nobody runs is cancelled at once."""
        job = await in_pool(self._jobs.request_cancel, scope, job_id)
        task = self._tasks.get(job_id)
        if task is not None:
            task.cancel()
            await asyncio.wait({task})
        return await in_pool(self._jobs.get, scope, job.job_id)

    async def resume(self, scope: Scope, job_id: str) -> Job:
        """Continue a failed, cancelled or orphaned job from its last checkpoint."""
        job = await in_pool(self._jobs.get, scope, job_id)
        if job.status is JobStatus.SUCCEEDED:
            raise StateConflict(f"job {job_id} has succeeded", hint="start a new one")
        if job.status is JobStatus.WAITING:
            raise StateConflict(
                f"job {job_id} waits for a person", hint="`livecue product approve ID` decides it"
            )
        if job.status.is_final:
            await self._until_idle(job_id)
        if job_id not in self._tasks:
            await in_pool(self._jobs.requeue, scope, job_id)
            self._start(scope, job_id)
        return await in_pool(self._jobs.get, scope, job_id)

    async def decide(
        self, scope: Scope, product_id: str, *, approve: bool, version: int | None = None
    ) -> None:
        """Give a person's decision on a product to the job that waits for it.

        `version` is the one that the person has seen. What is decided is the newest version that
        awaits approval; one that no job waits for (imported, corrected) is published or rejected
        directly.

        Raises:
            StateConflict: another version waits by now, or none does.
        """
        async with self._deciding:
            catalog = self._deps(scope).catalog
            versions = await in_pool(catalog.versions, scope, product_id)
            newest = versions[0].version
            if version is not None and newest != version:
                raise StateConflict(
                    f"{product_id} has version {newest} by now; you decided on {version}",
                    hint=f"look at it again: livecue product show {product_id}",
                )
            open_versions = (
                v.version for v in versions if v.status is ProductStatus.AWAITING_APPROVAL
            )
            target = next(open_versions, None)
            waiting = await self._waiting_for(scope, product_id)
            for job_id, interrupt, waited in waiting:
                if waited == target:
                    await self._go_on(scope, job_id, {interrupt: {"approve": approve}})
                    break
            else:
                act = catalog.publish if approve else catalog.reject
                await in_pool(act, scope, product_id, target)
            await self._look_again(scope, product_id)

    async def look_again(self, scope: Scope, job_id: str) -> Job:
        """Have a waiting job see what became of what it waits for; it goes on in the background."""
        await self._until_idle(job_id)
        self._start(scope, job_id)
        return await in_pool(self._jobs.get, scope, job_id)

    async def remove(self, scope: Scope, product_id: str) -> None:
        """Remove a product; no job waits for it any more."""
        async with self._deciding:
            await in_pool(self._deps(scope).catalog.remove, scope, product_id)
            await self._look_again(scope, product_id)

    async def _look_again(self, scope: Scope, product_id: str) -> None:
        """Have the jobs that still wait for a product see what became of it."""
        for job_id, _, _ in await self._waiting_for(scope, product_id):
            await self._go_on(scope, job_id, {})

    async def _waiting_for(self, scope: Scope, product_id: str) -> list[tuple[str, str, int]]:
        """(job id, interrupt, version) of what waits for a decision on a product, newest first."""
        return [
            (job.job_id, item["interrupt"], item["version"])
            for job in await in_pool(self._jobs.waiting, scope, "prepare")
            for item in (job.result or {}).get("waiting_for", [])
            if item["product_id"] == product_id
        ]

    async def _until_idle(self, job_id: str) -> None:
        """Wait for the end of a run whose outcome may be stored already."""
        if (task := self._tasks.get(job_id)) is not None:
            await asyncio.wait({task})

    async def _go_on(self, scope: Scope, job_id: str, decision: dict[str, Any]) -> None:
        """Run a waiting job to its end, or until it waits again."""
        await self._until_idle(job_id)
        self._start(scope, job_id, decision)
        await self._until_idle(job_id)
        job = await in_pool(self._jobs.get, scope, job_id)
        if job.status is JobStatus.FAILED:
            error = job.error or {}
            raise StateConflict(
                f"job {job_id} failed: {error.get('message', 'unknown error')}",
                hint=str(error.get("hint", f"see `livecue jobs show {job_id}`")),
            )

    async def recover(self, *, start: bool) -> None:
        """Put back the jobs that a killed process left, and `start` them; once, after opening."""
        orphans = await in_pool(self._jobs.release_orphans, self._owner)
        for job in orphans if start else ():
            log.info("resuming job %s (%s)", job.job_id, job.kind)
            self._start(Scope(job.workspace_id, job.actor), job.job_id)

    async def aclose(self) -> None:
        """Stop what runs; it is put back for the next process that opens the home."""
        self._closing = True
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _start(self, scope: Scope, job_id: str, decision: dict[str, Any] | None = None) -> None:
        if job_id in self._tasks:
            return
        task = asyncio.create_task(self._execute(scope, job_id, decision), name=f"job-{job_id}")
        self._tasks[job_id] = task
        task.add_done_callback(lambda _done: self._tasks.pop(job_id, None))

    async def _execute(self, scope: Scope, job_id: str, decision: dict[str, Any] | None) -> None:
        # A person waits for what a decision sets off, and it is short: it takes no slot.
        slot = self._slots if decision is None else contextlib.nullcontext()
        lease = self._settings.lease_seconds
        try:
            async with slot:
                job = await in_pool(self._jobs.claim, scope, job_id, self._owner, lease)
                if job is None:
                    return
                outcome = await self._run_claimed(scope, job, decision)
            await in_pool(
                self._jobs.finish,
                job_id,
                outcome.status,
                result=outcome.result,
                owner=self._owner,
            )
            if outcome.status is JobStatus.SUCCEEDED:
                await self._kinds[job.kind].forget(job)
        except asyncio.CancelledError:
            await self._stop(job_id)
        except LivecueError as error:
            await self._fail(job_id, error)
        except Exception as error:  # a bug: the job fails, the server goes on
            log.exception("job %s failed", job_id)
            hint = f"the log has the details; `livecue jobs resume {job_id}` tries again"
            await self._fail(job_id, LivecueError(f"{type(error).__name__}: {error}", hint=hint))

    async def _stop(self, job_id: str) -> None:
        """Put a job back at a shutdown; else it was cancelled, perhaps before it was claimed."""
        if self._closing:
            await in_pool(self._jobs.release, job_id)
            return
        error = JobCancelled(
            f"job {job_id} was cancelled", hint=f"`livecue jobs resume {job_id}` continues"
        )
        with contextlib.suppress(StateConflict):
            await self._fail(job_id, error, JobStatus.CANCELLED)

    async def _run_claimed(
        self, scope: Scope, job: Job, decision: dict[str, Any] | None
    ) -> Outcome:
        """Run a job whose lease is ours; cancelling this cancels the work and waits for its end."""
        context = RunContext(self._deps(scope), scope, job.job_id, self)
        async with ProgressLog(self._jobs, job.job_id) as progress:
            work = asyncio.create_task(self._kinds[job.kind].run(job, context, progress, decision))
            heartbeat = asyncio.create_task(self._heartbeat(job.job_id, work))
            try:
                return await work
            finally:
                heartbeat.cancel()
                work.cancel()
                await asyncio.wait({work, heartbeat})

    async def _fail(
        self, job_id: str, error: LivecueError, status: JobStatus = JobStatus.FAILED
    ) -> None:
        await in_pool(self._jobs.finish, job_id, status, error=error.as_dict())

    async def _heartbeat(self, job_id: str, work: asyncio.Task[Outcome]) -> None:
        while True:
            await asyncio.sleep(min(self._settings.lease_seconds / 3, 5))
            try:
                stop = await in_pool(
                    self._jobs.heartbeat, job_id, self._owner, self._settings.lease_seconds
                )
            except Exception:  # one missed beat costs nothing: the lease outlasts three
                log.exception("job %s: a heartbeat failed", job_id)
                continue
            if stop:
                work.cancel()
