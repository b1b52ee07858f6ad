"""Tables on a page: cells that take several lines, the heading row, cells by column."""

import re
from collections.abc import Sequence

from tools.documents.grids import PROPERTY, VALUE
from tools.documents.layout import Line
from tools.documents.rows import merge

_AMOUNT = re.compile(
    r"[^\w]*(?:[A-Za-z]{2,3}\s*)?[^\w]*\d[\d.,\s]*(?:%|[A-Za-z]{1,3}|[元件个斤克])?"
)
_NAME_CHARS = 40
_TWO_PAIRS = 4

Names = dict[int, str]


def join_cells(rows: Sequence[Line]) -> list[Line]:
    """The rows of a table, with lines that go on in a cell put to the row above.

    Such a line leaves the first column empty, has cells only below cells of the row above, and
    follows it closely.
    """
    joined: list[Line] = []
    for row in rows:
        last = joined[-1] if joined else None
        if last is None or not _goes_on(last, row):
            joined.append(row)
            continue
        cells = dict(zip(last.columns, last.cells, strict=True))
        for column, cell in zip(row.columns, row.cells, strict=True):
            space = " " if cell.text[0].isascii() else ""
            cells[column] = merge((cells[column], cell), space)
        joined[-1] = Line(tuple(cells.values()), last.table, last.columns)
    return joined


def _goes_on(last: Line, row: Line) -> bool:
    if row.ruled:
        return False
    height = max(cell.height for cell in row.cells)
    below = row.piece.box[1] - last.piece.box[3]
    return (
        min(row.columns) > min(last.columns)
        and set(row.columns) < set(last.columns)
        and below < 0.5 * height
    )


def find_names(rows: Sequence[Line]) -> Names | None:
    """The names of the columns, by column, when the first of `rows` is a heading.

    A heading names every column in use and holds no amount; below it there are at least two rows,
    with amounts in one of the columns.
    """
    if len(rows) < 3:
        return None
    head, below = rows[0], rows[1:]
    texts = [cell.text for cell in head.cells]
    if (
        len(texts) < 2
        or not _used(below) <= set(head.columns)
        or any(_AMOUNT.fullmatch(text) or len(text) > _NAME_CHARS for text in texts)
        or not _has_amounts(below)
    ):
        return None
    names: Names = {}
    for column, text in zip(head.columns, texts, strict=True):
        names[column] = text if text not in names.values() else f"{text} {column + 1}"
    return names


def find_pairs(rows: Sequence[Line]) -> list[tuple[Line, dict[str, str]]] | None:
    """The pairs of property and value when a table sets them side by side, else None.

    Such a table has four or six columns, and its heading says the same again (`Item | Value | Item
    | Value`), or it has none and no cell of its odd columns holds a number or comes twice.
    """
    widths = {len(row.cells) for row in rows}
    if not widths <= {2, 4, 6} or max(widths) < _TWO_PAIRS:
        return None
    head = [cell.text for cell in rows[0].cells]
    headed = len(head) >= _TWO_PAIRS and len({*head[::2]}) == len({*head[1::2]}) == 1
    body = rows[1:] if headed else rows
    labels = [cell.text for row in body for cell in row.cells[::2]]
    if not headed and (
        len(set(labels)) < len(labels)
        or any(len(label) > _NAME_CHARS or re.search(r"\d", label) for label in labels)
        or not any(re.search(r"\d", cell.text) for row in body for cell in row.cells[1::2])
    ):
        return None
    return [
        (Line((label, value), row.table), {PROPERTY: label.text, VALUE: value.text})
        for row in body
        for label, value in zip(row.cells[::2], row.cells[1::2], strict=True)
    ]


def fits(rows: Sequence[Line], names: Names) -> bool:
    """Whether `rows` can go on with a table of these columns, begun on the page before."""
    return _used(rows) == set(names) and _has_amounts(rows)


def name_cells(row: Line, names: Names) -> dict[str, str]:
    """The cells of `row` by the names of their columns."""
    return {names[column]: cell.text for column, cell in zip(row.columns, row.cells, strict=True)}


def _used(rows: Sequence[Line]) -> set[int]:
    return {column for row in rows for column in row.columns}


def _has_amounts(rows: Sequence[Line]) -> bool:
    """Whether most cells of some column are amounts."""
    for column in _used(rows):
        cells = [
            cell.text
            for row in rows
            for number, cell in zip(row.columns, row.cells, strict=True)
            if number == column
        ]
        if sum(bool(_AMOUNT.fullmatch(cell)) for cell in cells) >= 0.6 * len(cells):
            return True
    return False
