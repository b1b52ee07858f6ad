"""What a source gives: pictures, sound and notices, each at a moment of the stream.

Stream time counts whole milliseconds from the stream's first moment. It never goes back, whatever
the medium's own time stamps do (`live.sources.clock`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SOUND_RATE = 16_000
"""Samples a second of every `AudioChunk`, which speech recognition wants."""


class VideoFrame:
    """A picture of the stream; its pixels are converted when they are first asked for."""

    __slots__ = ("_convert", "_image", "at_ms", "height", "width")

    def __init__(
        self, at_ms: int, width: int, height: int, convert: "Callable[[], NDArray[np.uint8]]"
    ) -> None:
        self.at_ms = at_ms
        self.width = width
        self.height = height
        self._convert: Callable[[], NDArray[np.uint8]] | None = convert
        self._image: NDArray[np.uint8] | None = None

    @property
    def image(self) -> "NDArray[np.uint8]":
        """The picture upright: BGR, uint8, (height, width, 3)."""
        convert = self._convert
        if self._image is None and convert is not None:
            self._image = convert()
            self._convert = None
        assert self._image is not None  # noqa: S101 (set before _convert is cleared)
        return self._image

    def moved_to(self, at_ms: int) -> "VideoFrame":
        """The same picture at another moment."""
        return VideoFrame(at_ms, self.width, self.height, lambda: self.image)

    def __repr__(self) -> str:
        return f"VideoFrame(at_ms={self.at_ms}, {self.width}x{self.height})"


@dataclass(frozen=True, slots=True, eq=False)
class AudioChunk:
    """Sound without a break from `start_ms` on: float32 mono samples at 16 kHz, -1 to 1."""

    start_ms: int
    samples: "NDArray[np.float32]"

    @property
    def end_ms(self) -> int:
        """The moment after its last sample, rounded down."""
        return self.start_ms + len(self.samples) * 1000 // SOUND_RATE


class NoticeKind(StrEnum):
    """What a source has to say about itself."""

    CONNECTED = "connected"
    RECONNECTING = "reconnecting"
    GAP = "gap"
    RESOLUTION = "resolution"
    AUDIO_ONLY = "audio_only"
    VIDEO_ONLY = "video_only"
    STALLED = "stalled"
    ENDED = "ended"
    NUDGE = "nudge"
    """Time has passed, and something beside pictures and sound has come; told to nobody."""


@dataclass(frozen=True, slots=True)
class SourceNotice:
    """A change of a source's state; `detail` is a sentence for people."""

    kind: NoticeKind
    at_ms: int
    detail: str


MediaEvent = VideoFrame | AudioChunk | SourceNotice


def moved_later(event: MediaEvent, by_ms: int) -> MediaEvent:
    """The same event `by_ms` later."""
    if isinstance(event, VideoFrame):
        return event.moved_to(event.at_ms + by_ms)
    if isinstance(event, AudioChunk):
        return replace(event, start_ms=event.start_ms + by_ms)
    return replace(event, at_ms=event.at_ms + by_ms)


class Effort(StrEnum):
    """Which pictures are decoded: all that sampling needs, those others refer to, key frames.

    Each step down saves work; a source that is behind takes them in this order.
    """

    ALL = "all"
    REFERENCES = "references"
    KEYS = "keys"


@dataclass(frozen=True, slots=True)
class SourceState:
    """What a source has done so far; times in milliseconds.

    `live` says that it comes as it comes and cannot be gone back in. `status` is the last notice
    about the connection. `lag_ms` tells how late decoding is, `waiting`
    how many frames nobody has taken yet. Dropped is what came but nobody took in time, skipped
    what could not be decoded or was refused.
    """

    live: bool = False
    status: NoticeKind | None = None
    at_ms: int = 0
    lag_ms: int = 0
    effort: Effort = Effort.ALL
    width: int = 0
    height: int = 0
    has_picture: bool = False
    has_sound: bool = False
    frames: int = 0
    sound_ms: int = 0
    frames_dropped: int = 0
    sound_dropped_ms: int = 0
    packets_skipped: int = 0
    connections: int = 0
    jumps: int = 0
    waiting: int = 0


class MediaSource(Protocol):
    """Where a broadcast comes from. Iterate it once, in one thread."""

    @property
    def name(self) -> str:
        """The address as people may see it: without keys, passwords and queries."""
        ...

    @property
    def state(self) -> SourceState:
        """What it has done so far; from any thread."""
        ...

    def __iter__(self) -> Iterator[MediaEvent]:
        """Pictures and sound in the order of the stream, until it ends or is closed.

        Raises LivecueError where it cannot be opened at all.
        """
        ...

    def set_interval_ms(self, interval_ms: int) -> None:
        """Sets the time between two frames; from any thread, at any time."""
        ...

    def close(self) -> None:
        """Ends the iteration, at once and from any thread."""
        ...
