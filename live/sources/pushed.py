"""Pictures and sound that someone pushes, such as a browser that captures a tab.

Three kinds of pieces may be mixed: pictures (JPEG, PNG, WebP), samples (PCM, 16 bits), and the
pieces of one recording (WebM, Ogg) as a MediaRecorder gives them, which may hold sound, picture or
both.
"""

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from fractions import Fraction

from domain.errors import InvalidInput, LimitExceeded, LivecueError, StateConflict
from domain.settings import Streaming
from live.sources.board import StateBoard
from live.sources.clock import Jump, StreamClock
from live.sources.decoded import DecodedSource
from live.sources.media import (
    SOUND_RATE,
    AudioChunk,
    Effort,
    MediaEvent,
    NoticeKind,
    SourceNotice,
    SourceState,
    VideoFrame,
)
from live.sources.outbox import Outbox
from live.sources.pieces import PieceConnector
from live.sources.sampling import FrameSampler
from live.sources.sound import SoundCutter
from live.sources.taking import take_events
from tools.pictures import decode_picture

_PICTURE, _SOUND = "picture", "sound"
_MS = Fraction(1000)
_NUDGE_SECONDS = 0.5
_PASSED_ON = (
    NoticeKind.GAP,
    NoticeKind.RESOLUTION,
    NoticeKind.AUDIO_ONLY,
    NoticeKind.VIDEO_ONLY,
)


class PushSource:
    """A live source that others fill; see `live.sources.media.MediaSource`.

    The pushing methods may be called from any thread, one at a time. They take as long as decoding
    takes: call them in a pool, not in an event loop. `at_ms` is the pusher's own clock, of which
    only differences count; without it the moment of arrival does.
    """

    def __init__(
        self,
        settings: Streaming,
        *,
        name: str = "push",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._settings = settings
        self._now = now
        self._lock = threading.Lock()
        self._began: float | None = None
        self._clock = StreamClock(jump_ms=settings.jump_ms, live=True, now=now)
        self._sampler = FrameSampler(settings.frame_interval_ms)
        self._board = StateBoard()
        self._outbox = Outbox(
            frames=settings.frames_waiting, sound_ms=int(settings.sound_waiting_seconds * 1000)
        )
        self._sound = SoundCutter(chunk_ms=settings.audio_chunk_ms)
        self._reached = 0
        self._tokens = settings.pushed_images_per_second
        self._refilled = now()
        self._inner: DecodedSource | None = None
        self._pieces: PieceConnector | None = None
        self._forwarding: threading.Thread | None = None
        self._error: LivecueError | None = None

    @property
    def state(self) -> SourceState:
        """What has come so far."""
        return dataclasses.replace(
            self._board.state,
            live=True,
            frames_dropped=self._outbox.frames_dropped,
            sound_dropped_ms=self._outbox.sound_dropped_ms,
            waiting=self._outbox.waiting,
        )

    def push_image(self, data: bytes, at_ms: int | None = None) -> bool:
        """Takes a picture; False where it came too soon after the others and is left out.

        Raises LimitExceeded, InvalidInput for what is no picture, StateConflict after the end.
        """
        settings = self._settings
        with self._lock:
            self._start()
            if not self._may_take():
                return False
            image = decode_picture(
                data,
                name="The pushed picture",
                max_bytes=settings.pushed_image_bytes,
                max_pixels=settings.max_pixels,
            )
            height, width = image.shape[:2]
            at = self._place(_PICTURE, at_ms, Fraction(0))
            if not self._sampler.wants(at):
                return False
            known = self._board.state
            if (width, height) != (known.width, known.height):
                self._board.set_size(width, height)
                if known.has_picture:
                    self._tell(NoticeKind.RESOLUTION, at, f"The picture is {width}x{height} now.")
            self._put(VideoFrame(at, width, height, lambda: image))
            return True

    def push_audio(
        self, data: bytes, at_ms: int | None = None, *, rate: int = SOUND_RATE, channels: int = 1
    ) -> None:
        """Takes samples: PCM, 16 bits, little-endian, `channels` of them interleaved.

        Raises LimitExceeded, InvalidInput for broken samples, StateConflict after the end.
        """
        import av
        import numpy as np

        if channels not in (1, 2) or not 8000 <= rate <= 192_000 or len(data) % (2 * channels):
            raise InvalidInput(
                f"Pushed sound of {len(data)} bytes, {channels} channels, {rate} Hz is not taken.",
                hint="Send whole 16-bit samples, mono or stereo, of 8 to 192 kHz.",
            )
        with self._lock:
            self._start()
            self._check_size(data)
            if not data:
                return
            samples = np.frombuffer(data, "<i2").reshape(1, -1)
            layout = "mono" if channels == 1 else "stereo"
            frame = av.AudioFrame.from_ndarray(samples, format="s16", layout=layout)
            frame.sample_rate = rate
            length = _MS * frame.samples / rate
            before = self._clock.end_ms(_SOUND)
            at = self._place(_SOUND, at_ms, length)
            if at_ms is None and before is not None and abs(at - before) <= length:
                at = before  # pieces arrive unevenly, but follow each other
            for chunk in self._sound.feed(frame, Fraction(at), at):
                self._put(chunk)

    def push_media(self, data: bytes) -> None:
        """Takes the next piece of a WebM or Ogg recording; one with a header begins a new one.

        Raises LimitExceeded, StateConflict after the end, and later what made it unreadable.
        """
        with self._lock:
            self._start()
            if self._error is not None:
                raise self._error
            self._check_size(data)
            if self._pieces is None:
                self._pieces = PieceConnector(
                    self.name,
                    waiting_bytes=self._settings.pushed_waiting_bytes,
                    on_unreadable=lambda why: self._tell(NoticeKind.GAP, self._reached, why),
                )
                self._inner = DecodedSource(self._pieces, self._settings, now=self._now)
                self._forwarding = threading.Thread(
                    target=self._forward,
                    args=(self._inner, self._clock.present_ms),
                    daemon=True,
                )
                self._forwarding.start()
            self._pieces.push(data)

    def nudge(self) -> None:
        """Wakes whoever iterates for what came beside pictures and sound; raises StateConflict."""
        with self._lock:
            self._start()
            self._outbox.put(SourceNotice(NoticeKind.NUDGE, self._present_ms(), ""), wait=False)

    def end(self) -> None:
        """Says that nothing more comes; what was pushed is still given out."""
        with self._lock:
            if self._pieces is not None:
                self._pieces.end()
            forwarding = self._forwarding
        if forwarding is not None:
            forwarding.join()
        with self._lock:
            for chunk in self._sound.flush():
                self._put(chunk)
            self._tell(NoticeKind.ENDED, self._present_ms(), "The sender has ended the stream.")
            self._outbox.finish()

    def __iter__(self) -> Iterator[MediaEvent]:
        """Pictures, sound and notices, as they are pushed."""
        return take_events(
            self._outbox,
            quiet_seconds=lambda: self._settings.stall_seconds,
            may_stall=lambda: self._began is not None,
            present_ms=self._present_ms,
            nudge_seconds=_NUDGE_SECONDS,
        )

    def set_interval_ms(self, interval_ms: int) -> None:
        """Sets the time between two frames; from any thread."""
        self._sampler.interval_ms = interval_ms
        if self._inner is not None:
            self._inner.set_interval_ms(interval_ms)

    def close(self) -> None:
        """Ends the iteration at once; from any thread. What is pushed afterwards is refused."""
        self._outbox.close()
        if self._inner is not None:
            self._inner.close()

    def _present_ms(self) -> int:
        """Now, in stream time."""
        passed = 0 if self._began is None else int((self._now() - self._began) * 1000)
        return max(self._clock.present_ms, self._reached, passed)

    def _start(self) -> None:
        if self._outbox.finished:
            raise StateConflict(
                f"The stream {self.name} has ended.", hint="Start a new one and push to that."
            )
        if self._began is None:
            self._began = self._now()
            self._board.add(connections=1)
            self._tell(NoticeKind.CONNECTED, 0, "The first piece was pushed.")

    def _place(self, track: str, at_ms: int | None, length: Fraction) -> int:
        """The stream time of a piece; jumps of the pusher's clock are told."""
        assert self._began is not None  # noqa: S101 (`_start` comes first)
        arrived = int((self._now() - self._began) * 1000)
        stamp = Fraction(arrived if at_ms is None else at_ms)
        jump = self._clock.take(track, stamp, length)
        if isinstance(jump, Jump):
            self._board.add(jumps=1)
            detail = f"The pusher's clock jumped by {jump.stamps_ms} ms."
            self._tell(NoticeKind.GAP, jump.at_ms, detail)
        return max(0, int((self._clock.offset(track) or 0) + stamp))

    def _may_take(self) -> bool:
        """A bucket of one second's pictures, which fills at their rate."""
        now, rate = self._now(), self._settings.pushed_images_per_second
        self._tokens = min(max(1.0, rate), self._tokens + (now - self._refilled) * rate)
        self._refilled = now
        if self._tokens < 1:
            self._board.add(packets_skipped=1)
            return False
        self._tokens -= 1
        return True

    def _check_size(self, data: bytes) -> None:
        limit = self._settings.pushed_sound_bytes
        if len(data) > limit:
            raise LimitExceeded(
                f"A pushed piece of {len(data):,} bytes is larger than {limit:,}.",
                hint="Push smaller pieces, or raise LIVECUE_STREAMING__PUSHED_SOUND_BYTES.",
            )

    def _forward(self, inner: DecodedSource, shift_ms: int) -> None:
        """Gives out what the pieces hold, `shift_ms` later than their own beginning."""
        try:
            for event in inner:
                if isinstance(event, AudioChunk):
                    self._put(AudioChunk(event.start_ms + shift_ms, event.samples))
                elif isinstance(event, VideoFrame):
                    self._put(event.moved_to(event.at_ms + shift_ms))
                elif event.kind in _PASSED_ON:
                    self._tell(event.kind, event.at_ms + shift_ms, event.detail)
        except LivecueError as error:
            self._error = error
            self._tell(NoticeKind.GAP, self._reached, error.message)

    def _put(self, event: VideoFrame | AudioChunk) -> None:
        if isinstance(event, VideoFrame):
            self._board.set_tracks(picture=True, sound=self._board.state.has_sound)
            self._board.add(frames=1)
            reached = event.at_ms
        else:
            self._board.set_tracks(picture=self._board.state.has_picture, sound=True)
            self._board.add(sound_ms=event.end_ms - event.start_ms)
            reached = event.end_ms
        self._reached = max(self._reached, reached)
        self._board.set_progress(self._reached, 0, Effort.ALL)
        self._outbox.put(event, wait=False)

    def _tell(self, kind: NoticeKind, at_ms: int, detail: str) -> None:
        if kind in (NoticeKind.CONNECTED, NoticeKind.RECONNECTING, NoticeKind.ENDED):
            self._board.set_status(kind)
        self._outbox.put(SourceNotice(kind, at_ms, detail), wait=False)
