"""How soon a model has been giving its first sentence, so that nobody waits for a late one."""

from collections import deque
from collections.abc import Generator
from contextlib import contextmanager

_KEPT = 6
_MADE_IT = 2 / 3


class Pace:
    """The newest times to a first sentence, of whoever asked; for callers on one event loop.

    Work in the background is timed too: a model that was late is taken up again once it is quick
    there.
    """

    def __init__(self) -> None:
        self._seconds: deque[float] = deque(maxlen=_KEPT)
        self._asking = 0

    @contextmanager
    def asking(self) -> Generator[None]:
        """Somebody waits for the model."""
        self._asking += 1
        try:
            yield
        finally:
            self._asking -= 1

    def note(self, seconds: float) -> None:
        """A first sentence took so long; infinity where it was not waited for any longer."""
        self._seconds.append(seconds)

    def is_likely(self, seconds: float) -> bool:
        """Whether the model is likely to give its first sentence within `seconds`.

        It is when it mostly did so lately. Of one that was never timed, one caller finds out.
        """
        if not self._seconds:
            return self._asking == 0
        in_time = sum(one <= seconds for one in self._seconds)
        return in_time >= _MADE_IT * len(self._seconds)
