"""Tables drawn with rules: the grid tells the cells, whatever wraps or is centred in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tools.documents.rows import Piece, find_rows, merge
from tools.foreign.boxes import Box

_NEAR = 3.0  # points within which rules are one, or meet
_GAP = 4.0  # points between columns that no rule parts
_MOST_RULES = 400  # each way; a drawing has more
_CELL_LINES = 8  # a cell of more lines is part of a page's layout
_CLOSED = re.compile(r"[\u2e80-\u9fff\uff00-\uffef-]$")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A horizontal rule at y = `at` from x = `start` to `end`, or a vertical one likewise."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A drawn table: the edges of its columns and rows, and its horizontal rules."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    across: tuple[_Rule, ...]

    @property
    def box(self) -> Box:
        """What the table covers."""
        return (self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def holds(self, piece: Piece) -> bool:
        """Whether the middle of `piece` lies in the table."""
        x, y = _middle(piece)
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def rows(self, pieces: Sequence[Piece]) -> list[dict[int, Piece]] | None:
        """The cells of each row by their columns; None where this is no table of texts.

        What stands in a cell that spans rows is given in each of them.
        """
        found: dict[tuple[int, int], list[Piece]] = {}
        for piece in pieces:
            x, y = _middle(piece)
            column = sum(edge < x for edge in self.xs[1:-1])
            found.setdefault((sum(edge < y for edge in self.ys[1:-1]), column), []).append(piece)
        rows: list[dict[int, Piece]] = [{} for _ in self.ys[1:]]
        for span in self._spans():
            column, first, last = span
            inside = [p for row in range(first, last + 1) for p in found.get((row, column), [])]
            lines = find_rows(inside)
            if len(lines) > _CELL_LINES:
                return None
            if lines:
                for row in range(first, last + 1):
                    rows[row][column] = _join_lines([merge(line, " ") for line in lines])
        rows = [dict(sorted(row.items())) for row in rows if row]
        return rows if sum(len(row) > 1 for row in rows) > 1 else None

    def _spans(self) -> list[tuple[int, int, int]]:
        """(column, first row, last row) of each cell."""
        spans: list[tuple[int, int, int]] = []
        for column, (left, right) in enumerate(pairwise(self.xs)):
            first = 0
            for row, edge in enumerate(self.ys[1:]):
                if row == len(self.ys) - 2 or self._is_drawn(edge, (left + right) / 2):
                    spans.append((column, first, row))
                    first = row + 1
        return spans

    def _is_drawn(self, y: float, x: float) -> bool:
        return any(
            abs(rule.at - y) <= _NEAR and rule.start <= x <= rule.end for rule in self.across
        )


def find_grids(rules: Sequence[Box], pieces: Sequence[Piece]) -> list[Grid]:
    """The tables that `rules` (lines of no width) draw, from the top.

    Rules that cross make a grid; rules across alone, of one length and below each other, make one
    with the columns that the texts between them form.
    """
    across = _unite([_Rule(y0, x0, x1) for x0, y0, x1, y1 in rules if y0 == y1])
    down = _unite([_Rule(x0, y0, y1) for x0, y0, x1, y1 in rules if x0 == x1])
    if max(len(across), len(down)) > _MOST_RULES:
        return []
    grids: list[Grid] = []
    free: list[_Rule] = []
    for some_across, some_down in _connect(across, down):
        xs = _cluster([rule.at for rule in some_down])
        if len(xs) < 2:
            free += some_across
            continue
        xs = _cluster([*xs, *(end for rule in some_across for end in (rule.start, rule.end))])
        ys = _cluster([rule.at for rule in some_across])
        grids.append(Grid(tuple(xs), tuple(ys), tuple(some_across)))
    grids = [grid for grid in grids if len(grid.xs) > 2 and len(grid.ys) > 2]
    for stack in _stack(free):
        grid = _find_columns(stack, pieces)
        if grid and not any(_overlap(grid.box, other.box) for other in grids):
            grids.append(grid)
    return sorted(grids, key=lambda grid: grid.ys[0])


def _middle(piece: Piece) -> tuple[float, float]:
    return (piece.box[0] + piece.box[2]) / 2, (piece.box[1] + piece.box[3]) / 2


def _join_lines(lines: Sequence[Piece]) -> Piece:
    whole = lines[0]
    for line in lines[1:]:
        whole = merge((whole, line), "" if _CLOSED.search(whole.text) else " ")
    return whole


def _unite(rules: list[_Rule]) -> list[_Rule]:
    """Rules at one place that meet end to end, as those of single cells do, as one."""
    united: list[_Rule] = []
    for rule in sorted(rules, key=lambda one: (round(one.at / _NEAR), one.start)):
        last = united[-1] if united else None
        if last and abs(last.at - rule.at) <= _NEAR and rule.start <= last.end + _NEAR:
            united[-1] = _Rule(last.at, last.start, max(last.end, rule.end))
        else:
            united.append(rule)
    return united


def _connect(across: list[_Rule], down: list[_Rule]) -> list[tuple[list[_Rule], list[_Rule]]]:
    """Groups of rules that cross or touch."""
    groups: list[tuple[list[_Rule], list[_Rule]]] = []
    left = list(down)
    waiting = list(across)
    while waiting:
        group: tuple[list[_Rule], list[_Rule]] = ([waiting.pop()], [])
        grown = True
        while grown:
            columns = [rule for rule in left if any(_cross(one, rule) for one in group[0])]
            left = [rule for rule in left if rule not in columns]
            group[1].extend(columns)
            rows = [rule for rule in waiting if any(_cross(rule, one) for one in columns)]
            waiting = [rule for rule in waiting if rule not in rows]
            group[0].extend(rows)
            grown = bool(rows)
        groups.append(group)
    return groups


def _cross(across: _Rule, down: _Rule) -> bool:
    return (
        across.start - _NEAR <= down.at <= across.end + _NEAR
        and down.start - _NEAR <= across.at <= down.end + _NEAR
    )


def _stack(rules: list[_Rule]) -> list[list[_Rule]]:
    """Rules across of one beginning and one end, three or more."""
    stacks: dict[tuple[int, int], list[_Rule]] = {}
    for rule in rules:
        key = (round(rule.start / _NEAR / 2), round(rule.end / _NEAR / 2))
        stacks.setdefault(key, []).append(rule)
    return [stack for stack in stacks.values() if len(stack) > 2]


def _find_columns(stack: list[_Rule], pieces: Sequence[Piece]) -> Grid | None:
    ys = _cluster([rule.at for rule in stack])
    start, end = stack[0].start, stack[0].end
    inside = [
        piece
        for piece in pieces
        if ys[0] <= _middle(piece)[1] <= ys[-1] and start <= _middle(piece)[0] <= end
    ]
    xs: list[float] = [start]
    reached: float | None = None
    for piece in sorted(inside, key=lambda one: one.box[0]):
        if reached is not None and piece.box[0] - reached >= _GAP:
            xs.append((reached + piece.box[0]) / 2)
        reached = max(reached or 0.0, piece.box[2])
    if len(xs) < 2 or len(ys) < 3:
        return None
    return Grid((*xs, end), tuple(ys), tuple(stack))


def _cluster(values: Sequence[float]) -> list[float]:
    """Sorted values, those that lie near each other as one."""
    clusters: list[float] = []
    for value in sorted(values):
        if not clusters or value - clusters[-1] > _NEAR:
            clusters.append(value)
    return clusters


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
