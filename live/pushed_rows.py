"""Rows that come while a stream runs: sent by someone, or added to a file."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.errors import LivecueError
from domain.stream import Comment, ScreenLine, Utterance

log = logging.getLogger("livecue.live")


@dataclass(frozen=True)
class PushedRow:
    """A row that someone sends while the stream runs; `at_ms` is None for now.

    One with the `key` of a row that is stored is left out.
    """

    row: Utterance | ScreenLine | Comment
    at_ms: int | None = None
    key: str = ""

    def times(self, at_ms: int) -> dict[str, int]:
        """The row's times when it counts from `at_ms` on."""
        length = self.row.end_ms - self.row.start_ms
        is_said = isinstance(self.row, Utterance)
        return {"start_ms": at_ms - length, "end_ms": at_ms} if is_said else {"start_ms": at_ms}


class RowSource(Protocol):
    """A file that may still grow: `live.feeds.Feed`."""

    def close(self) -> None:
        """Ends the iteration; from any thread."""
        ...


class Growing(Protocol):
    """What gives rows to a session while it runs."""

    def start(self, push: Callable[[Sequence[PushedRow]], None]) -> None:
        """Push every row, in a thread of its own."""
        ...

    def close(self) -> None:
        """Give no more."""
        ...


class GrowingFeed:
    """Gives rows to a session as they are added to a file, in a thread of its own.

    `rows` reads the file from its beginning; it ends when `source` is closed.
    """

    def __init__(self, source: RowSource, rows: Iterator[PushedRow]) -> None:
        self._source = source
        self._rows = rows
        self._thread: threading.Thread | None = None

    def start(self, push: Callable[[Sequence[PushedRow]], None]) -> None:
        """Push every row, until the feed ends or nobody takes it."""

        def run() -> None:
            try:
                for row in self._rows:
                    push([row])
            except LivecueError as error:
                log.info("a feed is read no further: %s", error.message)

        self._thread = threading.Thread(target=run, name="feed", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Read no further."""
        self._source.close()
        if self._thread is not None:
            self._thread.join()
