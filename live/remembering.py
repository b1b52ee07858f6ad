"""What a killed session had told of the screen, so that the next one does not tell it again."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.stream import Comment, LogEntry, ScreenLine
from tools.comments.likeness import SAME, fold_reading, likeness

_STANDS_MS = 120_000
"""How long before the end a comment may have been told that still stands on the screen."""


@dataclass(frozen=True, slots=True)
class ToldOnScreen:
    """The comments and lines of a screen that are known; empty for a session that begins."""

    comments: tuple[Comment, ...] = ()
    lines: tuple[ScreenLine, ...] = ()

    @classmethod
    def from_log(cls, entries: Iterable[LogEntry], until_ms: int) -> "ToldOnScreen":
        """What the end of a log, up to `until_ms`, tells of the screen."""
        rows = [entry.row for entry in entries if entry.row.start_ms > until_ms - _STANDS_MS]
        return cls(
            tuple(row for row in rows if isinstance(row, Comment) and row.via == "frame"),
            tuple(row for row in rows if isinstance(row, ScreenLine)),
        )


class StillThere:
    """Recognises comments that were told before, each once."""

    def __init__(self, told: ToldOnScreen) -> None:
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
