"""Who is waited for on air goes first: what perceives the stream gives way for a moment."""

import os
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager

_MOST_SECONDS = 0.25
"""What gives way goes on after this, or many clicks would keep the stream from being heard."""
_BEHIND = 5


class RightOfWay:
    """Taken while a click is served; given between two steps of work that nobody waits for."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._served = 0

    @contextmanager
    def taken(self) -> Generator[None]:
        """Somebody waits for what is done in this block; from any thread or event loop."""
        with self._changed:
            self._served += 1
        try:
            yield
        finally:
            with self._changed:
                self._served -= 1
                self._changed.notify_all()

    def give(self, most_seconds: float = _MOST_SECONDS) -> None:
        """Wait while somebody is served, but not for long; blocks the calling thread."""
        with self._changed:
            self._changed.wait_for(lambda: self._served == 0, most_seconds)


def fall_behind() -> None:
    """Put the calling thread, and those that it will start, behind the process's others.

    The kernel then interrupts them in the middle of a step, too. On Linux alone: elsewhere a
    thread has no niceness of its own, and stays as it is.
    """
    if sys.platform == "linux":
        own = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, own, os.getpriority(os.PRIO_PROCESS, own) + _BEHIND)
