"""The queue in front of a model: three classes, preemption, slots, deadlines.

A lower `Priority` value goes first, and first come, first served inside a class. A call that has
to make way is cancelled and goes back to where it stood in its class; its work is done anew.

Beside the classes there is warming: work for slot 0 that makes way for ANSWER work and displaces
nothing.

Starvation: nothing bounds how long ANSWER work (a person on air is waiting) holds up the rest. A
BATCH call is passed by at most `PATIENCE` DRAFT calls; then it goes next and no DRAFT preempts it.
"""
# pyright: reportPrivateUsage=false

import asyncio
from bisect import insort
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Generic, TypeVar

from domain.errors import DeadlineExceeded, ModelUnavailable

T = TypeVar("T")
PATIENCE = 8
"""DRAFT calls that may pass one BATCH call; a batch of an intake then moves at 1 in 9."""


class Priority(IntEnum):
    """The three classes of model work; a lower number goes first."""

    ANSWER = 0
    DRAFT = 1
    BATCH = 2


@asynccontextmanager
async def deadline(
    seconds: float | None, what: str, *, until: float | None = None
) -> AsyncGenerator[None]:
    """DeadlineExceeded once `seconds` have passed inside the block; None is no deadline.

    `until` (the loop's time) is for a block that spends what is left of `seconds` begun earlier.
    """
    limit = asyncio.timeout(seconds) if until is None else asyncio.timeout_at(until)
    try:
        async with limit:
            yield
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise DeadlineExceeded(
            f"{what} did not finish within {seconds:g} s.",
            hint="Ask again when less is running, or allow more time.",
        ) from error


@dataclass(eq=False, slots=True)
class Ticket(Generic[T]):
    """A place in the queue: await `result`, or `promote` or `cancel` it."""

    work: Callable[[int], Awaitable[T]]
    priority: Priority
    number: int
    result: asyncio.Future[T]
    _queue: "ModelQueue"
    _warms: bool = False
    _context: Context = field(default_factory=copy_context)
    _task: asyncio.Task[T] | None = None
    _passed: int = 0

    def __lt__(self, other: "Ticket[Any]") -> bool:
        return self.number < other.number

    def promote(self, priority: Priority) -> None:
        """Moves the call to a higher class; a lower one than it has changes nothing."""
        self._queue._promote(self, priority)

    def cancel(self) -> None:
        """Gives the call up; what runs for it is stopped."""
        self._queue._give_up(self)


class ModelQueue:
    """Hands `slots` out to calls; for callers on one event loop.

    With `on_air`, the calls compete for one processor: slot 0 takes ANSWER work and warming and
    nothing else, so that it keeps the prefix of the product on air; the other slots take none of
    it; and while ANSWER work waits or runs, all other work is stopped. Without it any call
    takes any slot, and one is preempted only for the slot that it holds.
    """

    def __init__(self, slots: int, *, on_air: bool = False) -> None:
        if slots < 1 + on_air:
            raise ValueError("at least one slot must be open to every class")
        self._free = set(range(slots))
        self._on_air = on_air
        self._waiting: dict[Priority, list[Ticket[Any]]] = {p: [] for p in Priority}
        self._warming: list[Ticket[Any]] = []
        self._running: dict[Ticket[Any], int] = {}
        self._leaving: set[Ticket[Any]] = set()
        self._count = 0
        self._closed = False

    def submit(
        self, work: Callable[[int], Awaitable[T]], *, priority: Priority = Priority.BATCH
    ) -> Ticket[T]:
        """Queues `work`, which is called with the number of its slot, maybe more than once."""
        return self._submit(work, priority, warms=False)

    async def run(
        self,
        work: Callable[[int], Awaitable[T]],
        *,
        priority: Priority = Priority.BATCH,
        timeout: float | None = None,  # noqa: ASYNC109 (the queue is what keeps it)
    ) -> T:
        """Queues `work` and waits for it, at most `timeout` seconds (DeadlineExceeded)."""
        ticket = self.submit(work, priority=priority)
        try:
            async with deadline(timeout, "The model call"):
                return await ticket.result
        finally:
            ticket.cancel()

    async def warm(self, work: Callable[[int], Awaitable[object]]) -> None:
        """Runs `work` in slot 0 of a queue that is `on_air`, while no ANSWER work waits or runs.

        It runs beside the other classes; ANSWER work stops it, and then it is done anew.
        """
        if not self._on_air:
            raise ValueError("only a queue with a slot for the product on air can be warmed")
        ticket = self._submit(work, Priority.BATCH, warms=True)
        try:
            await ticket.result
        finally:
            ticket.cancel()

    async def aclose(self) -> None:
        """Refuses what waits (ModelUnavailable) and stops what runs."""
        self._closed = True
        lines = (self._warming, *self._waiting.values())
        for ticket in [*self._running, *(ticket for line in lines for ticket in line)]:
            if not ticket.result.done():
                ticket.result.set_exception(_closed())
                ticket.result.exception()
        for line in lines:
            line.clear()
        tasks = [ticket._task for ticket in self._running if ticket._task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _submit(
        self, work: Callable[[int], Awaitable[T]], priority: Priority, *, warms: bool
    ) -> Ticket[T]:
        if self._closed:
            raise _closed()
        self._count += 1
        loop = asyncio.get_running_loop()
        ticket = Ticket(work, priority, self._count, loop.create_future(), self, warms)
        self._line(ticket).append(ticket)
        self._schedule()
        return ticket

    def _line(self, ticket: Ticket[Any]) -> list[Ticket[Any]]:
        """Where `ticket` waits."""
        return self._warming if ticket._warms else self._waiting[ticket.priority]

    def _schedule(self) -> None:
        while not self._closed and (ticket := self._next()) is not None:
            slot = self._slot_for(ticket.priority)
            if slot is None:
                self._make_way(ticket)
                break
            self._start(ticket, slot)
        if self._on_air and self._answering():
            for other in self._running:
                if other.priority is not Priority.ANSWER:
                    self._preempt(other)
        elif self._warming and 0 in self._free and not self._closed:
            self._start(self._warming[0], 0)

    def _next(self) -> Ticket[Any] | None:
        """The call whose turn it is, None if there is none."""
        answers, drafts, batches = (self._waiting[p] for p in Priority)
        if answers:
            return answers[0]
        if self._on_air and self._answering():
            return None
        if batches and (not drafts or batches[0]._passed >= PATIENCE):
            return batches[0]
        return drafts[0] if drafts else None

    def _answering(self) -> bool:
        return bool(self._waiting[Priority.ANSWER]) or any(
            ticket.priority is Priority.ANSWER for ticket in self._running
        )

    def _slot_for(self, priority: Priority) -> int | None:
        def open_to_it(slot: int) -> bool:
            return not self._on_air or (slot == 0) == (priority is Priority.ANSWER)

        return min(filter(open_to_it, self._free), default=None)

    def _make_way(self, ticket: Ticket[Any]) -> None:
        """Preempts the lowest, youngest call that `ticket` may displace, unless one leaves."""
        if self._on_air and ticket.priority is Priority.ANSWER:
            return
        if self._leaving:
            return
        lower = [
            other
            for other in self._running
            if not other._warms
            and other.priority > ticket.priority
            and (ticket.priority is Priority.ANSWER or other._passed < PATIENCE)
        ]
        if lower:
            self._preempt(max(lower, key=lambda other: (other.priority, other.number)))

    def _preempt(self, ticket: Ticket[Any]) -> None:
        """Stops what runs for `ticket`; it is queued anew unless it was given up."""
        if ticket not in self._leaving and ticket._task is not None:
            self._leaving.add(ticket)
            ticket._task.cancel()

    def _start(self, ticket: Ticket[Any], slot: int) -> None:
        self._line(ticket).remove(ticket)
        if ticket.priority is Priority.DRAFT and self._waiting[Priority.BATCH]:
            self._waiting[Priority.BATCH][0]._passed += 1
        self._free.remove(slot)
        self._running[ticket] = slot
        ticket._task = asyncio.get_running_loop().create_task(
            _call(ticket.work, slot), context=ticket._context.copy()
        )
        ticket._task.add_done_callback(lambda task: self._finished(ticket, task))

    def _finished(self, ticket: Ticket[Any], task: asyncio.Task[Any]) -> None:
        self._free.add(self._running.pop(ticket))
        ticket._task = None
        preempted = ticket in self._leaving
        self._leaving.discard(ticket)
        error = None if task.cancelled() else task.exception()
        if ticket.result.done():
            pass
        elif not task.cancelled():
            if error is None:
                ticket.result.set_result(task.result())
            else:
                ticket.result.set_exception(error)
        elif preempted and not self._closed:
            insort(self._line(ticket), ticket)
        else:
            ticket.result.cancel()
        self._schedule()

    def _promote(self, ticket: Ticket[Any], priority: Priority) -> None:
        if priority >= ticket.priority or ticket.result.done():
            return
        line = self._waiting[ticket.priority]
        waiting = ticket in line
        if waiting:
            line.remove(ticket)
        ticket.priority = priority
        if waiting:
            insort(self._waiting[priority], ticket)
        self._schedule()

    def _give_up(self, ticket: Ticket[Any]) -> None:
        ticket.result.cancel()
        if ticket in self._line(ticket):
            self._line(ticket).remove(ticket)
            self._schedule()
        else:
            self._preempt(ticket)


async def _call(work: Callable[[int], Awaitable[T]], slot: int) -> T:
    return await work(slot)


def _closed() -> ModelUnavailable:
    return ModelUnavailable(
        "The model was closed while a call waited for it.", hint="Start Livecue again."
    )
