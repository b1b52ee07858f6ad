"""The bounded pool for blocking calls (SQL, parsing, models in C)."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import ParamSpec, TypeVar

import anyio
import anyio.to_thread

P = ParamSpec("P")
T = TypeVar("T")


def size_pool(workers: int) -> None:
    """Set how many blocking calls run at once in this event loop."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = workers


async def in_pool(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking call in the pool.

    A thread cannot be stopped: when the caller is cancelled, however often, the call is waited for
    first, so that nothing goes on behind the back of whoever cancelled.
    """
    running = asyncio.ensure_future(anyio.to_thread.run_sync(partial(call, *args, **kwargs)))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await _wait_out(running)
        raise


async def in_pool_until(
    stop: threading.Event, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run a blocking call that looks at `stop` now and then.

    When the caller is cancelled, `stop` is set and the call's end is waited for.
    """
    running = asyncio.ensure_future(anyio.to_thread.run_sync(partial(call, *args, **kwargs)))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        stop.set()
        await _wait_out(running)
        if not running.cancelled():
            running.exception()  # it ended because it was asked to: nobody else is told
        raise


async def _wait_out(running: asyncio.Future[T]) -> None:
    """Wait for the end of `running`, also when cancelled again; the caller raises the first one."""
    with anyio.CancelScope(shield=True):  # a cancelled scope of anyio cancels at every turn
        while not running.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({running})
