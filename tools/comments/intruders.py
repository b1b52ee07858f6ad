"""Writing of the scene that shows between the rows of a list: price tags, labels, posters.

Rows of a list never overlap. Where two of a column do, one of them is not of the list: the one that
is written otherwise than most of the column.
"""

import statistics
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from tools.comments.rows import Row

_TIGHT = 0.9  # em between the middles of two rows, below which they cannot be of one list
_BESIDE = 0.35  # em below which two stand on one line
_INKS = 16.0  # L*a*b*
_SIZES = 0.15  # of the natural logarithm


def drop_intruders(rows: Sequence[Row]) -> list[Row]:
    """The rows of a column, from the top, that do not stand in the way of others."""
    left = sorted(rows, key=lambda row: row.middle)
    em = statistics.median(row.em for row in rows)
    while True:
        clash = next((pair for pair in pairwise(left) if _overlap(*pair, em)), None)
        if clash is None:
            return left
        usual = _Usual([row for row in left if row is not clash[0] and row is not clash[1]])
        odd = max(clash, key=usual.odds)
        left = [row for row in left if row is not odd]


def _overlap(above: Row, below: Row, em: float) -> bool:
    return _BESIDE < (below.middle - above.middle) / em < _TIGHT


class _Usual:
    """How most of a column is written."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._size = statistics.median(row.em for row in rows) if rows else 0.0
        self._inks = [tone for row in rows if (tone := _tone(row)) is not None]
        polar = [_is_light(row) for row in rows]
        self._is_light = 2 * sum(polar) >= len(polar)
        self._lefts = [row.left for row in rows]

    def odds(self, row: Row) -> float:
        """How little a row looks like the others."""
        odd = 0.0
        if self._size:
            odd += abs(float(np.log(row.em / self._size))) / _SIZES
        tone = _tone(row)
        if tone is not None and self._inks:
            nearest = sorted(float(np.linalg.norm(tone - ink)) for ink in self._inks)
            odd += nearest[len(nearest) // 4] / _INKS
        if self._lefts:
            near = sum(abs(row.left - left) < 0.6 * row.em for left in self._lefts)
            odd += 1.0 - min(1.0, 2 * near / len(self._lefts))
        return odd + (2.0 if _is_light(row) != self._is_light else 0.0)


def _tone(row: Row) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]] | None":
    """The colour of the writing, in L*a*b*."""
    mean = row.ink.mean() if row.ink is not None else None
    return None if mean is None else np.asarray(mean[:3], np.float32)


def _is_light(row: Row) -> bool:
    """Whether the writing is lighter than what lies behind it."""
    tone = _tone(row)
    if row.ink is None or tone is None:
        return True
    return bool(tone[0] > row.ink.ground[:, 0].mean())
