import asyncio
import threading
from collections.abc import Callable, Coroutine

import anyio
import pytest

from domain.pool import in_pool, in_pool_until


class Thread:
    """A blocking call that ends when it is let go."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.let_go = threading.Event()
        self.ended = False

    def __call__(self) -> str:
        self.started.set()
        assert self.let_go.wait(10)
        self.ended = True
        return "done"


Run = Callable[[Thread], Coroutine[None, None, str]]


def plainly(thread: Thread) -> Coroutine[None, None, str]:
    return in_pool(thread)


def until_stopped(thread: Thread) -> Coroutine[None, None, str]:
    return in_pool_until(threading.Event(), thread)


@pytest.mark.parametrize("run", [plainly, until_stopped])
async def test_a_call_that_is_cancelled_over_and_over_is_waited_for(run: Run):
    thread = Thread()
    caller = asyncio.create_task(run(thread))
    await asyncio.to_thread(thread.started.wait, 10)
    for _ in range(3):
        caller.cancel()
        await asyncio.sleep(0.01)
    assert not caller.done()
    thread.let_go.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert thread.ended


@pytest.mark.parametrize("run", [plainly, until_stopped])
async def test_a_scope_that_is_cancelled_waits_for_the_call(run: Run):
    thread = Thread()
    async with anyio.create_task_group() as group:
        group.start_soon(run, thread)
        await asyncio.to_thread(thread.started.wait, 10)
        asyncio.get_running_loop().call_later(0.05, thread.let_go.set)
        group.cancel_scope.cancel()
    assert thread.ended


async def test_a_call_that_looks_is_told_to_stop():
    stop = threading.Event()
    caller = asyncio.create_task(in_pool_until(stop, stop.wait, 10))
    await asyncio.sleep(0.01)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert stop.is_set()
