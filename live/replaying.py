"""Replaying a stream: the same recording, or what was logged, through the same session again.

A recording is perceived anew, every picture of it, with what was pushed beside it; of a stream
whose source is gone the log itself is played. Either way the outcome can be compared with the first
one, row by row.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from domain.errors import StateConflict
from domain.scope import Scope
from domain.stream import Comment, LogRow, RowKind, Speed, Stream, StreamSpec
from live.merging import KeyedRow
from stores.streams import StreamStore

_PLAYED: tuple[RowKind, ...] = ("utterance", "screen_line", "comment")
_PAGE = 1000

_OF_THE_MOMENT = frozenset({"notice", "cluster", "answer"})
"""Kinds that tell how watching went, and how questions stood whenever that was told."""

PUSHED = "pushed:"
"""What the keys of rows begin with that someone sent."""


class KindComparison(BaseModel):
    """How the rows of a kind of two logs agree, by all that they say.

    Comments that were read off the screen are a kind of their own, `screen_comment`.
    """

    model_config = ConfigDict(frozen=True)

    kind: str
    same: int
    only_before: int
    only_now: int


class ReplayReport(BaseModel):
    """What a replay found against what was found first; `is_same` when all of it agrees.

    `complete` tells whether both saw every picture. Where one did not, as a recording that was
    watched live may have had pictures left out, what is read off the screen and what follows from
    it may differ; `is_as_expected` when everything else agrees.
    """

    model_config = ConfigDict(frozen=True)

    stream_id: str
    replay_of: str
    complete: bool
    is_same: bool
    is_as_expected: bool
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


def pushed_rows(store: StreamStore, scope: Scope, stream_id: str) -> Iterator[KeyedRow]:
    """What was sent to a stream beside its source and feeds, in order and as it came.

    Whether a comment asks something is told anew, as for the comments of the feeds: both count
    towards what is read of a minute.
    """
    seq = 0
    while page := store.entries(
        scope, stream_id, kinds=_PLAYED, key_prefix=PUSHED, after_seq=seq, limit=_PAGE
    ):
        for entry in page:
            seq, row = entry.seq, entry.row
            if isinstance(row, Comment):
                row = row.model_copy(update={"is_question": None})
            yield f"{PUSHED}{seq}", row


def compare_logs(store: StreamStore, scope: Scope, stream_id: str, replay_id: str) -> ReplayReport:
    """What two logs share; what is of the moment and the numbers of rows aside."""
    before, now = (_signs(store, scope, name) for name in (stream_id, replay_id))
    kinds: list[KindComparison] = []
    for kind in sorted({kind for kind, _ in (*before, *now)}):
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
    complete = _is_complete(store.get(scope, stream_id), store.get(scope, replay_id))
    differing = {one.kind for one in kinds if one.only_before or one.only_now}
    return ReplayReport(
        stream_id=replay_id,
        replay_of=stream_id,
        complete=complete,
        is_same=not differing,
        is_as_expected=not differing or (not complete and differing <= _BY_PICTURES),
        kinds=kinds,
    )


def _is_complete(first: Stream, again: Stream) -> bool:
    """Whether there were no pictures, or both streams saw them all: at `max`, or as a replay."""
    if not first.health.has_video:
        return True
    saw_all = first.spec.speed == "max" or first.spec.replay_of is not None
    return saw_all and again.spec.source is not None


_Sign = tuple[str, str]
_SCREEN_COMMENT = "screen_comment"
_BY_PICTURES = frozenset({"screen_line", _SCREEN_COMMENT, "live_fact", "event"})
"""The kinds that hang on which pictures were read: facts are read off the screen too, and events
are cut where the picture changes."""


def _signs(store: StreamStore, scope: Scope, stream_id: str) -> Counter[_Sign]:
    found: Counter[_Sign] = Counter()
    seq = 0
    while page := store.entries(scope, stream_id, after_seq=seq, limit=_PAGE):
        seq = page[-1].seq
        found.update(_sign(entry.row) for entry in page if entry.row.kind not in _OF_THE_MOMENT)
    for event in store.events(scope, stream_id, level="event", limit=100_000):
        said = event.model_dump_json(include={"start_ms", "end_ms", "transcript"})
        found["event", said] += 1
    return found


def _sign(row: LogRow) -> _Sign:
    """All that a row says; `said_in` and `earlier` are numbers of its own log."""
    on_screen = isinstance(row, Comment) and row.via == "frame"
    kind = _SCREEN_COMMENT if on_screen else row.kind
    return kind, row.model_dump_json(exclude={"said_in", "earlier"})
