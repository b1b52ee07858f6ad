"""Prohibited claims: does the check object to what violates, and to nothing else?"""

from domain.settings import Settings
from evals.report import EvalReport, Miss, share
from evals.rows import ComplianceRow, read_rows
from tools.compliance import RulePackLibrary, check_text


def measure(_settings: Settings) -> EvalReport:
    """Precision, recall and F1 of `violating`, and how many rewrites still violate."""
    library = RulePackLibrary()
    rows = read_rows("compliance", ComplianceRow)
    right = found = called = unclean = 0
    misses: list[Miss] = []
    for row in rows:
        scope = [row.jurisdiction] if row.jurisdiction else None
        report = check_text(row.text, library, jurisdictions=scope, category=row.category)
        again = check_text(report.rewrite, library, jurisdictions=scope, category=row.category)
        unclean += again.violating
        right += report.violating == row.violating
        called += report.violating
        found += report.violating and row.violating
        if report.violating != row.violating:
            rules = ", ".join(f.rule for f in report.findings if f.severity == "violation")
            misses.append(
                Miss(row.id, "violating" if row.violating else "safe", rules or "no finding")
            )
    precision = share(found, called)
    recall = share(found, sum(row.violating for row in rows))
    return EvalReport(
        job="prohibited claims",
        data="committed, en + zh",
        rows=len(rows),
        measures={
            "F1": share(2 * found, called + sum(row.violating for row in rows)),
            "precision": precision,
            "recall": recall,
            "accuracy": share(right, len(rows)),
            "rewrites that still violate": unclean,
        },
        misses=tuple(misses),
    )
