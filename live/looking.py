"""The eyes of a session: pictures in; comments, lines on the screen and cues of change out."""

import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.right_of_way import RightOfWay
from domain.stream import Comment, ScreenLine
from live.merging import KeyedRow, Merger
from live.remembering import StillThere, ToldBefore
from live.sources.media import VideoFrame
from models.ocr import Box, OcrLine
from tools.comments import (
    CommentTracker,
    FrameReading,
    LineReader,
    TrackedComment,
    part_with_comments,
    read_frame,
)
from tools.events.boundaries import FrameCue
from tools.events.keyframes import KeyframeChooser, thumbnail

READER = "screen"

_SURE = 0.8
_STILL_CELLS, _STILL_STEP = 2, 8
"""So many cells of a thumbnail have to differ by so much (of 255) from those of the last picture
read before another one shows anything new: a new row of text changes a few of them by far more."""
_UNREAD_MS = 10_000
_WHOLE_MS = 6_000
"""Between two readings of all of a picture, when its comments stand in a part."""
_OTHER_SHOT = 0.06
_FORGOTTEN_MS = 120_000
_KEPT_READINGS = 64
"""Pictures that a click may still mean: two minutes at a reading every two seconds."""
_NEAR_MS = 4000
_MOST_LINES = 400
_JPEG_QUALITY = 85


@dataclass(frozen=True, slots=True)
class ReadFrame:
    """What was read in the picture at `at_ms`, which has so many pixels."""

    at_ms: int
    reading: FrameReading
    width: int
    height: int


@dataclass(slots=True)
class _Line:
    seen_ms: int
    readings: int = 1


class ScreenText:
    """Tells each line that stands on the screen once; it has to be read twice first.

    `is_waiting` says that a line of the last reading still has to be read again.
    """

    def __init__(self, told: Sequence[ScreenLine] = ()) -> None:
        self.is_waiting = False
        self._known: OrderedDict[str, _Line] = OrderedDict()
        for line in told:
            self._known[line.text.casefold()] = _Line(line.start_ms, readings=2)

    def read(self, lines: Sequence[OcrLine], at_ms: int) -> list[ScreenLine]:
        """The lines that are new and certain by now."""
        told: list[ScreenLine] = []
        self.is_waiting = False
        for line in lines:
            text = " ".join(line.text.split())
            if line.confidence < _SURE or sum(c.isalnum() for c in text) < 2:
                continue
            key = text.casefold()
            known = self._known.get(key)
            if known is None or at_ms - known.seen_ms > _FORGOTTEN_MS:
                self._known[key] = _Line(at_ms)
                self.is_waiting = True
                continue
            known.seen_ms = at_ms
            known.readings += 1
            self._known.move_to_end(key)
            if known.readings == 2:
                told.append(ScreenLine(start_ms=at_ms, text=text, box=line.box))
        while len(self._known) > _MOST_LINES:
            self._known.popitem(last=False)
        return told


class Looker:
    """Reads pictures in a thread of its own and hands what it finds to the merger.

    With `waits` every picture is read, which a recording has time for; else a picture that comes
    while another is read takes the place of the one that waits. `interval_ms` is the least time
    between two that are read; it may be changed while it runs. `told` is what an earlier session
    has told of the screen. Before each picture it gives `way`.
    """

    def __init__(
        self,
        ocr: LineReader,
        merger: Merger,
        keyframes: KeyframeChooser,
        *,
        interval_ms: int,
        waits: bool,
        told: ToldBefore = ToldBefore(),
        way: RightOfWay | None = None,
    ) -> None:
        self.interval_ms = interval_ms
        self.skipped = 0
        self._ocr = ocr
        self._merger = merger
        self._keyframes = keyframes
        self._waits = waits
        self._way = way or RightOfWay()
        self._tracker = CommentTracker()
        self._screen = ScreenText(told.lines)
        self._still_there = StillThere(told)
        self._previous: FrameReading | None = None
        self._read_frames: deque[ReadFrame] = deque(maxlen=_KEPT_READINGS)
        self._last_read: tuple[int, NDArray[np.uint8]] | None = None
        self._whole_at = 0
        self._last_seen_ms: int | None = None
        self._last_seen: NDArray[np.uint8] | None = None
        self._cues: list[FrameCue] = []
        self._lock = threading.Lock()
        self._changed = threading.Condition()
        self._frame: VideoFrame | None = None
        self._is_busy = False
        self._is_over = False
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="looker", daemon=True)
        self._thread.start()

    def see(self, frame: VideoFrame) -> None:
        """Take the next picture."""
        with self._changed:
            if self._failure is not None:
                raise self._failure
            while self._waits and self._frame is not None and not self._is_over:
                self._changed.wait()
            self.skipped += self._frame is not None
            self._frame = frame
            self._changed.notify_all()

    def finish(self) -> None:
        """Read what waits, and end. Raises what made the reading fail."""
        with self._changed:
            while (self._frame is not None or self._is_busy) and self._failure is None:
                self._changed.wait()
        self.stop()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """End without reading what waits."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        self._thread.join()

    def reading_at(self, at_ms: int) -> ReadFrame | None:
        """What was read in the picture nearest to a moment; None when none is near enough."""
        near = min(self._read_frames.copy(), key=lambda r: abs(r.at_ms - at_ms), default=None)
        if near is None or abs(near.at_ms - at_ms) > max(_NEAR_MS, 2 * self.interval_ms):
            return None
        return near

    def take_cues(self, until_ms: int) -> list[FrameCue]:
        """The cues of the pictures up to `until_ms` that were not taken yet."""
        with self._lock:
            taken = [cue for cue in self._cues if cue.at_ms <= until_ms]
            self._cues = [cue for cue in self._cues if cue.at_ms > until_ms]
        return taken

    def _run(self) -> None:
        while (frame := self._next()) is not None:
            try:
                self._way.give()
                self._look(frame)
            except Exception as error:  # noqa: BLE001 - raised again where pictures are handed in
                with self._changed:
                    self._failure = error
                    self._frame = None
                    self._changed.notify_all()
        if self._failure is None:
            last = 0 if self._last_seen_ms is None else self._last_seen_ms
            self._merger.add(self._comment_rows(self._tracker.close(), last))
        self._merger.leave(READER)

    def _next(self) -> VideoFrame | None:
        with self._changed:
            self._is_busy = False
            self._changed.notify_all()
            while self._frame is None and not self._is_over:
                self._changed.wait()
            if self._is_over:
                return None
            frame, self._frame = self._frame, None
            self._is_busy = True
            self._changed.notify_all()
            return frame

    def _look(self, frame: VideoFrame) -> None:
        image = frame.image
        grey = thumbnail(image)
        difference = _difference(grey, self._last_seen)
        sharpness = _sharpness(image)
        self._last_seen, self._last_seen_ms = grey, frame.at_ms
        with self._lock:
            self._cues.append(FrameCue(frame.at_ms, difference, sharpness))
        size = (frame.width, frame.height)
        self._keyframes.see(frame.at_ms, grey, sharpness, lambda: _as_jpeg(image), size)
        if self._is_worth_reading(frame.at_ms, grey):
            self._read(frame, grey)
        self._merger.pass_by(READER, frame.at_ms)

    def _read(self, frame: VideoFrame, grey: NDArray[np.uint8]) -> None:
        part = self._part(frame, grey)
        reading = read_frame(frame.image, self._ocr, previous=self._previous, within=part)
        self._previous, self._last_read = reading, (frame.at_ms, grey)
        self._read_frames.append(ReadFrame(frame.at_ms, reading, frame.width, frame.height))
        told = self._tracker.update(reading, frame.at_ms)
        self._merger.add(self._comment_rows(told, frame.at_ms))
        if part is not None:
            return
        self._whole_at = frame.at_ms
        theirs = {line for comment in reading.comments for line in comment.lines}
        others = [line for line in reading.lines if line not in theirs]
        shown = self._screen.read(others, frame.at_ms)
        self._merger.add((f"shown:{row.start_ms}:{row.text[:160]}", row) for row in shown)

    def _part(self, frame: VideoFrame, grey: NDArray[np.uint8]) -> Box | None:
        """What of a picture is read: where the comments stand, or now and then all of it."""
        if self._previous is None or self._last_read is None or self._screen.is_waiting:
            return None
        is_due = frame.at_ms - self._whole_at >= max(_WHOLE_MS, 2 * self.interval_ms)
        if is_due or _difference(grey, self._last_read[1]) >= _OTHER_SHOT:
            return None
        return part_with_comments(self._previous, frame.width, frame.height)

    def _comment_rows(self, told: Sequence[TrackedComment], at_ms: int) -> list[KeyedRow]:
        """Comments count from when they are told: before, nobody could know them."""
        return [
            (
                f"read:{one.first_seen_ms}:{one.user}:{one.text[:120]}",
                Comment(start_ms=at_ms, user=one.user, text=one.text, via="frame"),
            )
            for one in told
            if not self._still_there.has(one.user, one.text)
        ]

    def _is_worth_reading(self, at_ms: int, grey: NDArray[np.uint8]) -> bool:
        if self._last_read is None:
            return True
        since = at_ms - self._last_read[0]
        if since < self.interval_ms:
            return False
        return since >= _UNREAD_MS or _has_changed(grey, self._last_read[1])


def _has_changed(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    if one.shape != other.shape:
        return True
    return bool((np.abs(one.astype(np.int16) - other) > _STILL_STEP).sum() >= _STILL_CELLS)


def _difference(one: NDArray[np.uint8], other: NDArray[np.uint8] | None) -> float:
    """The mean difference of two thumbnails, 0-1; 1 without the other."""
    if other is None or one.shape != other.shape:
        return 1.0
    return float(np.abs(one.astype(np.int16) - other).mean()) / 255


def _sharpness(image: NDArray[np.uint8]) -> float:
    """The variance of the Laplacian of a quarter-size grey picture (Pech-Pacheco et al. 2000)."""
    import cv2

    small = cv2.cvtColor(image[::4, ::4], cv2.COLOR_BGR2GRAY)
    return float(cv2.Laplacian(small, cv2.CV_64F).var())


def _as_jpeg(image: NDArray[np.uint8]) -> bytes:
    import cv2

    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1].tobytes()
