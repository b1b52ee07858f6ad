"""What the stages of a recording have made: kept under what it was made of, and read again."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from langgraph.runtime import Runtime
from pydantic import TypeAdapter

from domain.errors import NotFound
from domain.pool import in_pool
from domain.recording import (
    Candidate,
    Highlight,
    Recording,
    Segment,
    Stage,
    TaggedUtterance,
    Transcript,
)
from graphs.deps import RunContext, report
from graphs.state import ClipState, Update
from models.utterances import Utterance

T = TypeVar("T")

TAGGED = TypeAdapter(list[TaggedUtterance])
HIGHLIGHTS = TypeAdapter(list[Highlight])
SEGMENTS = TypeAdapter(list[Segment])
CANDIDATES = TypeAdapter(list[Candidate])
TRANSCRIPT = TypeAdapter(Transcript)
_CHUNK = TypeAdapter(list[Utterance])


async def load(context: RunContext, kind: TypeAdapter[T], blob: str) -> T:
    """What a stage made."""
    data = await in_pool(context.deps.blobs.read_bytes, context.scope, blob)
    return kind.validate_json(data)


async def recording_of(context: RunContext, state: ClipState) -> Recording:
    """The recording as it is stored by now."""
    store = context.deps.recordings.store
    return await in_pool(store.get, context.scope, state["recording_id"])


async def keep(
    runtime: Runtime[RunContext],
    state: ClipState,
    stage: Stage,
    key: str,
    make: Callable[[], Awaitable[bytes]],
) -> Update:
    """What the stage made before of the same, or makes now; it is stored before it counts."""
    context, scope = runtime.context, runtime.context.scope
    store, blobs = context.deps.recordings.store, context.deps.blobs
    recording = await recording_of(context, state)
    content = recording.content or ""
    blob = await in_pool(store.find_part, scope, content, stage, key)
    if blob is not None and await in_pool(_is_there, context, blob):
        report(runtime, stage, "known from an earlier run")
    else:
        blob = (await in_pool(blobs.put_bytes, scope, await make())).sha256
        await in_pool(store.keep_part, scope, content, stage, key, blob)
    await in_pool(store.update, scope, recording.recording_id, results={stage: blob})
    return {stage.value: blob}


def _is_there(context: RunContext, blob: str) -> bool:
    try:
        context.deps.blobs.path(context.scope, blob)
    except NotFound:
        return False
    return True


class KeptChunks:
    """Chunks of a content that were heard, in the store."""

    _STAGE = "chunk"

    def __init__(self, context: RunContext, content: str) -> None:
        self._store = context.deps.recordings.store
        self._blobs = context.deps.blobs
        self._scope = context.scope
        self._content = content

    def find(self, key: str) -> list[Utterance] | None:
        """What was heard before; None where it was not, or is gone."""
        blob = self._store.find_part(self._scope, self._content, self._STAGE, key)
        if blob is None:
            return None
        try:
            return _CHUNK.validate_json(self._blobs.read_bytes(self._scope, blob))
        except NotFound:
            return None

    def keep(self, key: str, said: Sequence[Utterance]) -> None:
        """Store what was heard, its bytes before their name."""
        blob = self._blobs.put_bytes(self._scope, _CHUNK.dump_json(list(said)))
        self._store.keep_part(self._scope, self._content, self._STAGE, key, blob.sha256)
