"""When to connect again: exponential backoff with jitter, and when to give up."""

import random
import time
from collections.abc import Callable

from domain.settings import Streaming

STEADY_SECONDS = 2.0
"""A connection that carried media for so long was a good one: the next pause is short again."""


class Retry:
    """Pauses of `retry_seconds`, doubling up to `retry_cap_seconds`, each cut by up to a half.

    The random half keeps many watchers of one server from coming back at the same moment.
    """

    def __init__(
        self,
        settings: Streaming,
        *,
        listens: bool,
        now: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._settings = settings
        self._listens = listens
        self._now = now
        self._draw = draw
        self._pause = settings.retry_seconds
        self._failing_since: float | None = None
        self._good_since: float | None = None
        self.connected = False

    def media_came(self) -> None:
        """Notes that the connection carries media."""
        self.connected = True
        self._failing_since = None
        if self._good_since is None:
            self._good_since = self._now()
        elif self._now() - self._good_since >= STEADY_SECONDS:
            self._pause = self._settings.retry_seconds

    def next_pause(self) -> float | None:
        """Seconds to wait after a failure; None once it has failed for `give_up_seconds`.

        Who waits for the first sender never gives up.
        """
        now = self._now()
        self._good_since = None
        if self._failing_since is None:
            self._failing_since = now
        patient = self._listens and not self.connected
        if not patient and now - self._failing_since >= self._settings.give_up_seconds:
            return None
        pause = self._pause * (1 - self._draw() / 2)
        self._pause = min(2 * self._pause, self._settings.retry_cap_seconds)
        return pause
