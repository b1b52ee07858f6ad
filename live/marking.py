"""Which comments ask something, read at a bounded cost however many come."""

from collections import OrderedDict
from collections.abc import Sequence

from domain.stream import Comment, LogRow
from live.merging import KeyedRow
from tools.questions.detection import QuestionDetector

_REMEMBERED = 4096


class QuestionMarker:
    """Marks comments as questions or not; what is said again costs nothing.

    At most `per_minute` different comments of a minute of the stream are read, a whole minute's at
    once. Those beyond are left unmarked: they are stored, and found by their words.
    """

    def __init__(self, detector: QuestionDetector, per_minute: int) -> None:
        self._detector = detector
        self._per_minute = per_minute
        self._left = float(per_minute)
        self._at_ms: int | None = None
        self._known: OrderedDict[str, bool] = OrderedDict()
        self.unread = 0

    def mark(self, rows: Sequence[KeyedRow]) -> Sequence[KeyedRow]:
        """The rows, in order of time, with every comment marked that is read."""
        unmarked = [r for _, r in rows if isinstance(r, Comment) and r.is_question is None]
        wanted = list(dict.fromkeys(r.text for r in unmarked if self._may_read(r)))
        for text, asks in zip(wanted, self._detector.are_questions(wanted), strict=True):
            self._known[_folded(text)] = asks
        marked = [(key, self._marked(row)) for key, row in rows]
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return marked

    def _marked(self, row: LogRow) -> LogRow:
        if not isinstance(row, Comment) or row.is_question is not None:
            return row
        asks = self._known.get(_folded(row.text))
        self.unread += asks is None
        return row if asks is None else row.model_copy(update={"is_question": asks})

    def _may_read(self, comment: Comment) -> bool:
        """Whether the minute has room for it; a comment that is known takes none."""
        if _folded(comment.text) in self._known:
            self._known.move_to_end(_folded(comment.text))
            return False
        passed = 0 if self._at_ms is None else max(0, comment.start_ms - self._at_ms)
        self._at_ms = max(self._at_ms or 0, comment.start_ms)
        self._left = min(self._per_minute, self._left + passed * self._per_minute / 60_000)
        if self._left < 1:
            return False
        self._left -= 1
        return True


def _folded(text: str) -> str:
    return "".join(text.casefold().split())
