"""Clicks on the live frame: which comment of the log the host means."""

from dataclasses import dataclass

from domain.errors import StateConflict
from domain.right_of_way import RightOfWay
from domain.scope import Scope
from domain.stream import Comment, LogEntry
from live.desk import LiveDesk
from stores.streams import StreamStore
from tools.comments.likeness import SAME, fold_reading, likeness
from tools.comments.screens import ClickedComment, ScreenReader

_NEWEST = 200
"""Comments of the log among which a clicked one is looked for."""
_LATER_MS = 15_000
"""A comment is logged this much later than it stands on the frame, at most."""
_PREVIOUS = 3


@dataclass(frozen=True, slots=True)
class LiveClick:
    """The comment under a click, with its number in the stream's log where it is logged already.

    `previous` are earlier questions of the same viewer, the newest last.
    """

    comment: ClickedComment
    seq: int | None = None
    previous: tuple[str, ...] = ()


class LiveClicks:
    """Resolves clicks on the frames of watched streams."""

    def __init__(
        self,
        desk: LiveDesk,
        streams: StreamStore,
        screens: ScreenReader,
        way: RightOfWay | None = None,
    ) -> None:
        self._desk = desk
        self._streams = streams
        self._screens = screens
        self._way = way or RightOfWay()

    def on_frame(
        self, scope: Scope, stream_id: str, at_ms: int, x_norm: float, y_norm: float
    ) -> LiveClick:
        """The comment at a place of the frame at `at_ms`; the picture has been read already.

        `x_norm` and `y_norm` are shares of width and height from the top left corner.

        Raises:
            StateConflict: nobody watches the stream, or no picture of that moment was read.
        """
        read = self._desk.session(scope, stream_id).reading_at(at_ms)
        if read is None:
            raise StateConflict(
                f"No picture of the stream {stream_id} was read near {at_ms / 1000:.1f} s.",
                hint="Click on a newer frame, or send the picture itself.",
            )
        x, y = x_norm * read.width, y_norm * read.height
        with self._way.taken():
            comment = self._screens.click_reading(read.reading, x, y)
            return self.locate(scope, stream_id, comment, at_ms)

    def locate(
        self, scope: Scope, stream_id: str, comment: ClickedComment, at_ms: int
    ) -> LiveClick:
        """A clicked comment with its place in the log."""
        if comment.text is None:
            return LiveClick(comment)
        entries = self._streams.entries(
            scope,
            stream_id,
            kinds=("comment",),
            as_of_ms=at_ms + _LATER_MS,
            newest=True,
            limit=_NEWEST,
        )
        found = next((one for one in reversed(entries) if _is_it(one, comment)), None)
        before = [
            entry.row.text
            for entry in entries
            if isinstance(entry.row, Comment)
            and entry.row.is_question
            and comment.user is not None
            and entry.row.user == comment.user
            and (found is None or entry.seq < found.seq)
            and entry.row.text != comment.text
        ]
        return LiveClick(comment, found.seq if found else None, tuple(before[-_PREVIOUS:]))


def _is_it(entry: LogEntry, comment: ClickedComment) -> bool:
    row = entry.row
    if not isinstance(row, Comment) or comment.text is None:
        return False
    same_user = row.user is None or comment.user is None or _is_alike(row.user, comment.user)
    return same_user and _is_alike(row.text, comment.text)


def _is_alike(one: str, other: str) -> bool:
    return likeness(fold_reading(one), fold_reading(other)) >= SAME
