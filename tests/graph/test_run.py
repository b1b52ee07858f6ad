"""Jobs under cancellation, and decisions that name a version."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from domain.errors import StateConflict
from domain.job import JobStatus
from domain.pool import in_pool
from domain.product import ProductStatus
from domain.progress import ProgressSink
from domain.settings import Jobs
from graphs.kinds import BlockingJob
from graphs.run import JobRunner
from tests.graph.conftest import LAMP, Home


class Gate:
    """Blocking work that tells when it has begun and ends when it is asked to stop."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self.ended = threading.Event()

    def __call__(
        self, given: dict[str, Any], progress: ProgressSink, cancelled: Callable[[], bool]
    ) -> dict[str, Any]:
        self.began.set()
        while not cancelled():
            threading.Event().wait(0.01)
        self.ended.set()
        return {}


def runner_of(home: Home, gate: Gate) -> JobRunner:
    runtime = home.runtime
    kinds = {"wait": BlockingJob(gate)}
    return JobRunner(runtime.jobs, runtime.deps_for, kinds, Jobs(), owner="test")


async def test_a_cancelled_job_is_over_when_cancel_returns(home: Home):
    gate = Gate()
    runner = runner_of(home, gate)
    job = await runner.submit(home.scope, "wait", {})
    assert await asyncio.to_thread(gate.began.wait, 10)
    cancelled = await runner.cancel(home.scope, job.job_id)
    assert gate.ended.is_set()
    assert cancelled.status is JobStatus.CANCELLED


async def test_a_job_cancelled_at_once_can_be_resumed(home: Home):
    gate = Gate()
    runner = runner_of(home, gate)
    job = await runner.submit(home.scope, "wait", {})
    assert (await runner.cancel(home.scope, job.job_id)).status is JobStatus.CANCELLED
    await runner.resume(home.scope, job.job_id)
    assert await asyncio.to_thread(gate.began.wait, 10)
    await runner.aclose()
    assert home.runtime.jobs.get(home.scope, job.job_id).status is JobStatus.QUEUED


async def test_the_pool_waits_for_a_call_that_cannot_be_stopped():
    began, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def block() -> None:
        began.set()
        go_on.wait(10)
        ended.set()

    caller = asyncio.create_task(in_pool(block))
    assert await asyncio.to_thread(began.wait, 10)
    caller.cancel()
    await asyncio.sleep(0)
    assert not caller.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert ended.is_set()


async def test_a_decision_holds_for_the_version_that_was_seen(home: Home):
    await home.prepare([("lamp.txt", LAMP)], name="Juniper Lamp")
    (lamp,) = home.runtime.deps.catalog.list(home.scope)
    await home.prepare([("lamp.txt", LAMP.replace("49", "45"))], name="Juniper Lamp")
    with pytest.raises(StateConflict, match="version 2"):
        await home.runtime.runner.decide(home.scope, lamp.product_id, approve=True, version=1)
    assert home.statuses() == {"Juniper Lamp": ProductStatus.AWAITING_APPROVAL}
    await home.runtime.runner.decide(home.scope, lamp.product_id, approve=True, version=2)
    assert home.statuses() == {"Juniper Lamp": ProductStatus.PUBLISHED}
