"""A feed: typed rows in the order of time, and the lines that gave none."""

import heapq
import threading
import time
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from domain.errors import LimitExceeded
from domain.settings import Streaming
from live.feeds.rows import FeedProblem, Timed

RowT = TypeVar("RowT", bound=Timed)

Parsed = tuple[int, RowT] | FeedProblem | None
"""What a parser gives: a row with its line, a problem, or None for a pause of the file."""

KEPT_PROBLEMS = 1000


class Feed(Generic[RowT]):
    """Iterate it once, in one thread. A file that is not followed is sorted as a whole.

    Of one that is, rows are held back for `feed_reorder_ms`, in which earlier ones may still come;
    those that come later than that are problems. `problems` keeps the first thousand,
    `problem_count` counts all.
    """

    def __init__(
        self,
        name: str,
        settings: Streaming,
        parse: Callable[[threading.Event], Iterator[Parsed[RowT]]],
        *,
        follow: bool,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.problems: list[FeedProblem] = []
        self.problem_count = 0
        self._settings = settings
        self._parse = parse
        self._follow = follow
        self._now = now
        self._stopped = threading.Event()
        self._rows = 0

    def __iter__(self) -> Iterator[RowT]:
        """The rows, sorted; of a followed file without end, until `close`."""
        if self._follow:
            yield from self._ordered()
        else:
            found = [entry for entry in self._entries() if entry is not None]
            found.sort(key=lambda entry: entry[1].at_ms)
            for _, row in found:
                if self._stopped.is_set():
                    return
                yield row

    def close(self) -> None:
        """Ends the iteration; from any thread."""
        self._stopped.set()

    def _ordered(self) -> Iterator[RowT]:
        window = self._settings.feed_reorder_ms
        held: list[tuple[int, int, RowT]] = []
        latest = given = -1
        arrived = self._now()
        for entry in self._entries():
            if entry is not None:
                line, row = entry
                if row.at_ms < given:
                    late = f"it comes over {window} ms later than later rows"
                    self._note(FeedProblem(self.name, line, late))
                    continue
                heapq.heappush(held, (row.at_ms, line, row))
                latest, arrived = max(latest, row.at_ms), self._now()
            quiet = self._now() - arrived >= window / 1000
            while held and (quiet or held[0][0] <= latest - window):
                given, _, row = heapq.heappop(held)
                yield row
        for _, _, row in sorted(held):
            yield row

    def _entries(self) -> Iterator[tuple[int, RowT] | None]:
        for entry in self._parse(self._stopped):
            if isinstance(entry, FeedProblem):
                self._note(entry)
                continue
            if entry is not None:
                self._rows += 1
                if self._rows > self._settings.feed_rows:
                    raise LimitExceeded(
                        f"{self.name} has more than {self._settings.feed_rows:,} rows.",
                        hint="Split the file, or raise LIVECUE_STREAMING__FEED_ROWS.",
                        details={"file": self.name},
                    )
            yield entry

    def _note(self, problem: FeedProblem) -> None:
        self.problem_count += 1
        if len(self.problems) < KEPT_PROBLEMS:
            self.problems.append(problem)
