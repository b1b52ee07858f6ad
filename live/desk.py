"""The live desk: the streams that this process watches, each in a thread of its own."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from domain.errors import NotFound, StateConflict
from domain.pool import in_pool
from domain.scope import Scope
from domain.stream import Stream, StreamSpec, StreamStatus
from live.perception import Senses
from live.session import Session
from live.sources import PushSource
from stores.ids import new_id
from stores.streams import StreamStore

log = logging.getLogger("livecue.live")

OpenSenses = Callable[[Scope, Stream], Senses]
"""Opens what a stream's spec names; raises LivecueError where it cannot."""

_Key = tuple[str, str]


class LiveDesk:
    """Starts, stops and takes up sessions. `most` is how many run at once."""

    def __init__(self, store: StreamStore, open_senses: OpenSenses, *, most: int) -> None:
        self._store = store
        self._open = open_senses
        self._most = most
        self._running: dict[_Key, tuple[Session, threading.Thread]] = {}

    async def start(self, scope: Scope, spec: StreamSpec, stream_id: str | None = None) -> Stream:
        """Watch a new stream.

        Raises:
            StateConflict: there is one of this id, or as many as may run at once run already.
            LivecueError: its source or feeds cannot be opened.
        """
        if len(self._alive()) >= self._most:
            raise StateConflict(
                f"{self._most} streams are watched already.",
                hint="Stop one, or raise LIVECUE_STREAMING__SESSIONS.",
            )
        stream = await in_pool(self._store.create, scope, stream_id or new_id("live"), spec)
        try:
            await in_pool(self._begin, scope, stream)
        except BaseException:
            await in_pool(self._store.delete, scope, stream.stream_id)
            raise
        return stream

    async def stop(self, scope: Scope, stream_id: str) -> Stream:
        """End a session; what it found stays."""
        await in_pool(self._store.get, scope, stream_id)
        running = self._running.get((scope.workspace_id, stream_id))
        if running is not None:
            running[0].stop()
            await in_pool(running[1].join)
        return await in_pool(self._store.get, scope, stream_id)

    async def resume(self, scope: Scope, stream_id: str) -> Stream:
        """Go on with a stream that is not watched, from where it was left."""
        stream = await in_pool(self._store.get, scope, stream_id)
        if self.is_running(scope, stream_id):
            raise StateConflict(f"The stream {stream_id} is being watched.", hint="Stop it first.")
        await in_pool(self._begin, scope, stream)
        return stream

    def session(self, scope: Scope, stream_id: str) -> Session:
        """The session that watches the stream.

        Raises:
            StateConflict: this process watches no such stream.
        """
        running = self._running.get((scope.workspace_id, stream_id))
        if running is None or not running[1].is_alive():
            raise StateConflict(
                f"The stream {stream_id} is not being watched.",
                hint="Start it: POST /api/v1/streams, or …/resume.",
            )
        return running[0]

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
        """Whether this process watches the stream."""
        running = self._running.get((scope.workspace_id, stream_id))
        return running is not None and running[1].is_alive()

    async def recover(self, scope: Scope) -> Sequence[Stream]:
        """Go on with every stream that a killed process left."""
        left = await in_pool(self._store.list, scope, is_open=True)
        for stream in left:
            with suppress(NotFound):
                await in_pool(self._begin_again, scope, stream)
        return left

    async def aclose(self) -> None:
        """Leave the sessions as they are, to be taken up by the next process."""
        for session, _ in self._alive():
            session.leave()
        await asyncio.gather(*(in_pool(thread.join) for _, thread in self._alive()))

    def _begin_again(self, scope: Scope, stream: Stream) -> None:
        try:
            self._begin(scope, stream)
        except Exception as error:
            log.exception("the stream %s cannot be taken up", stream.stream_id)
            self._store.update(
                scope,
                stream.stream_id,
                status=StreamStatus.FAILED,
                error={"code": "cannot_resume", "message": str(error)},
            )

    def _begin(self, scope: Scope, stream: Stream) -> None:
        session = Session(self._store, scope, stream, self._open(scope, stream))
        name = f"live {stream.stream_id}"
        thread = threading.Thread(target=session.run, name=name, daemon=True)
        self._running[scope.workspace_id, stream.stream_id] = session, thread
        thread.start()

    def _alive(self) -> Sequence[tuple[Session, threading.Thread]]:
        self._running = {key: one for key, one in self._running.items() if one[1].is_alive()}
        return list(self._running.values())
