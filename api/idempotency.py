"""The `Idempotency-Key` header: a POST that is sent twice does its work once.

A router takes part with `route_class=IdempotentRoute`. The same key and request get the first
answer again, marked `Idempotency-Replayed: true`; the same key with another request, or while the
first is at work, gets 409. A request that failed gives its key back. Streamed answers are not kept.

A declared body counts as a whole. A route that reads its own stream (an upload) is never buffered:
its query and Content-Length count at first, and on a repetition the bytes themselves, whose
SHA-256 has to be the `sha256` of the first answer.
"""

import hashlib
import json
from collections.abc import Callable, Coroutine
from typing import Any

import anyio
from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.sse import EventSourceResponse

from api.context import caller_scope, open_home
from domain.errors import InvalidInput, StateConflict
from domain.pool import in_pool
from stores.idempotency import IdempotencyStore, StoredResponse

_MAX_KEY_CHARS = 255
_HEADER: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent twice with the same key, the request does its work once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": _MAX_KEY_CHARS},
}

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class IdempotentRoute(APIRoute):
    """A route whose POSTs heed the header."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - APIRoute's own
        self._heeds = kwargs.get("response_class") is not EventSourceResponse and (
            kwargs.get("methods") == ["POST"]
        )
        if self._heeds:
            kwargs["openapi_extra"] = {"parameters": [_HEADER]}
        super().__init__(*args, **kwargs)

    def get_route_handler(self) -> Handler:
        """The route's handler, run once for a key."""
        handle = super().get_route_handler()
        if not self._heeds:
            return handle
        streams = self.body_field is None

        async def once(request: Request) -> Response:
            key = request.headers.get("idempotency-key")
            if key is None:
                return await handle(request)
            _check_key(key)
            store = IdempotencyStore(open_home(request).database)
            place = (caller_scope(), f"POST {request.url.path}", key)
            wanted = await _request_hash(request, streams=streams)
            stored = await in_pool(store.begin, *place, wanted)
            if stored is not None:
                if streams:
                    await _check_bytes(request, stored, key)
                return JSONResponse(
                    stored.body, stored.status, headers={"Idempotency-Replayed": "true"}
                )
            try:
                response = await handle(request)
                answer = StoredResponse(response.status_code, json.loads(bytes(response.body)))
                await in_pool(store.complete, *place, answer)
            except BaseException:
                with anyio.CancelScope(shield=True):
                    await in_pool(store.abandon, *place)
                raise
            return response

        return once


def _check_key(key: str) -> None:
    if not 0 < len(key) <= _MAX_KEY_CHARS:
        raise InvalidInput(
            f"the Idempotency-Key has {len(key)} characters",
            hint=f"send 1 to {_MAX_KEY_CHARS}, a UUID for instance",
        )


async def _request_hash(request: Request, *, streams: bool) -> str:
    """SHA-256 (hex) of what makes two requests to a path the same request."""
    body = request.headers.get("content-length", "").encode() if streams else await request.body()
    parts = (request.url.query.encode(), body)
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


async def _check_bytes(request: Request, stored: StoredResponse, key: str) -> None:
    """Read a repeated upload to its end, and compare it with what the first one stored."""
    digest = hashlib.sha256()
    async for chunk in request.stream():
        digest.update(chunk)
    if digest.hexdigest() != stored.body.get("sha256"):
        raise StateConflict(
            f"The idempotency key {key} was used for other bytes.",
            hint="Send a fresh key with a changed file.",
        )
