"""A live room whose connections say what a test tells them."""

import asyncio
from collections.abc import Callable, Sequence

from live.feeds.tiktok import ChatMessage


class FakeRoom:
    """Each connection gives its messages, then breaks; the last one stays open."""

    def __init__(self, connections: Sequence[Sequence[ChatMessage]]) -> None:
        self._connections = list(connections)
        self.opened = 0
        self.left = False

    async def listen(self, take: Callable[[ChatMessage], None]) -> None:
        number = self.opened
        self.opened += 1
        for message in self._connections[min(number, len(self._connections) - 1)]:
            take(message)
        if number + 1 < len(self._connections):
            raise ConnectionError("the room has hung up")
        try:
            await asyncio.Event().wait()
        finally:
            self.left = True
