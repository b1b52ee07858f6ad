"""Replaying a stream: the same recording, or what was logged, through the same session again.

A recording is perceived anew, every picture of it; of a stream whose source is gone the log itself
is played. Either way the outcome can be compared with the first one, row by row.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from domain.errors import StateConflict
from domain.scope import Scope
from domain.stream import LogRow, RowKind, Speed, Stream, StreamSpec
from live.merging import KeyedRow
from stores.streams import StreamStore

_PLAYED: tuple[RowKind, ...] = ("utterance", "screen_line", "comment")
_PAGE = 1000


class KindComparison(BaseModel):
    """How the rows of a kind of two logs agree, by time and text."""

    model_config = ConfigDict(frozen=True)

    kind: str
    same: int
    only_before: int
    only_now: int


class ReplayReport(BaseModel):
    """What a replay found against what was found first; `is_same` when all of it agrees."""

    model_config = ConfigDict(frozen=True)

    stream_id: str
    replay_of: str
    is_same: bool
    kinds: list[KindComparison]


def replay_spec(stream: Stream, speed: Speed) -> StreamSpec:
    """What to watch to see `stream` again.

    Raises:
        StateConflict: it is not over.
    """
    if not stream.status.is_over:
        raise StateConflict(
            f"The stream {stream.stream_id} is not over.", hint="Stop it, or wait for its end."
        )
    spec, origin = stream.spec, stream.spec.replay_of or stream.stream_id
    changes: dict[str, object] = {"speed": speed, "replay_of": origin}
    if not is_recorded(spec):
        changes |= {"source": None, "transcript": None, "comments": None}
    return spec.model_copy(update=changes)


def is_recorded(spec: StreamSpec) -> bool:
    """Whether what was watched is still there as files."""
    files = [file for file in (spec.source, spec.transcript, spec.comments) if file is not None]
    return bool(files) and all(Path(file).is_file() for file in files)


def logged_rows(store: StreamStore, scope: Scope, stream_id: str) -> Iterator[KeyedRow]:
    """What was said, shown and asked in a stream, as its log has it, to be followed anew."""
    seq = 0
    while page := store.entries(scope, stream_id, kinds=_PLAYED, after_seq=seq, limit=_PAGE):
        for entry in page:
            seq = entry.seq
            yield f"again:{seq}", entry.row


def compare_logs(store: StreamStore, scope: Scope, stream_id: str, replay_id: str) -> ReplayReport:
    """What two logs share; notices and the numbers of rows aside."""
    before, now = (_signs(store, scope, name) for name in (stream_id, replay_id))
    kinds: list[KindComparison] = []
    for kind in sorted({kind for kind, *_ in (*before, *now)}):
        old = Counter({sign: n for sign, n in before.items() if sign[0] == kind})
        new = Counter({sign: n for sign, n in now.items() if sign[0] == kind})
        kinds.append(
            KindComparison(
                kind=kind,
                same=(old & new).total(),
                only_before=(old - new).total(),
                only_now=(new - old).total(),
            )
        )
    return ReplayReport(
        stream_id=replay_id, replay_of=stream_id, is_same=before == now, kinds=kinds
    )


_Sign = tuple[str, int, int, str]


def _signs(store: StreamStore, scope: Scope, stream_id: str) -> Counter[_Sign]:
    found: Counter[_Sign] = Counter()
    seq = 0
    while page := store.entries(scope, stream_id, after_seq=seq, limit=_PAGE):
        seq = page[-1].seq
        found.update(_sign(entry.row) for entry in page if entry.row.kind != "notice")
    for event in store.events(scope, stream_id, level="event", limit=100_000):
        found[("event", event.start_ms, event.end_ms, event.transcript)] += 1
    return found


def _sign(row: LogRow) -> _Sign:
    return (row.kind, row.start_ms, row.end_ms, row.text)
