"""Bringing what several readers found into one order, that of the stream.

Speech, pictures and feeds are read side by side and finish at different times. A row is let
through once no reader can find an earlier one, so that the log is the same at whatever speed a
recording is watched.
"""

import threading
from collections.abc import Iterable
from heapq import heappop, heappush

from domain.stream import LogRow

KeyedRow = tuple[str, LogRow]
_NEVER = 1 << 62


class Merger:
    """Holds rows back until every reader has come past them; used from any thread.

    Rows of one moment come in the order of the names that their keys begin with, and of one name in
    the order in which they were added.
    """

    def __init__(self, readers: Iterable[str], start_ms: int = 0) -> None:
        self._done = dict.fromkeys(readers, start_ms)
        self._waiting: list[tuple[int, str, int, str, LogRow]] = []
        self._added = 0
        self._lock = threading.Lock()

    def add(self, rows: Iterable[KeyedRow]) -> None:
        """Rows that a reader found, each with its key."""
        with self._lock:
            for key, row in rows:
                self._added += 1
                reader = key.partition(":")[0]
                heappush(self._waiting, (row.valid_from_ms, reader, self._added, key, row))

    def pass_by(self, reader: str, until_ms: int) -> None:
        """Says that `reader` finds nothing more that counts from before `until_ms`."""
        with self._lock:
            if reader in self._done:
                self._done[reader] = max(self._done[reader], until_ms)

    def enter(self, reader: str, from_ms: int) -> None:
        """A further reader, which finds nothing that counts from before `from_ms`."""
        with self._lock:
            self._done.setdefault(reader, from_ms)

    def leave(self, reader: str) -> None:
        """Says that `reader` finds nothing more at all."""
        with self._lock:
            self._done.pop(reader, None)

    @property
    def waiting(self) -> int:
        """The rows that are held back."""
        return len(self._waiting)

    @property
    def passed_ms(self) -> int:
        """Up to here no reader finds anything more."""
        with self._lock:
            return min(self._done.values(), default=_NEVER)

    @property
    def begun_ms(self) -> int:
        """When the first began of the rows that are held back."""
        with self._lock:
            return min((row.start_ms for *_, row in self._waiting), default=_NEVER)

    def take(self) -> list[KeyedRow]:
        """The rows that nothing can come before any more, in order."""
        with self._lock:
            until = min(self._done.values(), default=_NEVER)
            ready: list[KeyedRow] = []
            while self._waiting and self._waiting[0][0] < until:
                *_, key, row = heappop(self._waiting)
                ready.append((key, row))
            return ready
