"""The bounded queue between the thread that decodes and the one that takes."""

import threading
import time
from collections import deque

from live.sources.media import AudioChunk, MediaEvent, NoticeKind, SourceNotice, VideoFrame

NOTICE_EVERY_MS = 5000
"""Stream time between two notices about what was dropped."""


class Outbox:
    """Holds at most `frames` pictures and `sound_ms` of sound.

    What waits for room when it is full is a recording; of a live stream the oldest picture goes,
    or the oldest sound. Notices always fit, as they are rare.
    """

    def __init__(self, *, frames: int, sound_ms: int) -> None:
        self._most_frames = frames
        self._most_sound = sound_ms
        self._events: deque[MediaEvent] = deque()
        self._changed = threading.Condition()
        self._frames = 0
        self._sound = 0
        self._finished = False
        self._closed = False
        self._told_at: int | None = None
        self._untold_frames = 0
        self._untold_sound = 0
        self.frames_dropped = 0
        self.sound_dropped_ms = 0

    @property
    def waiting(self) -> int:
        """The pictures that nobody has taken yet."""
        return self._frames

    @property
    def finished(self) -> bool:
        """Whether nothing more may be put."""
        return self._finished or self._closed

    def put(self, event: MediaEvent, *, wait: bool) -> None:
        """Adds `event`; a full box makes it wait, or drops the oldest of its kind."""
        with self._changed:
            while wait and self._is_full(event) and not self._closed:
                self._changed.wait()
            if self._closed:
                return
            while self._is_full(event):
                self._drop_oldest(type(event))
            self._tell_drops(event)
            self._count(event, 1)
            self._events.append(event)
            self._changed.notify_all()

    def get(self, seconds: float | None) -> MediaEvent | None:
        """The next event, or None after `seconds` without one and once all is over."""
        until = None if seconds is None else time.monotonic() + seconds
        with self._changed:
            while not self._events and not self.over:
                left = None if until is None else until - time.monotonic()
                if left is not None and left <= 0:
                    return None
                self._changed.wait(left)
            if self._closed or not self._events:
                return None
            event = self._events.popleft()
            self._count(event, -1)
            self._changed.notify_all()
            return event

    @property
    def over(self) -> bool:
        """Whether nothing more will come out."""
        return self._closed or (self._finished and not self._events)

    def finish(self) -> None:
        """Says that nothing more will be put."""
        with self._changed:
            self._finished = True
            self._changed.notify_all()

    def close(self) -> None:
        """Throws away what waits, and lets go whoever waits."""
        with self._changed:
            self._closed = True
            self._events.clear()
            self._frames = self._sound = 0
            self._changed.notify_all()

    def _is_full(self, event: MediaEvent) -> bool:
        if isinstance(event, VideoFrame):
            return self._frames >= self._most_frames
        if isinstance(event, AudioChunk):
            return self._sound >= self._most_sound
        return False

    def _count(self, event: MediaEvent, sign: int) -> None:
        if isinstance(event, VideoFrame):
            self._frames += sign
        elif isinstance(event, AudioChunk):
            self._sound += sign * _length_ms(event)

    def _drop_oldest(self, kind: type[MediaEvent]) -> None:
        place = next(i for i, event in enumerate(self._events) if isinstance(event, kind))
        event = self._events[place]
        del self._events[place]
        self._count(event, -1)
        if isinstance(event, AudioChunk):
            self.sound_dropped_ms += _length_ms(event)
            self._untold_sound += _length_ms(event)
        else:
            self.frames_dropped += 1
            self._untold_frames += 1

    def _tell_drops(self, event: MediaEvent) -> None:
        if not (self._untold_frames or self._untold_sound):
            return
        at_ms = event.start_ms if isinstance(event, AudioChunk) else event.at_ms
        if self._told_at is not None and at_ms < self._told_at + NOTICE_EVERY_MS:
            return
        lost = [f"{self._untold_frames} pictures"] if self._untold_frames else []
        lost += [f"{self._untold_sound} ms of sound"] if self._untold_sound else []
        self._events.append(
            SourceNotice(
                NoticeKind.GAP,
                at_ms,
                f"{' and '.join(lost)} were left out: they came faster than they were taken.",
            )
        )
        self._told_at = at_ms
        self._untold_frames = self._untold_sound = 0


def _length_ms(chunk: AudioChunk) -> int:
    return max(1, chunk.end_ms - chunk.start_ms)
