"""What a killed session had heard and read, so that the next one does not tell it again."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.stream import Comment, LogEntry, ScreenLine, Utterance
from tools.comments.likeness import SAME, fold_reading, likeness

_STANDS_MS = 120_000
"""How long before the end a comment may have been told that still stands on the screen."""


@dataclass(frozen=True, slots=True)
class ToldBefore:
    """The comments and lines of a screen that are known, and up to when all speech was heard.

    Empty for a session that begins.
    """

    comments: tuple[Comment, ...] = ()
    lines: tuple[ScreenLine, ...] = ()
    heard_until_ms: int = 0

    @classmethod
    def from_log(cls, entries: Iterable[LogEntry], until_ms: int) -> "ToldBefore":
        """What the end of a log, up to `until_ms`, tells."""
        rows = [entry.row for entry in entries if entry.row.start_ms > until_ms - _STANDS_MS]
        return cls(
            tuple(row for row in rows if isinstance(row, Comment) and row.via == "frame"),
            tuple(row for row in rows if isinstance(row, ScreenLine)),
            max((r.end_ms for r in rows if isinstance(r, Utterance) and r.words), default=0),
        )


class StillThere:
    """Recognises comments that were told before, each once."""

    def __init__(self, told: ToldBefore) -> None:
        self._left = list(told.comments)

    def has(self, user: str | None, text: str) -> bool:
        """Whether a comment that is seen for the first time was told before."""
        for index, known in enumerate(self._left):
            if _is_same(known.user, user) and _is_same(known.text, text):
                del self._left[index]
                return True
        return False


def _is_same(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return True
    return likeness(fold_reading(one), fold_reading(other)) >= SAME
