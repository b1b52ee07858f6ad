"""The router: what code decides about a chat turn, and whether it is right."""

from domain.settings import Settings
from evals.report import EvalReport, Miss, share
from evals.rows import RoutingRow, read_rows
from tools.routing import route_turn


def measure(_settings: Settings) -> EvalReport:
    """The share of turns that code decides without a model, and the share it gets right."""
    rows = read_rows("routing", RoutingRow)
    decided = right = 0
    misses: list[Miss] = []
    for row in rows:
        route = route_turn(row.text, has_files=row.has_files)
        if route is None:
            continue
        decided += 1
        right += route.specialist == row.specialist
        if route.specialist != row.specialist:
            misses.append(Miss(row.id, row.specialist, route.specialist))
    return EvalReport(
        job="chat routing by code",
        data="committed, en + zh",
        rows=len(rows),
        measures={
            "right when decided": share(right, decided),
            "left to the model": share(len(rows) - decided, len(rows)),
        },
        misses=tuple(misses),
    )
