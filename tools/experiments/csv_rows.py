"""Exposures and outcomes from a CSV file, read as it arrives.

Columns: `unit`, and `variant`, `propensity`, `exposed_at`, `value`, `outcome_at` as far as there
are any; every other column is a feature of the unit's context. A cell may be empty. Times are ISO
8601; one without a zone is UTC. Cells are parted by commas, semicolons or tabs, as the header is.
"""

import codecs
import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from domain.errors import InvalidInput
from domain.experiment import RecordRow, RefusedRow

LONGEST_LINE = 64 * 1024
"""Characters of one line, after which the file is taken for no CSV file."""

_FIELDS = ("variant", "propensity", "exposed_at", "value", "outcome_at")
_TIMES = ("exposed_at", "outcome_at")
_DELIMITERS = ",;\t"
_HINT = "the first line names the columns: unit,variant,exposed_at,value,outcome_at,…"

Read = tuple[int, RecordRow | RefusedRow]


def read_csv(chunks: Iterable[bytes]) -> Iterator[Read]:
    """Each row with its number (the header is row 1), as what it says or why it cannot be read.

    Raises:
        InvalidInput: it is no UTF-8 text, or its header is not that of such a file.
    """
    lines = _lines(chunks)
    first = next(lines, "")
    delimiter = max(_DELIMITERS, key=first.count)
    header = _header(first, delimiter)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 1
    while True:
        number += 1
        try:
            cells = next(rows, None)
        except csv.Error as error:
            problem = f"no row of a CSV file: {error}"
            yield number, RefusedRow(row=number, unit=None, problem=problem)
            continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield number, _read_row(number, header, cells)


def _header(line: str, delimiter: str) -> list[str]:
    cells = next(csv.reader([line], delimiter=delimiter), None) or [""]
    names = [name.strip() for name in cells]
    if "unit" not in names or not {"variant", "value"} & set(names):
        raise InvalidInput(
            "the file's first line does not name a column unit and one of variant and value",
            hint=_HINT,
        )
    if len(set(names)) < len(names) or "" in names:
        raise InvalidInput("two columns have one name, or one has none", hint=_HINT)
    return names


def _read_row(number: int, header: list[str], cells: list[str]) -> RecordRow | RefusedRow:
    given = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
    unit = given.pop("unit", "") or None
    if len(cells) != len(header):
        problem = f"{len(cells)} cells under {len(header)} columns"
        return RefusedRow(row=number, unit=unit, problem=problem)
    fields: dict[str, Any] = {"unit": unit}
    context: dict[str, Any] = {}
    try:
        for name, cell in given.items():
            if cell and name in _TIMES:
                fields[name] = _time(name, cell)
            elif cell and name in _FIELDS:
                fields[name] = cell
            elif cell:
                context[name] = _feature(cell)
        return RecordRow.model_validate({**fields, "context": context})
    except ValidationError as error:
        return RefusedRow(row=number, unit=unit, problem=say_problem(error))
    except ValueError as error:
        return RefusedRow(row=number, unit=unit, problem=str(error))


def say_problem(error: ValidationError) -> str:
    """The first thing that is wrong with a row, in a line."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"].removeprefix("Value error, ")


def _time(name: str, cell: str) -> datetime:
    try:
        at = datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"{name}: {cell[:40]!r} is no time such as 2026-03-01T20:15:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _feature(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """The lines of a UTF-8 stream, each with its end; a carriage return alone ends none."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    rest = ""
    try:
        for chunk in chunks:
            *whole, rest = (rest + decoder.decode(chunk)).split("\n")
            for line in whole:
                yield f"{line}\n"
            if len(rest) > LONGEST_LINE:
                raise InvalidInput(
                    f"a line has more than {LONGEST_LINE} characters", hint="send a CSV file"
                )
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise InvalidInput("the file is no UTF-8 text", hint="save it as UTF-8 CSV") from error
    if rest:
        yield rest
