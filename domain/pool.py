"""The bounded pool for blocking calls (SQL, parsing, models in C)."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

import anyio.to_thread

P = ParamSpec("P")
T = TypeVar("T")


def size_pool(workers: int) -> None:
    """Set how many blocking calls run at once in this event loop."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = workers


async def in_pool(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking call in the pool.

    A thread cannot be stopped: when the caller is cancelled, the call is waited for first, so that
    nothing goes on behind the back of whoever cancelled.
    """
    running = asyncio.ensure_future(anyio.to_thread.run_sync(partial(call, *args, **kwargs)))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running})
        raise
