"""The journal of model calls: a call that was answered once is not made again.

A call's key is the SHA-256 over everything that decides its reply. The reply is committed before
anyone sees it, so a process that dies repeats at most the calls that were in flight. Identical
calls at the same time are one call.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict

from domain.errors import ModelUnavailable
from domain.pool import in_pool
from domain.scope import Scope
from models.queue import Priority, Ticket

Finish = Literal["stop", "length", "tool_calls"]
"""Why a reply ended; `length`: it was cut at `max_tokens`."""
_FORMAT = 1


class ToolCall(BaseModel):
    """A tool that the model wants called; `arguments` is the JSON object it gave."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    arguments: dict[str, Any]


class Reply(BaseModel):
    """What a model gave back; the journal's stored form. Token counts are 0 where not reported."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    finish: Finish = "stop"
    tool_calls: tuple[ToolCall, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True)
class ModelCall:
    """A call in full. `messages` are OpenAI chat messages; `tools` their function tools.

    `schema` asks for JSON of that shape. `sample` is the seed and tells variants apart. `prompt`
    is the `id@version+hash12` of what the messages were rendered from.
    """

    prompt: str
    messages: tuple[dict[str, Any], ...]
    schema: Mapping[str, Any] | None = None
    tools: tuple[dict[str, Any], ...] = ()
    tool_choice: str | None = None
    max_tokens: int = 512
    temperature: float = 0.0
    sample: int = 0

    def key(self, model: str) -> str:
        """The SHA-256 (hex) of this call to the model with identity `model`."""
        parts = {"format": _FORMAT, "model": model, **vars(self)}
        canonical = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


class CallRows(Protocol):
    """The journal's table (`stores/calls.py`): synchronous, each `put` its own transaction."""

    def get(self, key: str, scope: Scope, /) -> str | None:
        """The stored response of `key` in the workspace, or None."""
        ...

    def put(
        self,
        key: str,
        response: str,
        /,
        *,
        model: str,
        prompt: str,
        prompt_tokens: int,
        completion_tokens: int,
        duration_ms: int,
        scope: Scope,
    ) -> str:
        """Commits a response and returns the one that counts: the first one wins."""
        ...


class TextSink:
    """Collects streamed text over attempts: a repeated attempt is shown from where it left off.

    `text` is what followers have been given. An attempt that comes out differently from what was
    already given ends the call with ModelUnavailable.
    """

    def __init__(self) -> None:
        self.text = ""
        self._attempt = ""
        self._grown = asyncio.Event()

    def restart(self) -> None:
        """A new attempt begins from the first word."""
        self._attempt = ""

    def write(self, delta: str) -> None:
        """Takes the next piece of the current attempt."""
        self._attempt += delta
        if not (self._attempt.startswith(self.text) or self.text.startswith(self._attempt)):
            raise ModelUnavailable(
                f"The model broke off after {len(self.text)} characters and then answered "
                "differently.",
                hint="Ask again.",
            )
        if len(self._attempt) > len(self.text):
            self.text = self._attempt
            self.wake()

    def wake(self) -> None:
        """Lets followers look again."""
        self._grown.set()

    async def wait(self) -> None:
        """Until the text has grown or the call has ended."""
        self._grown.clear()
        await self._grown.wait()


@dataclass(eq=False)
class Flight:
    """One call under way, and those who wait for it; `sink` is None when nobody streams it."""

    call: ModelCall
    priority: Priority
    sink: TextSink | None
    cached: bool = False
    ticket: Ticket[Reply] | None = None
    task: "asyncio.Task[Reply]" = field(init=False)
    waiters: int = 0

    async def reply(self) -> Reply:
        """The reply; a waiter that gives up does not stop the call for the others."""
        return await asyncio.shield(self.task)

    async def more(self, seen: int) -> str:
        """The text after the first `seen` characters as it comes; empty at the end."""
        while self.sink is not None and not self.task.done():
            if len(self.sink.text) > seen:
                return self.sink.text[seen:]
            await self.sink.wait()
        return (await self.reply()).text[seen:]


class CallJournal:
    """Looks calls up, makes the missing ones once, and commits their replies before use."""

    def __init__(self, rows: CallRows, model: str, name: str) -> None:
        """`model` is the model's identity in keys, `name` what its rows are labelled with."""
        self._rows = rows
        self._model = model
        self._name = name
        self._flights: dict[tuple[str, str], Flight] = {}

    def join(
        self,
        scope: Scope,
        call: ModelCall,
        make: Callable[[Flight], Awaitable[Reply]],
        *,
        priority: Priority,
        streamed: bool = False,
    ) -> Flight:
        """The flight of `call`, begun with `make` unless it is under way; `leave` it when done.

        A waiter of a higher class than the flight's raises it.
        """
        key = call.key(self._model)
        place = (scope.workspace_id, key)
        flight = self._flights.get(place)
        if flight is None:
            flight = Flight(call, priority, TextSink() if streamed else None)
            flight.task = asyncio.create_task(self._fly(scope, key, flight, make))
            flight.task.add_done_callback(lambda task: self._landed(place, flight, task))
            self._flights[place] = flight
        elif priority < flight.priority:
            flight.priority = priority
            if flight.ticket is not None:
                flight.ticket.promote(priority)
        flight.waiters += 1
        return flight

    def leave(self, flight: Flight) -> None:
        """One waiter less; a flight without any is stopped."""
        flight.waiters -= 1
        if flight.waiters == 0 and not flight.task.done():
            self._flights = {p: f for p, f in self._flights.items() if f is not flight}
            flight.task.cancel()

    async def _fly(
        self,
        scope: Scope,
        key: str,
        flight: Flight,
        make: Callable[[Flight], Awaitable[Reply]],
    ) -> Reply:
        stored = await in_pool(self._rows.get, key, scope)
        if stored is not None:
            flight.cached = True
            return Reply.model_validate_json(stored)
        started = time.perf_counter()
        reply = await make(flight)
        committed = await in_pool(
            self._rows.put,
            key,
            reply.model_dump_json(),
            model=self._name,
            prompt=flight.call.prompt,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            duration_ms=round((time.perf_counter() - started) * 1000),
            scope=scope,
        )
        return Reply.model_validate_json(committed)

    def _landed(self, place: tuple[str, str], flight: Flight, task: "asyncio.Task[Reply]") -> None:
        if self._flights.get(place) is flight:
            del self._flights[place]
        if flight.sink is not None:
            flight.sink.wake()
        if not task.cancelled():
            task.exception()
