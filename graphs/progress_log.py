"""A job's progress log, written in order while the job runs."""

import asyncio
from types import TracebackType
from typing import Self

from domain.job import JobStatus
from domain.pool import in_pool
from domain.progress import Progress
from stores.jobs import JobStore


class ProgressLog:
    """A progress sink for any thread; leaving the block waits until everything is stored."""

    def __init__(self, jobs: JobStore, job_id: str) -> None:
        self._jobs = jobs
        self._job_id = job_id
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[Progress | None] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())

    def __call__(self, event: Progress) -> None:
        """Append an event."""
        self._loop.call_soon_threadsafe(self._events.put_nowait, event)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._events.put_nowait, None)
        await self._writer

    async def _write(self) -> None:
        while (event := await self._events.get()) is not None:
            await in_pool(self._jobs.append, self._job_id, event, JobStatus.RUNNING)
