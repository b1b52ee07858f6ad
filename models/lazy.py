"""A value that is made at its first use, once, by whichever thread asks first."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Lazy(Generic[T]):
    """Holds what `make` returns; a `make` that raises is called again at the next use."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: list[T] = []

    @property
    def made(self) -> bool:
        """True once the value exists."""
        return bool(self._made)

    def get(self) -> T:
        """The value; other threads wait while it is being made."""
        if not self._made:
            with self._lock:
                if not self._made:
                    self._made.append(self._make())
        return self._made[0]
