"""A session stores what its source and feeds give, once, in order, and goes on after a kill."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.errors import InvalidInput, ModelUnavailable
from domain.scope import Scope
from domain.stream import Comment, LogEntry, StreamSpec, StreamStatus
from live.desk import LiveDesk
from live.listening import Listener
from live.looking import Looker
from live.marking import QuestionMarker
from live.merging import KeyedRow, Merger
from live.perception import Senses
from live.session import Session
from live.sources import AudioChunk, MediaEvent, NoticeKind, SourceNotice, SourceState
from models.asr import Heard
from models.asr import Utterance as Said
from stores.sql import open_database
from stores.streams import StreamStore
from tests.fakes.label_classifier import LabelClassifier
from tools.questions.detection import QuestionDetector

SCOPE = Scope()


class Ear:
    """Says the loudness of what it is given."""

    name = "ear"

    def transcribe(self, path: Path, **_: object) -> list[Said]:
        raise NotImplementedError

    def listen(self, samples: NDArray[np.float32], **_: object) -> Heard:
        length = len(samples) // 16
        text = f"loud {float(np.abs(samples).max()):.1f}"
        return Heard([Said(0, length, text, ())], "en")


class Scripted:
    """A source that gives what it is told, and waits at the end when it `lasts`."""

    name = "scripted"

    def __init__(self, events: Sequence[MediaEvent], *, lasts: bool = False) -> None:
        self.events = events
        self.lasts = lasts
        self.closed = threading.Event()
        self.state = SourceState(has_sound=True)

    def __iter__(self) -> Iterator[MediaEvent]:
        for event in self.events:
            if self.closed.is_set():
                return
            yield event
        if self.lasts:
            self.closed.wait(20)

    def set_interval_ms(self, interval_ms: int) -> None:
        del interval_ms

    def close(self) -> None:
        self.closed.set()


class Recorder:
    """Keeps what it is shown."""

    def __init__(self) -> None:
        self.seen: list[LogEntry] = []
        self.finished: list[int] = []

    def follow(self, entries: Sequence[LogEntry], now_ms: int) -> None:
        assert all(entry.row.valid_from_ms <= now_ms for entry in entries)
        self.seen += entries

    def finish(self, now_ms: int, *, waits: bool) -> None:
        assert waits
        self.finished.append(now_ms)

    def stop(self) -> None:
        self.finished.append(-1)


@pytest.fixture
def store(tmp_path: Path) -> StreamStore:
    return StreamStore(open_database(tmp_path / "home.sqlite"))


def _detector() -> QuestionDetector:
    classifier = LabelClassifier()
    classifier.labels = ("question", *classifier.labels[1:])
    return QuestionDetector(lambda: classifier)


def _senses(
    source: Scripted | None, feed: Sequence[KeyedRow] = (), follower: Recorder | None = None
) -> Senses:
    def listen(merger: Merger) -> Listener:
        return Listener(Ear(), merger)

    def look(merger: Merger) -> Looker:
        raise AssertionError("there is no picture")

    followers = [follower] if follower else []
    return Senses(source, listen, look, iter(feed), QuestionMarker(_detector(), 60), followers)


def _asked(at_ms: int, text: str) -> KeyedRow:
    return f"asked:{at_ms}", Comment(start_ms=at_ms, user="ann", text=text)


def _run(store: StreamStore, senses: Senses, stream_id: str = "night") -> list[str]:
    stream = store.create(SCOPE, stream_id, StreamSpec())
    Session(store, SCOPE, stream, senses).run()
    return [entry.row.text for entry in store.entries(SCOPE, stream_id, limit=5000)]


def test_feeds_alone_are_stored_in_order_and_end(store: StreamStore) -> None:
    follower = Recorder()
    texts = _run(store, _senses(None, [_asked(500, "one"), _asked(900, "two")], follower))
    assert texts == ["one", "two"]
    stream = store.get(SCOPE, "night")
    assert (stream.status, stream.position_ms) == (StreamStatus.ENDED, 900)
    assert follower.finished == [900, -1]


def test_a_model_that_is_missing_is_waited_for_and_told(store: StreamStore) -> None:
    missing = threading.Event()
    missing.set()

    def warm() -> None:
        if missing.is_set():
            raise ModelUnavailable("The ears are not here.", hint="run `livecue models pull`")

    stream = store.create(SCOPE, "night", StreamSpec())
    senses = replace(_senses(None, [_asked(500, "one")]), warm=warm)
    session = Session(store, SCOPE, stream, senses)
    thread = threading.Thread(target=session.run)
    thread.start()
    _wait_for(lambda: "The ears are not here." in store.get(SCOPE, "night").health.detail)
    waiting = store.get(SCOPE, "night")
    assert waiting.status is StreamStatus.STARTING
    assert "models pull" in waiting.health.detail
    missing.clear()
    thread.join(10)
    assert store.get(SCOPE, "night").status is StreamStatus.ENDED
    assert store.get(SCOPE, "night").health.detail == ""
    assert [entry.row.text for entry in store.entries(SCOPE, "night")] == ["one"]


def test_a_reader_whose_model_is_missing_loses_no_sound_and_lets_itself_be_stopped(
    store: StreamStore,
) -> None:
    tries: list[int] = []

    def listen(merger: Merger) -> Listener:
        tries.append(1)
        raise ModelUnavailable("The ears are not here.", hint="run `livecue models pull`")

    chunk = AudioChunk(0, np.zeros(16_000, np.float32))
    stream = store.create(SCOPE, "night", StreamSpec())
    senses = replace(_senses(Scripted([chunk], lasts=True)), listen=listen)
    session = Session(store, SCOPE, stream, senses)
    thread = threading.Thread(target=session.run)
    thread.start()
    _wait_for(lambda: bool(store.get(SCOPE, "night").health.detail))
    session.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert store.get(SCOPE, "night").status is StreamStatus.STOPPED
    assert tries


def test_of_a_flood_of_comments_all_are_stored_and_some_are_read(store: StreamStore) -> None:
    flood = [_asked(at * 12, f"comment {at}?") for at in range(5000)]
    texts = _run(store, _senses(None, flood))
    assert texts == [f"comment {at}?" for at in range(5000)]
    rows = [entry.row for entry in store.entries(SCOPE, "night", limit=5000)]
    read = sum(isinstance(row, Comment) and row.is_question is not None for row in rows)
    assert 115 <= read <= 121  # 60 at once, 60 more in the minute
    assert store.get(SCOPE, "night").health.unread_comments == 5000 - read


def test_what_was_asked_before_is_read_for_nothing(store: StreamStore) -> None:
    same = [_asked(at, "How much?" if at % 2 else "how  much?") for at in range(500)]
    _run(store, _senses(None, same))
    assert store.get(SCOPE, "night").health.unread_comments == 0


def test_notices_of_the_source_are_logged_and_set_the_status(store: StreamStore) -> None:
    notices = [
        SourceNotice(NoticeKind.CONNECTED, 0, "It is there."),
        SourceNotice(NoticeKind.RECONNECTING, 2000, "It is gone."),
    ]
    stream = store.create(SCOPE, "night", StreamSpec())
    source = Scripted(notices, lasts=True)
    session = Session(store, SCOPE, stream, _senses(source))
    thread = threading.Thread(target=session.run)
    thread.start()
    _wait_for(lambda: store.get(SCOPE, "night").status is StreamStatus.RECONNECTING)
    session.stop()
    thread.join(10)
    assert store.get(SCOPE, "night").status is StreamStatus.STOPPED
    assert [e.row.text for e in store.entries(SCOPE, "night")] == ["It is there.", "It is gone."]


def test_a_session_that_is_left_is_not_over_and_goes_on_without_doubles(
    store: StreamStore,
) -> None:
    feed = [_asked(at, str(at)) for at in range(0, 5000, 500)]
    stream = store.create(SCOPE, "night", StreamSpec())
    source = Scripted([SourceNotice(NoticeKind.CONNECTED, 2600, "Here.")], lasts=True)
    session = Session(store, SCOPE, stream, _senses(source, feed))
    thread = threading.Thread(target=session.run)
    thread.start()
    _wait_for(lambda: store.get(SCOPE, "night").status is StreamStatus.LIVE)
    session.leave()
    thread.join(10)
    left = store.get(SCOPE, "night")
    assert not left.status.is_over

    Session(store, SCOPE, left, _senses(Scripted([]), feed)).run()
    asked = [e.row.text for e in store.entries(SCOPE, "night", kinds=["comment"])]
    assert asked == [str(at) for at in range(0, 5000, 500)]
    assert store.get(SCOPE, "night").status is StreamStatus.ENDED


def test_a_live_source_goes_on_at_the_time_that_it_is(store: StreamStore) -> None:
    store.create(SCOPE, "night", StreamSpec())
    store.append(SCOPE, "night", [], position_ms=60_000)
    source = Scripted([SourceNotice(NoticeKind.CONNECTED, 40, "Here again.")])
    source.state = SourceState(live=True)
    Session(store, SCOPE, store.get(SCOPE, "night"), _senses(source)).run()
    [resumed, again] = [entry.row for entry in store.entries(SCOPE, "night")]
    assert resumed.text == "Watching goes on."
    assert 60_040 <= again.start_ms < 70_000


def test_a_source_that_fails_ends_the_stream_with_its_error(store: StreamStore) -> None:
    class Broken(Scripted):
        def __iter__(self) -> Iterator[MediaEvent]:
            raise InvalidInput("It is no media.", hint="Give a recording.")

    _run(store, _senses(Broken([])))
    stream = store.get(SCOPE, "night")
    assert stream.status is StreamStatus.FAILED
    assert stream.error is not None
    assert stream.error["message"] == "It is no media."


@pytest.mark.models
def test_speech_is_heard_at_its_time(store: StreamStore) -> None:
    """Silero VAD takes no tone for speech, so that only the position moves."""
    chunk = AudioChunk(0, np.zeros(16_000 * 3, np.float32))
    assert _run(store, _senses(Scripted([chunk]))) == []
    assert store.get(SCOPE, "night").position_ms == 3000


async def test_the_desk_runs_stops_and_takes_up(store: StreamStore) -> None:
    sources: list[Scripted] = []

    def open_senses(*_: object) -> Senses:
        sources.append(Scripted([], lasts=True))
        return _senses(sources[-1])

    desk = LiveDesk(store, open_senses, most=1)
    stream = await desk.start(SCOPE, StreamSpec(), "night")
    assert desk.is_running(SCOPE, stream.stream_id)
    with pytest.raises(Exception, match="watched already"):
        await desk.start(SCOPE, StreamSpec(), "day")
    await desk.aclose()
    assert not store.get(SCOPE, "night").status.is_over

    again = LiveDesk(store, open_senses, most=1)
    await again.recover(SCOPE)
    assert again.is_running(SCOPE, "night")
    stopped = await again.stop(SCOPE, "night")
    assert stopped.status is StreamStatus.STOPPED


def _wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)
