"""The questions of a stream as its log tells them, for whoever reads it."""

from domain.errors import NotFound
from domain.scope import Scope
from domain.watching import ClusterChange
from stores.streams import StreamStore
from tools.radar.ranking import rank_questions

_CHANGES = 2000
"""The newest rows that are read: of a busy show, some ten minutes."""


def list_questions(
    store: StreamStore, scope: Scope, stream_id: str, as_of_ms: int
) -> list[ClusterChange]:
    """What viewers ask as it stood at a moment, the most urgent first."""
    entries = store.entries(
        scope, stream_id, kinds=("cluster",), as_of_ms=as_of_ms, newest=True, limit=_CHANGES
    )
    changes = [entry.row for entry in entries if isinstance(entry.row, ClusterChange)]
    return rank_questions(changes, as_of_ms)


def mark_answered(
    store: StreamStore, scope: Scope, stream_id: str, cluster_id: str, *, by_host: bool
) -> ClusterChange:
    """Note that the host said it, or that a person dealt with it; a watching session hears of it.

    Raises:
        NotFound: no such stream, or no such question among those that were asked lately.
    """
    position_ms = store.get(scope, stream_id).position_ms
    known = list_questions(store, scope, stream_id, position_ms)
    found = next((one for one in known if one.cluster_id == cluster_id), None)
    if found is None:
        raise NotFound(
            f"The stream {stream_id} has no question {cluster_id}.",
            hint=f"List them with: livecue streams questions {stream_id}",
        )
    if found.answered_by is not None:
        return found
    change = found.model_copy(
        update={"answered_by": "host" if by_host else "person", "start_ms": position_ms}
    )
    key = f"cluster:{cluster_id}:{found.comments[-1]}:marked"
    store.append(scope, stream_id, [(key, change)])
    return change
