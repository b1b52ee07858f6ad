"""What the host says is read as it is heard, so that no question has to wait for it."""

from collections.abc import Callable, Sequence

from domain.scope import Scope
from domain.stream import LogEntry, Utterance
from tools.memory.statements import Statements


class StatementReader:
    """Follows a session's log and has each of the host's sentences embedded and taken apart."""

    def __init__(self, statements: Callable[[], Statements], scope: Scope, stream_id: str) -> None:
        self._statements = statements
        self._scope = scope
        self._id = stream_id

    def follow(self, entries: Sequence[LogEntry], now_ms: int) -> None:
        """Read what was said."""
        del now_ms
        for entry in entries:
            if isinstance(entry.row, Utterance):
                self._statements().hear(self._scope, self._id, entry)

    def finish(self, now_ms: int, *, waits: bool) -> None:
        """The stream is over; there is nothing left to read."""

    def stop(self) -> None:
        """The session is left; nothing is at work beside it."""
