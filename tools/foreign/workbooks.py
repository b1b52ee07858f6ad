"""Task: the visible rows of a workbook's sheets, as they are displayed, by openpyxl.

openpyxl reads whole sheets: merged cells and hidden rows are not to be had from its read-only
mode. What a workbook unpacks to is checked first.
"""

import warnings
import zipfile
from collections.abc import Iterator
from typing import Any, cast

from domain.errors import InvalidInput, LimitExceeded
from tools.foreign.number_formats import show_value

Row = dict[str, Any]

_LARGEST_SPAN = 10_000  # cells of one merged range that are filled
_MOST_COLUMNS = 200


def read_sheets(request: dict[str, Any]) -> dict[str, Any]:
    """`{"sheets": [{"name", "rows": [{"number", "cells", "repeats"}]}], "remarks": […]}`.

    The request names `path`, `file`, and the limits `rows`, `chars` and `unpacked` (bytes).
    """
    file = str(request["file"])
    _check_size(request, file)
    warnings.simplefilter("ignore")  # openpyxl warns of the parts that it leaves out
    book = _load(request, values=True)
    remarks: list[str] = []
    sheets: list[dict[str, Any]] = []
    budget = _Budget(request, file)
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            remarks.append(f"the hidden sheet {sheet.title} is not read")
            continue
        reading = _Sheet(sheet)
        sheets.append({"name": sheet.title, "rows": list(budget.spend(reading.rows()))})
        if reading.hidden:
            remarks.append(f"{reading.hidden} of sheet {sheet.title} are not read")
    missing = _count_missing(request, book)
    if missing:
        remarks.append(
            f"{missing} formulas have no stored result and are not read; "
            "open it in a spreadsheet program and save it"
        )
    return {"sheets": sheets, "remarks": remarks}


def _check_size(request: dict[str, Any], file: str) -> None:
    try:
        with zipfile.ZipFile(request["path"]) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise InvalidInput(
            f"{file} is no readable workbook: {error}.",
            hint="Open it in a spreadsheet program, save it anew as .xlsx, and try again.",
            details={"file": file},
        ) from error
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > request["unpacked"]:
        raise LimitExceeded(
            f"{file} unpacks to {unpacked:,} bytes; {request['unpacked']:,} are read.",
            hint="Split it or leave its pictures out, or raise LIVECUE_LIMITS__SOURCE_BYTES.",
            details={"file": file},
        )


def _load(request: dict[str, Any], *, values: bool) -> Any:  # noqa: ANN401 (openpyxl is untyped)
    from openpyxl import load_workbook

    with open(request["path"], "rb") as stream:  # noqa: PTH123 (a path of bytes may be given)
        return load_workbook(stream, data_only=values, keep_links=False, rich_text=False)


class _Budget:
    """Counts the rows and the characters of all sheets."""

    def __init__(self, request: dict[str, Any], file: str) -> None:
        self._left = {"rows": int(request["rows"]), "chars": int(request["chars"])}
        self._request = request
        self._file = file

    def spend(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows; raises LimitExceeded when there are too many."""
        for row in rows:
            self._take("rows", 1, "TABLE_ROWS")
            own = (cell for i, cell in enumerate(row["cells"]) if i not in row["repeats"])
            self._take("chars", sum(map(len, own)), "SOURCE_CHARS")
            yield row

    def _take(self, what: str, count: int, setting: str) -> None:
        self._left[what] -= count
        if self._left[what] < 0:
            words = "rows" if what == "rows" else "characters"
            raise LimitExceeded(
                f"{self._file} has more than {self._request[what]:,} {words}.",
                hint=f"Split it, or raise LIVECUE_LIMITS__{setting}.",
                details={"file": self._file},
            )


class _Sheet:
    """The visible cells of a sheet, merged ones filled in."""

    def __init__(self, sheet: Any) -> None:  # noqa: ANN401
        self._shown: dict[int, dict[int, str]] = {}
        self._repeats: set[tuple[int, int]] = set()
        rows = {n for n, row in sheet.row_dimensions.items() if row.hidden}
        columns = {
            n
            for dimension in sheet.column_dimensions.values()
            if dimension.hidden
            for n in range(dimension.min or 0, min(dimension.max or 0, _MOST_COLUMNS) + 1)
        }
        # The sparse cells themselves: `iter_rows` walks a million empty rows to a stray last one.
        cells = cast("dict[tuple[int, int], Any]", sheet._cells)
        for (row, column), cell in cells.items():
            if cell.value is not None and column <= _MOST_COLUMNS:
                text = " ".join(show_value(cell.value, cell.number_format).split(" ")).strip()
                if text:
                    self._shown.setdefault(row, {})[column] = text
        used = {column for cells in self._shown.values() for column in cells}
        dropped = (len(rows & self._shown.keys()), len(columns & used))
        self._fill(sheet)
        self._shown = {
            row: {c: text for c, text in cells.items() if c not in columns}
            for row, cells in self._shown.items()
            if row not in rows
        }
        self.hidden = " and ".join(
            f"{count} hidden {what}"
            for count, what in zip(dropped, ("rows", "columns"), strict=True)
            if count
        )

    def rows(self) -> Iterator[Row]:
        """The rows that hold something, from top to bottom."""
        filled = [n for n, cells in sorted(self._shown.items()) if cells]
        width = max((max(self._shown[n]) for n in filled), default=0)
        for number in filled:
            cells = self._shown[number]
            yield {
                "number": number,
                "cells": [cells.get(column, "") for column in range(1, width + 1)],
                "repeats": [c - 1 for c in cells if (number, c) in self._repeats],
            }

    def _fill(self, sheet: Any) -> None:  # noqa: ANN401
        for merged in sheet.merged_cells.ranges:
            text = self._shown.get(merged.min_row, {}).get(merged.min_col)
            if text is None or merged.size["rows"] * merged.size["columns"] > _LARGEST_SPAN:
                continue
            for row in range(merged.min_row, merged.max_row + 1):
                for column in range(merged.min_col, min(merged.max_col, _MOST_COLUMNS) + 1):
                    self._shown.setdefault(row, {})[column] = text
                    if column > merged.min_col:
                        self._repeats.add((row, column))


def _count_missing(request: dict[str, Any], book: Any) -> int:  # noqa: ANN401
    """Formulas of visible sheets whose results were never computed, by a program that writes."""
    with zipfile.ZipFile(request["path"]) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        if not any(b"<f" in archive.read(name) for name in sheets):
            return 0
    formulas = _load(request, values=False)
    return sum(
        cell.data_type == "f" and book[sheet.title][cell.coordinate].value is None
        for sheet in formulas.worksheets
        if sheet.sheet_state == "visible"
        for cell in cast("dict[tuple[int, int], Any]", sheet._cells).values()
    )
