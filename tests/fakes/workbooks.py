"""Workbooks as people make them, written by openpyxl."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from openpyxl import Workbook


def make_workbook(fill: Callable[[Any], None]) -> bytes:
    """The bytes of a workbook that `fill` wrote into."""
    book = Workbook()
    fill(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def put_rows(sheet: Any, rows: list[list[Any]]) -> None:
    """Write rows from the top."""
    for row in rows:
        sheet.append(row)
