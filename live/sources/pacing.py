"""When what belongs at a moment of the stream is due on the wall clock, and how late it is."""

import time
from collections.abc import Callable

from live.sources.media import Effort

WAIT_SECONDS = 0.02
"""Who had to wait this long for live data is not behind."""

BURST_WAIT_SECONDS = 1.0
"""The same for segments, which take a while to fetch."""

BURST_SPEED = 1.01
"""Segments are given out a little faster than they play, so as not to fall behind the server."""


class Pace:
    """Holds a stream to the wall clock at `speed` times (None: as it comes).

    A recording keeps to the schedule of its first moment and catches up when it was late. A live
    stream begins a new schedule whenever it had to wait for data for `slips_after` seconds.
    """

    def __init__(
        self,
        speed: float | None,
        *,
        slips_after: float | None,
        behind_ms: int,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._slips_after = slips_after
        self._speed = speed
        self._behind = behind_ms
        self._now = now
        self._since: tuple[float, int] | None = None
        self.lag_ms = 0
        self.effort = Effort.ALL

    def waited(self, seconds: float) -> None:
        """Notes how long the next packet took to come."""
        if self._slips_after is not None and seconds >= self._slips_after:
            self._since = None

    def pause(self, at_ms: int) -> float:
        """Seconds until `at_ms` is due; sets `lag_ms` and `effort`."""
        now = self._now()
        if self._since is None:
            self._since = (now, at_ms)
        if self._speed is None and self._slips_after is None:
            return 0.0
        began, began_ms = self._since
        late = now - began - (at_ms - began_ms) / (1000 * (self._speed or 1.0))
        self.lag_ms = max(0, int(late * 1000))
        if self.lag_ms > self._behind:
            self.effort = Effort.KEYS
        elif self.lag_ms <= self._behind // 3:
            self.effort = Effort.ALL
        elif self.effort is Effort.ALL:
            self.effort = Effort.REFERENCES
        if self._speed is None:
            if late < 0:
                self._since = (now, at_ms)
            return 0.0
        return max(0.0, -late)


def pace_live(*, bursts: bool, behind_ms: int, now: Callable[[], float] = time.monotonic) -> Pace:
    """The pace of a live stream: as it comes, or evened out where it comes in segments."""
    return Pace(
        BURST_SPEED if bursts else None,
        slips_after=BURST_WAIT_SECONDS if bursts else WAIT_SECONDS,
        behind_ms=behind_ms,
        now=now,
    )
