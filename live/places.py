"""The places at the live desk: at most so many, each taken before anything is opened for it."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

from domain.errors import StateConflict
from live.session import Session

Key = tuple[str, str]
"""A workspace and a stream of it."""


class Place:
    """A stream's place; it has no session while its senses are being opened."""

    def __init__(self) -> None:
        self._session: Session | None = None
        self._thread: threading.Thread | None = None
        self._settled = threading.Event()

    @property
    def session(self) -> Session | None:
        """What watches the stream, once it does."""
        return self._session

    @property
    def is_taken(self) -> bool:
        """Whether the stream is being watched, or is about to be."""
        return self._thread is None or self._thread.is_alive()

    @property
    def has_begun(self) -> bool:
        """Whether a session was started here, be it over or not."""
        return self._thread is not None

    def run(self, session: Session, name: str) -> None:
        """Let the session watch in a thread of its own."""
        thread = threading.Thread(target=session.run, name=name, daemon=True)
        self._session = session
        thread.start()
        self._thread = thread

    def settle(self) -> None:
        """Say that opening is over, well or not."""
        self._settled.set()

    def stop(self) -> None:
        """End the session, if one comes of it, and wait for its thread."""
        self._settled.wait()
        if self._session is not None and self._thread is not None:
            self._session.stop()
            self._thread.join()

    def leave(self) -> None:
        """End the session as a killed process would, and wait for its thread."""
        self._settled.wait()
        if self._session is not None and self._thread is not None:
            self._session.leave()
            self._thread.join()


class Places:
    """As many places as there may be sessions at once; used from any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._places: dict[Key, Place] = {}

    @contextmanager
    def take(self, key: Key) -> Generator[Place]:
        """A place for a stream; given back where no session begins in it.

        Raises:
            StateConflict: the stream has one, or none is free.
        """
        place = Place()
        with self._lock:
            self._places = {key: one for key, one in self._places.items() if one.is_taken}
            if key in self._places:
                raise StateConflict(f"The stream {key[1]} is being watched.", hint="Stop it first.")
            if len(self._places) >= self._most:
                raise StateConflict(
                    f"{self._most} streams are watched already.",
                    hint="Stop one, or raise LIVECUE_STREAMING__SESSIONS.",
                )
            self._places[key] = place
        try:
            yield place
        finally:
            with self._lock:
                if not place.has_begun:
                    del self._places[key]
            place.settle()

    def get(self, key: Key) -> Place | None:
        """The place of a stream that is being watched, or is about to be."""
        with self._lock:
            place = self._places.get(key)
        return place if place is not None and place.is_taken else None

    def all(self) -> dict[Key, Place]:
        """Every place that is taken."""
        with self._lock:
            return {key: one for key, one in self._places.items() if one.is_taken}
