"""How the questions of a session stand, and the rows of its log that tell of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from domain.watching import ClusterChange
from live.merging import KeyedRow
from tools.radar.clusters import Cluster
from tools.radar.ranking import weight

AnsweredBy = Literal["host", "assistant", "person"]

_OVERDUE_MS = 10_000
"""A change that has waited so long goes before those of questions that more viewers ask."""
_BURST_SECONDS = 20
"""Rows that were not told by now and may be told at once, in seconds of them."""


@dataclass(slots=True)
class Standing:
    """Whether a question was answered, and which answer lies ready.

    `changed_ms` is since when its row is behind, None while it is not.
    """

    answered_by: AnsweredBy | None = None
    answered_in: int | None = None
    answer_id: str | None = None
    answered_ms: int = 0
    draft_id: str | None = None
    changed_ms: int | None = None

    @classmethod
    def of_row(cls, row: ClusterChange) -> "Standing":
        """As a row tells it."""
        return cls(
            answered_by=row.answered_by,
            answered_in=row.answered_in,
            answer_id=row.answer_id,
            answered_ms=row.start_ms if row.answered_by is not None else 0,
            draft_id=row.draft_id,
        )


class Standings:
    """The standing of each question of a stream by its cluster's id.

    `per_second` is how many rows a second of the stream may be told.
    """

    def __init__(self, per_second: float, now_ms: int) -> None:
        self._known: dict[str, Standing] = {}
        self._per_second = per_second
        self._allowance = per_second
        self._told_ms = now_ms

    def get(self, cluster_id: str) -> Standing:
        """The standing of a question; a new one waits for its answer."""
        return self._known.setdefault(cluster_id, Standing())

    def put(self, cluster_id: str, standing: Standing) -> None:
        """Take up a standing as it was."""
        self._known[cluster_id] = standing

    def is_waiting(self, cluster_id: str) -> bool:
        """Whether nobody has answered it."""
        return self.get(cluster_id).answered_by is None

    def touch(self, cluster_id: str, at_ms: int) -> None:
        """It stands anew since `at_ms`."""
        standing = self.get(cluster_id)
        if standing.changed_ms is None:
            standing.changed_ms = at_ms

    def ask_again(self, cluster_id: str, at_ms: int, again_ms: int) -> None:
        """It is asked; what was answered more than `again_ms` ago waits for an answer anew."""
        standing = self.get(cluster_id)
        if standing.answered_by is not None and at_ms > standing.answered_ms + again_ms:
            standing.answered_by = standing.answered_in = standing.answer_id = None
        self.touch(cluster_id, at_ms)

    def answer(
        self,
        cluster_id: str,
        by: AnsweredBy,
        at_ms: int,
        *,
        answered_in: int | None = None,
        answer_id: str | None = None,
    ) -> None:
        """It was answered: in an entry of the log, or by a stored answer."""
        standing = self.get(cluster_id)
        standing.answered_by, standing.answered_ms = by, at_ms
        standing.answered_in, standing.answer_id = answered_in, answer_id
        self.touch(cluster_id, at_ms)

    def note_draft(self, cluster_id: str, draft_id: str | None, at_ms: int) -> None:
        """An answer lies ready for it, or no longer does."""
        standing = self._known.get(cluster_id)
        if standing is not None and standing.draft_id != draft_id:
            standing.draft_id = draft_id
            self.touch(cluster_id, at_ms)

    def take_rows(
        self, now_ms: int, find: Callable[[str], Cluster | None], *, is_last: bool = False
    ) -> list[KeyedRow]:
        """The rows to tell now, the most urgent first: all that wait with `is_last`.

        Questions that `find` no longer knows are forgotten.
        """
        passed = max(0, now_ms - self._told_ms) * self._per_second / 1000
        self._allowance = min(self._per_second * _BURST_SECONDS, self._allowance + passed)
        self._told_ms = max(self._told_ms, now_ms)
        clusters = {one: find(one) for one in self._known}
        self._known = {one: self._known[one] for one in self._known if clusters[one] is not None}
        changed = [
            (cluster, self._known[one])
            for one, cluster in clusters.items()
            if cluster is not None and self._known[one].changed_ms is not None
        ]
        changed.sort(key=lambda one: _urgency(*one, now_ms))
        chosen = changed if is_last else changed[: int(self._allowance)]
        self._allowance = max(0.0, self._allowance - len(chosen))
        for _, standing in chosen:
            standing.changed_ms = None
        return [_row(cluster, standing, now_ms) for cluster, standing in chosen]


def _urgency(cluster: Cluster, standing: Standing, now_ms: int) -> tuple[bool, float]:
    overdue = now_ms - (standing.changed_ms or 0) > _OVERDUE_MS and cluster.count > 1
    return not overdue, -weight(cluster.count, cluster.last_ms, now_ms)


def _row(cluster: Cluster, standing: Standing, now_ms: int) -> KeyedRow:
    """The key tells how it stands: after a kill the same is not stored twice."""
    asked = cluster.clearest
    key = (
        f"cluster:{cluster.cluster_id}:{cluster.comments[-1]}:{standing.answered_by}:"
        f"{standing.answered_in}:{standing.answer_id}:{standing.draft_id}"
    )
    return key, ClusterChange(
        start_ms=max(now_ms, cluster.last_ms),
        cluster_id=cluster.cluster_id,
        question=asked.text,
        lang=asked.lang,
        product_id=cluster.product_id,
        count=cluster.count,
        comments=tuple(cluster.comments),
        first_ms=cluster.first_ms,
        last_ms=cluster.last_ms,
        answered_by=standing.answered_by,
        answered_in=standing.answered_in,
        answer_id=standing.answer_id,
        draft_id=standing.draft_id,
    )
