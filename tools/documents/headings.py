"""Rows of a grid, and which of them name columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tools.extraction.labels import names_property, read_label

LONGEST_HEADING = 60
LONGEST_LABEL = 40
AMOUNT = re.compile(
    r"[^\w]*(?:[A-Z]{2,3}\s?[^\w]*)?\d[\d.,\s]*(?:%|[元件个套盒瓶支箱条]|pcs|cm|mm|ml|kg|g)?\.?"
)
GENERIC = re.compile(
    r"(?:property|attribute|item|content|feature|specifications?|parameters?|field|details?|values?|description"
    r"|属性值?|参数值?|参数名称?|参数|项目|规格参数|内容|说明|值|详情)",
    re.IGNORECASE,
)
"""What stands above a table of properties and values."""

_SIZE = re.compile(
    r"(?:EU|US|UK|CN)?\s?(?:\d?X{0,4}[SML]|\d{1,3}(?:[.,]\d)?(?:\s?[-–/~]\s?\d{1,3})?)"
    r"\s?(?:码|号|cm)?",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[(（][^()（）]*[)）]")
_SURE = 2


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row as it is seen: merged cells are filled in, `repeats` are those filled from the left.

    `number` is its place in the source; `text` is the row as it stands there, None to have the
    cells put side by side.
    """

    number: int
    cells: tuple[str, ...]
    repeats: frozenset[int] = frozenset()
    text: str | None = None

    @property
    def own(self) -> list[tuple[int, str]]:
        """The filled cells with their columns, repeats left out."""
        return [(i, cell) for i, cell in enumerate(self.cells) if cell and i not in self.repeats]

    def shown(self) -> str:
        """The row as text."""
        return self.text if self.text is not None else " | ".join(cell for _, cell in self.own)


def may_head(row: GridRow) -> bool:
    """Several short cells, none of which is an amount."""
    own = row.own
    return len(own) > 1 and not any(
        AMOUNT.fullmatch(cell) or len(cell) > LONGEST_HEADING for _, cell in own
    )


def is_heading(row: GridRow) -> bool:
    """Two known names of columns at least, which are half of the cells."""
    if not may_head(row) or _alternates(row):
        return False
    own = [cell for _, cell in row.own]
    known = sum(map(is_known, own))
    return known >= _SURE and 2 * known >= len(own) and not all(map(GENERIC.fullmatch, own))


def completes_heading(row: GridRow, below: GridRow) -> bool:
    """The second row of a heading: it divides merged cells, or names what the first left blank."""
    if not may_head(below):
        return False
    merged = any(below.cells[i : i + 1] != row.cells[i : i + 1] for i in row.repeats)
    apart = not {i for i, _ in row.own} & {i for i, _ in below.own}
    return merged or (apart and len(below.own) > 1)


def name_columns(rows: Sequence[GridRow]) -> list[str]:
    """The names that a heading of one or two rows gives.

    Where the lower one says enough, it is joined only by the remarks in brackets of the upper one;
    `List` below `Price (USD)` is `List Price (USD)`. An unnamed column is `column 3`, a name that
    comes again `Price 4`.
    """
    names: list[str] = []
    for i in range(max(len(row.cells) for row in rows)):
        levels = [" ".join(row.cells[i].split()) for row in rows if i < len(row.cells)]
        levels = [level for level in dict.fromkeys(levels) if level]
        name = (_join_levels(*levels) if len(levels) > 1 else "".join(levels)) or unnamed(i)
        names.append(name if name not in names else f"{name} {i + 1}")
    return names


def _join_levels(upper: str, lower: str) -> str:
    if is_known(lower):
        return " ".join([lower, *_BRACKETED.findall(upper)])
    return f"{lower} {upper}" if is_known(f"{lower} {upper}") else f"{upper} {lower}"


def heads_sizes(row: GridRow) -> bool:
    """`Size | S | M | L`: the heading of a chart of sizes."""
    own = [cell for _, cell in row.own]
    return len(own) > _SURE and field_of(own[0]) == "sizes" and all(map(_SIZE.fullmatch, own[1:]))


def heads_bare_sizes(rows: Sequence[GridRow]) -> bool:
    """Sizes above counts, nothing above the names of the colours (` | 39 | 40 | 41`)."""
    if len(rows) < _SURE:
        return False
    head, below = (row.own for row in rows[:2])
    return (
        len(head) > _SURE
        and head[0][0] > 0
        and all(_SIZE.fullmatch(cell) for _, cell in head)
        and below[0][0] < head[0][0]
        and re.search(r"[^\W\d_]", below[0][1]) is not None
        and [i for i, _ in below[1:]] == [i for i, _ in head]
        and all(cell.isdecimal() for _, cell in below[1:])
    )


def belongs_to_chart(row: GridRow, sizes: Sequence[str]) -> bool:
    """A property and what it is for some of `sizes`."""
    own = row.own
    return (
        len(own) > 1
        and own[0][0] == 0
        and own[-1][0] < len(sizes)
        and not _SIZE.fullmatch(own[0][1])
    )


@lru_cache(maxsize=8192)
def field_of(text: str) -> str | None:
    """The field that a name of a column stands for, None for one that is not known."""
    return read_label(text).field if len(text) <= LONGEST_LABEL else None


@lru_cache(maxsize=8192)
def is_known(text: str) -> bool:
    """The name of a field of the record, or of a usual property."""
    return len(text) <= LONGEST_LABEL and (field_of(text) is not None or names_property(text))


def unnamed(index: int) -> str:
    """What a column without a name is called."""
    return f"column {index + 1}"


def _alternates(row: GridRow) -> bool:
    """`Brand | X | Material | Y` is half known as a heading may be; its labels alternate."""
    own = [cell for _, cell in row.own]
    return len(own) in (4, 6) and all(map(is_known, own[::2])) and not any(map(is_known, own[1::2]))
