"""Streams whose pictures, sound, speech and comments are sent to this server.

Over `WS /api/v1/streams/{id}/push` a binary message is the next piece of a WebM or Ogg recording,
as a browser's MediaRecorder gives them, unless the message before announced it as a picture or as
samples. Text messages are JSON objects (`PushMessage`); each message is answered by
`{"taken": true | false}` or by the one error shape.
"""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from api.byte_chunks import consume_in_pool
from api.context import Caller, Home, caller_scope
from api.idempotency import IdempotentRoute
from domain.errors import InvalidInput, LivecueError, StateConflict
from domain.pool import in_pool
from domain.stream import Comment, ScreenLine, Utterance
from live.pushed_rows import PushedRow
from live.session import Session
from live.sources import SOUND_RATE, PushSource
from runtime import Runtime

router = APIRouter(prefix="/api/v1/streams", tags=["streams"], route_class=IdempotentRoute)

_Seconds = Annotated[float | None, Field(ge=0, le=10_000_000, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SaidRow(_Strict):
    """What is said, or stands on the screen; `t` in seconds of the stream, now if absent.

    A time that is settled or to come counts as the nearest that is neither.
    """

    type: Literal["transcript"] = "transcript"
    t: _Seconds = None
    speaker: Literal["host", "guest", "screen"] = "host"
    text: str = Field(min_length=1, max_length=4000)
    product_id: str | None = None


class AskedRow(_Strict):
    """What a viewer writes; `t` in seconds of the stream, now if absent."""

    type: Literal["comment"] = "comment"
    t: _Seconds = None
    user: str | None = Field(default=None, max_length=200)
    text: str = Field(min_length=1, max_length=4000)


class Announced(_Strict):
    """What the next binary message is; `at_ms` on the sender's own clock."""

    type: Literal["image", "audio"]
    at_ms: int | None = None
    rate: int = SOUND_RATE
    channels: int = 1


class Ended(_Strict):
    """Nothing more comes."""

    type: Literal["end"]


PushedText = Annotated[SaidRow | AskedRow, Field(discriminator="type")]
PushMessage = Annotated[SaidRow | AskedRow | Announced | Ended, Field(discriminator="type")]
_MESSAGE: TypeAdapter[PushMessage] = TypeAdapter(PushMessage)


class PushedTexts(_Strict):
    """Rows of speech and comments, in order."""

    rows: list[PushedText] = Field(min_length=1, max_length=1000)


class Taken(BaseModel):
    """Whether what was pushed counts; a picture that came too soon after another does not."""

    taken: bool


@router.post("/{stream_id}/rows", status_code=202)
async def push_rows(stream_id: str, pushed: PushedTexts, home: Home, caller: Caller) -> Taken:
    """Send speech and comments of a stream that is being watched."""
    session = home.desk.session(caller, stream_id)
    await in_pool(_push_rows, session, [_row(row) for row in pushed.rows])
    return Taken(taken=True)


@router.post("/{stream_id}/picture", status_code=202)
async def push_picture(
    stream_id: str,
    request: Request,
    home: Home,
    caller: Caller,
    at_ms: Annotated[int | None, Query(description="on the sender's own clock")] = None,
) -> Taken:
    """Send a picture (JPEG, PNG, WebP) as the body, to a stream with the source `push`."""
    source = home.desk.pusher(caller, stream_id)
    data = await consume_in_pool(request.stream(), b"".join)
    return Taken(taken=await in_pool(source.push_image, data, at_ms))


@router.post("/{stream_id}/end", status_code=202)
async def end_push(stream_id: str, home: Home, caller: Caller) -> Taken:
    """Say that nothing more comes; what was pushed is still taken in."""
    await in_pool(home.desk.pusher(caller, stream_id).end)
    return Taken(taken=True)


@router.websocket("/{stream_id}/push")
async def push(socket: WebSocket, stream_id: str) -> None:
    """Pictures, sound, speech and comments, message by message, until `end` or the socket closes.

    A socket that closes does not end the stream: another may go on with it.
    """
    await socket.accept()
    try:
        runtime: Runtime = socket.app.state.runtime
        session = runtime.desk.session(caller_scope(), stream_id)
        source = runtime.desk.pusher(caller_scope(), stream_id)
        await _take_all(socket, session, source)
    except LivecueError as error:
        await socket.send_json({"error": error.as_dict()})
        await socket.close()
    except WebSocketDisconnect:
        return


async def _take_all(socket: WebSocket, session: Session, source: PushSource) -> None:
    announced: Announced | None = None
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        try:
            data = message.get("bytes")
            if data is not None:
                taken = await in_pool(_pusher(source, announced), data)
                announced = None
            else:
                wanted = _parse(message.get("text") or "")
                if isinstance(wanted, Announced):
                    announced = wanted
                    continue
                if isinstance(wanted, Ended):
                    await in_pool(source.end)
                    await socket.send_json({"taken": True})
                    await socket.close()
                    return
                await in_pool(_push_rows, session, [_row(wanted)])
                taken = True
        except StateConflict:
            raise
        except LivecueError as error:
            announced = None
            await socket.send_json({"error": error.as_dict()})
            continue
        await socket.send_json({"taken": taken is not False})


def _parse(text: str) -> SaidRow | AskedRow | Announced | Ended:
    try:
        return _MESSAGE.validate_json(text)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in wrong["loc"])
        raise InvalidInput(
            f"The message is not understood: {place} {wrong['msg'].lower()}.",
            hint="Send a transcript, comment, image, audio or end message; see /docs.",
        ) from error


def _pusher(source: PushSource, announced: Announced | None) -> Callable[[bytes], bool | None]:
    if announced is None:
        return source.push_media
    if announced.type == "image":
        return partial(source.push_image, at_ms=announced.at_ms)
    return partial(
        source.push_audio,
        at_ms=announced.at_ms,
        rate=announced.rate,
        channels=announced.channels,
    )


def _push_rows(session: Session, rows: list[PushedRow]) -> None:
    session.push(rows)
    if isinstance(session.source, PushSource):
        session.source.nudge()


def _row(given: SaidRow | AskedRow) -> PushedRow:
    at_ms = None if given.t is None else round(given.t * 1000)
    if isinstance(given, AskedRow):
        return PushedRow(Comment(start_ms=0, user=given.user, text=given.text), at_ms)
    if given.speaker == "screen":
        return PushedRow(ScreenLine(start_ms=0, text=given.text), at_ms)
    row = Utterance(
        start_ms=0,
        end_ms=0,
        text=given.text,
        speaker=given.speaker,
        product_id=given.product_id,
    )
    return PushedRow(row, at_ms)
