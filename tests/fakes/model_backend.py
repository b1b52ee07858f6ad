"""A model backend without a model: it says what a test scripts, when the test lets it."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from domain.scope import Scope
from models.calls import ModelCall, Reply, TextSink
from models.queue import ModelQueue


@dataclass
class ScriptedBackend:
    """`script` is what the next calls get (then always `ok`); a list is streamed piece by piece.

    With `gate` set, a reply waits for the gate to open; `came` is set when a call begins.
    """

    name: str = "scripted"
    identity: str = "scripted-1"
    native_tools: bool = False
    queue: ModelQueue = field(default_factory=lambda: ModelQueue(2, on_air=True))
    script: deque[str | Reply | list[str] | Exception] = field(
        default_factory=deque[str | Reply | list[str] | Exception]
    )
    gate: asyncio.Event | None = None
    came: asyncio.Event = field(default_factory=asyncio.Event)
    calls: list[ModelCall] = field(default_factory=list[ModelCall])
    slots: list[int] = field(default_factory=list[int])
    warmed: list[ModelCall] = field(default_factory=list[ModelCall])
    stopped: int = 0
    closed: bool = False

    async def send(self, call: ModelCall, *, slot: int, sink: TextSink | None) -> Reply:
        """The next line of the script."""
        self.calls.append(call)
        self.slots.append(slot)
        self.came.set()
        said = self.script.popleft() if self.script else "ok"
        try:
            if sink is not None:
                sink.restart()
            if isinstance(said, list):
                for piece in said[:-1]:
                    self._show(sink, piece)
                    await asyncio.sleep(0)
            if self.gate is not None:
                await self.gate.wait()
        except asyncio.CancelledError:
            self.stopped += 1
            self.script.appendleft(said)
            raise
        if isinstance(said, Exception):
            raise said
        if isinstance(said, Reply):
            return said
        self._show(sink, said[-1] if isinstance(said, list) else said)
        return Reply(text="".join(said), prompt_tokens=5, completion_tokens=2)

    @staticmethod
    def _show(sink: TextSink | None, piece: str) -> None:
        if sink is not None:
            sink.write(piece)

    async def warm(self, call: ModelCall) -> None:
        """Keeps the call."""
        self.warmed.append(call)

    async def aclose(self) -> None:
        """Closes the queue."""
        self.closed = True
        await self.queue.aclose()


@dataclass
class MemoryCalls:
    """The journal's rows in memory; `before_put` lets a test act (or fail) before a commit."""

    rows: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    labels: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    before_put: Callable[[], None] = lambda: None

    def get(self, key: str, scope: Scope) -> str | None:
        """The stored response."""
        return self.rows.get((scope.workspace_id, key))

    def put(self, key: str, response: str, *, scope: Scope, **labels: Any) -> str:
        """Commits unless there is one."""
        self.before_put()
        self.labels.append({"actor": scope.actor, **labels})
        return self.rows.setdefault((scope.workspace_id, key), response)
