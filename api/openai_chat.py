"""`/v1/chat/completions` and `/v1/models`, as the `openai` package speaks them.

A request is one turn of the assistant graph. Files come as content parts (`file` with
`file_data`, `image_url` with a data URL); addresses are never fetched. Stream chunks carry an
extra `livecue` object: progress while work goes on, and specialist and details at the end.

There is no `usage`, and no usage chunk where `stream_options.include_usage` asks for one: a turn
may call several models, or none, and no count of tokens would be true of it.
"""

import base64
import binascii
import json
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from api.context import Caller, Home
from domain.errors import InvalidInput, LimitExceeded, LivecueError, NotFound
from domain.language import join_sentence
from domain.pool import in_pool
from domain.progress import Progress
from domain.scope import Scope
from graphs.state import Turn
from graphs.turns import Reply
from runtime import Runtime

router = APIRouter(prefix="/v1", tags=["openai"])

MODEL = "livecue"
_EXTENSIONS = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")


class TextPart(_Part):
    """`{"type": "text"}`."""

    type: Literal["text"]
    text: str


class FileData(_Part):
    """A file sent inline: `file_data` is a data URL or plain base64."""

    file_data: str
    filename: str = Field(min_length=1, max_length=400)


class FilePart(_Part):
    """`{"type": "file"}`."""

    type: Literal["file"]
    file: FileData


class ImageData(_Part):
    """A picture as a data URL."""

    url: str


class ImagePart(_Part):
    """`{"type": "image_url"}`."""

    type: Literal["image_url"]
    image_url: ImageData


Content = Annotated[TextPart | FilePart | ImagePart, Field(discriminator="type")]


class Message(BaseModel):
    """A message of the conversation."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[Content]

    def text(self) -> str:
        """Its text parts."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content if isinstance(part, TextPart))


class ChatRequest(BaseModel):
    """The parts of an OpenAI chat request that the assistant heeds; the rest is ignored.

    `metadata.product_id` names the product that is talked about.
    """

    model_config = ConfigDict(extra="ignore")

    model: str = MODEL
    messages: list[Message] = Field(min_length=1)
    stream: bool = False
    metadata: dict[str, str] = {}


@router.get("/models")
def list_models() -> dict[str, Any]:
    """The assistant as the one model."""
    return {
        "object": "list",
        "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "livecue"}],
    }


@router.post("/chat/completions", response_model=None)
async def chat_completions(
    wanted: ChatRequest, home: Home, caller: Caller
) -> JSONResponse | StreamingResponse:
    """One turn of the assistant."""
    if wanted.model != MODEL:
        raise NotFound(f"no model {wanted.model!r}", hint=f"use model {MODEL!r}")
    turns, uploads = await _read_messages(wanted, home, caller)
    parts = home.turns.chat(caller, turns, uploads, product_id=wanted.metadata.get("product_id"))
    ident = f"chatcmpl-{uuid.uuid4().hex}"
    if wanted.stream:
        return StreamingResponse(_stream(ident, parts), media_type="text/event-stream")
    reply: Reply | None = None
    async for part in parts:
        if isinstance(part, Reply):
            reply = part
    assert reply is not None  # noqa: S101 - the graph ends with a reply or raises
    return JSONResponse(_completion(ident, reply))


async def _read_messages(
    wanted: ChatRequest, home: Runtime, caller: Scope
) -> tuple[list[Turn], list[str]]:
    limits = home.settings.limits
    turns = [
        Turn(role="system" if m.role == "developer" else m.role, content=m.text())
        for m in wanted.messages
    ]
    size = sum(len(turn["content"]) for turn in turns)
    if size > limits.chat_chars:
        raise LimitExceeded(
            f"the conversation has {size} characters; the limit is {limits.chat_chars}",
            hint="start a new conversation, or raise LIVECUE_LIMITS__CHAT_CHARS",
        )
    last = wanted.messages[-1]
    if last.role != "user":
        raise InvalidInput("the last message is not the user's", hint="end with a user message")
    attached = _attachments(last)
    if len(attached) > limits.chat_files:
        raise LimitExceeded(
            f"{len(attached)} files in one message; the limit is {limits.chat_files}",
            hint="send fewer at a time, or raise LIVECUE_LIMITS__CHAT_FILES",
        )
    files = [
        await in_pool(_read_file, part, index, limits.upload_bytes)
        for index, part in enumerate(attached)
    ]
    if not files and not turns[-1]["content"].strip():
        raise InvalidInput("the message is empty", hint="say what you want")
    deps = home.deps_for(caller)
    uploads: list[str] = []
    for name, media_type, data in files:
        blob = await in_pool(deps.blobs.put_bytes, caller, data, name=name)
        stored = await in_pool(deps.uploads.add, caller, name, media_type, blob)
        uploads.append(stored.upload_id)
    return turns, uploads


def _attachments(message: Message) -> list[FilePart | ImagePart]:
    if isinstance(message.content, str):
        return []
    return [part for part in message.content if not isinstance(part, TextPart)]


def _read_file(part: FilePart | ImagePart, index: int, limit: int) -> tuple[str, str, bytes]:
    if isinstance(part, FilePart):
        name, data = part.file.filename, part.file.file_data
    else:
        name, data = "", part.image_url.url
        if not data.startswith("data:"):
            raise InvalidInput(
                "a picture was given as an address; addresses are not fetched",
                hint="send the picture itself as a data URL",
            )
    media_type = "application/octet-stream"
    if data.startswith("data:"):
        head, _, data = data.partition(",")
        media_type = head.removeprefix("data:").split(";", 1)[0] or media_type
    name = name or f"picture-{index + 1}{_EXTENSIONS.get(media_type, '')}"
    size = len(data) * 3 // 4 - data[-2:].count("=")
    if size > limit:
        raise LimitExceeded(
            f"{name} is {size} bytes, more than the limit of {limit}",
            hint="send a smaller file, or raise LIVECUE_LIMITS__UPLOAD_BYTES",
        )
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput(
            f"{name} is not valid base64", hint="encode the file's bytes as base64"
        ) from error
    if not content:
        raise InvalidInput(f"{name} is empty", hint="check the file and send it again")
    return name, media_type, content


def _completion(ident: str, reply: Reply) -> dict[str, Any]:
    from openai.types.chat import ChatCompletion

    return ChatCompletion.model_validate(
        {
            "id": ident,
            "object": "chat.completion",
            "created": int(time.time()),
            "model": MODEL,
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {"role": "assistant", "content": reply.text},
                }
            ],
            "livecue": _extension(reply),
        }
    ).model_dump(mode="json", exclude_none=True)


def _extension(reply: Reply) -> dict[str, Any]:
    return {"specialist": reply.specialist, **reply.details}


async def _stream(ident: str, parts: AsyncIterator[Progress | str | Reply]) -> AsyncGenerator[str]:
    from openai.types.chat import ChatCompletionChunk

    created = int(time.time())

    def chunk(
        delta: dict[str, Any], finish: str | None = None, livecue: dict[str, Any] | None = None
    ) -> str:
        body: dict[str, Any] = {
            "id": ident,
            "object": "chat.completion.chunk",
            "created": created,
            "model": MODEL,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        }
        if livecue is not None:
            body["livecue"] = livecue
        parsed = ChatCompletionChunk.model_validate(body)
        return f"data: {parsed.model_dump_json(exclude_none=True)}\n\n"

    yield chunk({"role": "assistant", "content": ""})
    sent = ""
    try:
        async for part in parts:
            match part:
                case Progress():
                    yield chunk({}, livecue={"progress": part.model_dump(mode="json")})
                case str():
                    delta = join_sentence(sent, part)
                    sent += delta
                    yield chunk({"content": delta})
                case Reply():
                    if part.text.startswith(sent):
                        rest = part.text.removeprefix(sent)
                    else:
                        rest = f"\n\n{part.text}"
                    if rest:
                        yield chunk({"content": rest})
                    yield chunk({}, "stop", _extension(part))
    except LivecueError as error:
        yield f"data: {json.dumps({'error': error.as_dict()}, ensure_ascii=False)}\n\n"
    yield "data: [DONE]\n\n"
