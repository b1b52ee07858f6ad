"""What an intake tells of each of its sources."""

from domain.evidence import SourceReport
from graphs.state import PrepareState


def source_reports(state: PrepareState) -> list[SourceReport]:
    """What became of each source, in the order given."""
    reports: list[SourceReport] = []
    for reading in sorted(state.get("readings", []), key=lambda r: r.order):
        if reading.error is not None:
            status = "failed"
        elif reading.duplicate_of is not None:
            status = "duplicate"
        else:
            status = "read"
        reports.append(
            SourceReport(
                file=reading.source.file, status=status, passages=reading.count, error=reading.error
            )
        )
    return reports
