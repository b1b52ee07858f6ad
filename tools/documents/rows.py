"""Pieces of text on a page, the rows that they stand in, and the gutters between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from tools.foreign.boxes import Box

Gutter = tuple[float, float]

_SAME_ROW = 0.5  # share of the lower height by which two boxes must overlap to stand in one row
_MOST_IN_ROW = 200  # pieces
_OPEN_ROWS = 40  # rows, from the last, that a piece may still belong to
_GUTTER = 0.6  # in line heights; a narrower gap is no gutter


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `box` is (x0, y0, x1, y1), `size` the font size where it is known."""

    text: str
    box: Box
    confidence: float = 1.0
    size: float = 0.0

    @property
    def height(self) -> float:
        """Of the box."""
        return self.box[3] - self.box[1]


def merge(pieces: Sequence[Piece], space: str) -> Piece:
    """`pieces` as one, with `space` between their texts."""
    return Piece(
        space.join(piece.text for piece in pieces),
        (
            min(piece.box[0] for piece in pieces),
            min(piece.box[1] for piece in pieces),
            max(piece.box[2] for piece in pieces),
            max(piece.box[3] for piece in pieces),
        ),
        min(piece.confidence for piece in pieces),
        max(piece.size for piece in pieces),
    )


def find_rows(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces that stand side by side, from top to bottom, each row from left to right.

    A photo taken at an angle tilts its rows, so a piece is compared with its neighbours in the row
    and not with the row's first box.
    """
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda item: item.box[1] + item.box[3]):
        fitting = (
            row
            for row in reversed(rows[-_OPEN_ROWS:])
            if len(row) < _MOST_IN_ROW
            and any(_beside(piece, other) for other in row)
            and not any(_above(piece, other) for other in row)
        )
        row = next(fitting, None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    rows.sort(key=lambda row: median(piece.box[1] + piece.box[3] for piece in row))
    return [sorted(row, key=lambda piece: piece.box[0]) for row in rows]


def _beside(a: Piece, b: Piece) -> bool:
    overlap = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
    return not _above(a, b) and overlap >= _SAME_ROW * min(a.height, b.height)


def _above(a: Piece, b: Piece) -> bool:
    """Whether one stands over the other: more than half a line height of common width."""
    return min(a.box[2], b.box[2]) - max(a.box[0], b.box[0]) > min(a.height, b.height) / 2


def find_band(rows: list[list[Piece]], start: int) -> tuple[int, list[Gutter]]:
    """The end of the band that begins at `start`, and the gutters that all its rows leave free."""
    width = _GUTTER * median(piece.height for piece in rows[start])
    gutters = _gaps(rows[start], width)
    end = start + 1
    while gutters and end < len(rows) and not _is_far(rows[start : end + 1], end - start):
        kept = _free(rows[end], gutters, width)
        if not kept:
            break
        new = [gap for gap in _gaps(rows[end], width) if not any(_meet(gap, old) for old in kept)]
        for row in rows[start:end]:
            new = _free(row, new, width)
        gutters = sorted(kept + new)
        end += 1
    return end, gutters


def _gaps(row: list[Piece], width: float) -> list[Gutter]:
    gaps = ((a.box[2], b.box[0]) for a, b in pairwise(row))
    return [gap for gap in gaps if gap[1] - gap[0] >= width]


def _meet(a: Gutter, b: Gutter) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _free(row: list[Piece], gutters: list[Gutter], width: float) -> list[Gutter]:
    """What `row` leaves free of `gutters`; a piece belongs to the side that its middle is on."""
    kept: list[Gutter] = []
    for left, right in gutters:
        before = [p.box[2] for p in row if p.box[0] + p.box[2] <= left + right]
        after = [p.box[0] for p in row if p.box[0] + p.box[2] > left + right]
        free = (max([left, *before]), min([right, *after]))
        if free[1] - free[0] >= width:
            kept.append(free)
    return kept


def _is_far(rows: list[list[Piece]], number: int) -> bool:
    """Whether before row `number` there is so much more room that another block begins."""
    height = median(piece.height for piece in [*rows[number - 1], *rows[number]])
    gap = _gap_above(rows, number)
    usual = max((_gap_above(rows, before) for before in range(1, number)), default=gap)
    return gap > max(height, min(4 * height, 2 * usual))


def _gap_above(rows: list[list[Piece]], number: int) -> float:
    above = max(piece.box[3] for piece in rows[number - 1])
    return min(piece.box[1] for piece in rows[number]) - above
