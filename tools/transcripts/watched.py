"""What a session heard of a recording that was watched to its end, instead of hearing it again."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.recording import Recording
from domain.scope import Scope
from domain.stream import Comment, ScreenLine, Stream, StreamStatus, Utterance
from models.transfer import hash_file
from models.utterances import Word
from stores.streams import StreamStore

_PAGE = 1000
_TAIL_MS = 5_000
"""A session's position may end so much before the recording does: the last packets are short."""


@dataclass(frozen=True)
class Watched:
    """A stream that watched a recording, and the words that it heard."""

    stream_id: str
    words: list[Word]


def find_watched(store: StreamStore, scope: Scope, recording: Recording) -> Watched | None:
    """The words of the newest stream that heard this very recording to its end; None without one.

    The stream's source has to be the same file, unchanged since it was watched: the recording's own
    path, or a file of the same bytes. What a transcript beside the source said is no hearing, nor
    is a replay of a log.
    """
    if recording.media is None or recording.content is None:
        return None
    for stream in store.list(scope):
        if _has_heard(stream, recording):
            words = list(_words(store, scope, stream.stream_id))
            if words:
                return Watched(stream.stream_id, words)
    return None


def watched_lines(store: StreamStore, scope: Scope, stream_id: str) -> list[ScreenLine]:
    """What stood on the screen of a watched stream."""
    return [row for row in _rows(store, scope, stream_id) if isinstance(row, ScreenLine)]


def watched_comments(store: StreamStore, scope: Scope, stream_id: str) -> list[Comment]:
    """What viewers wrote in a watched stream."""
    return [row for row in _rows(store, scope, stream_id) if isinstance(row, Comment)]


def _has_heard(stream: Stream, recording: Recording) -> bool:
    spec, media = stream.spec, recording.media
    if (
        media is None
        or stream.status is not StreamStatus.ENDED
        or stream.position_ms < media.duration_ms - _TAIL_MS
        or spec.source is None
        or spec.transcript is not None
        or (recording.language or spec.language) != spec.language
    ):
        return False
    source = Path(spec.source)
    if not source.is_file():
        return False
    stat = source.stat()
    if stat.st_size != recording.file.size or stat.st_mtime > stream.created_at.timestamp():
        return False
    return str(source) == recording.file.path or hash_file(source) == recording.content


def _words(store: StreamStore, scope: Scope, stream_id: str) -> Iterator[Word]:
    for row in _rows(store, scope, stream_id):
        if isinstance(row, Utterance) and row.speaker == "host":
            for word in row.words:
                yield Word(word.start_ms, word.end_ms, word.text, None)


def _rows(store: StreamStore, scope: Scope, stream_id: str) -> Iterator[object]:
    seq = 0
    while page := store.entries(
        scope, stream_id, kinds=("utterance", "screen_line", "comment"), after_seq=seq, limit=_PAGE
    ):
        for entry in page:
            seq = entry.seq
            yield entry.row
