"""Price lists: rows of a delimited text with their cells by column heading."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import InvalidInput, LimitExceeded

_DELIMITERS = ",\t;|"
_FULL_WIDTH = {"，": ",", "；": ";", "｜": "|"}
_NUMBER = re.compile(r"[^\w]*\d[\d.,\s]*(?:%|元|cm|mm|ml|kg|g)?")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: `number` counts records from 1 with the heading; `text` is the row as it stands."""

    number: int
    text: str
    cells: dict[str, str]


def read_table(text: str, file: str, *, max_rows: int) -> list[TableRow]:
    """The rows of a CSV or TSV text below its heading, empty rows left out.

    The delimiter is the one of `, tab ; |` (or their full-width forms) that cuts the first lines
    into the same number of columns. A table without a heading gets `column 1`, `column 2` and so
    on. Columns beyond the heading are named likewise. Raises InvalidInput where there is nothing
    but a heading, LimitExceeded above `max_rows`.
    """
    delimiter = _find_delimiter(text)
    heading: list[str] | None = None
    rows: list[TableRow] = []
    for number, (raw, cells) in enumerate(_records(text, delimiter, file), start=1):
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if heading is None:
            if len([cell for cell in cells if cell]) < 2 and delimiter in text:
                continue  # a title above the heading
            heading = _name_columns(cells)
            if _is_heading(cells):
                continue
        if len(rows) == max_rows:
            raise LimitExceeded(
                f"{file} has more than {max_rows} rows.",
                hint="Split it, or raise LIVECUE_LIMITS__TABLE_ROWS.",
                details={"file": file},
            )
        names = heading + [f"column {i + 1}" for i in range(len(heading), len(cells))]
        filled = {name: cell for name, cell in zip(names, cells, strict=False) if cell}
        rows.append(TableRow(number, raw.strip(), filled))
    if not rows:
        raise InvalidInput(
            f"{file} has no rows below its heading.",
            hint="Give a price list with at least one row of values.",
            details={"file": file},
        )
    return rows


def _records(text: str, delimiter: str, file: str) -> Iterator[tuple[str, list[str]]]:
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    start = 0
    try:
        for cells in reader:
            raw = "".join(lines[start : reader.line_num])
            start = reader.line_num
            yield raw, cells
    except csv.Error as error:
        raise InvalidInput(
            f"{file} is no readable table: line {reader.line_num}: {error}.",
            hint="Check the quotes in that line, or save the table anew as CSV.",
            details={"file": file},
        ) from error


def _find_delimiter(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()][:20]
    best, best_score = ",", 0.0
    for delimiter in (*_DELIMITERS, *_FULL_WIDTH):
        counts = [len(row) - 1 for row in csv.reader(lines, delimiter=delimiter)]
        usual = max(set(counts), key=counts.count, default=0)
        score = usual * counts.count(usual) / max(1, len(counts))
        if usual and score > best_score:
            best, best_score = delimiter, score
    return best


def _is_heading(cells: list[str]) -> bool:
    """A heading names columns: no cell of it is an amount."""
    return not any(_NUMBER.fullmatch(cell) for cell in cells if cell)


def _name_columns(cells: list[str]) -> list[str]:
    if not _is_heading(cells):
        return [f"column {index + 1}" for index in range(len(cells))]
    names: list[str] = []
    for index, cell in enumerate(cells):
        name = " ".join(cell.split()) or f"column {index + 1}"
        names.append(name if name not in names else f"{name} {index + 1}")
    return names
