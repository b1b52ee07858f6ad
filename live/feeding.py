"""The feeds of a session: transcripts and comments from files, a live room, or an earlier log."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import InvalidInput
from domain.scope import Scope
from domain.settings import Streaming
from domain.stream import Comment, ScreenLine, StreamSpec, Utterance
from live.feeds import CommentRow, Feed, TranscriptRow, read_comments, read_transcript
from live.feeds.tiktok import SCHEME, LiveChat, open_tiktok, read_room
from live.merging import KeyedRow
from live.pushed_rows import Growing, GrowingFeed, PushedRow
from live.replaying import is_recorded, logged_rows, pushed_rows
from stores.streams import StreamStore

_FeedRow = Utterance | ScreenLine | Comment


@dataclass(frozen=True)
class Feeds:
    """What is read of feeds: rows in order, or files that grow."""

    rows: Iterator[KeyedRow]
    opened: Sequence[Feed[Any]] = ()
    growing: Sequence[Growing] = ()

    def problems(self) -> Sequence[str]:
        """The rows that could not be read."""
        return [str(problem) for feed in self.opened for problem in feed.problems]


def open_feeds(spec: StreamSpec, scope: Scope, store: StreamStore, streaming: Streaming) -> Feeds:
    """The rows of both feeds in the order of time, each keyed by its number in its feed.

    Beside a live source they are files that may still grow.
    """
    if spec.replay_of is not None and not is_recorded(spec):
        return Feeds(logged_rows(store, scope, spec.replay_of))
    follow = spec.source is not None and not Path(spec.source).is_file()
    chats: list[Growing] = []
    read: list[tuple[str, Feed[Any], Iterator[_FeedRow]]] = []
    if spec.transcript is not None:
        said = read_transcript(Path(spec.transcript), streaming, follow=follow)
        read.append(("said", said, map(_spoken, said)))
    if spec.comments is not None and spec.comments.startswith(SCHEME):
        room = read_room(spec.comments)
        if not follow:
            raise InvalidInput(
                "Comments of a live room need a live source beside them.",
                hint="Watch the room's stream, or “push”, with these comments.",
            )
        chats.append(LiveChat(room, streaming, open_tiktok(room)))
    elif spec.comments is not None:
        asked = read_comments(Path(spec.comments), streaming, follow=follow)
        read.append(("asked", asked, map(_comment, asked)))
    feeds = [feed for _, feed, _ in read]
    if follow:
        files = [GrowingFeed(feed, _pushed(name, rows)) for name, feed, rows in read]
        return Feeds(iter(()), feeds, [*files, *chats])
    keyed = [_keyed(name, rows) for name, _, rows in read]
    if spec.replay_of is not None:
        keyed.append(pushed_rows(store, scope, spec.replay_of))
    return Feeds(heapq.merge(*keyed, key=lambda one: one[1].valid_from_ms), feeds)


def _keyed(feed: str, rows: Iterator[_FeedRow]) -> Iterator[KeyedRow]:
    return ((f"{feed}:{number}", row) for number, row in enumerate(rows, 1))


def _pushed(feed: str, rows: Iterator[_FeedRow]) -> Iterator[PushedRow]:
    return (
        PushedRow(row, row.valid_from_ms, f"{feed}:{number}") for number, row in enumerate(rows, 1)
    )


def _spoken(row: TranscriptRow) -> Utterance | ScreenLine:
    if row.speaker == "screen":
        return ScreenLine(start_ms=row.at_ms, text=row.text)
    return Utterance(
        start_ms=row.at_ms,
        end_ms=row.at_ms if row.end_ms is None else row.end_ms,
        text=row.text,
        speaker=row.speaker,
        product_id=row.product_id,
    )


def _comment(row: CommentRow) -> Comment:
    return Comment(start_ms=row.at_ms, user=row.user, text=row.text)
