"""A click on a comment of the live frame, answered at once."""

from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.context import Caller, Home
from domain.answer import Answer, Ask
from domain.errors import LivecueError
from domain.pool import in_pool
from domain.scope import Scope
from live.clicking import LiveClick
from runtime import Runtime
from tools.comments.screens import ClickedComment

router = APIRouter(prefix="/api/v1/streams", tags=["streams"])

_Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
_Pixel = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class FrameClick(BaseModel):
    """A click on the frame at `frame_pts`, in ms of stream time, or on an uploaded picture of it.

    On the frame the place is given in shares of its width and height, on a picture in pixels; both
    from the top left corner.
    """

    model_config = ConfigDict(extra="forbid")

    frame_pts: int | None = Field(default=None, ge=0)
    x_norm: _Share | None = None
    y_norm: _Share | None = None
    upload_id: str | None = None
    x: _Pixel | None = None
    y: _Pixel | None = None
    product_id: str | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "FrameClick":
        on_frame = (self.frame_pts, self.x_norm, self.y_norm)
        on_picture = (self.upload_id, self.x, self.y)
        given = [all(v is not None for v in place) for place in (on_frame, on_picture)]
        if sum(given) != 1:
            raise ValueError("give frame_pts, x_norm and y_norm, or upload_id, x and y")
        return self


class ClickAnswer(BaseModel):
    """The comment under the click, and the answer; none where no comment is there."""

    comment: ClickedComment
    comment_seq: int | None = None
    answer: Answer | None = None


@router.post("/{stream_id}/click")
async def click(stream_id: str, wanted: FrameClick, home: Home, caller: Caller) -> ClickAnswer:
    """Which comment was clicked, and its whole answer."""
    clicked = await _find(stream_id, wanted, home, caller)
    answer: Answer | None = None
    async for part in _answer(stream_id, wanted, clicked, home, caller):
        if isinstance(part, Answer):
            answer = part
    return ClickAnswer(comment=clicked.comment, comment_seq=clicked.seq, answer=answer)


@router.post("/{stream_id}/click/stream", response_class=EventSourceResponse)
async def click_stream(
    stream_id: str, wanted: FrameClick, home: Home, caller: Caller
) -> AsyncGenerator[ServerSentEvent]:
    """`comment` at once, `sentence` as each is verified, then one `answer` or `error`."""
    try:
        found = await _find(stream_id, wanted, home, caller)
        yield ServerSentEvent(event="comment", data=found.comment)
        async for part in _answer(stream_id, wanted, found, home, caller):
            if isinstance(part, Answer):
                yield ServerSentEvent(event="answer", data=part)
            else:
                yield ServerSentEvent(event="sentence", data={"text": part})
    except LivecueError as error:
        yield ServerSentEvent(event="error", data={"error": error.as_dict()})


async def _find(stream_id: str, wanted: FrameClick, home: Runtime, caller: Scope) -> LiveClick:
    if wanted.frame_pts is not None and wanted.x_norm is not None and wanted.y_norm is not None:
        return await in_pool(
            home.clicks.on_frame, caller, stream_id, wanted.frame_pts, wanted.x_norm, wanted.y_norm
        )
    assert wanted.upload_id is not None and wanted.x is not None and wanted.y is not None  # noqa: S101, PT018 - the model checks it
    deps = home.deps_for(caller)
    upload = await in_pool(deps.uploads.get, caller, wanted.upload_id)
    data = await in_pool(deps.blobs.read_bytes, caller, upload.blob)
    comment = await in_pool(home.screens.click, data, wanted.x, wanted.y, name=upload.file)
    stream = await in_pool(home.desk.look, caller, stream_id)
    return await in_pool(home.clicks.locate, caller, stream_id, comment, stream.position_ms)


async def _answer(
    stream_id: str, wanted: FrameClick, clicked: LiveClick, home: Runtime, caller: Scope
) -> AsyncGenerator[str | Answer]:
    """Sentences and the answer to a clicked comment; nothing where no comment was clicked.

    What was said while the host moved to the comment counts too: it is answered as of now.
    """
    if clicked.comment.text is None:
        return
    ask = Ask(
        question=clicked.comment.text,
        product_id=wanted.product_id,
        stream_id=stream_id,
        previous=clicked.previous,
        comment_seq=clicked.seq,
    )
    async for part in home.turns.ask(caller, ask):
        yield part
