"""Price lists: the rows of a CSV or TSV file, and of workbooks, with their cells by heading."""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from domain.errors import InvalidInput, LimitExceeded
from domain.evidence import Locator, Passage, Source
from tools.documents.grids import GridPart, read_grid
from tools.documents.headings import GridRow
from tools.documents.reading import ReadContext, make_passage
from tools.documents.text import load_text
from tools.documents.workbooks import read_workbook
from tools.signatures import XLSX

_DELIMITERS = ",\t;|，；｜"
_DECLARED = re.compile(r"\s*\"?sep=(?P<delimiter>.)\"?[;,\t]*\s*$", re.I)
_LINES = 40
_LONGEST_CELL = 40  # lines; beyond it a quote was opened and never closed


def read_table(source: Source, path: Path, context: ReadContext) -> list[Passage]:
    """A passage for each row of a price list with its cells, titles and notes without.

    The delimiter of a text is declared by a first line `sep=;`, or it is the one of `, tab ; |`
    (or their full-width forms) that cuts the lines into the same number of columns. A row's number
    counts records from 1; its text is the row as it stands in the file. Raises InvalidInput where
    nothing is there but a heading, LimitExceeded above `limits.table_rows`.
    """
    if source.media_type == XLSX.media_type:
        sheets = read_workbook(source, path, context)
    else:
        sheets = [(None, _read_delimited(source, load_text(source, path, context.limits), context))]
    passages: list[Passage] = []
    tables = 0
    for sheet, rows in sheets:
        if sheet is not None and len(sheets) > 1 and rows:
            place = Locator(sheet=sheet)
            passages.append(make_passage(source, sheet, place, heading=True))
        parts = read_grid(rows)
        passages += [make_row(source, part, sheet=sheet, tables=tables) for part in parts]
        tables += max((part.table or 0 for part in parts), default=0)
    if not any(passage.locator.row for passage in passages):
        raise InvalidInput(
            f"{source.file} has no rows below its heading.",
            hint="Give a price list with at least one row of values.",
            details={"file": source.file},
        )
    return passages


def make_row(source: Source, part: GridPart, *, sheet: str | None, tables: int = 0) -> Passage:
    """The passage of a part of a grid; `tables` were counted in the source before."""
    return make_passage(
        source,
        part.text,
        Locator(row=part.number, sheet=sheet),
        cells=part.cells,
        table=part.table + tables if part.table else None,
        heading=part.role == "title",
    )


def check_rows(source: Source, count: int, context: ReadContext) -> None:
    """Raises LimitExceeded where a table has more rows than are read."""
    limit = context.limits.table_rows
    if count > limit:
        raise LimitExceeded(
            f"{source.file} has more than {limit:,} rows.",
            hint="Split it, or raise LIVECUE_LIMITS__TABLE_ROWS.",
            details={"file": source.file},
        )


def _read_delimited(source: Source, text: str, context: ReadContext) -> list[GridRow]:
    lines = text.splitlines(keepends=True)
    declared = _DECLARED.match(lines[0]) if lines else None
    delimiter = declared["delimiter"] if declared else _find_delimiter(lines)
    rows: list[GridRow] = []
    filled = 0
    for number, (raw, cells) in enumerate(_records(lines, delimiter, source.file), start=1):
        if declared and number == 1:
            continue
        cells = tuple(cell.strip() for cell in cells)
        filled += any(cells)
        check_rows(source, filled, context)
        rows.append(GridRow(number, cells, text=_strip_blanks(raw, cells, delimiter)))
    return rows


def _strip_blanks(raw: str, cells: tuple[str, ...], delimiter: str) -> str:
    """A row as it stands, without the delimiters of the empty cells around a single one."""
    raw = raw.strip()
    if sum(map(bool, cells)) == 1:
        return raw.strip(f"{delimiter} \t").strip('"').replace('""', '"')
    return raw


def _records(lines: list[str], delimiter: str, file: str) -> Iterator[tuple[str, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    start = 0
    try:
        for cells in reader:
            raw = "".join(lines[start : reader.line_num])
            if reader.line_num - start > _LONGEST_CELL:
                raise _broken(file, start + 1, "a quote is opened and never closed")
            start = reader.line_num
            yield raw, cells
    except csv.Error as error:
        raise _broken(file, reader.line_num, str(error)) from error


def _broken(file: str, line: int, what: str) -> InvalidInput:
    return InvalidInput(
        f"{file} is no readable table: line {line}: {what}.",
        hint="Check the quotes in that line, or save the table anew as CSV.",
        details={"file": file},
    )


def _find_delimiter(lines: Iterable[str]) -> str:
    sample = [line for line in lines if line.strip()][:_LINES]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        counts = [len(row) - 1 for row in csv.reader(sample, delimiter=delimiter) if row]
        cut = [count for count in counts if count]
        usual = max(set(cut), key=cut.count, default=0)
        score = usual**0.5 * counts.count(usual) / max(1, len(counts))
        if usual and score > best_score:
            best, best_score = delimiter, score
    return best
