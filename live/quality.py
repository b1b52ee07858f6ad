"""What is left out when the machine is too slow to keep up, in a stated order.

Each step reads and takes pictures less often; speech is heard to the last, and only sound that
waits longer than `Streaming.sound_waiting_seconds` is let go by the source.
"""

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
_DOWN_SECONDS = 5.0
_UP_SECONDS = 30.0


class Quality:
    """Chooses a step by the lag: down after five seconds above `slow_ms`, up after thirty below.

    Going up takes half of that lag, so that it does not swing.
    """

    def __init__(self, slow_ms: int) -> None:
        self.level = 0
        self._slow_ms = slow_ms
        self._slow_since: float | None = None
        self._calm_since: float | None = None

    @property
    def step(self) -> Step:
        """What holds now."""
        return STEPS[self.level]

    def see(self, lag_ms: int, seconds: float) -> bool:
        """Take the lag at a moment of a steady clock; True when the step changes."""
        is_slow, is_calm = lag_ms > self._slow_ms, lag_ms < self._slow_ms // 2
        self._slow_since = _since(self._slow_since, is_slow, seconds)
        self._calm_since = _since(self._calm_since, is_calm, seconds)
        change = 0
        if self._lasts(self._slow_since, seconds, _DOWN_SECONDS):
            change = 1
        elif self._lasts(self._calm_since, seconds, _UP_SECONDS):
            change = -1
        level = min(len(STEPS) - 1, max(0, self.level + change))
        if level == self.level:
            return False
        self.level = level
        self._slow_since = self._calm_since = None
        return True

    @staticmethod
    def _lasts(since: float | None, seconds: float, long: float) -> bool:
        return since is not None and seconds - since >= long


def _since(since: float | None, is_so: bool, seconds: float) -> float | None:
    if not is_so:
        return None
    return seconds if since is None else since
