"""The compliance check: how its time grows with the text."""

from bench.figure import Figure, median_seconds
from evals.rows import ComplianceRow, read_rows
from tools.compliance import RulePackLibrary, check_text

RUNS = 5
TIMES = 8


def measure() -> list[Figure]:
    """One stretch of safe text against one eight times as long: linear time gives a ratio of 8."""
    library = RulePackLibrary()
    rows = read_rows("compliance", ComplianceRow)
    safe = "\n".join(row.text for row in rows if not row.violating)[:2000]

    def check(text: str) -> float:
        return median_seconds(lambda: check_text(text, library), RUNS)

    check(safe)
    once, more = check(safe), check("\n".join([safe] * TIMES))
    return [
        Figure(
            f"compliance check of {TIMES * len(safe):,} characters",
            more,
            f"of {len(safe):,} characters",
            once,
        )
    ]
