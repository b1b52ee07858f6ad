"""Who may talk to this server: the browser pages that it served itself, and local programs.

There are no accounts: whoever reaches the port is the operator. So a foreign page must not reach it
through the operator's browser, be it by a name that points here (the Host check), by a form or
script of another site (the Origin check) or in a frame.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import error_response
from domain.errors import LivecueError

PRIVATE_HOST = "livecue"
"""The Host of a command that serves itself on a private socket; over TCP it is a foreign name."""

_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_REFUSED = 1008  # RFC 6455: policy violation
_HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class ForbiddenHost(LivecueError):
    """A request under a name that this server does not serve."""

    code = "forbidden_host"
    status = 403


class ForbiddenOrigin(LivecueError):
    """A page of another site tries to change something here."""

    code = "forbidden_origin"
    status = 403


class Guard:
    """Refuses foreign hosts and origins, and marks every response as not for frames.

    `host` is the configured one; any port will do, as the server may be behind a forwarded one.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._hosts = _LOCAL_HOSTS | {f"[{host}]" if ":" in host else host.lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or refuse it."""
        if scope["type"] == "websocket":
            await self._guard_socket(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            self._check(scope["method"], scope)
        except LivecueError as error:
            refusal = error_response(error.status, error.as_dict())
            await refusal(scope, receive, marked)
            return
        await self._app(scope, receive, marked)

    async def _guard_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A socket may change things, so it is held to what a POST is held to."""
        try:
            self._check("POST", scope)
        except LivecueError as error:
            await send({"type": "websocket.close", "code": _REFUSED, "reason": error.code})
            return
        await self._app(scope, receive, send)

    def _check(self, method: str, scope: Scope) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        is_private = _is_private_socket(scope) and host == PRIVATE_HOST
        if not is_private and _without_port(host) not in self._hosts:
            raise ForbiddenHost(
                f"the host {host!r} is not served here",
                hint="use http://127.0.0.1, or set LIVECUE_HOST to the name or address meant",
            )
        if method in _SAFE_METHODS:
            return
        origin = headers.get("origin")
        foreign = origin is not None and origin.partition("://")[2].lower() != host
        if foreign or headers.get("sec-fetch-site") == "cross-site":
            raise ForbiddenOrigin(
                f"a page of {origin or 'another site'} may not change anything here",
                hint="use the console or a program on this machine",
            )


def _is_private_socket(scope: Scope) -> bool:
    """ASGI: the server of a Unix socket is its path, with no port."""
    server = scope.get("server")
    return server is not None and server[1] is None


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host
