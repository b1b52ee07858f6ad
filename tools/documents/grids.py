"""What the rows of a grid are: titles, headings, rows of goods, properties with values, notes.

A sheet, a CSV file and a table of a web page are grids. People put a title above the heading and
remarks below the rows, name columns in two rows, stack tables and set them side by side.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from tools.documents.headings import (
    AMOUNT,
    GENERIC,
    LONGEST_HEADING,
    LONGEST_LABEL,
    GridRow,
    belongs_to_chart,
    completes_heading,
    field_of,
    heads_bare_sizes,
    heads_sizes,
    is_heading,
    is_known,
    may_head,
    name_columns,
    unnamed,
)

PROPERTY, VALUE = "property", "value"

_NOTE = re.compile(r"[^:：]{1,20}[:：]\s*\S.*|.*[。！!]|(?:\S+\s+){8,}\S+", re.DOTALL)
_DIGIT = re.compile(r"\d")
_MEASURED = 0.25  # of the values of a table of properties hold a number
_LOOK_AHEAD = 15
_MOST_COLUMNS = 200  # as of `tools.foreign.workbooks`
_PAIRS = 2
_TOLD = ("variant", "colours", "sizes", "list_price", "live_price", "price", "stock")
_VARIES = ("variant", "colours", "sizes", "sku")


@dataclass(frozen=True, slots=True)
class GridPart:
    """A row with what it is; `table` numbers the tables of the grid from 1, None outside them."""

    number: int
    text: str
    role: Literal["title", "note", "row"]
    cells: dict[str, str] | None = None
    table: int | None = None


def read_grid(rows: Sequence[GridRow], *, paired: bool = False) -> list[GridPart]:
    """The parts of a grid in its order; only headings and empty rows are none.

    A heading is a row of names of columns: at least two known ones, or words above amounts. Its
    second row, if it has one, names what a merged cell spans. A heading that comes again is passed
    over. A name that is given for the first of several variants only holds for those below. Rows
    of two columns that hold known properties, or words without a number beside values that are no
    amounts, or any where the source says so (`paired`), are pairs of property and value, as are
    those of a chart of sizes (`Bust: S 85, M 92`). All else that stands alone is a title or a note.
    Columns beyond the 200th are not cut into cells.
    """
    parts: list[GridPart] = []
    tables = 0
    rows = [
        replace(row, cells=row.cells[:_MOST_COLUMNS]) if len(row.cells) > _MOST_COLUMNS else row
        for row in rows
    ]
    for side in _part_sides(rows):
        found = list(_Reading(side, paired=paired).parts())
        parts += [replace(p, table=p.table + tables) if p.table else p for p in found]
        tables += max((part.table or 0 for part in found), default=0)
    return sorted(parts, key=lambda part: part.number)


class _Reading:
    """One pass over rows that stand below each other."""

    def __init__(self, rows: Sequence[GridRow], *, paired: bool) -> None:
        filled = [i for i, row in enumerate(rows) if row.own]
        self._rows = [rows[i] for i in filled]
        self._after_gap = [k > 0 and rows[i].number - rows[filled[k - 1]].number > 1
                           for k, i in enumerate(filled)]  # fmt: skip
        self._is_heading = list(map(is_heading, self._rows))
        self._paired = paired
        self._names: list[str] | None = None
        self._above: tuple[str, ...] = ()
        self._table = 0
        self._pairs_from: dict[int, int] = {}

    def parts(self) -> Iterator[GridPart]:
        """What each row is."""
        at = 0
        while at < len(self._rows):
            if heads_sizes(self._rows[at]) and at + 1 < len(self._rows):
                at += yield from self._chart(at)
            elif height := self._heading_at(at):
                names = name_columns(self._rows[at : at + height])
                self._table += names != self._names
                self._names, self._above = names, ()
                at += height
            elif pairs := self._pairs_at(at):
                self._table, self._names = self._table + 1, None
                for row in self._rows[at : at + pairs]:
                    yield from self._pairs(row)
                at += pairs
            else:
                yield self._outside(at) if self._is_alone(at) else self._row(self._rows[at])
                at += 1

    def _chart(self, at: int) -> Generator[GridPart, None, int]:
        """A chart of sizes: each row a property, its value told size by size."""
        self._table, self._names = self._table + 1, None
        sizes = self._rows[at].cells
        end = at + 1
        while end < len(self._rows) and belongs_to_chart(self._rows[end], sizes):
            end += 1
        for row in self._rows[at:end]:
            (_, label), *rest = row.own
            told = [cell if row is self._rows[at] else f"{sizes[i]} {cell}" for i, cell in rest]
            cells = {PROPERTY: label, VALUE: ", ".join(told)}
            yield GridPart(row.number, f"{label}: {cells[VALUE]}", "row", cells, self._table)
        return end - at

    def _heading_at(self, at: int) -> int:
        """How many rows of heading stand here: 0, 1 or 2."""
        row = self._rows[at]
        if heads_bare_sizes(self._rows[at : at + 2]):
            return 1
        if not may_head(row):
            return 0
        if self._names and _fold(row.cells) == _fold(self._names):
            return 1
        fresh = self._names is None or self._after_gap[at]
        weak = fresh and not self._paired and self._is_weak_heading(at)
        if not self._is_heading[at] and not weak:
            return 0
        below = self._rows[at + 1 : at + 2]
        return 2 if below and completes_heading(row, below[0]) else 1

    def _is_weak_heading(self, at: int) -> bool:
        """Words above a row that holds an amount, no surer heading and no pairs being near."""
        rest = self._rows[at + 1 : at + 1 + _LOOK_AHEAD]
        if not rest or self._pairs_at(at) or self._heading_is_near(at):
            return False
        return self._names is None or any(AMOUNT.fullmatch(cell) for _, cell in rest[0].own)

    def _heading_is_near(self, at: int) -> bool:
        return any(self._is_heading[at + 1 : at + 1 + _LOOK_AHEAD])

    def _pairs_at(self, at: int) -> int:
        """How many rows of pairs begin here."""
        if self._names is not None and not self._after_gap[at] and not self._paired:
            return 0
        if at not in self._pairs_from:
            self._measure_run(at)
        return self._pairs_from[at]

    def _measure_run(self, at: int) -> None:
        """How many rows of pairs begin at each row of the run that could hold pairs from here.

        A run ends at the same row wherever it is entered, so that all of it is measured at once,
        from its end.
        """
        end = at
        while end < len(self._rows) and self._may_pair(end, first=end == at):
            end += 1
        self._pairs_from[at] = 0
        labels: set[str] = set()
        count = known = values = amounts = measured = 0
        named, wide = True, False
        for start in reversed(range(at, end)):
            own = [cell for _, cell in self._rows[start].own]
            labels.update(own[::2])
            count += len(own) // 2
            known += sum(map(is_known, own[::2]))
            values += sum(map(is_known, own[1::2]))
            amounts += sum(bool(AMOUNT.fullmatch(cell)) for cell in own[1::2])
            named &= not any(map(_DIGIT.search, own[::2]))
            wide |= len(own) > _PAIRS
            measured += sum(bool(_DIGIT.search(cell)) for cell in own[1::2])
            rows = end - start
            is_sheet = measured > _MEASURED * count and (known or not wide)
            told = 2 * known >= count or (named and 2 * amounts <= count and is_sheet)
            sure = rows >= _PAIRS and len(labels) == count and told
            self._pairs_from[start] = (
                rows if self._paired or (sure and values < max(known, 1)) else 0
            )

    def _may_pair(self, at: int, *, first: bool) -> bool:
        own = self._rows[at].own
        labels = [cell for _, cell in own[::2]]
        if len(own) not in (2, 4, 6) or any(len(cell) > LONGEST_LABEL for cell in labels):
            return False
        if self._paired:
            return True
        unknown = len(labels) > 1 and 2 * sum(map(is_known, labels)) < len(labels)
        unknown = unknown and any(map(_DIGIT.search, labels))
        return not unknown and (first or not self._is_heading[at])

    def _pairs(self, row: GridRow) -> Iterator[GridPart]:
        own = [cell for _, cell in row.own]
        if all(map(GENERIC.fullmatch, own)):
            return
        for label, value in zip(own[::2], own[1::2], strict=True):
            as_it_stands = row.text is not None and label in row.text and value in row.text
            text = (row.text or "") if as_it_stands else f"{label.rstrip(':： ')}: {value}"
            cells = {PROPERTY: label.rstrip(":： "), VALUE: value}
            yield GridPart(row.number, text, "row", cells, self._table)

    def _is_alone(self, at: int) -> bool:
        """A title or a note: one cell, or several above the first heading, or all remarks."""
        row = self._rows[at]
        if len(row.own) == 1:
            return self._names is None or len(self._names) > 1
        if self._names is None and self._heading_is_near(at):
            return True
        return all(_NOTE.fullmatch(cell) for _, cell in row.own)

    def _outside(self, at: int) -> GridPart:
        """A title is short and stands closely above rows; all else is a note."""
        row = self._rows[at]
        text = row.shown()
        is_title = (
            len(row.own) == 1
            and len(text) <= LONGEST_HEADING
            and not _NOTE.fullmatch(row.own[0][1])
            and not AMOUNT.fullmatch(row.own[0][1])
            and any(len(below.own) > 1 for below in self._rows[at + 1 : at + 4])
        )
        return GridPart(row.number, text, "title" if is_title else "note")

    def _row(self, row: GridRow) -> GridPart:
        if self._names is None:
            self._table += 1
            self._names = [unnamed(i) for i in range(len(row.cells))]
        names = self._names + [unnamed(i) for i in range(len(self._names), len(row.cells))]
        cells = self._fill_name(row.cells, names)
        filled = {name: cell for name, cell in zip(names, cells, strict=False) if cell}
        self._above = cells
        return GridPart(row.number, row.shown(), "row", filled, self._table)

    def _fill_name(self, cells: tuple[str, ...], names: list[str]) -> tuple[str, ...]:
        """The row's name taken from the row above, where it holds a variant and no name.

        A name may take several columns, before those that tell variants, prices or stock.
        """
        fields = [field_of(name) for name in names[: len(cells)]]
        if "name" not in fields:
            lead = next((i for i, field in enumerate(fields) if field in _TOLD), 0)
            rest = sum(bool(cell) for cell in cells[lead:])
            if lead and rest >= _PAIRS and not any(cells[:lead]) and len(self._above) > lead:
                return (*self._above[:lead], *cells[lead:])
            return cells
        place = fields.index("name")
        is_variant = any(cells[i] for i, field in enumerate(fields) if field in _VARIES)
        if cells[place] or not is_variant or place >= len(self._above):
            return cells
        return (*cells[:place], self._above[place], *cells[place + 1 :])


def _part_sides(rows: Sequence[GridRow]) -> list[Sequence[GridRow]]:
    """Tables side by side: each has a heading of its own, and an empty column parts them."""
    used = {i for row in rows if len(row.own) > 1 for i, _ in row.own}
    gaps = [i for i in range(min(used), max(used)) if i not in used] if used else []
    naming = [row for row in rows if _names_columns(row)] if gaps else []
    for gap in gaps:
        left = next(filter(is_heading, (_cut(row, 0, gap) for row in naming)), None)
        right = next(filter(is_heading, (_cut(row, gap + 1, None) for row in naming)), None)
        if left and right and _fields(left) & _fields(right):
            beyond = [_cut(row, gap + 1, None) for row in rows]
            return [[_cut(row, 0, gap) for row in rows], *_part_sides(beyond)]
    return [rows]


def _names_columns(row: GridRow) -> bool:
    """Some part of the row may be a heading."""
    known = (cell for _, cell in row.own if not AMOUNT.fullmatch(cell) and is_known(cell))
    return len(list(islice(known, 2))) > 1


def _cut(row: GridRow, start: int, end: int | None) -> GridRow:
    cells = row.cells[start:end]
    repeats = frozenset(i - start for i in row.repeats if start <= i < start + len(cells))
    return GridRow(row.number, cells, repeats)


def _fields(row: GridRow) -> set[str]:
    fields = (field_of(cell) for _, cell in row.own)
    return {field for field in fields if field is not None}


def _fold(cells: Sequence[str]) -> list[str]:
    return [" ".join(cell.split()).casefold() for cell in cells if cell]
