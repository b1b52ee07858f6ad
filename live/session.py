"""One watched stream: from its source and feeds to rows in the log, and to what follows them."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import uuid4

from domain.errors import LivecueError
from domain.scope import Scope
from domain.stream import (
    Comment,
    LogEntry,
    Notice,
    ScreenLine,
    Stream,
    StreamHealth,
    StreamStatus,
    Utterance,
)
from live.listening import READER as SPEECH
from live.listening import Listener
from live.looking import READER as SCREEN
from live.looking import Looker
from live.marking import QuestionMarker
from live.merging import KeyedRow, Merger
from live.quality import Quality, Step
from live.sources import AudioChunk, MediaEvent, MediaSource, NoticeKind, SourceNotice
from live.sources.media import moved_later
from stores.streams import StreamStore

log = logging.getLogger("livecue.live")

_FEEDS = "feeds"
_TELL_SECONDS = 1.0
_COMMIT_SECONDS = 0.2
_MS = timedelta(milliseconds=1)
_STORE_MS = 1000
"""How far the position moves in silence before it is stored."""
_STATUS = {
    NoticeKind.CONNECTED: StreamStatus.LIVE,
    NoticeKind.RECONNECTING: StreamStatus.RECONNECTING,
    NoticeKind.STALLED: StreamStatus.STALLED,
}


class Follower(Protocol):
    """Makes something of what was logged: events, live facts, what can be searched."""

    def follow(self, entries: Sequence[LogEntry], now_ms: int) -> Sequence[KeyedRow]:
        """Take new entries; all rows that count from before `now_ms` have been given.

        Returns rows that follow from them, for the log.
        """
        ...

    def finish(self, now_ms: int) -> None:
        """The stream is over."""
        ...

    def stop(self) -> None:
        """The session ends; after `finish` this does nothing."""
        ...


@dataclass(frozen=True)
class PushedRow:
    """A row that someone sends while the stream runs; `at_ms` is None for now."""

    row: Utterance | ScreenLine | Comment
    at_ms: int | None = None

    def times(self, at_ms: int) -> dict[str, int]:
        """The row's times when it counts from `at_ms` on."""
        length = self.row.end_ms - self.row.start_ms
        is_said = isinstance(self.row, Utterance)
        return {"start_ms": at_ms - length, "end_ms": at_ms} if is_said else {"start_ms": at_ms}


@dataclass
class Senses:
    """What a session perceives with: made for it, and its own."""

    source: MediaSource | None
    listen: Callable[[Merger], Listener]
    look: Callable[[Merger], Looker]
    feed: Iterator[KeyedRow]
    questions: QuestionMarker
    followers: Sequence[Follower] = field(default_factory=list[Follower])
    pace: float | None = None
    """How fast feeds without a source run against the clock; None for as fast as they are taken."""
    quality: Quality | None = None
    set_quality: Callable[[Step], None] = lambda _: None


class Session:
    """Watches one stream in the thread that calls `run`; other threads may call `stop`.

    Rows are stored together with the position that they reach, so that a session that is killed
    goes on where it was.
    """

    def __init__(self, store: StreamStore, scope: Scope, stream: Stream, senses: Senses) -> None:
        self._store = store
        self._scope = scope
        self._id = stream.stream_id
        self._senses = senses
        self._merger = Merger([_FEEDS], stream.position_ms)
        self._edge_ms = self._stored_ms = stream.position_ms
        away = stream.position_ms and (datetime.now(UTC) - stream.updated_at) // _MS
        self._resumed_ms = stream.position_ms + max(0, away)
        self._stopped = threading.Event()
        self._left = threading.Event()
        self._health = stream.health
        self._status = StreamStatus.STARTING
        self._told_at = 0.0
        self._committed_at = 0.0
        self._began: float | None = None
        self._next: KeyedRow | None = None
        self._pushed: deque[PushedRow] = deque()

    def stop(self) -> None:
        """End the session; what was found stays."""
        self._stopped.set()
        if self._senses.source is not None:
            self._senses.source.close()

    @property
    def source(self) -> MediaSource | None:
        """Where its pictures and sound come from."""
        return self._senses.source

    def push(self, rows: Sequence[PushedRow]) -> None:
        """Take what is said or asked from whoever sends it, at its time or now."""
        self._pushed.extend(rows)

    def leave(self) -> None:
        """End the session as a killed process would: the stream is not over."""
        self._left.set()
        self.stop()

    def run(self) -> None:
        """Watch until the source ends, or `stop` or `leave` is called."""
        try:
            try:
                self._watch()
            finally:
                for follower in self._senses.followers:
                    follower.stop()
        except LivecueError as error:
            self._end(StreamStatus.FAILED, error.as_dict())
        except Exception:
            log.exception("the session of %s failed", self._id)
            self._end(StreamStatus.FAILED, {"code": "internal", "message": "see the server's log"})
        else:
            if not self._left.is_set():
                is_stopped = self._stopped.is_set()
                self._end(StreamStatus.STOPPED if is_stopped else StreamStatus.ENDED)

    def _watch(self) -> None:
        if self._senses.source is None:
            self._tell(StreamStatus.LIVE)
            self._take_feed(None)
        else:
            self._watch_source(self._senses.source)
        if self._left.is_set():
            return
        self._merger.leave(_FEEDS)
        self._commit(is_last=True)
        for follower in self._senses.followers:
            follower.finish(self._edge_ms)

    def _watch_source(self, source: MediaSource) -> None:
        listener: Listener | None = None
        looker: Looker | None = None
        try:
            for event in self._on_one_clock(source):
                if isinstance(event, SourceNotice):
                    self._take_notice(event)
                elif isinstance(event, AudioChunk):
                    if listener is None:
                        self._merger.enter(SPEECH, event.start_ms)
                        listener = self._senses.listen(self._merger)
                    listener.hear(event)
                    self._move_to(event.end_ms)
                else:
                    if looker is None:
                        self._merger.enter(SCREEN, event.at_ms)
                        looker = self._senses.look(self._merger)
                    looker.see(event)
                    self._move_to(event.at_ms)
            for reader in (listener, looker):
                if reader is not None and not self._stopped.is_set():
                    reader.finish()
            self._take_feed(None)
        finally:
            for reader in (listener, looker):
                if reader is not None:
                    reader.stop()

    def _on_one_clock(self, source: MediaSource) -> Iterator[MediaEvent]:
        """What the source gives; a live one that is taken up again begins where it would be now."""
        later: int | None = None if self._resumed_ms else 0
        for event in source:
            if later is None:
                later = self._resumed_ms if source.state.live else 0
                row = Notice(start_ms=self._edge_ms, notice="resumed", text="Watching goes on.")
                self._merger.add([(f"notice:resumed:{self._edge_ms}", row)])
            yield moved_later(event, later) if later else event

    def _take_notice(self, notice: SourceNotice) -> None:
        if notice.kind is NoticeKind.NUDGE:
            self._move_to(notice.at_ms)
            return
        row = Notice(start_ms=notice.at_ms, notice=notice.kind.value, text=notice.detail)
        self._merger.add([(f"notice:{notice.kind}:{notice.at_ms}", row)])
        status = _STATUS.get(notice.kind)
        if status is not None:
            self._tell(status)
        self._move_to(notice.at_ms)

    def _move_to(self, at_ms: int) -> None:
        """The source has come to `at_ms`."""
        self._edge_ms = max(self._edge_ms, at_ms)
        self._take_pushed()
        self._take_feed(self._edge_ms)
        now = time.monotonic()
        if now - self._committed_at >= _COMMIT_SECONDS:
            self._committed_at = now
            self._commit()
        if now - self._told_at >= _TELL_SECONDS:
            self._tell(self._status)

    def _take_pushed(self) -> None:
        """What was pushed counts from now on, or from the time that it names if that is to come."""
        while self._pushed:
            pushed = self._pushed.popleft()
            at = self._edge_ms if pushed.at_ms is None else max(pushed.at_ms, self._edge_ms)
            row = pushed.row.model_copy(update=pushed.times(at))
            self._merger.add([(f"pushed:{uuid4().hex}", row)])

    def _take_feed(self, until_ms: int | None) -> None:
        """Rows of the feeds up to `until_ms`, or all that are left."""
        while not self._stopped.is_set():
            if self._next is None:
                self._next = next(self._senses.feed, None)
            if self._next is None or (
                until_ms is not None and self._next[1].valid_from_ms > until_ms
            ):
                break
            if until_ms is None:
                self._await_time(self._next[1].valid_from_ms)
            self._merger.add([self._next])
            if until_ms is None:
                self._edge_ms = max(self._edge_ms, self._next[1].valid_from_ms)
                self._merger.pass_by(_FEEDS, self._next[1].valid_from_ms)
                self._commit_at_times()
            self._next = None
        if until_ms is not None:
            self._merger.pass_by(_FEEDS, until_ms)

    def _await_time(self, at_ms: int) -> None:
        """Wait until feeds that are played come to a moment."""
        if self._senses.pace is None or self._senses.source is not None:
            return
        if self._began is None:
            self._began = time.monotonic() - at_ms / 1000 / self._senses.pace
        while not self._stopped.is_set():
            left = self._began + at_ms / 1000 / self._senses.pace - time.monotonic()
            if left <= 0:
                return
            self._commit()
            self._stopped.wait(min(left, _TELL_SECONDS))

    def _commit_at_times(self) -> None:
        if self._merger.waiting >= 500 or self._senses.pace is not None:
            self._commit()
            self._tell(self._status)

    def _commit(self, *, is_last: bool = False) -> None:
        """Store what can come no earlier any more, and let the followers see it."""
        rows: Sequence[KeyedRow] = self._merger.take()
        passed = self._edge_ms if is_last else min(self._merger.passed_ms, self._edge_ms)
        rows = self._senses.questions.mark(rows)
        if not rows and not is_last and passed - self._stored_ms < _STORE_MS:
            return
        self._stored_ms = passed
        while True:
            entries = self._store.append(self._scope, self._id, rows, position_ms=passed)
            rows = [
                row
                for follower in self._senses.followers
                for row in follower.follow(entries, passed)
            ]
            if not rows:
                break

    def _tell(self, status: StreamStatus) -> None:
        """Show the state to whoever asks."""
        source = self._senses.source
        lag_ms = max(0, self._edge_ms - min(self._merger.passed_ms, self._edge_ms))
        changes: dict[str, object] = {"unread_comments": self._senses.questions.unread}
        if source is not None:
            state = source.state
            lag_ms += max(0, state.at_ms - self._edge_ms) + state.lag_ms
            self._keep_up(lag_ms)
            changes |= {
                "has_audio": state.has_sound,
                "has_video": state.has_picture,
                "width": state.width or None,
                "height": state.height or None,
                "dropped_frames": state.frames_dropped,
                "reconnects": max(0, state.connections - 1),
            }
        changes |= {"lag_ms": lag_ms}
        self._health = StreamHealth.model_validate(self._health.model_dump() | changes)
        self._status = status
        self._told_at = time.monotonic()
        self._store.update(self._scope, self._id, status=status, health=self._health)

    def _keep_up(self, lag_ms: int) -> None:
        """Take in less while the machine is behind; a recording that may wait has no quality."""
        quality = self._senses.quality
        if quality is None or not quality.see(lag_ms, time.monotonic()):
            return
        self._senses.set_quality(quality.step)
        self._health = self._health.model_copy(update={"quality": quality.level})
        row = Notice(start_ms=self._edge_ms, notice="quality", text=quality.step.says)
        self._merger.add([(f"notice:quality:{self._edge_ms}", row)])

    def _end(self, status: StreamStatus, error: dict[str, object] | None = None) -> None:
        unread = self._senses.questions.unread
        self._health = self._health.model_copy(update={"lag_ms": 0, "unread_comments": unread})
        self._store.update(self._scope, self._id, status=status, health=self._health, error=error)
