"""What a benchmark reports, and how it reads as a row of a Markdown table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.errors import InvalidInput

TABLE_HEAD = "| job | data | rows | result |\n|---|---|---|---|"


@dataclass(frozen=True)
class Miss:
    """A row that came out wrong: its id, what was wanted, what came, and what it is counted by."""

    row: str
    wanted: str
    got: str
    about: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class EvalReport:
    """The outcome of one benchmark.

    `measures` holds shares in [0, 1] (floats) and counts (ints) by name, `details` tables for the
    JSON file alone. `missing` says why nothing was measured.
    """

    job: str
    data: str
    rows: int = 0
    measures: dict[str, float | int] = field(default_factory=dict[str, float | int])
    details: dict[str, Any] = field(default_factory=dict[str, Any])
    misses: tuple[Miss, ...] = ()
    missing: str | None = None

    def as_row(self) -> str:
        """One line of the table under `TABLE_HEAD`."""
        if self.missing is not None:
            return f"| {self.job} | {self.data} | | not measured: {self.missing} |"
        result = ", ".join(f"{name} {_figure(value)}" for name, value in self.measures.items())
        return f"| {self.job} | {self.data} | {self.rows} | {result} |"

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON data."""
        return {
            "job": self.job,
            "data": self.data,
            "rows": self.rows,
            "measures": self.measures,
            "details": self.details,
            "misses": [vars(miss) for miss in self.misses],
            "missing": self.missing,
        }


def share(part: int, whole: int) -> float:
    """`part / whole` rounded to three digits, 0 of nothing."""
    return round(part / whole, 3) if whole else 0.0


def _figure(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def write_table(readme: Path, rows: Sequence[str]) -> None:
    """Put the table of `rows` between the markers `<!-- evals:begin -->` and `<!-- evals:end -->`.

    Raises:
        InvalidInput: the file has no such markers.
    """
    begin, end = "<!-- evals:begin -->", "<!-- evals:end -->"
    text = readme.read_text("utf-8")
    before, opened, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not opened or not closed:
        raise InvalidInput(f"{readme} has no {begin} … {end}", hint="put the markers back")
    table = "\n".join([TABLE_HEAD, *rows])
    readme.write_text(f"{before}{begin}\n{table}\n{end}{after}", "utf-8")
