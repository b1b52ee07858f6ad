"""Watched streams: their state, log, events, and what can be found in them."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict

from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from domain.errors import StateConflict
from domain.job import Job
from domain.pool import in_pool
from domain.stream import Event, EventLevel, LogEntry, RowKind, Speed, Stream, StreamSpec
from live.replaying import ReplayReport, compare_logs, replay_spec
from tools.memory import MemoryHit

router = APIRouter(prefix="/api/v1/streams", tags=["streams"], route_class=IdempotentRoute)

_POLL_SECONDS = 0.3
_Limit = Annotated[int, Query(ge=1, le=1000)]


class StreamRequest(StreamSpec):
    """What to watch, and how to call it."""

    stream_id: str | None = None


class ReplayRequest(BaseModel):
    """How fast to see it, and how to call the new stream."""

    model_config = ConfigDict(extra="forbid")

    speed: Speed = "max"
    stream_id: str | None = None


class StreamList(BaseModel):
    """Streams, newest first."""

    streams: list[Stream]


class LogPage(BaseModel):
    """Rows of a stream's log in order; go on after the last `seq`."""

    entries: list[LogEntry]


class EventList(BaseModel):
    """Events of a stream in order of time."""

    events: list[Event]


class MemoryHits(BaseModel):
    """What was found in a stream, the best first."""

    hits: list[MemoryHit]


@router.post("", status_code=201)
async def watch(wanted: StreamRequest, home: Home, caller: Caller) -> Stream:
    """Watch a stream from now on."""
    spec = StreamSpec.model_validate(wanted.model_dump(exclude={"stream_id"}))
    return await home.desk.start(caller, spec, wanted.stream_id)


@router.post("/demo", status_code=202)
async def make_demo(home: Home, caller: Caller) -> Job:
    """Compose the demo broadcast as a job, at its first use; its result names the film."""
    film = str(home.settings.home_path / "demo" / "broadcast.mp4")
    return await home.runner.submit(caller, "demo", {"out": film}, fingerprint="demo")


@router.get("")
def list_streams(home: Home, caller: Caller, limit: _Limit = 100) -> StreamList:
    """The newest streams."""
    return StreamList(streams=list(home.desk.look_at_all(caller, limit=limit)))


@router.get("/{stream_id}")
def show_stream(stream_id: str, home: Home, caller: Caller) -> Stream:
    """A stream's state: how far it is, and how well watching goes."""
    return home.desk.look(caller, stream_id)


@router.post("/{stream_id}/stop")
async def stop_stream(stream_id: str, home: Home, caller: Caller) -> Stream:
    """Stop watching; what was found stays."""
    return await home.desk.stop(caller, stream_id)


@router.post("/{stream_id}/resume")
async def resume_stream(stream_id: str, home: Home, caller: Caller) -> Stream:
    """Go on watching from where it was left."""
    return await home.desk.resume(caller, stream_id)


@router.post("/{stream_id}/replay", status_code=201)
async def replay_stream(
    stream_id: str, home: Home, caller: Caller, wanted: ReplayRequest
) -> Stream:
    """See a stream that is over again, as a stream of its own."""
    stream = await in_pool(home.desk.look, caller, stream_id)
    return await home.desk.start(caller, replay_spec(stream, wanted.speed), wanted.stream_id)


@router.get("/{stream_id}/replay")
def compare_replay(stream_id: str, home: Home, caller: Caller) -> ReplayReport:
    """How what a replay found agrees with what was found first."""
    replay = home.streams.get(caller, stream_id)
    if replay.spec.replay_of is None:
        raise StateConflict(
            f"The stream {stream_id} is no replay.", hint="Make one: livecue replay STREAM"
        )
    home.streams.get(caller, replay.spec.replay_of)
    return compare_logs(home.streams, caller, replay.spec.replay_of, stream_id)


@router.delete("/{stream_id}", status_code=204)
async def delete_stream(stream_id: str, home: Home, caller: Caller) -> None:
    """Stop watching, and forget all that was found."""
    await home.desk.stop(caller, stream_id)
    await in_pool(home.forgetter.forget, caller, stream_id)


@router.get("/{stream_id}/log")
def read_log(
    stream_id: str,
    home: Home,
    caller: Caller,
    kind: Annotated[list[RowKind], Query()] = [],  # noqa: B006 - FastAPI copies it
    after: Annotated[int, Query(ge=0)] = 0,
    as_of_ms: Annotated[int | None, Query(ge=0)] = None,
    limit: _Limit = 200,
) -> LogPage:
    """Rows after a number, of the given kinds, as far as they counted at `as_of_ms`."""
    home.streams.get(caller, stream_id)
    entries = home.streams.entries(
        caller, stream_id, kinds=kind, after_seq=after, as_of_ms=as_of_ms, limit=limit
    )
    return LogPage(entries=list(entries))


@router.get("/{stream_id}/events")
def list_events(
    stream_id: str,
    home: Home,
    caller: Caller,
    level: EventLevel = "event",
    from_ms: Annotated[int | None, Query(ge=0)] = None,
    until_ms: Annotated[int | None, Query(ge=0)] = None,
    as_of_ms: Annotated[int | None, Query(ge=0)] = None,
    limit: _Limit = 200,
) -> EventList:
    """Events, or roll-ups of a level, that overlap a stretch of time."""
    home.streams.get(caller, stream_id)
    events = home.streams.events(
        caller,
        stream_id,
        level=level,
        from_ms=from_ms,
        until_ms=until_ms,
        as_of_ms=as_of_ms,
        limit=limit,
    )
    return EventList(events=list(events))


@router.get("/{stream_id}/memory")
async def search_memory(
    stream_id: str,
    home: Home,
    caller: Caller,
    q: Annotated[str, Query(min_length=1, max_length=500)],
    as_of_ms: Annotated[int | None, Query(ge=0)] = None,
    product_id: str | None = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 8,
) -> MemoryHits:
    """What was said, shown or asked about `q`, as far as it was known at `as_of_ms`."""
    stream = await in_pool(home.streams.get, caller, stream_id)
    hits = await in_pool(
        home.memory().search,
        caller,
        stream_id,
        q,
        as_of_ms=stream.position_ms if as_of_ms is None else as_of_ms,
        product_id=product_id,
        limit=limit,
    )
    return MemoryHits(hits=list(hits))


@router.get(
    "/{stream_id}/follow",
    response_class=EventSourceResponse,
    dependencies=[Depends(show_stream)],
)
async def follow_stream(
    stream_id: str,
    home: Home,
    caller: Caller,
    last_event_id: Annotated[int, Header(ge=0)] = 0,
) -> AsyncGenerator[ServerSentEvent]:
    """Rows of the log from `Last-Event-ID` on, and the state whenever it changes.

    It ends with the stream. An unknown stream is refused before the first event.
    """
    seen = last_event_id
    told: Stream | None = None
    while True:
        stream = await in_pool(home.desk.look, caller, stream_id)
        for entry in await in_pool(home.streams.entries, caller, stream_id, after_seq=seen):
            seen = entry.seq
            yield ServerSentEvent(event="row", id=str(seen), data=entry)
        if stream != told:
            told = stream
            yield ServerSentEvent(event="stream", data=stream)
        if stream.status.is_over and seen >= stream.last_seq:
            return
        await asyncio.sleep(_POLL_SECONDS)
