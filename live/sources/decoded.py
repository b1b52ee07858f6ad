"""A source that is decoded in a thread of its own, and connects again when it is lost."""

import contextlib
import dataclasses
import random
import threading
import time
from collections.abc import Callable, Generator, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from domain.errors import FetchFailed, InvalidInput
from domain.settings import Streaming
from live.sources.board import StateBoard
from live.sources.clock import StreamClock
from live.sources.connecting import TAKES_JUMPS, Connector
from live.sources.media import (
    AudioChunk,
    MediaEvent,
    NoticeKind,
    SourceNotice,
    SourceState,
)
from live.sources.outbox import Outbox
from live.sources.pacing import Pace, pace_live
from live.sources.reading import Reading
from live.sources.retrying import Retry
from live.sources.sampling import FrameSampler
from live.sources.taking import take_events

if TYPE_CHECKING:
    from av.container import InputContainer

SEGMENT_PATIENCE = 3
"""Segments may be this much farther apart than other data."""

JUMPS_TOLD_EVERY_SECONDS = 1.0
JOIN_SECONDS = 2.0


class DecodedSource:
    """Reads what `connector` connects to; see `live.sources.media.MediaSource`.

    A recording plays at `speed` times its own (None: as fast as it is taken) from `resume_at_ms`
    on, and waits for who takes it. A live stream comes as it comes, and waits for nobody.
    """

    def __init__(
        self,
        connector: Connector,
        settings: Streaming,
        *,
        speed: float | None = None,
        resume_at_ms: int = 0,
        now: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._connector = connector
        self._settings = settings
        self._speed = speed
        self._resume_at = resume_at_ms
        self._now = now
        self._retry = Retry(settings, listens=connector.listens, now=now, draw=draw)
        self._sampler = FrameSampler(settings.frame_interval_ms)
        self._board = StateBoard()
        self._clock = StreamClock(jump_ms=settings.jump_ms, live=False, now=now)
        self._pace = Pace(speed, slips_after=None, behind_ms=settings.behind_ms, now=now)
        self._outbox = Outbox(
            frames=settings.frames_waiting, sound_ms=int(settings.sound_waiting_seconds * 1000)
        )
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None
        self._lost = FetchFailed(f"{self.name} was not connected.", hint="Check the address.")
        self._told_at = -JUMPS_TOLD_EVERY_SECONDS
        self._decoded_at = 0.0
        self._heard_to = 0

    @property
    def name(self) -> str:
        """The address as people may see it."""
        return self._connector.name

    @property
    def state(self) -> SourceState:
        """What it has done so far."""
        return dataclasses.replace(
            self._board.state,
            live=self._connector.live,
            frames_dropped=self._outbox.frames_dropped,
            sound_dropped_ms=self._outbox.sound_dropped_ms,
            waiting=self._outbox.waiting,
        )

    def set_interval_ms(self, interval_ms: int) -> None:
        """Sets the time between two frames; from any thread."""
        self._sampler.interval_ms = interval_ms

    def close(self) -> None:
        """Ends the iteration at once; the connection is given up in the background."""
        self._closing.set()
        self._outbox.close()
        self._connector.interrupt()
        if self._thread not in (None, threading.current_thread()):
            self._thread.join(JOIN_SECONDS)

    def __iter__(self) -> Iterator[MediaEvent]:
        """Pictures, sound and notices; raises LivecueError where it cannot be opened at all."""
        thread = threading.Thread(target=self._run, name=f"source {self.name}", daemon=True)
        thread.start()
        self._thread = thread
        try:
            yield from take_events(
                self._outbox,
                quiet_seconds=self._quiet_seconds,
                may_stall=self._may_stall,
                present_ms=lambda: self._clock.present_ms,
            )
            if self._error is not None and not self._closing.is_set():
                raise self._error
        finally:  # also where whoever iterates breaks off
            self.close()

    def _may_stall(self) -> bool:
        return self._connector.live and self._board.state.status is NoticeKind.CONNECTED

    def _quiet_seconds(self) -> float:
        patience = SEGMENT_PATIENCE if self._connector.bursts else 1
        return max(self._settings.stall_seconds * patience, self._sampler.interval_ms / 500)

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 (raised where the source is iterated)
            self._error = error
        finally:
            self._connector.disconnect()
            self._outbox.finish()

    def _work(self) -> None:
        while not self._closing.is_set():
            try:
                container = self._connect()
                if container is not None:
                    self._read(container)
                if container is None or self._connector.bursts or not self._connector.live:
                    self._tell(NoticeKind.ENDED, "The stream has ended.")
                    return
                self._lost = FetchFailed(
                    f"{self.name} was closed by its sender.", hint="Check the sender."
                )
            except FetchFailed as error:
                self._lost = error
            finally:
                self._connector.disconnect()
            if not self._await_retry():
                return

    def _await_retry(self) -> bool:
        """Whether to connect again, once it is time to."""
        if self._closing.is_set():
            return False
        pause = self._retry.next_pause()
        if pause is None and not self._retry.connected:
            raise self._lost
        if pause is None:
            self._tell(NoticeKind.ENDED, f"{self._lost.message} It did not come back.")
            return False
        self._tell(NoticeKind.RECONNECTING, f"{self._lost.message} Trying again.")
        return not self._closing.wait(pause)

    def _connect(self) -> "InputContainer | None":
        if self._connector.listens and not self._retry.connected:
            self._tell(NoticeKind.RECONNECTING, "Waiting for a sender.")
        return self._connector.connect()

    def _read(self, container: "InputContainer") -> None:
        self._begin(container)
        reading = Reading(
            container,
            self._clock,
            self._sampler,
            self._board,
            self._settings,
            name=self.name,
            start_ms=self._heard_to if self._board.state.connections else self._resume_at,
        )
        self._board.add(connections=1)
        for notice in reading.opening():
            self._deliver(notice)
        self._decoded_at = self._now()
        for packet in self._timed(reading.packets()):
            if self._closing.is_set():
                return
            reading.set_effort(self._pace.effort)
            for event in reading.take(packet):
                self._deliver(event)
            self._refuse_undecodable()
            if self._connector.late_track:
                raise FetchFailed(
                    f"{self.name} has another track now, which a new connection takes.",
                    hint="Nothing has to be done.",
                )
        for event in reading.finish():
            self._deliver(event)
        self._refuse_silence()

    def _begin(self, container: "InputContainer") -> None:
        """Sets the clock, the pace and the place to read from."""
        from av.error import FFmpegError

        start = cast("int | None", container.start_time)  # PyAV's types leave None out
        origin = None if start is None else Fraction(start, 1000)
        jumps = bool(container.format.flags & TAKES_JUMPS)
        live = self._connector.live
        self._clock.live = live
        self._clock.trusted = not (live or jumps)
        if not live:
            self._clock.begin_at_origin(origin or Fraction(0))
            if self._resume_at and self._clock.trusted and origin is not None:
                with contextlib.suppress(FFmpegError):  # then it is read through
                    container.seek(int((origin + self._resume_at) * 1000))
            return
        began_at = self._connector.began_at
        missed = self._clock.begin(origin, replays=self._connector.bursts, at=began_at)
        self._pace = pace_live(
            bursts=self._connector.bursts, behind_ms=self._settings.behind_ms, now=self._now
        )
        if missed > self._settings.stall_seconds * 1000 / 3:
            self._tell(NoticeKind.GAP, f"{missed} ms were missed between two connections.")

    def _timed(self, packets: "Iterator[Any]") -> "Generator[Any]":
        """The packets, whose waits the pace is told of; raises FetchFailed where they break off."""
        from av.error import FFmpegError

        while True:
            asked = self._now()
            try:
                packet = next(packets, None)
            except FFmpegError as error:
                self._refuse_failure()
                if not self._connector.live:
                    self._tell(NoticeKind.GAP, f"The recording breaks off: {error.strerror}.")
                    return
                raise FetchFailed(
                    f"{self.name} broke off: {error.strerror}.", hint="Check the sender."
                ) from error
            self._refuse_failure()
            if packet is None:
                return
            self._pace.waited(self._now() - asked)
            yield packet

    def _deliver(self, event: MediaEvent) -> None:
        if isinstance(event, SourceNotice):
            self._notice(event)
            return
        at_ms = event.start_ms if isinstance(event, AudioChunk) else event.at_ms
        if isinstance(event, AudioChunk):
            self._heard_to = max(self._heard_to, event.end_ms)
        self._decoded_at = self._now()
        self._retry.media_came()
        pause = self._pace.pause(at_ms)
        if pause and self._closing.wait(pause):
            return
        self._board.set_progress(at_ms, self._pace.lag_ms, self._pace.effort)
        self._outbox.put(event, wait=not self._connector.live)

    def _notice(self, notice: SourceNotice) -> None:
        if notice.kind is NoticeKind.GAP:
            if self._now() - self._told_at < JUMPS_TOLD_EVERY_SECONDS:
                return
            self._told_at = self._now()
        if notice.kind in (NoticeKind.CONNECTED, NoticeKind.RECONNECTING, NoticeKind.ENDED):
            self._board.set_status(notice.kind)
        self._outbox.put(notice, wait=False)

    def _tell(self, kind: NoticeKind, detail: str) -> None:
        self._notice(SourceNotice(kind, self._clock.present_ms, detail))

    def _refuse_failure(self) -> None:
        if self._connector.failure is not None:
            raise self._connector.failure

    def _refuse_undecodable(self) -> None:
        quiet = self._now() - self._decoded_at
        if self._connector.live and quiet > self._settings.undecodable_seconds:
            raise FetchFailed(
                f"{self.name} sends data, but nothing could be decoded for {quiet:.0f} seconds.",
                hint="Check the sender's codecs: H.264 and AAC are read by everyone.",
            )

    def _refuse_silence(self) -> None:
        state = self._board.state
        found = state.frames or state.sound_ms or self._resume_at  # nothing is left at its end
        if not self._connector.live and not found:
            raise InvalidInput(
                f"Nothing in {self.name} can be decoded.",
                hint="Play it in a media player, save it anew as MP4, and give the file.",
                details={"source": self.name},
            )
