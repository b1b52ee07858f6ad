"""What a session perceives with, and what makes something of what it perceived."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from domain.stream import LogEntry
from live.listening import Listener
from live.looking import Looker
from live.marking import QuestionMarker
from live.merging import KeyedRow, Merger
from live.pushed_rows import Growing
from live.quality import Quality, Step
from live.sources import MediaSource


class Follower(Protocol):
    """Makes something of what was logged: events, live facts, what can be searched."""

    def follow(self, entries: Sequence[LogEntry], now_ms: int) -> None:
        """Take new entries; all rows that count from before `now_ms` have been given."""
        ...

    def finish(self, now_ms: int, *, waits: bool) -> None:
        """The stream is over; with `waits` what is still at work is waited for."""
        ...

    def stop(self) -> None:
        """The session ends; after `finish` this does nothing."""
        ...


@dataclass
class Senses:
    """What a session perceives with: made for it, and its own."""

    source: MediaSource | None
    listen: Callable[[Merger], Listener]
    look: Callable[[Merger], Looker]
    feed: Iterator[KeyedRow]
    questions: QuestionMarker
    followers: Sequence[Follower] = field(default_factory=list[Follower])
    pace: float | None = None
    """How fast feeds without a source run against the clock; None for as fast as they are taken."""
    growing: Sequence[Growing] = ()
    problems: Callable[[], Sequence[str]] = tuple
    """Rows of the feeds that could not be read."""
    quality: Quality | None = None
    set_quality: Callable[[Step], None] = lambda _: None
    warm: Callable[[], None] = lambda: None
    """Loads what is needed at once, so that a live source is not kept waiting for it.

    While a model is missing it raises ModelUnavailable, and is called again until it does not.
    """
