"""Reading order of what stands on a page: rows, columns of text, and tables, told by geometry.

A page is given as pieces, each a stretch of text with its box, y growing downwards. The order of
reading is found in two steps: pieces that stand side by side are a row; consecutive rows that
leave the same gutter free are a band, and a band is either a table, read row by row, or columns of
text, read one after the other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from tools.documents.rows import Gutter, Piece, find_band, find_rows, merge
from tools.documents.ruled import find_grids
from tools.foreign.boxes import Box, turn_box

_MOST_ROWS = 400  # no page has more; where there are, nothing is looked for in them
_WORD_GAP = 1.2  # in line heights; a wider gap parts two cells or columns
_LEVEL = 0.35  # in line heights; cells of a table row stand level
_LABELLED = re.compile(r"[^:：]{1,30}[:：]\s*\S")
_TIGHT = 1.3  # step from line to line, in line heights
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Line:
    """What is read in one go: a line of text (one cell) or a row of a table.

    `table` numbers the tables of a page from 1, 0 for text; `columns` are the cells' columns;
    `ruled` tells that rules are drawn around them.
    """

    cells: tuple[Piece, ...]
    table: int = 0
    columns: tuple[int, ...] = ()
    ruled: bool = False

    @property
    def piece(self) -> Piece:
        """All cells as one, two spaces between them, one after a colon."""
        whole = self.cells[0]
        for cell in self.cells[1:]:
            whole = merge((whole, cell), " " if whole.text.endswith((":", "：")) else "  ")
        return whole


def arrange(pieces: Sequence[Piece], rules: Sequence[Box] = ()) -> list[Line]:
    """The lines of a page in the order of reading; `rules` are the straight lines drawn on it."""
    arranger = _Arranger()
    lines: list[Line] = []
    left = list(pieces)
    for grid in find_grids(rules, pieces):
        inside = [piece for piece in left if grid.holds(piece)]
        rows = grid.rows(inside)
        if rows is None:
            continue
        above = [piece for piece in left if piece.box[1] + piece.box[3] < 2 * grid.box[1]]
        lines += arranger.arrange(above)
        lines += arranger.number_rows(rows)
        done = {id(piece) for piece in (*above, *inside)}
        left = [piece for piece in left if id(piece) not in done]
    return lines + arranger.arrange(left)


def turn_line(line: Line, size: tuple[float, float], turns: int) -> Line:
    """`line` after its page of `size` (width, height) is turned by quarters to the left."""
    if not turns:
        return line
    cells = (
        replace(
            cell,
            box=turn_box(cell.box, size, turns),
            seen=turn_box(cell.seen, size, turns) if cell.seen else None,
        )
        for cell in line.cells
    )
    return replace(line, cells=tuple(cells))


class _Arranger:
    def __init__(self) -> None:
        self._tables = 0

    def number_rows(self, rows: list[dict[int, Piece]]) -> list[Line]:
        """The rows of a drawn table as lines."""
        self._tables += 1
        return [Line(tuple(row.values()), self._tables, tuple(row), ruled=True) for row in rows]

    def arrange(self, pieces: list[Piece]) -> list[Line]:
        rows = find_rows(pieces)
        lines: list[Line] = []
        start = single = 0
        while start < len(rows):
            end, gutters = find_band(rows, start) if len(rows) <= _MOST_ROWS else (start + 1, [])
            band = _Band(rows[start:end], gutters)
            if gutters and band.is_table():
                self._tables += 1
                lines += band.table_lines(self._tables)
                single = 0
            elif gutters and band.is_text_in_columns():
                begun = _count_begun(rows[start - single : start], gutters)
                del lines[len(lines) - begun :]
                for column in _Band(rows[start - begun : end], gutters).columns():
                    lines += self.arrange(column)
                single = 0
            else:
                end = start + 1
                single = single + 1 if len(rows[start]) == 1 else 0
                lines += [Line((piece,)) for piece in _join(rows[start])]
            start = end
        return lines


def _count_begun(rows: Sequence[list[Piece]], gutters: list[Gutter]) -> int:
    """How many of `rows`, right above a band, are lines of a right column that begins higher."""
    begun = 0
    for (piece,) in reversed(rows):
        if piece.box[0] < min(right for _, right in gutters) - piece.height / 2:
            break
        begun += 1
    return begun


class _Band:
    """Rows that leave the same gutters free."""

    def __init__(self, rows: list[list[Piece]], gutters: list[Gutter]) -> None:
        self._middles = [(left + right) / 2 for left, right in gutters]
        self._rows: list[dict[int, list[Piece]]] = []
        for row in rows:
            cells: dict[int, list[Piece]] = {}
            for piece in row:
                cells.setdefault(self._column(piece), []).append(piece)
            self._rows.append(cells)
        self._shared = [cells for cells in self._rows if len(cells) > 1]

    def _column(self, piece: Piece) -> int:
        middle = (piece.box[0] + piece.box[2]) / 2
        return sum(middle > gutter for gutter in self._middles)

    def columns(self) -> list[list[Piece]]:
        """The pieces of each column from the left."""
        return [
            [piece for row in self._rows for piece in row.get(number, [])]
            for number in range(len(self._middles) + 1)
        ]

    def is_table(self) -> bool:
        """Level cells in most rows, not all prose; two rows are enough where they hold numbers."""
        if len(self._shared) < 2 or self._labelled() > 0.3 or self._level() < 0.7:
            return False
        first = min(min(cells) for cells in self._shared)
        led = sum(first in cells for cells in self._rows)
        if len(self._shared) < 0.6 * led or self._is_prose():
            return False
        return len(self._shared) > 2 or all(
            any(
                char.isdigit()
                for column in cells
                if column != first
                for char in _say(cells[column])
            )
            for cells in self._shared
        )

    def is_text_in_columns(self) -> bool:
        """Prose, or labels with their values, in each column; or rows that do not stand level."""
        if len(self._shared) < 2:
            return False
        return self._is_prose() or self._labelled() >= 0.5 or self._level() < 0.5

    def table_lines(self, number: int) -> list[Line]:
        """The rows as lines with cells."""
        return [
            Line(
                tuple(merge(cells[column], " ") for column in sorted(cells)),
                number,
                tuple(sorted(cells)),
            )
            for cells in self._rows
        ]

    def _level(self) -> float:
        """Share of the shared rows whose cells stand at one height."""
        level = 0
        for cells in self._shared:
            pieces = [piece for cell in cells.values() for piece in cell]
            middles = [piece.box[1] + piece.box[3] for piece in pieces]
            slack = _LEVEL * median(piece.height for piece in pieces)
            level += (max(middles) - min(middles)) / 2 <= max(slack, self._tilt(pieces))
        return level / len(self._shared)

    @staticmethod
    def _tilt(pieces: list[Piece]) -> float:
        """What a photo taken at an angle of two degrees adds to the difference in height."""
        return 0.035 * (max(p.box[2] for p in pieces) - min(p.box[0] for p in pieces))

    def _labelled(self) -> float:
        """Share of the shared rows in which two cells have a label of their own."""
        labelled = [
            sum(bool(_LABELLED.match(_say(cell))) for cell in cells.values()) > 1
            for cells in self._shared
        ]
        return sum(labelled) / len(labelled)

    def _is_prose(self) -> bool:
        """Whether every column holds sentences, set tight or going on from line to line."""
        columns = {column for cells in self._rows for column in cells}
        return all(
            _is_wordy(lines := [_say(row[column]) for row in self._rows if column in row])
            and (self._is_tight(column) or _goes_on(lines))
            for column in columns
        )

    def _is_tight(self, column: int) -> bool:
        """Lines of text stand closer than rows of a table."""
        pieces = [row[column][0] for row in self._rows if column in row]
        steps = [b.box[1] - a.box[1] for a, b in pairwise(pieces)]
        return bool(steps) and median(steps) <= _TIGHT * median(piece.height for piece in pieces)


def _is_wordy(lines: list[str]) -> bool:
    wordy = sum(len(line.split()) >= 3 or len(_HAN.findall(line)) >= 8 for line in lines)
    return wordy >= 0.6 * len(lines)


def _goes_on(lines: list[str]) -> bool:
    return sum(line[0].islower() for line in lines) >= 0.3 * len(lines)


def _join(row: list[Piece]) -> list[Piece]:
    """The parts of one printed line as one: a small gap, or a label waiting for its value."""
    joined: list[Piece] = []
    for piece in row:
        last = joined[-1] if joined else None
        if last and (
            piece.box[0] - last.box[2] <= _WORD_GAP * piece.height
            or last.text.endswith((":", "："))
        ):
            joined[-1] = merge((last, piece), " ")
        else:
            joined.append(piece)
    return joined


def _say(cell: list[Piece]) -> str:
    return " ".join(piece.text for piece in cell)
