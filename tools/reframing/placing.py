"""Where on the frame writing and faces leave room for subtitles and stickers."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tools.film.layout import Placed
from tools.film.shots import FramedSpan
from tools.film.source import Recorded
from tools.reframing.watching import Watched
from tools.reframing.writing import GRID

ROWS, COLUMNS = 64, 24
_HEAD = 0.4
_HEAD_COSTS = 1.5
_SURE = 0.3

Cover = NDArray[np.float64]


def covered(
    recorded: Recorded,
    placed: Placed,
    spans: Sequence[FramedSpan],
    watched: Watched,
    size: tuple[int, int],
) -> Cover:
    """How taken each cell of the frame (64 rows, 24 columns) is while a piece is shown.

    0 is free, 1 is writing all of the time, more is a head.
    """
    total = np.zeros((ROWS, COLUMNS))
    for span in spans:
        part = np.zeros((ROWS, COLUMNS))
        for row in range(ROWS):
            for column in range(COLUMNS):
                at = _source(recorded, span, size, (column + 0.5) / COLUMNS, (row + 0.5) / ROWS)
                if at is not None:
                    part[row, column] = watched.busy[min(GRID[0] - 1, int(at[1] * GRID[0]))][
                        min(GRID[1] - 1, int(at[0] * GRID[1]))
                    ] + _HEAD_COSTS * _heads(watched, span, at)
        total += part * span.frames / placed.frames
    return total


def cover_of(cover: Cover, box: tuple[float, float, float, float]) -> float:
    """The mean over a box (left, top, right, bottom as parts of the frame)."""
    left, top, right, bottom = box
    rows = slice(int(max(0, top) * ROWS), max(int(max(0, top) * ROWS) + 1, round(bottom * ROWS)))
    columns = slice(int(left * COLUMNS), max(int(left * COLUMNS) + 1, round(right * COLUMNS)))
    return float(cover[rows, columns].mean())


def whole_cover(parts: Mapping[str, Cover]) -> Cover:
    """The mean over pieces."""
    return np.mean(np.stack(list(parts.values())), axis=0)


def _source(
    recorded: Recorded, span: FramedSpan, size: tuple[int, int], x: float, y: float
) -> tuple[float, float] | None:
    """The part of the recording that a part of the frame shows; None on the blurred ground."""
    left, top, width, height = span.framing.region
    if span.framing.mode == "fit":
        scale = min(size[0] / width, size[1] / height)
        across, down = size[0] / (width * scale), size[1] / (height * scale)
        x, y = (x - 0.5) * across + 0.5, (y - 0.5) * down + 0.5
        if not (0 <= x < 1 and 0 <= y < 1):
            return None
    else:
        middle = np.asarray(span.framing.path, np.float64).mean(axis=0)
        scaled = span.framing.size
        x = (middle[0] + x * size[0]) / scaled[0]
        y = (middle[1] + y * size[1]) / scaled[1]
    return (left + x * width) / recorded.width, (top + y * height) / recorded.height


def _heads(watched: Watched, span: FramedSpan, at: tuple[float, float]) -> float:
    seen = [
        s
        for s in watched.sightings
        if s.sure >= _SURE and span.first <= s.frame < span.first + span.frames
    ]
    if not seen:
        return 0.0
    on = [
        s.left <= at[0] <= s.right and s.top <= at[1] <= s.top + _HEAD * (s.bottom - s.top)
        for s in seen
    ]
    return sum(on) / len(seen)
