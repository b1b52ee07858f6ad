"""Bridges between async byte streams and blocking writers."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TypeVar

import anyio.from_thread

from domain.pool import in_pool

T = TypeVar("T")


async def consume_in_pool(
    chunks: AsyncIterator[bytes], consume: Callable[[Iterator[bytes]], T]
) -> T:
    """Run the blocking `consume` in the worker pool, feeding it `chunks` as they arrive.

    At most one chunk is in memory; an error on either side ends both.
    """

    async def take() -> bytes | None:
        return await anext(chunks, None)

    def pull() -> Iterator[bytes]:
        while (chunk := anyio.from_thread.run(take)) is not None:
            yield chunk

    return await in_pool(lambda: consume(pull()))
