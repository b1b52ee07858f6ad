"""Forgetting a stream: its rows, what was indexed of it, and the pictures that were its own."""

from collections.abc import Callable

from domain.scope import Scope
from stores.blob_uses import BlobUses
from stores.blobs import BlobStore
from stores.streams import StreamStore
from tools.memory import StreamMemory


class StreamForgetter:
    """Deletes streams that nobody watches any more.

    Pictures are blobs, and the same bytes are kept once: a replay has the very keyframes of what it
    replays, and a keyframe may have been uploaded as material. So a picture goes with the last row
    that refers to it. While the same source is still watched elsewhere pictures are left, as those
    that it has stored and not yet named could not be told apart.
    """

    def __init__(
        self,
        store: StreamStore,
        memory: Callable[[], StreamMemory],
        blobs: BlobStore,
        uses: BlobUses,
    ) -> None:
        self._store = store
        self._memory = memory
        self._blobs = blobs
        self._uses = uses

    def forget(self, scope: Scope, stream_id: str) -> int:
        """Delete a stream that has been stopped; how many pictures went with it.

        A process that is killed in between leaves pictures, never an event without its own.

        Raises:
            NotFound: no such stream.
        """
        source = self._store.get(scope, stream_id).spec.source
        own = self._store.keyframes(scope, stream_id)
        self._store.delete(scope, stream_id)
        self._memory().forget(scope, stream_id)
        if any(one.spec.source == source for one in self._store.list(scope, is_open=True)):
            return 0
        left = own - self._store.keyframes(scope)
        left -= self._uses.find_used(scope, left)
        for blob in left:
            self._blobs.remove(scope, blob)
        return len(left)
