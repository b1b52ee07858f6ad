"""What is on air in the streams that this process watches, as their sessions have followed it."""

import threading
from collections import OrderedDict

from domain.scope import Scope
from tools.on_air import OnAir

_KEPT = 16
"""Streams; those whose session began first are forgotten first."""


class OnAirNow:
    """Holds what sessions feed, for whoever has to know the product on air at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._followed: OrderedDict[tuple[str, str], OnAir] = OrderedDict()

    def enter(self, scope: Scope, stream_id: str, on_air: OnAir) -> None:
        """A session follows a stream with `on_air`, in the place of one before it."""
        with self._lock:
            key = (scope.workspace_id, stream_id)
            self._followed.pop(key, None)
            self._followed[key] = on_air
            while len(self._followed) > _KEPT:
                self._followed.popitem(last=False)

    def find(self, scope: Scope, stream_id: str) -> OnAir | None:
        """What a session of this process follows a stream with, if one does or did."""
        with self._lock:
            return self._followed.get((scope.workspace_id, stream_id))
