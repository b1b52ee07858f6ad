"""A completion that is read while the model writes it."""

import asyncio
from collections.abc import AsyncIterator, Callable

from models.calls import Flight, Reply
from models.chat import Completion
from models.queue import deadline


class CompletionStream:
    """A `TextStream`: the call begins with the first `__anext__`.

    `fly` begins the call and `land` leaves it; `complete` tells of its reply, and whether that
    came from the journal.
    """

    def __init__(
        self,
        fly: Callable[[], Flight],
        land: Callable[[Flight], None],
        complete: Callable[[Reply, bool], Completion],
        *,
        timeout: float | None,
    ) -> None:
        self._fly = fly
        self._land = land
        self._complete = complete
        self._timeout = timeout
        self._flight: Flight | None = None
        self._until: float | None = None
        self._seen = 0
        self._completion: Completion | None = None
        self._ended = False

    @property
    def completion(self) -> Completion:
        """The whole text with its counts; RuntimeError before the stream is exhausted."""
        if self._completion is None:
            raise RuntimeError("the stream is not at its end")
        return self._completion

    def __aiter__(self) -> AsyncIterator[str]:
        return self

    async def __anext__(self) -> str:
        if self._ended:
            raise StopAsyncIteration
        loop = asyncio.get_running_loop()
        if self._flight is None:
            self._until = None if self._timeout is None else loop.time() + self._timeout
            self._flight = self._fly()
        try:
            async with deadline(self._timeout, "The model call", until=self._until):
                delta = await self._flight.more(self._seen)
                if delta:
                    self._seen += len(delta)
                    return delta
                reply = await self._flight.reply()
        except BaseException:
            await self.aclose()
            raise
        self._completion = self._complete(reply, self._flight.cached)
        await self.aclose()
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Ends the call if it still runs."""
        if self._flight is not None and not self._ended:
            self._land(self._flight)
        self._ended = True
