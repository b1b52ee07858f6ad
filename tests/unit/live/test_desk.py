"""The desk watches each stream once and as many as it may, and is honest about the rest."""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from domain.errors import InvalidInput, LivecueError, ModelUnavailable, NotFound, StateConflict
from domain.scope import Scope
from domain.stream import Stream, StreamSpec, StreamStatus
from live import desk as desk_module
from live.desk import LiveDesk
from live.listening import Listener
from live.looking import Looker
from live.marking import QuestionMarker
from live.merging import Merger
from live.perception import Senses
from live.sources import MediaEvent, NoticeKind, SourceNotice, SourceState
from stores.sql import open_database
from stores.streams import StreamStore
from tests.fakes.label_classifier import LabelClassifier
from tools.questions.detection import QuestionDetector

SCOPE = Scope()
SLOW_SECONDS = 0.4


class Lasting:
    """A source that connects and lasts until it is closed, which may take a while."""

    name = "lasting"

    def __init__(self, closing_seconds: float = 0) -> None:
        self.closing_seconds = closing_seconds
        self.closed = threading.Event()
        self.state = SourceState()

    def __iter__(self) -> Iterator[MediaEvent]:
        yield SourceNotice(NoticeKind.CONNECTED, 0, "Here.")
        self.closed.wait(20)

    def set_interval_ms(self, interval_ms: int) -> None:
        del interval_ms

    def close(self) -> None:
        time.sleep(self.closing_seconds)
        self.closed.set()


class Opener:
    """Opens lasting senses slowly; raises what is wrong with a stream's."""

    def __init__(self, *, closing_seconds: float = 0) -> None:
        self.closing_seconds = closing_seconds
        self.wrong: dict[str, Exception] = {}
        self.sources: list[Lasting] = []

    def __call__(self, scope: Scope, stream: Stream) -> Senses:
        time.sleep(0.05)
        if stream.stream_id in self.wrong:
            raise self.wrong[stream.stream_id]
        self.sources.append(Lasting(self.closing_seconds))
        marker = QuestionMarker(QuestionDetector(LabelClassifier), 60)
        return Senses(self.sources[-1], _no_sound, _no_picture, iter(()), marker)


def _no_sound(merger: Merger) -> Listener:
    raise AssertionError("there is no sound")


def _no_picture(merger: Merger) -> Looker:
    raise AssertionError("there is no picture")


@pytest.fixture
def store(tmp_path: Path) -> StreamStore:
    return StreamStore(open_database(tmp_path / "home.sqlite"))


@asynccontextmanager
async def _desk(store: StreamStore, opens: Opener, most: int = 4) -> AsyncGenerator[LiveDesk]:
    desk = LiveDesk(store, opens, most=most)
    try:
        yield desk
    finally:
        await desk.aclose()


@asynccontextmanager
async def _recovering(desk: LiveDesk) -> AsyncGenerator[None]:
    task = asyncio.create_task(desk.recover(SCOPE))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


def _threads(stream_id: str) -> int:
    return sum(thread.name == f"live {stream_id}" for thread in threading.enumerate())


def _conflicts(results: list[Stream | BaseException]) -> int:
    assert all(isinstance(one, Stream | StateConflict) for one in results), results
    return sum(isinstance(one, StateConflict) for one in results)


async def test_of_resumes_at_once_one_watches(store: StreamStore) -> None:
    store.create(SCOPE, "once", StreamSpec())
    opens = Opener()
    async with _desk(store, opens) as desk:
        resumes = (desk.resume(SCOPE, "once") for _ in range(3))
        assert _conflicts(await asyncio.gather(*resumes, return_exceptions=True)) == 2
        assert (_threads("once"), len(opens.sources)) == (1, 1)
        await desk.stop(SCOPE, "once")
        assert _threads("once") == 0


async def test_starts_and_resumes_at_once_keep_to_the_most(store: StreamStore) -> None:
    for name in "ab":
        store.create(SCOPE, name, StreamSpec())
    async with _desk(store, Opener(), most=2) as desk:
        begun = [desk.start(SCOPE, StreamSpec(), f"new-{n}") for n in range(3)]
        begun += [desk.resume(SCOPE, name) for name in "ab"]
        assert _conflicts(await asyncio.gather(*begun, return_exceptions=True)) == 3
        running = [one.stream_id for one in store.list(SCOPE)]
        assert sum(desk.is_running(SCOPE, name) for name in running) == 2


async def test_a_place_is_given_back_when_nothing_can_be_opened(store: StreamStore) -> None:
    opens = Opener()
    opens.wrong["bad"] = InvalidInput("It is no media.", hint="Give a recording.")
    async with _desk(store, opens, most=1) as desk:
        with pytest.raises(InvalidInput):
            await desk.start(SCOPE, StreamSpec(), "bad")
        assert not store.list(SCOPE)
        await desk.start(SCOPE, StreamSpec(), "good")


async def test_a_known_stream_is_not_started_but_resumed(store: StreamStore) -> None:
    async with _desk(store, Opener()) as desk:
        await desk.start(SCOPE, StreamSpec(), "night")
        await desk.stop(SCOPE, "night")
        with pytest.raises(StateConflict) as refused:
            await desk.start(SCOPE, StreamSpec(), "night")
        assert "livecue streams resume night" in refused.value.hint
        assert not (await desk.resume(SCOPE, "night")).status.is_over
        assert not store.get(SCOPE, "night").status.is_over


async def test_every_stream_that_was_left_is_taken_up_or_says_why_not(store: StreamStore) -> None:
    for n in range(120):
        store.create(SCOPE, f"s{n}", StreamSpec())
    async with _desk(store, Opener(), most=2) as desk:
        await desk.note_left(SCOPE)
        assert not any(one.status.is_over for one in desk.look_at_all(SCOPE, limit=200))
        async with _recovering(desk):
            await _until(
                lambda: (
                    sum(
                        "2 streams are watched already" in one.health.detail
                        for one in desk.look_at_all(SCOPE, limit=200)
                    )
                    == 118
                )
            )
            assert not any(one.status.is_over for one in desk.look_at_all(SCOPE, limit=200))


@pytest.mark.parametrize(
    "wrong",
    [
        ModelUnavailable("The ear is missing.", hint="Fetch it: livecue models pull"),
        NotFound("There is no said.jsonl.", hint="Put it back."),
    ],
)
async def test_a_stream_waits_for_what_may_pass(
    store: StreamStore, wrong: LivecueError, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "_AGAIN_SECONDS", 0.02)
    left = store.create(SCOPE, "night", StreamSpec())
    opens = Opener()
    opens.wrong["night"] = wrong
    async with _desk(store, opens) as desk, _recovering(desk):
        await _until(lambda: wrong.message in desk.look(SCOPE, "night").health.detail)
        seen = desk.look(SCOPE, "night")
        assert wrong.hint in seen.health.detail
        assert not seen.status.is_over
        assert store.get(SCOPE, "night") == left, "when it was left has to stay known"
        opens.wrong.clear()
        await _until(lambda: store.get(SCOPE, "night").status is StreamStatus.STARTING)
        await _until(lambda: desk.look(SCOPE, "night").health.detail == "")


async def test_a_stream_fails_for_what_cannot_mend_itself(store: StreamStore) -> None:
    for name in ("bad", "broken", "good"):
        store.create(SCOPE, name, StreamSpec())
    opens = Opener()
    opens.wrong["bad"] = InvalidInput("It is no media.", hint="Give a recording.")
    opens.wrong["broken"] = RuntimeError("a bug")
    async with _desk(store, opens) as desk:
        await desk.recover(SCOPE)
        bad, broken = store.get(SCOPE, "bad"), store.get(SCOPE, "broken")
        assert (bad.status, broken.status) == (StreamStatus.FAILED, StreamStatus.FAILED)
        assert bad.error == opens.wrong["bad"].as_dict()
        assert broken.error is not None
        assert "livecue streams resume broken" in broken.error["hint"]
        assert desk.is_running(SCOPE, "good")


async def test_a_stream_that_waits_can_be_stopped(store: StreamStore) -> None:
    store.create(SCOPE, "night", StreamSpec())
    opens = Opener()
    opens.wrong["night"] = ModelUnavailable("Not there.", hint="Fetch it.")
    async with _desk(store, opens) as desk:
        await desk.note_left(SCOPE)
        async with _recovering(desk):
            await _until(lambda: "Not there." in desk.look(SCOPE, "night").health.detail)
            assert (await desk.stop(SCOPE, "night")).status is StreamStatus.STOPPED
    opens.wrong.clear()
    async with _desk(store, opens) as desk:
        await desk.recover(SCOPE)
        assert not desk.is_running(SCOPE, "night")


async def test_a_stream_is_stopped_while_it_is_being_opened(store: StreamStore) -> None:
    store.create(SCOPE, "night", StreamSpec())
    async with _desk(store, Opener()) as desk:
        resuming = asyncio.create_task(desk.resume(SCOPE, "night"))
        await _until(lambda: desk.is_running(SCOPE, "night"))
        assert (await desk.stop(SCOPE, "night")).status is StreamStatus.STOPPED
        await resuming
        assert _threads("night") == 0


async def test_an_open_stream_that_nobody_watches_has_failed(store: StreamStore) -> None:
    store.create(SCOPE, "night", StreamSpec())
    async with _desk(store, Opener()) as desk:
        seen = desk.look(SCOPE, "night")
        assert seen.status is StreamStatus.FAILED
        assert seen.error is not None
        assert "livecue streams resume night" in seen.error["hint"]
        assert list(desk.look_at_all(SCOPE, limit=5)) == [seen]
        assert not store.get(SCOPE, "night").status.is_over, "a server may go on with it"
        assert (await desk.stop(SCOPE, "night")).error == seen.error
        assert store.get(SCOPE, "night").status is StreamStatus.FAILED


@pytest.mark.parametrize("way", ["stop", "close"])
async def test_the_loop_goes_on_while_a_source_closes(store: StreamStore, way: str) -> None:
    desk = LiveDesk(store, Opener(closing_seconds=SLOW_SECONDS), most=1)
    await desk.start(SCOPE, StreamSpec(), "night")
    closing = asyncio.create_task(
        desk.aclose() if way == "close" else asyncio.wait_for(desk.stop(SCOPE, "night"), 10)
    )
    longest, at = 0.0, time.monotonic()
    while not closing.done():
        await asyncio.sleep(0.01)
        longest, at = max(longest, time.monotonic() - at), time.monotonic()
    await closing
    assert longest < SLOW_SECONDS / 2
    assert store.get(SCOPE, "night").status.is_over == (way == "stop")
    await desk.aclose()


async def test_a_stream_without_a_line_up_sells_what_is_on_sale(store: StreamStore) -> None:
    desk = LiveDesk(store, Opener(), most=4, on_sale=lambda _: ["mug", "lamp"])
    try:
        free = await desk.start(SCOPE, StreamSpec(), "free")
        own = await desk.start(SCOPE, StreamSpec(products=("bag",)), "own")
        again = await desk.start(SCOPE, StreamSpec(replay_of="free"), "again")
    finally:
        await desk.aclose()
    assert free.spec.products == ("mug", "lamp")
    assert own.spec.products == ("bag",)
    assert again.spec.products == ()
