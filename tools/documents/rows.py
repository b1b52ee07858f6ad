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
_CLEARLY_MORE = 2
_NARROW_GUTTER, _NARROW_ROWS, _NARROW_CELLS = 0.3, 3, 4  # but in a table of as many rows and cells


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `box` is (x0, y0, x1, y1), `size` the font size where it is known.

    Of a page that was set straight to be arranged, `seen` is the box on the page as it is.
    """

    text: str
    box: Box
    confidence: float = 1.0
    size: float = 0.0
    seen: Box | None = None

    @property
    def height(self) -> float:
        """Of the box."""
        return self.box[3] - self.box[1]

    @property
    def place(self) -> Box:
        """The box on the page as it is."""
        return self.seen or self.box


def merge(pieces: Sequence[Piece], space: str) -> Piece:
    """`pieces` as one, with `space` between their texts."""
    return Piece(
        space.join(piece.text for piece in pieces),
        surround([piece.box for piece in pieces]),
        min(piece.confidence for piece in pieces),
        max(piece.size for piece in pieces),
        surround([piece.place for piece in pieces]) if any(p.seen for p in pieces) else None,
    )


def surround(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds `boxes`."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
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
    """The end of the band that begins at `start`, and the gutters that all its rows leave free.

    Narrow gutters count where three rows and more leave two and more of them free. Rows above a
    table that leave only some of its gutters free are a band of their own.
    """
    end, gutters = _find_widest(rows, start)
    for later in range(start + 1, min(start + _NARROW_ROWS, end)):
        until, more = _find_widest(rows, later)
        if len(more) >= len(gutters) + _CLEARLY_MORE and until - later >= _NARROW_ROWS:
            return _find_widest(rows[:later], start)
    return end, gutters


def _find_widest(rows: list[list[Piece]], start: int) -> tuple[int, list[Gutter]]:
    height = median(piece.height for piece in rows[start])
    wide = _find_band(rows, start, _GUTTER * height)
    if len(rows[start]) < _NARROW_CELLS:
        return wide
    narrow = _find_band(rows, start, _NARROW_GUTTER * height)
    more = len(narrow[1]) > max(1, len(wide[1]))
    return narrow if more and narrow[0] - start >= _NARROW_ROWS else wide


def _find_band(rows: list[list[Piece]], start: int, width: float) -> tuple[int, list[Gutter]]:
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
