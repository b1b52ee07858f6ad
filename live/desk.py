"""The live desk: the streams that this process watches, each in a thread of its own."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from domain.errors import (
    FetchFailed,
    LivecueError,
    ModelUnavailable,
    NotFound,
    StateConflict,
    StorageFull,
    StoreUnavailable,
)
from domain.pool import in_pool
from domain.scope import Scope
from domain.stream import Stream, StreamSpec, StreamStatus
from live.perception import Senses
from live.places import Key, Place, Places
from live.session import Session
from live.sources import PushSource
from stores.ids import new_id
from stores.streams import StreamStore

log = logging.getLogger("livecue.live")

OpenSenses = Callable[[Scope, Stream], Senses]
"""Opens what a stream's spec names; raises LivecueError where it cannot."""

_AGAIN_SECONDS = 30.0
"""How long a stream that could not be taken up waits for the next try."""
_PASSING = (
    FetchFailed,
    ModelUnavailable,
    NotFound,
    OSError,
    StateConflict,
    StorageFull,
    StoreUnavailable,
)
"""What may keep a stream from being taken up now, and not later: a model or a file that is not
there yet, a full disk, as many streams as may be watched."""


class NotWatched(LivecueError):
    """An open stream whose watcher is gone."""

    code = "not_watched"
    status = 409


class LiveDesk:
    """Starts, stops and takes up sessions. `most` is how many run at once."""

    def __init__(
        self,
        store: StreamStore,
        open_senses: OpenSenses,
        *,
        most: int,
        on_sale: Callable[[Scope], Sequence[str]] = lambda _: (),  # without a line-up
    ) -> None:
        self._store = store
        self._on_sale = on_sale
        self._open = open_senses
        self._places = Places(most)
        self._lock = threading.Lock()
        self._waiting: dict[Key, str] = {}  # why each was not taken up yet

    async def start(self, scope: Scope, spec: StreamSpec, stream_id: str | None = None) -> Stream:
        """Watch a new stream.

        Raises:
            StateConflict: there is one of this id, or as many as may run at once run already.
            LivecueError: its source or feeds cannot be opened.
        """
        return await in_pool(self._start, scope, spec, stream_id or new_id("live"))

    async def stop(self, scope: Scope, stream_id: str) -> Stream:
        """End a session; what it found stays.

        Raises:
            NotFound: no such stream.
        """
        return await in_pool(self._stop, scope, stream_id)

    async def resume(self, scope: Scope, stream_id: str) -> Stream:
        """Go on with a stream that is not watched, from where it was left.

        Raises:
            NotFound: no such stream, or its files are gone.
            StateConflict: it is being watched, or as many as may run at once run already.
        """
        return await in_pool(self._resume, scope, stream_id)

    def session(self, scope: Scope, stream_id: str) -> Session:
        """The session that watches the stream.

        Raises:
            StateConflict: this process watches no such stream.
        """
        place = self._places.get((scope.workspace_id, stream_id))
        if place is None or place.session is None:
            raise StateConflict(
                f"The stream {stream_id} is not being watched.",
                hint="Start it: POST /api/v1/streams, or …/resume.",
            )
        return place.session

    def pusher(self, scope: Scope, stream_id: str) -> PushSource:
        """Where pictures and sound for the stream are pushed to.

        Raises:
            StateConflict: it is not watched, or has a source of its own.
        """
        source = self.session(scope, stream_id).source
        if not isinstance(source, PushSource):
            raise StateConflict(
                f"The stream {stream_id} has a source of its own.",
                hint="Start one with the source “push”.",
            )
        return source

    def is_running(self, scope: Scope, stream_id: str) -> bool:
        """Whether this process watches the stream, or is about to."""
        return self._places.get((scope.workspace_id, stream_id)) is not None

    def look(self, scope: Scope, stream_id: str) -> Stream:
        """A stream as it really stands: an open one that nobody watches has failed.

        One that waits to be taken up stays open; `health.detail` tells what it waits for.

        Raises:
            NotFound: no such stream.
        """
        return self._as_it_stands(scope, self._store.get(scope, stream_id))

    def look_at_all(self, scope: Scope, *, limit: int) -> Sequence[Stream]:
        """The newest streams as they really stand."""
        return [self._as_it_stands(scope, one) for one in self._store.list(scope, limit=limit)]

    async def note_left(self, scope: Scope) -> None:
        """Find the streams that a killed process left: from now on they wait to be taken up."""
        await in_pool(self._note_left, scope)

    async def recover(self, scope: Scope) -> None:
        """Go on with every stream that a killed process left, one after the other.

        What cannot be gone on with yet waits, and is tried again; this ends when nothing waits.
        """
        await self.note_left(scope)
        while True:
            for stream_id in self._waiting_in(scope):
                await in_pool(self._take_up, scope, stream_id)
            if not self._waiting_in(scope):
                return
            await asyncio.sleep(_AGAIN_SECONDS)

    async def aclose(self) -> None:
        """Leave the sessions as they are, to be taken up by the next process."""
        places = self._places.all()
        with self._lock:
            self._waiting |= dict.fromkeys(places, "The server is stopping.")
        await asyncio.gather(*(in_pool(place.leave) for place in places.values()))

    def _start(self, scope: Scope, spec: StreamSpec, stream_id: str) -> Stream:
        self._refuse_known(scope, stream_id)
        if not spec.products and spec.replay_of is None:
            spec = spec.model_copy(update={"products": tuple(self._on_sale(scope))})
        with self._places.take((scope.workspace_id, stream_id)) as place:
            stream = self._store.create(scope, stream_id, spec)
            try:
                session = Session(self._store, scope, stream, self._open(scope, stream))
                place.run(session, _thread_name(stream_id))
            except BaseException:
                self._store.delete(scope, stream_id)
                raise
            return stream

    def _refuse_known(self, scope: Scope, stream_id: str) -> None:
        try:
            self._store.get(scope, stream_id)
        except NotFound:
            return
        raise StateConflict(
            f"There is a stream {stream_id} already.",
            hint=f"Go on with it: livecue streams resume {stream_id}; or give another id.",
        )

    def _resume(self, scope: Scope, stream_id: str) -> Stream:
        with self._places.take((scope.workspace_id, stream_id)) as place:
            return self._go_on(place, scope, self._store.get(scope, stream_id))

    def _go_on(self, place: Place, scope: Scope, stream: Stream) -> Stream:
        session = Session(self._store, scope, stream, self._open(scope, stream))
        # An ended stream is open again before anyone can look, and before its thread tells so.
        opened = self._store.update(scope, stream.stream_id, status=StreamStatus.STARTING)
        place.run(session, _thread_name(stream.stream_id))
        with self._lock:
            self._waiting.pop((scope.workspace_id, stream.stream_id), None)
        return opened

    def _stop(self, scope: Scope, stream_id: str) -> Stream:
        self._store.get(scope, stream_id)
        key = (scope.workspace_id, stream_id)
        with self._lock:
            has_waited = self._waiting.pop(key, None) is not None
        place = self._places.get(key)  # after that: what is being taken up has its place by now
        if place is not None:
            place.stop()
        stream = self._store.get(scope, stream_id)
        if stream.status.is_over:
            return stream
        if has_waited:
            return self._store.update(scope, stream_id, status=StreamStatus.STOPPED)
        stream = self._as_it_stands(scope, stream)
        return self._store.update(scope, stream_id, status=stream.status, error=stream.error)

    def _note_left(self, scope: Scope) -> None:
        limit = 100
        while len(left := self._store.list(scope, is_open=True, limit=limit)) == limit:
            limit *= 10
        with self._lock:
            for stream in left:
                key = (scope.workspace_id, stream.stream_id)
                if self._places.get(key) is None:
                    self._waiting.setdefault(key, "It is about to be taken up again.")

    def _waiting_in(self, scope: Scope) -> Sequence[str]:
        with self._lock:
            return [
                stream_id
                for workspace_id, stream_id in self._waiting
                if workspace_id == scope.workspace_id
            ]

    def _take_up(self, scope: Scope, stream_id: str) -> None:
        """Go on with a stream that waits, or tell why it waits on, or that it has failed."""
        key = (scope.workspace_id, stream_id)
        try:
            with self._places.take(key) as place:
                if self._is_left(scope, stream_id):
                    self._go_on(place, scope, self._store.get(scope, stream_id))
        except _PASSING as error:
            why = f"{error.message} {error.hint}" if isinstance(error, LivecueError) else str(error)
            with self._lock:
                if key in self._waiting:
                    self._waiting[key] = f"It is not watched yet: {why}"
        except LivecueError as error:
            self._give_up(scope, stream_id, error)
        except Exception:
            log.exception("the stream %s cannot be taken up", stream_id)
            error = LivecueError(
                f"The stream {stream_id} could not be taken up: see the server's log.",
                hint=f"Try it again: livecue streams resume {stream_id}",
            )
            self._give_up(scope, stream_id, error)

    def _is_left(self, scope: Scope, stream_id: str) -> bool:
        """Whether a stream still waits; one that was stopped, ended or deleted does not."""
        key = (scope.workspace_id, stream_id)
        try:
            is_over = self._store.get(scope, stream_id).status.is_over
        except NotFound:
            is_over = True
        with self._lock:
            if is_over:
                self._waiting.pop(key, None)
            return key in self._waiting

    def _give_up(self, scope: Scope, stream_id: str, error: LivecueError) -> None:
        with suppress(NotFound):
            self._store.update(scope, stream_id, status=StreamStatus.FAILED, error=error.as_dict())
        with self._lock:
            self._waiting.pop((scope.workspace_id, stream_id), None)

    def _as_it_stands(self, scope: Scope, stream: Stream) -> Stream:
        if stream.status.is_over or self.is_running(scope, stream.stream_id):
            return stream
        with self._lock:
            why = self._waiting.get((scope.workspace_id, stream.stream_id))
        if why is not None:
            health = stream.health.model_copy(update={"detail": why})
            return stream.model_copy(update={"health": health})
        # Its thread may have stored the end between the read and the look at the thread.
        stream = self._store.get(scope, stream.stream_id)
        if stream.status.is_over or self.is_running(scope, stream.stream_id):
            return stream
        error = NotWatched(
            f"Nobody watches the stream {stream.stream_id} any more.",
            hint=f"Go on with it: livecue streams resume {stream.stream_id}",
        )
        return stream.model_copy(update={"status": StreamStatus.FAILED, "error": error.as_dict()})


def _thread_name(stream_id: str) -> str:
    return f"live {stream_id}"
