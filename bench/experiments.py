"""A file of exposures and outcomes taken in, against plain inserts, and the memory it takes."""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from bench.memory import resident_bytes
from domain.experiment import ExperimentPlan, Metric, Variant
from domain.scope import Scope
from stores.experiment_units import ExperimentUnitStore
from stores.experiments import ExperimentStore
from stores.sql import open_database
from tools.experiments import ExperimentDesk, read_csv

ROWS = 100_000
FIRST = 10_000
PIECE = 2_000


def measure() -> list[Figure]:
    """Seconds for all rows, memory after them against that after the first, and a report."""
    scope = Scope()
    with tempfile.TemporaryDirectory(prefix="livecue-bench-") as folder:
        plain = _plain_inserts(Path(folder) / "plain.sqlite")
        database = open_database(Path(folder) / "livecue.sqlite")
        desk = ExperimentDesk(ExperimentStore(database), ExperimentUnitStore(database))
        desk.create(scope, _plan(), "bench")
        desk.record(scope, "bench", read_csv(_file(0, FIRST)))
        after_first = resident_bytes()
        began = time.perf_counter()
        taken = desk.record(scope, "bench", read_csv(_file(FIRST, FIRST + ROWS)))
        seconds = time.perf_counter() - began
        after_all = resident_bytes()
        if taken.exposures != ROWS:
            raise RuntimeError(f"{taken.exposures} of {ROWS} rows were taken in")
        began = time.perf_counter()
        desk.report(scope, "bench")
        reported = time.perf_counter() - began
        database.close()
    what = f"experiment: {ROWS:,} exposures and outcomes from CSV"
    return [
        Figure(what, seconds, "plain inserts into SQLite", plain),
        Figure(f"{what}, process after", after_all, f"after {FIRST:,}", after_first, unit="B"),
        Figure(f"experiment: report on {ROWS + FIRST:,} units", reported, "import", seconds),
    ]


def _plan() -> ExperimentPlan:
    return ExperimentPlan(
        name="bench",
        variants=tuple(Variant(variant_id=name, label=name) for name in "ab"),
        metric=Metric(kind="binary", name="click", smallest_effect=0.01),
    )


def _file(start: int, stop: int) -> Iterator[bytes]:
    """A CSV file, some thousand rows at a time."""
    yield b"unit,variant,exposed_at,value\n"
    for first in range(start, stop, PIECE):
        rows = (_row(n) for n in range(first, min(first + PIECE, stop)))
        yield "".join(f"{','.join(row)}\n" for row in rows).encode()


def _row(number: int) -> tuple[str, str, str, str]:
    at = f"2026-01-{number % 28 + 1:02}T{number % 24:02}:00:00Z"
    return f"viewer-{number}", "ab"[number % 2], at, str(int(number % 11 == 0))


def _plain_inserts(path: Path) -> float:
    """Seconds to write the same rows with one statement a thousand, and no checks."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE unit (unit TEXT PRIMARY KEY, variant TEXT, at TEXT, value)")
    began = time.perf_counter()
    for first in range(0, ROWS, 1_000):
        with connection:
            rows = [_row(n) for n in range(first, first + 1_000)]
            connection.executemany("INSERT INTO unit VALUES (?, ?, ?, ?)", rows)
    seconds = time.perf_counter() - began
    connection.close()
    return seconds
