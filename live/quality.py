"""What is left out when the machine is too slow to keep up, in a stated order.

Each step reads and takes pictures less often; speech is heard to the last, and only sound that
waits longer than `Streaming.sound_waiting_seconds` is let go by the source.
"""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """How many times rarer than the settings say pictures are read and taken."""

    reads: int
    takes: int
    says: str


STEPS = (
    Step(1, 1, "Everything is taken in again."),
    Step(2, 1, "The machine is behind: the screen is read half as often."),
    Step(4, 2, "The machine is behind: pictures are taken half, and read a quarter as often."),
    Step(8, 4, "The machine is behind: pictures are taken a quarter, and read an eighth as often."),
)
_WINDOW_SECONDS = 10.0
_TYPICAL = 0.75
_CALM = 0.8
_UP_SECONDS = 30.0
_MOST_UP_SECONDS = 480.0
_RELAPSE_SECONDS = 90.0


class Quality:
    """Chooses a step by the lag that three quarters of the last ten seconds kept within.

    Down when that is above `slow_ms`, up when it has been a fifth below for thirty seconds. Lag
    rises and falls with each stretch of speech, hence not by single values. Where a step up is soon
    taken back, the next one waits twice as long, so that quality does not swing on a machine that
    is just too slow for it.
    """

    def __init__(self, slow_ms: int) -> None:
        self.level = 0
        self._slow_ms = slow_ms
        self._seen: deque[tuple[float, int]] = deque()
        self._calm_since: float | None = None
        self._up_at: float | None = None
        self._up_seconds = _UP_SECONDS

    @property
    def step(self) -> Step:
        """What holds now."""
        return STEPS[self.level]

    def see(self, lag_ms: int, seconds: float) -> bool:
        """Take the lag at a moment of a steady clock; True when the step changes."""
        seen = self._seen
        while len(seen) > 1 and seconds - seen[1][0] >= _WINDOW_SECONDS:
            seen.popleft()
        seen.append((seconds, lag_ms))
        if seconds - seen[0][0] < _WINDOW_SECONDS:
            return False
        typical = sorted(lag for _, lag in seen)[int(_TYPICAL * (len(seen) - 1))]
        if typical > self._slow_ms:
            return self._go_down(seconds)
        if typical > _CALM * self._slow_ms:
            self._calm_since = None
        elif self._calm_since is None:
            self._calm_since = seconds
        elif self.level > 0 and seconds - self._calm_since >= self._up_seconds:
            self._change(-1)
            self._up_at = seconds
            return True
        return False

    def _go_down(self, seconds: float) -> bool:
        if self.level == len(STEPS) - 1:
            self._calm_since = None
            return False
        if self._up_at is not None:
            relapsed = seconds - self._up_at < _RELAPSE_SECONDS
            doubled = min(2 * self._up_seconds, _MOST_UP_SECONDS)
            self._up_seconds = doubled if relapsed else _UP_SECONDS
            self._up_at = None
        self._change(1)
        return True

    def _change(self, by: int) -> None:
        self.level += by
        self._seen.clear()
        self._calm_since = None
