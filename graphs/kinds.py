"""Kinds of jobs: a run of a durable graph, or blocking work that is safe to start over."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command, Interrupt

from domain.job import Job, JobStatus
from domain.pool import in_pool_until
from domain.progress import Progress, ProgressSink
from graphs.deps import RunContext


@dataclass(frozen=True)
class Outcome:
    """Where a run of a job ended: done, or waiting for a person."""

    status: JobStatus
    result: dict[str, Any]


class JobKind(Protocol):
    """A kind of long work.

    `decision` answers open interrupts by interrupt id; an empty one has the job look again at
    what it waits for.
    """

    async def run(
        self, job: Job, context: RunContext, progress: ProgressSink, decision: dict[str, Any] | None
    ) -> Outcome:
        """Run `job` until it ends or waits for a person."""
        ...

    async def forget(self, job: Job) -> None:
        """Drop what was only kept to resume `job`, which has succeeded."""
        ...


@dataclass(frozen=True)
class GraphJob:
    """A job that is one run of a durable graph.

    `initial` turns the job's input into graph state; `result` turns the final state into the
    job's result document.
    """

    graph: CompiledStateGraph[Any, Any, Any, Any]
    initial: Callable[[dict[str, Any]], Any]
    result: Callable[[Any], dict[str, Any]]

    async def run(
        self, job: Job, context: RunContext, progress: ProgressSink, decision: dict[str, Any] | None
    ) -> Outcome:
        """Run from the last checkpoint, or from the job's input where there is none."""
        config: Any = {"configurable": {"thread_id": job.thread_id}, "recursion_limit": 200}
        before = await self.graph.aget_state(config)
        started = before.created_at is not None
        given: Any = self.initial(job.input)
        if decision:
            given = Command(resume=decision)
        elif started:
            given = None
        async for part in self.graph.astream(
            given,
            config,
            context=context,
            stream_mode=["custom"],
            durability="sync",
            subgraphs=True,
            version="v2",
        ):
            if part["type"] == "custom" and "progress" in part["data"]:
                progress(Progress.model_validate(part["data"]["progress"]))
        after = await self.graph.aget_state(config)
        result = self.result(after.values)
        if after.interrupts:
            return Outcome(JobStatus.WAITING, result | {"waiting_for": _waiting(after.interrupts)})
        return Outcome(JobStatus.SUCCEEDED, result)

    async def forget(self, job: Job) -> None:
        """Drop the checkpoints."""
        if isinstance(self.graph.checkpointer, BaseCheckpointSaver):
            await self.graph.checkpointer.adelete_thread(job.thread_id)


def _waiting(interrupts: tuple[Interrupt[Any], ...]) -> list[dict[str, Any]]:
    return [{"interrupt": item.id, **item.value} for item in interrupts]


Work = Callable[[dict[str, Any], ProgressSink, Callable[[], bool]], dict[str, Any]]
"""Blocking work on a job's input; it asks the last argument now and then whether to stop."""


@dataclass(frozen=True)
class BlockingJob:
    """A job that is one blocking call, safe to start over (`models pull`)."""

    work: Work

    async def run(
        self, job: Job, context: RunContext, progress: ProgressSink, decision: dict[str, Any] | None
    ) -> Outcome:
        """Run the call in the pool; cancelling asks it to stop and waits until it does."""
        stop = threading.Event()
        result = await in_pool_until(stop, self.work, job.input, progress, stop.is_set)
        return Outcome(JobStatus.SUCCEEDED, result)

    async def forget(self, job: Job) -> None:
        """Nothing was kept."""
