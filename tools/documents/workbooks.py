"""Workbooks (.xlsx): the visible rows of their sheets, read in a process of their own."""

from pathlib import Path
from typing import Any

from domain.evidence import Source
from domain.progress import Progress
from tools.documents.headings import GridRow
from tools.documents.reading import ReadContext
from tools.isolation import run_isolated

UNPACKED = 8
"""A workbook may unpack to so many times `limits.source_bytes`: text in XML packs about tenfold."""

_TASK = "tools.foreign.workbooks:read_sheets"


def read_workbook(
    source: Source, path: Path, context: ReadContext
) -> list[tuple[str, list[GridRow]]]:
    """The name and the rows of each visible sheet, as they are displayed.

    Merged cells are filled in. Numbers are shown by their format (`19.90`, `30%`), dates as ISO
    8601, formulas by the result that was stored. Hidden sheets, rows and columns are passed over,
    which is told by `context.progress`, as are formulas without a stored result.

    Raises InvalidInput for a damaged workbook, LimitExceeded by `limits.table_rows`,
    `limits.source_chars` and the size that it unpacks to, and what `run_isolated` raises.
    """
    limits = context.limits
    request = {
        "path": str(path),
        "file": source.file,
        "rows": limits.table_rows,
        "chars": limits.source_chars,
        "unpacked": UNPACKED * limits.source_bytes,
    }
    found = run_isolated(
        _TASK, request, file=source.file, limits=limits, cancelled=context.cancelled
    )
    for remark in found["remarks"]:
        context.progress(Progress(stage="read", message=f"{source.file}: {remark}"))
    return [(sheet["name"], [_row(row) for row in sheet["rows"]]) for sheet in found["sheets"]]


def _row(row: dict[str, Any]) -> GridRow:
    return GridRow(row["number"], tuple(row["cells"]), frozenset(row["repeats"]))
