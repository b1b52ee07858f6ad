import asyncio
import contextvars
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import DeadlineExceeded, ModelUnavailable
from models.queue import PATIENCE, ModelQueue, Priority, Ticket

ANSWER, DRAFT, BATCH = Priority


@dataclass
class Model:
    """Work that runs until it is told to finish; `log` says what began, ended and was stopped."""

    queue: ModelQueue
    log: list[str] = field(default_factory=list[str])
    slots: dict[str, int] = field(default_factory=dict[str, int])
    running: set[str] = field(default_factory=set[str])
    _gates: dict[str, asyncio.Event] = field(default_factory=dict[str, asyncio.Event])

    def submit(self, name: str, priority: Priority) -> Ticket[str]:
        return self.queue.submit(self._work(name), priority=priority)

    def warm(self, name: str) -> asyncio.Task[None]:
        return asyncio.create_task(self.queue.warm(self._work(name)))

    def _work(self, name: str) -> Callable[[int], Awaitable[str]]:
        gate = self._gates[name] = asyncio.Event()

        async def work(slot: int) -> str:
            self.log.append(f"+{name}")
            self.slots[name] = slot
            self.running.add(name)
            try:
                await gate.wait()
            except asyncio.CancelledError:
                self.log.append(f"!{name}")
                raise
            finally:
                self.running.discard(name)
            self.log.append(f"-{name}")
            return name

        return work

    async def finish(self, name: str) -> None:
        self._gates[name].set()
        await settle()


async def settle() -> None:
    """Lets everything that can run do so."""
    for _ in range(20):
        await asyncio.sleep(0)


Start = Callable[[int, bool], Model]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    started: list[ModelQueue] = []

    def start(slots: int, on_air: bool) -> Model:
        started.append(ModelQueue(slots, on_air=on_air))
        return Model(started[-1])

    yield start
    for queue in started:
        await queue.aclose()


@pytest.fixture
def on_air(start: Start) -> Model:
    return start(2, True)


@pytest.fixture
def shared(start: Start) -> Model:
    return start(1, False)


async def test_first_come_first_served_within_a_class(shared: Model) -> None:
    tickets = [shared.submit(name, BATCH) for name in "abc"]
    await settle()
    for name in "abc":
        await shared.finish(name)
    assert shared.log == ["+a", "-a", "+b", "-b", "+c", "-c"]
    assert [ticket.result.result() for ticket in tickets] == ["a", "b", "c"]


async def test_a_higher_class_goes_first(shared: Model) -> None:
    shared.submit("first", ANSWER)
    await settle()
    shared.submit("batch", BATCH)
    shared.submit("draft", DRAFT)
    shared.submit("answer", ANSWER)
    for name in ("first", "answer", "draft", "batch"):
        await shared.finish(name)
    assert [entry for entry in shared.log if entry[0] == "+"] == [
        "+first",
        "+answer",
        "+draft",
        "+batch",
    ]


async def test_slots_bound_what_runs(start: Start) -> None:
    model = start(3, False)
    for name in "abcde":
        model.submit(name, BATCH)
    await settle()
    assert model.running == {"a", "b", "c"}
    assert sorted(model.slots.values()) == [0, 1, 2]


async def test_a_draft_preempts_a_batch_call_which_is_done_anew(shared: Model) -> None:
    batch = shared.submit("batch", BATCH)
    later = shared.submit("later", BATCH)
    await settle()
    shared.submit("draft", DRAFT)
    await settle()
    assert shared.log == ["+batch", "!batch", "+draft"]
    await shared.finish("draft")
    await shared.finish("batch")
    await shared.finish("later")
    assert shared.log[3:] == ["-draft", "+batch", "-batch", "+later", "-later"]
    assert batch.result.result() == "batch"
    assert later.result.result() == "later"


async def test_an_equal_class_preempts_nothing(shared: Model) -> None:
    shared.submit("one", DRAFT)
    shared.submit("two", DRAFT)
    await settle()
    assert shared.log == ["+one"]


async def test_the_lowest_and_youngest_makes_way(start: Start) -> None:
    model = start(3, False)
    model.submit("draft", DRAFT)
    model.submit("old", BATCH)
    model.submit("young", BATCH)
    await settle()
    model.submit("answer", ANSWER)
    await settle()
    assert model.running == {"draft", "old", "answer"}


async def test_one_call_makes_way_for_one(start: Start) -> None:
    model = start(2, False)
    model.submit("a", BATCH)
    model.submit("b", BATCH)
    await settle()
    model.submit("answer", ANSWER)
    await settle()
    assert model.running == {"a", "answer"}


async def test_the_product_on_air_keeps_slot_0(on_air: Model) -> None:
    on_air.submit("batch", BATCH)
    await settle()
    on_air.submit("draft", DRAFT)
    await settle()
    assert on_air.slots == {"batch": 1, "draft": 1}
    on_air.submit("answer", ANSWER)
    await settle()
    assert on_air.slots["answer"] == 0


async def test_nothing_else_runs_while_an_answer_does(on_air: Model) -> None:
    on_air.submit("batch", BATCH)
    await settle()
    on_air.submit("answer", ANSWER)
    on_air.submit("second", ANSWER)
    on_air.submit("draft", DRAFT)
    await settle()
    assert on_air.running == {"answer"}
    await on_air.finish("answer")
    assert on_air.running == {"second"}
    await on_air.finish("second")
    assert on_air.running == {"draft"}
    assert on_air.slots["second"] == 0


async def test_warming_goes_beside_batch_work_in_slot_0(on_air: Model) -> None:
    on_air.submit("batch", BATCH)
    await settle()
    on_air.warm("mug")
    on_air.warm("cup")
    await settle()
    assert on_air.running == {"batch", "mug"}
    assert on_air.slots == {"batch": 1, "mug": 0}
    await on_air.finish("mug")
    assert on_air.running == {"batch", "cup"}


async def test_a_draft_does_not_stop_warming_for_a_slot_that_it_cannot_take(on_air: Model) -> None:
    on_air.warm("mug")
    on_air.submit("batch", BATCH)
    await settle()
    on_air.submit("draft", DRAFT)
    await settle()
    assert on_air.running == {"mug", "draft"}


async def test_an_answer_begins_at_once_during_warming_which_is_done_anew(on_air: Model) -> None:
    warming = on_air.warm("mug")
    on_air.submit("batch", BATCH)
    await settle()
    on_air.submit("answer", ANSWER)
    await settle()
    assert on_air.running == {"answer"}
    await on_air.finish("answer")
    assert on_air.running == {"mug", "batch"}
    await on_air.finish("mug")
    assert warming.done()


async def test_warming_that_is_given_up_stops(on_air: Model) -> None:
    warming, later = on_air.warm("mug"), on_air.warm("cup")
    await settle()
    later.cancel()
    warming.cancel()
    await settle()
    assert on_air.log == ["+mug", "!mug"]


async def test_closing_tells_who_waits_for_warming(on_air: Model) -> None:
    tasks = [on_air.warm("mug"), on_air.warm("cup")]
    await settle()
    await on_air.queue.aclose()
    for task in tasks:
        with pytest.raises(ModelUnavailable):
            await task


async def test_a_queue_without_a_slot_for_the_product_on_air_cannot_be_warmed(
    shared: Model,
) -> None:
    with pytest.raises(ValueError, match="on air"):
        await shared.warm("mug")


async def test_batch_work_is_passed_by_a_bounded_number_of_drafts(shared: Model) -> None:
    shared.submit("first", DRAFT)
    await settle()
    shared.submit("batch", BATCH)
    for number in range(PATIENCE + 5):
        shared.submit(f"d{number}", DRAFT)
    await shared.finish("first")
    for number in range(PATIENCE):
        await shared.finish(f"d{number}")
    assert shared.running == {"batch"}
    shared.submit("late", DRAFT)
    await settle()
    assert shared.running == {"batch"}, "a draft must not preempt what has waited its turn"


async def test_a_steady_flow_of_drafts_cannot_keep_preempting(shared: Model) -> None:
    shared.submit("batch", BATCH)
    await settle()
    for number in range(PATIENCE):
        shared.submit(f"d{number}", DRAFT)
        await settle()
        assert "batch" not in shared.running
        await shared.finish(f"d{number}")
    shared.submit("more", DRAFT)
    await settle()
    assert shared.running == {"batch"}


async def test_the_deadline_counts_waiting(shared: Model) -> None:
    shared.submit("busy", BATCH)

    async def work(_slot: int) -> None:
        raise AssertionError("must not begin")

    with pytest.raises(DeadlineExceeded, match="did not finish within 0 s"):
        await shared.queue.run(work, timeout=0)
    await shared.finish("busy")
    assert shared.log == ["+busy", "-busy"]


async def test_the_deadline_stops_what_runs(shared: Model) -> None:
    stopped = asyncio.Event()

    async def work(_slot: int) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    with pytest.raises(DeadlineExceeded):
        await shared.queue.run(work, timeout=0.01)
    await settle()
    assert stopped.is_set()


async def test_a_timeout_of_the_work_itself_is_not_the_deadline(shared: Model) -> None:
    async def work(_slot: int) -> None:
        raise TimeoutError("mine")

    with pytest.raises(TimeoutError, match="mine"):
        await shared.queue.run(work, timeout=60)


async def test_a_cancelled_caller_frees_the_slot(shared: Model) -> None:
    begun = asyncio.Event()

    async def work(_slot: int) -> None:
        begun.set()
        await asyncio.Event().wait()

    caller = asyncio.create_task(shared.queue.run(work))
    await begun.wait()
    shared.submit("next", BATCH)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await settle()
    assert shared.running == {"next"}


async def test_a_call_given_up_while_it_waits_never_runs(shared: Model) -> None:
    shared.submit("a", BATCH)
    shared.submit("b", BATCH).cancel()
    shared.submit("c", BATCH)
    await shared.finish("a")
    assert shared.running == {"c"}


async def test_a_call_given_up_while_it_makes_way_is_not_queued_anew(shared: Model) -> None:
    batch = shared.submit("batch", BATCH)
    await settle()
    shared.submit("draft", DRAFT)
    batch.cancel()
    await settle()
    await shared.finish("draft")
    assert shared.running == set()


async def test_a_promoted_call_takes_its_place(shared: Model) -> None:
    shared.submit("busy", ANSWER)
    await settle()
    shared.submit("draft", DRAFT)
    batch = shared.submit("batch", BATCH)
    batch.promote(ANSWER)
    batch.promote(BATCH)
    await shared.finish("busy")
    assert shared.running == {"batch"}
    assert batch.priority is ANSWER


async def test_promoting_what_waits_preempts(shared: Model) -> None:
    shared.submit("busy", BATCH)
    waiting = shared.submit("clicked", BATCH)
    await settle()
    waiting.promote(ANSWER)
    await settle()
    assert shared.running == {"clicked"}


async def test_an_error_reaches_the_caller_and_the_queue_goes_on(shared: Model) -> None:
    async def work(_slot: int) -> None:
        raise ValueError("bad")

    with pytest.raises(ValueError, match="bad"):
        await shared.queue.run(work)
    shared.submit("next", BATCH)
    await settle()
    assert shared.running == {"next"}


async def test_closing_tells_everyone(shared: Model) -> None:
    running = shared.submit("running", BATCH)
    waiting = shared.submit("waiting", BATCH)
    await settle()
    await shared.queue.aclose()
    for ticket in (running, waiting):
        with pytest.raises(ModelUnavailable):
            await ticket.result
    assert shared.log == ["+running", "!running"]
    with pytest.raises(ModelUnavailable):
        shared.submit("late", BATCH)


async def test_work_sees_the_context_of_its_caller(shared: Model) -> None:
    who: contextvars.ContextVar[str] = contextvars.ContextVar("who", default="nobody")
    shared.submit("busy", BATCH)

    async def work(_slot: int) -> str:
        return who.get()

    who.set("ana")
    ticket = shared.queue.submit(work)
    who.set("ben")
    await shared.finish("busy")
    assert ticket.result.result() == "ana"


@pytest.mark.parametrize(("slots", "on_air"), [(0, False), (1, True)])
def test_a_queue_without_a_slot_for_all_is_refused(slots: int, on_air: bool) -> None:
    with pytest.raises(ValueError, match="slot"):
        ModelQueue(slots, on_air=on_air)


@settings(deadline=None, max_examples=60)
@given(
    slots=st.integers(2, 3),
    on_air=st.booleans(),
    steps=st.lists(
        st.tuples(st.sampled_from(["submit", "finish", "cancel"]), st.integers(0, 50)), max_size=40
    ),
)
def test_whatever_happens_every_call_ends_once(
    slots: int, on_air: bool, steps: list[tuple[str, int]]
) -> None:
    """Every call that is not given up is answered, and no two share a slot."""

    async def scenario() -> None:
        model = Model(ModelQueue(slots, on_air=on_air))
        tickets: dict[str, Ticket[str]] = {}
        for action, number in steps:
            if action == "submit":
                name = f"c{len(tickets)}"
                tickets[name] = model.submit(name, list(Priority)[number % 3])
            elif tickets:
                name = list(tickets)[number % len(tickets)]
                if action == "finish":
                    await model.finish(name)
                else:
                    tickets[name].cancel()
            await settle()
            held = [model.slots[name] for name in model.running]
            assert len(held) == len(set(held)) <= slots
            answering = any(tickets[name].priority is ANSWER for name in model.running)
            if on_air and answering:
                assert all(tickets[name].priority is ANSWER for name in model.running)
        for _ in tickets:
            for name in tickets:
                await model.finish(name)
        for name, ticket in tickets.items():
            assert ticket.result.cancelled() or ticket.result.result() == name

    asyncio.run(scenario())
