"""Which of the questions that viewers ask a host should see first."""

from collections.abc import Iterable

from domain.watching import ClusterChange

HALF_LIFE_MS = 180_000
"""A question that nobody has repeated for so long weighs half."""


def rank_questions(changes: Iterable[ClusterChange], now_ms: int) -> list[ClusterChange]:
    """The newest change of every question, the most urgent first.

    What nobody has answered comes before what was; then what more viewers ask, and ask still: the
    number of viewers, halved every `HALF_LIFE_MS` since it was asked last. `changes` are in the
    order of the log.
    """
    newest = {change.cluster_id: change for change in changes}
    return sorted(newest.values(), key=lambda one: _place(one, now_ms))


def weight(count: int, last_ms: int, now_ms: int) -> float:
    """How much a question weighs that `count` viewers ask and was asked last at `last_ms`."""
    return count * 0.5 ** (max(0, now_ms - last_ms) / HALF_LIFE_MS)


def _place(one: ClusterChange, now_ms: int) -> tuple[bool, float, int]:
    return one.answered_by is not None, -weight(one.count, one.last_ms, now_ms), one.first_ms
