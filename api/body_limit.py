"""The most bytes that the body of one request may have."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import error_response
from domain.errors import LimitExceeded

UPLOADS = "/api/v1/uploads"
"""Streamed to disk under a limit of their own."""


class BodyLimit:
    """Answers 413 in the one error shape to a body of more than `limit` bytes.

    FastAPI's `max_body_size` answers in plain text where a route does not read its body.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request whose body is small enough; a body of unknown length is counted."""
        if scope["type"] != "http" or scope["path"] == UPLOADS:
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > self._limit:
            await self._refuse(scope, receive, send)
            return
        seen = 0
        answering = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            # To the application it is as if the client had left: it reads no further.
            return message if seen <= self._limit else {"type": "http.disconnect"}

        async def answered(message: Message) -> None:
            nonlocal answering
            if answering or seen <= self._limit:
                answering = True
                await send(message)

        await self._app(scope, counted, answered)
        if not answering:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = LimitExceeded(
            f"the request's body has more than {self._limit} bytes, the limit",
            hint=f"send files to {UPLOADS}, or raise LIVECUE_LIMITS__REQUEST_BYTES",
        )
        await error_response(error.status, error.as_dict())(scope, receive, send)
