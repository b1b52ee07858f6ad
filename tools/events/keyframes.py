"""Pictures to remember an event by: sharp ones that show what the others do not."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.stream import Keyframe

Thumbnail = NDArray[np.uint8]
SaveJpeg = Callable[[bytes], str]
"""Stores a JPEG and returns its SHA-256."""

_WAITING = 24
_THUMB = (18, 32)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture that may be kept; `grey` is a small grey one of it, of any fixed shape."""

    at_ms: int
    grey: Thumbnail
    sharpness: float
    jpeg: bytes
    width: int
    height: int


class KeyframeChooser:
    """Sees pictures as they come, holds the best few, and keeps at most `most` for an event.

    A picture counts sharpness times novelty: how far its grey thumbnail lies from those that are
    kept already (for pictures that wait, from their neighbours in time). At most `waiting` JPEGs
    are held, whatever the length of an event.
    """

    def __init__(self, save: SaveJpeg, *, most: int = 3, waiting: int = _WAITING) -> None:
        self._save = save
        self._most = most
        self._waiting = max(waiting, most, 2)
        self._candidates: list[Candidate] = []

    def see(
        self,
        at_ms: int,
        grey: Thumbnail,
        sharpness: float,
        jpeg: Callable[[], bytes],
        size: tuple[int, int],
    ) -> None:
        """Take a picture; `jpeg` encodes it, and is called at once where it may be kept."""
        if self._most == 0:
            return
        if len(self._candidates) >= self._waiting:
            newest = self._candidates[-1]
            if _difference(newest.grey, grey) * sharpness <= 0.0:
                return
            self._candidates.pop(self._dullest())
        self._candidates.append(Candidate(at_ms, grey, sharpness, jpeg(), *size))

    def take(self, start_ms: int, end_ms: int) -> list[Keyframe]:
        """The keyframes of `[start_ms, end_ms)`, in order; older pictures are let go."""
        pool = [c for c in self._candidates if start_ms <= c.at_ms < end_ms]
        chosen: list[Candidate] = []
        while pool and len(chosen) < self._most:
            best = max(pool, key=lambda c: (c.sharpness * _novelty(c, chosen), -c.at_ms))
            if chosen and _novelty(best, chosen) * best.sharpness <= 0:
                break
            pool.remove(best)
            chosen.append(best)
        self._candidates = [c for c in self._candidates if c.at_ms >= end_ms]
        return [
            Keyframe(at_ms=c.at_ms, blob=self._save(c.jpeg), width=c.width, height=c.height)
            for c in sorted(chosen, key=lambda c: c.at_ms)
        ]

    def _dullest(self) -> int:
        """The waiting picture that shows the least which its neighbours do not."""
        held = self._candidates

        def worth(index: int) -> float:
            near = [held[i].grey for i in (index - 1, index + 1) if 0 <= i < len(held)]
            return held[index].sharpness * min(_difference(held[index].grey, n) for n in near)

        return min(range(len(held)), key=worth)


def thumbnail(image: NDArray[np.uint8]) -> Thumbnail:
    """A picture `(H, W)` or `(H, W, 3)` as a grey one of 18 x 32, by the means of its cells."""
    grey = image.mean(axis=2) if image.ndim == 3 else image.astype(np.float64)
    rows = np.array_split(grey, min(_THUMB[0], grey.shape[0]), axis=0)
    means = np.stack([row.mean(axis=0) for row in rows])
    columns = np.array_split(means, min(_THUMB[1], means.shape[1]), axis=1)
    return np.stack([column.mean(axis=1) for column in columns], axis=1).astype(np.uint8)


def _novelty(candidate: Candidate, chosen: list[Candidate]) -> float:
    return min((_difference(candidate.grey, c.grey) for c in chosen), default=1.0)


def _difference(a: Thumbnail, b: Thumbnail) -> float:
    """The mean difference of two thumbnails, 0-1."""
    return float(np.abs(a.astype(np.int16) - b.astype(np.int16)).mean()) / 255
