"""What a session tells of itself: how it stands, how well it goes, what it waits for."""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from domain.errors import ModelUnavailable
from domain.scope import Scope
from domain.stream import Stream, StreamHealth, StreamStatus
from stores.streams import StreamStore

log = logging.getLogger("livecue.live")

_RETRIES = (1.0, 5.0, 20.0)
_AGAIN_SECONDS = 2.0
"""How long a model that is missing is waited for before it is asked for again."""

T = TypeVar("T")


class ToldState:
    """The stored state of one session, written by its thread."""

    def __init__(self, store: StreamStore, scope: Scope, stream: Stream) -> None:
        self._store = store
        self._scope = scope
        self._id = stream.stream_id
        self._health = stream.health
        self.status = StreamStatus.STARTING
        self._told_at = 0.0

    def note(self, **changes: object) -> None:
        """Change fields of the health, to be told with the next state."""
        self._health = StreamHealth.model_validate(self._health.model_dump() | changes)

    def tell(self, status: StreamStatus) -> None:
        """Store a state with the health as it is."""
        self.status = status
        self._told_at = time.monotonic()
        self._store.update(self._scope, self._id, status=status, health=self._health)

    def is_due(self, seconds: float) -> bool:
        """Whether nothing was told for so long."""
        return time.monotonic() - self._told_at >= seconds

    def await_model(self, make: Callable[[], T], stopped: threading.Event) -> T | None:
        """What `make` gives as soon as the model that it needs is there; None when stopped.

        Meanwhile the health's `detail` says what is missing, and how to get it.
        """
        while True:
            try:
                made = make()
            except ModelUnavailable as error:
                self.note(detail=f"It waits for a model: {error.message}; {error.hint}")
                self.tell(self.status)
                if stopped.wait(_AGAIN_SECONDS):
                    return None
            else:
                self.note(detail="")
                return made

    def end(self, status: StreamStatus, error: dict[str, object] | None = None) -> None:
        """Tell how it ended; a store that fails is tried a few times, then the log has to do."""
        for wait in _RETRIES:
            try:
                self._store.update(
                    self._scope, self._id, status=status, health=self._health, error=error
                )
            except Exception:
                log.exception("the end of %s (%s) could not be stored", self._id, status)
                time.sleep(wait)
            else:
                return
