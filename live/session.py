"""One watched stream: from its source and feeds to rows in the log, and to what follows them."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import uuid4

from domain.errors import LivecueError, StateConflict
from domain.right_of_way import fall_behind
from domain.scope import Scope
from domain.stream import (
    Notice,
    Stream,
    StreamStatus,
)
from live.listening import READER as SPEECH
from live.listening import Listener
from live.looking import READER as SCREEN
from live.looking import Looker, ReadFrame
from live.merging import KeyedRow, Merger
from live.perception import Senses
from live.pushed_rows import PushedRow
from live.sources import AudioChunk, MediaEvent, MediaSource, NoticeKind, SourceNotice
from live.sources.media import moved_later
from live.told_state import ToldState
from stores.streams import StreamStore

log = logging.getLogger("livecue.live")

_FEEDS = "feeds"
_TELL_SECONDS = 1.0
_COMMIT_SECONDS = 0.2
_MS = timedelta(milliseconds=1)
_NAMED = 20
"""Rows of feeds that could not be read; the others are counted."""
_STORE_MS = 1000
"""How far the position moves in silence before it is stored."""
_STATUS = {
    NoticeKind.CONNECTED: StreamStatus.LIVE,
    NoticeKind.RECONNECTING: StreamStatus.RECONNECTING,
    NoticeKind.STALLED: StreamStatus.STALLED,
}


T = TypeVar("T")


class Session:
    """Watches one stream in the thread that calls `run`; other threads may call `stop`.

    Rows are stored together with the position that they reach, so that a session that is killed
    goes on where it was. What it perceives again of the time before, whose rows are all stored, is
    left out.
    """

    def __init__(self, store: StreamStore, scope: Scope, stream: Stream, senses: Senses) -> None:
        self._store = store
        self._scope = scope
        self._id = stream.stream_id
        self._senses = senses
        self._merger = Merger([_FEEDS], stream.position_ms)
        self._edge_ms = self._stored_ms = self._known_ms = stream.position_ms
        self._last_ms: int | None = None
        self._is_over = False
        away = stream.position_ms and (datetime.now(UTC) - stream.updated_at) // _MS
        self._resumed_ms = stream.position_ms + max(0, away)
        self._stopped = threading.Event()
        self._left = threading.Event()
        self._state = ToldState(store, scope, stream)
        self._committed_at = 0.0
        self._began: float | None = None
        self._next: KeyedRow | None = None
        self._pushed: deque[PushedRow] = deque()
        self._pushing = threading.Lock()
        self._looker: Looker | None = None

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
        """Take what is said or asked from whoever sends it, at its time or now.

        Raises:
            StateConflict: the session is over, or has feeds alone, which nobody adds to.
        """
        with self._pushing:
            if self._is_over or self._senses.source is None:
                raise StateConflict(
                    f"Nothing can be pushed to the stream {self._id}.",
                    hint="Push to one that is being watched and has a source, such as “push”.",
                )
            self._pushed.extend(rows)

    def reading_at(self, at_ms: int) -> ReadFrame | None:
        """What was read in the picture nearest to a moment; None when no picture is near."""
        looker = self._looker
        return None if looker is None else looker.reading_at(at_ms)

    def leave(self) -> None:
        """End the session as a killed process would: the stream is not over."""
        self._left.set()
        self.stop()

    def run(self) -> None:
        """Watch until the source ends, or `stop` or `leave` is called; behind whoever waits."""
        fall_behind()
        try:
            try:
                for feed in self._senses.growing:
                    feed.start(self.push)
                self._watch()
            finally:
                self._close()
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
        self._state.await_model(self._senses.warm, self._stopped)
        if self._senses.source is None:
            self._tell(StreamStatus.LIVE)
            self._take_feed(None)
        else:
            self._watch_source(self._senses.source)
        if self._left.is_set():
            return
        self._take_last_pushed()
        self._name_problems()
        self._merger.leave(_FEEDS)
        self._commit(is_last=True)
        for follower in self._senses.followers:
            follower.finish(self._stored_ms, waits=not self._stopped.is_set())

    def _name_problems(self) -> None:
        problems = self._senses.problems()
        self._state.note(bad_rows=len(problems))
        for number, problem in enumerate(problems[:_NAMED]):
            row = Notice(start_ms=self._edge_ms, notice="dropped", text=problem)
            self._merger.add([(f"notice:dropped:{number}", row)])

    def _close(self) -> None:
        """Let go of what is held; who pushes is refused from now on."""
        with self._pushing:
            self._is_over = True
        if self._senses.source is not None:
            self._senses.source.close()
        for feed in self._senses.growing:
            feed.close()
        for follower in self._senses.followers:
            follower.stop()

    def _watch_source(self, source: MediaSource) -> None:
        listener: Listener | None = None
        looker: Looker | None = None
        try:
            for event in self._on_one_clock(source):
                if isinstance(event, SourceNotice):
                    self._take_notice(event)
                elif isinstance(event, AudioChunk):
                    if listener is None:
                        listener = self._await(self._senses.listen, SPEECH, event.start_ms)
                    if listener is None:
                        break
                    listener.hear(event)
                    self._move_to(event.end_ms)
                else:
                    if looker is None:
                        looker = self._await(self._senses.look, SCREEN, event.at_ms)
                        self._looker = looker
                    if looker is None:
                        break
                    looker.see(event)
                    self._move_to(event.at_ms)
            for reader in (listener, looker):
                if reader is not None and not self._stopped.is_set():
                    reader.finish()
            if not self._stopped.is_set():
                self._take_feed(None)
        finally:
            if self._stopped.is_set():  # what is not heard or read by now never will be
                self._last_ms = max(self._known_ms, min(self._merger.passed_ms, self._edge_ms))
            for reader in (listener, looker):
                if reader is not None:
                    reader.stop()

    def _await(self, opens: Callable[[Merger], T], reader: str, at_ms: int) -> T | None:
        """A reader, as soon as its model is there; None when the session is stopped before."""
        opened = self._state.await_model(lambda: opens(self._merger), self._stopped)
        if opened is not None:
            self._merger.enter(reader, at_ms)
        return opened

    def _on_one_clock(self, source: MediaSource) -> Iterator[MediaEvent]:
        """What the source gives; a live one that is taken up again begins where it would be now."""
        later: int | None = None if self._resumed_ms else 0
        for event in source:
            if later is None and not _says_nothing_yet(event):
                later = self._resumed_ms if source.state.live else 0
                row = Notice(start_ms=self._edge_ms, notice="resumed", text="Watching goes on.")
                self._merger.add([(f"notice:resumed:{self._edge_ms}", row)])
            if later is None:
                yield moved_later(event, self._edge_ms)
            else:
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
        if self._state.is_due(_TELL_SECONDS):
            self._tell(self._state.status)

    def _take_pushed(self) -> None:
        """What was pushed counts from the time that it names, as far as that is not settled yet."""
        settled = max(self._known_ms, min(self._merger.passed_ms, self._edge_ms))
        while self._pushed:
            pushed = self._pushed.popleft()
            wanted = self._edge_ms if pushed.at_ms is None else pushed.at_ms
            at = min(max(wanted, settled), self._edge_ms)
            row = pushed.row.model_copy(update=pushed.times(at))
            self._merger.add([(pushed.key or f"pushed:{uuid4().hex}", row)])

    def _take_last_pushed(self) -> None:
        with self._pushing:
            self._is_over = True
        self._take_pushed()

    def _take_feed(self, until_ms: int | None) -> None:
        """Rows of the feeds up to `until_ms`, or all that are left."""
        while not self._stopped.is_set():
            if self._next is None:
                self._next = next(self._senses.feed, None)
            if self._next is None or (
                until_ms is not None and self._next[1].valid_from_ms > until_ms
            ):
                break
            if self._next[1].valid_from_ms < self._known_ms:  # stored by an earlier session
                self._next = None
                continue
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
            self._tell(self._state.status)

    def _commit(self, *, is_last: bool = False) -> None:
        """Store what can come no earlier any more, and let the followers see it."""
        rows: Sequence[KeyedRow] = self._merger.take()
        rows = [keyed for keyed in rows if keyed[1].valid_from_ms >= self._known_ms]
        passed = min(self._merger.passed_ms, self._edge_ms)
        if is_last:
            passed = self._edge_ms if self._last_ms is None else self._last_ms
        passed = max(passed, self._known_ms)
        if not rows and not is_last and passed - self._stored_ms < _STORE_MS:
            return
        rows = self._senses.questions.mark(rows)
        self._stored_ms = passed
        entries = self._store.append(
            self._scope,
            self._id,
            rows,
            position_ms=passed,
            resume_ms=min(passed, self._merger.begun_ms),
        )
        for follower in self._senses.followers:
            follower.follow(entries, passed)

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
        self._state.note(lag_ms=lag_ms, **changes)
        self._state.tell(status)

    def _keep_up(self, lag_ms: int) -> None:
        """Take in less while the machine is behind; a recording that may wait has no quality."""
        quality = self._senses.quality
        if quality is None or not quality.see(lag_ms, time.monotonic()):
            return
        self._senses.set_quality(quality.step)
        self._state.note(quality=quality.level)
        row = Notice(start_ms=self._edge_ms, notice="quality", text=quality.step.says)
        self._merger.add([(f"notice:quality:{self._edge_ms}", row)])

    def _end(self, status: StreamStatus, error: dict[str, object] | None = None) -> None:
        self._state.note(lag_ms=0, unread_comments=self._senses.questions.unread)
        self._state.end(status, error)


def _says_nothing_yet(event: MediaEvent) -> bool:
    """A notice from before there was a connection: whether it is live cannot be told yet."""
    return isinstance(event, SourceNotice) and event.kind is not NoticeKind.CONNECTED
