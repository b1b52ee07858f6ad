"""Rows in columns: which lines of a frame stand under one another like a list."""

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from tools.comments.badges import (
    drop_badges,
    drop_initial,
    drop_rim,
    grounds_apart,
    is_pill,
    seam_apart,
)
from tools.comments.intruders import drop_intruders
from tools.comments.notices import is_badge, is_foot, is_label, is_rule, is_time
from tools.comments.parting import Colour, Cut, find_cut, main_colour, strays
from tools.comments.rows import Row, cut_row, is_wide, join_rows, measure, width_of

_STAMP = re.compile(
    r"\[?\d{1,2}[:：]\d{2}([:：]\d{2})?( ?[AaPp][Mm])?\]?(\s+|(?=[^\s\d:：]))|\d{1,2}[mh]\s+"
)
_END_STAMP = re.compile(
    r"\s*(?<![\d:：])(\d{1,2}[:：]\d{2}([:：]\d{2})?( ?[AaPp][Mm])?|\d{1,2} ?(m|h|min|分钟前))$"
)
_LONGEST_RULE = 6  # rows
_WRAPPED = 1.8  # em
_PICTURE = 5.0  # em from a round picture to the name, a mark between
_HALF = 0.3  # em
_OWN = 16.0  # L*a*b* by which a rule's rows may differ from one another
_ALONE = 3.2  # em from the next row
_PLAIN = 2.5  # L*a*b*
_OTHER_PANEL = 30.0  # L*a*b*
_TOKEN = re.compile(r"[^\s\u2e80-\uffef]+|\S")


@dataclass(frozen=True)
class Entry:
    """A row of a chain without its badges, and where it parts into user and text, if it does."""

    row: Row
    cut: Cut | None
    stray: float
    whole: Row
    """The row with its badges."""

    @property
    def begin(self) -> float:
        """The left edge in pixels with the badges."""
        return self.whole.left

    @cached_property
    def panel(self) -> Colour | None:
        """The colour of the plain panel behind the row, None where the picture shows through."""
        if self.row.ink is None:
            return None
        ground = self.row.ink.ground
        mean = ground.mean(axis=0)
        plain = float(np.linalg.norm(ground - mean, axis=1).mean()) < _PLAIN
        return np.asarray(mean, np.float32) if plain else None


@dataclass(frozen=True)
class Chain:
    """Rows from the top that stand under one another; `colour` is what most is written in."""

    entries: tuple[Entry, ...]
    colour: Colour | None

    @cached_property
    def em(self) -> float:
        """The size of the writing in pixels: the median, wide rows counting for more."""
        sizes = sorted((e.row.em, measure(e.row.text)) for e in self.entries)
        half, passed = sum(weight for _, weight in sizes) / 2, 0.0
        for size, weight in sizes:
            passed += weight
            if passed >= half:
                return size
        return sizes[-1][0]

    @cached_property
    def height(self) -> float:
        """The median height of a row in pixels."""
        return statistics.median(max(1.0, e.row.bottom - e.row.top) for e in self.entries)

    @cached_property
    def left(self) -> float:
        """The left edge that most rows share."""
        lefts = [e.row.left for e in self.entries]
        near = {x: [y for y in lefts if abs(x - y) < 0.6 * self.em] for x in lefts}
        best = max(near, key=lambda x: (len(near[x]), -x))
        return statistics.median(near[best])

    @cached_property
    def right(self) -> float:
        """The edge at which rows wrap, as far as those that have others near them show it."""
        near = [
            entry.row.right
            for entry, above, below in zip(
                self.entries, self.pitches, (*self.pitches[1:], _ALONE), strict=True
            )
            if min(above, below) < _ALONE
        ]
        return max(near or [entry.row.right for entry in self.entries])

    @cached_property
    def ground(self) -> Colour | None:
        """The median colour behind the rows."""
        grounds = [e.row.ink.ground.mean(axis=0) for e in self.entries if e.row.ink is not None]
        return np.median(np.stack(grounds), axis=0).astype(np.float32) if grounds else None

    @cached_property
    def rules(self) -> frozenset[int]:
        """The rows of what the platform says to all viewers, wrapped over several."""
        found: set[int] = set()
        for start in range(len(self.entries)):
            for end in range(start + 1, min(start + _LONGEST_RULE, len(self.entries)) + 1):
                if end > start + 1 and not (
                    self.pitches[end - 1] < _WRAPPED
                    and self.is_full(end - 1)
                    and _inks_apart(self.entries[start].row, self.entries[end - 1].row) < _OWN
                ):
                    break
                if is_rule(" ".join(e.row.text for e in self.entries[start:end])):
                    found.update(range(start, end))
        return frozenset(found)

    @cached_property
    def labelled(self) -> float:
        """The share of the rows that read like print on goods: `Net wt. 75 ml`, `成分：棉`."""
        return sum(is_label(e.row.text) for e in self.entries) / len(self.entries)

    @cached_property
    def pitches(self) -> tuple[float, ...]:
        """The distance of each row's middle from that of the row above, in em; 9 for the first."""
        middles = [e.row.middle for e in self.entries]
        return (9.0, *((b - a) / self.em for a, b in pairwise(middles)))

    def is_full(self, index: int) -> bool:
        """Whether the row before had no room for the first word of row `index`."""
        if index == 0:
            return False
        before, row = self.entries[index - 1].row, self.entries[index].row
        token = _TOKEN.match(row.text)
        first = token.group() if token else row.text[:1]
        slack = 1.1 if is_wide(first[0]) else 0.7
        return self.right - before.right < (min(measure(first), 12) + slack) * self.em


def join_pieces(rows: Sequence[Row]) -> list[Row]:
    """OCR lines that stand beside each other as one row; times dropped."""
    left: list[Row] = []
    kept = [
        row
        for row in rows
        if not (_is_stamp(row, rows) or is_foot(row.text) or _is_initial(row, rows))
    ]
    for row in sorted(kept, key=lambda r: r.left):
        for number, one in enumerate(left):
            if _beside(one, row):
                left[number] = join_rows(one, row)
                break
        else:
            left.append(row)
    return sorted(left, key=lambda r: r.middle)


def _is_stamp(row: Row, rows: Sequence[Row]) -> bool:
    """Whether a line is a time that stands on the row of another."""
    return is_time(row.text) and any(
        other is not row and abs(other.middle - row.middle) < 0.5 * other.em for other in rows
    )


def _is_initial(row: Row, rows: Sequence[Row]) -> bool:
    """Whether a line is the letter on a picture: that of the name, or between name and text."""
    if len(row.text) != 1:
        return False
    right = [
        other
        for other in rows
        if other is not row
        and 0 < other.left - row.right < _PICTURE * other.em
        and row.top < other.bottom
        and other.top < row.bottom
    ]
    if any(
        other.text[:1].casefold() == row.text.casefold()
        and other.left - row.right < _PICTURE / 2 * other.em
        for other in right
    ):
        return True
    steps = [(other.middle - row.middle) / other.em for other in right]
    return any(-1 < step < -_HALF for step in steps) and any(_HALF < step < 1 for step in steps)


def _beside(one: Row, two: Row) -> bool:
    em = max(one.em, two.em)
    if not -0.8 * em < two.left - one.right < 1.5 * em:
        return False
    shared = min(one.bottom, two.bottom) - max(one.top, two.top)
    low = min(one.bottom - one.top, two.bottom - two.top)
    alike = max(one.em, two.em) / min(one.em, two.em)
    mark = is_badge(one.text) or measure(one.text) < 4 or is_pill(one, two)
    if not mark and min(grounds_apart(one, two), seam_apart(one, two)) > _OTHER_PANEL:
        return False
    return shared > 0.6 * low and (alike < 1.35 or (alike < 1.8 and mark))


def find_chains(rows: Sequence[Row]) -> list[Chain]:
    """The columns of a frame, each row in one; rows alone make a chain of one."""
    ordered = sorted(rows, key=lambda r: r.middle)
    parent = list(range(len(ordered)))

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    for j, below in enumerate(ordered):
        for i in range(j - 1, -1, -1):
            if _under(ordered[i], below):
                parent[root(j)] = root(i)
    groups: dict[int, list[Row]] = {}
    for i, row in enumerate(ordered):
        groups.setdefault(root(i), []).append(row)
    return [make_chain(drop_intruders(group)) for group in groups.values()]


def _under(above: Row, below: Row) -> bool:
    em = (above.em + below.em) / 2
    alike = max(above.em, below.em) / min(above.em, below.em)
    gap = (below.middle - above.middle) / em
    aside = abs(below.left - above.left) / em
    if gap < 0.6 or alike > 1.6:
        return False
    return (gap < 3.4 and aside < 3.6) or (gap < 8 and aside < 0.7 and alike < 1.25)


def make_chain(rows: Sequence[Row]) -> Chain:
    """A chain of rows from the top, badges dropped and cuts looked for."""
    if sum(_STAMP.match(row.text) is not None for row in rows) > 1:
        rows = [_drop_stamp(row) for row in rows]
    if sum(_END_STAMP.search(row.text) is not None for row in rows) > 1:
        rows = [_drop_end_stamp(row) for row in rows]
    plain = [drop_rim(drop_badges(drop_initial(row))) for row in rows]
    colour = main_colour(plain)
    entries = tuple(
        Entry(row, find_cut(row, colour), _stray(row, colour), whole)
        for row, whole in zip(plain, rows, strict=True)
        if row.text and sum(width_of(sign) for sign in row.text)
    )
    return Chain(entries, colour)


def _drop_stamp(row: Row) -> Row:
    """The row without the time of day before it."""
    found = _STAMP.match(row.text)
    return cut_row(row, found.end())[1] if found and found.end() < len(row.text) else row


def _drop_end_stamp(row: Row) -> Row:
    """The row without the time of day after it."""
    found = _END_STAMP.search(row.text)
    return cut_row(row, found.start())[0] if found and found.start() else row


def _inks_apart(one: Row, two: Row) -> float:
    ink = one.ink.mean() if one.ink is not None else None
    return 0.0 if ink is None else strays(two, ink)


def _stray(row: Row, colour: Colour | None) -> float:
    return 0.0 if colour is None else strays(row, colour)
