"""The way from a command to a home: the live owner over HTTP, or this process on a private socket.

One process owns a home. A command that finds a live owner talks to it; otherwise it opens the home
itself, serves the very same application to itself, and closes it when it is done.
"""

import json
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from domain.errors import HomeBusy, LivecueError
from domain.settings import Settings
from stores.home import HomeLock, Owner, acquire_home, read_owner

_TIMEOUT = httpx.Timeout(None, connect=10)
_PROBE_SECONDS = 10
_LOOK_AGAIN_SECONDS = 1.0
_READY_SECONDS = 60
_STOP_SECONDS = 10


class RemoteError(LivecueError):
    """An error that the owner of the home answered with."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        super().__init__(
            str(error.get("message", f"HTTP {status}")),
            hint=str(error.get("hint", "see the server's log")),
            details=error.get("details"),
        )
        self.remote_code = str(error.get("code", "http_error"))

    def as_dict(self) -> dict[str, Any]:
        """The inner object of the wire shape, with the owner's own code."""
        return super().as_dict() | {"code": self.remote_code}


class Client:
    """REST calls to the home's owner; an error answer is raised as RemoteError."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def request(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,  # noqa: ANN401 - any JSON
        params: dict[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - any JSON
        """One call; its JSON, or None for an empty answer."""
        given = {key: value for key, value in (params or {}).items() if value is not None}
        response = self._http.request(method, path, json=body, params=given)
        _raise_for(response)
        return response.json() if response.content else None

    def text(self, path: str, *, params: dict[str, Any] | None = None) -> str:
        """What a GET answers that is no JSON."""
        response = self._http.get(path, params=params)
        _raise_for(response)
        return response.text

    def data(self, path: str, *, params: dict[str, Any] | None = None) -> bytes:
        """The bytes that a GET answers."""
        response = self._http.get(path, params=params)
        _raise_for(response)
        return response.content

    def upload(self, path: Path, name: str) -> dict[str, Any]:
        """Stream a file to the owner, under `name`."""
        with path.open("rb") as stream:
            response = self._http.post(
                "/api/v1/uploads",
                params={"file": name},
                content=stream,
                headers={"content-type": "application/octet-stream"},
            )
        _raise_for(response)
        return response.json()

    def send_file(self, path: Path, to: str, media_type: str) -> Any:  # noqa: ANN401 - any JSON
        """Stream a file's bytes to the route `to`; its JSON."""
        with path.open("rb") as stream:
            response = self._http.post(to, content=stream, headers={"content-type": media_type})
        _raise_for(response)
        return response.json()

    def events(self, method: str, path: str, body: Any = None) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
        """The server-sent events of a call as (event, JSON data)."""
        with self._http.stream(method, path, json=body) as response:
            if response.is_error:
                response.read()
            _raise_for(response)
            event = "message"
            for line in _lines(response):
                if line.startswith("event:"):
                    event = line.removeprefix("event:").strip()
                elif line.startswith("data:"):
                    data = line.removeprefix("data:").strip()
                    if data != "[DONE]":
                        yield event, json.loads(data)
                elif not line:
                    event = "message"


def _lines(response: httpx.Response) -> Iterator[str]:
    """The lines of a stream: a line feed ends one, and U+2028 and its like do not."""
    rest = ""
    for text in response.iter_text():
        *lines, rest = (rest + text).split("\n")
        yield from lines
    if rest:
        yield rest


def _raise_for(response: httpx.Response) -> None:
    if not response.is_error:
        return
    try:
        error = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        error = {"message": f"HTTP {response.status_code} from {response.url}"}
    raise RemoteError(response.status_code, error)


@contextmanager
def connect(settings: Settings, command: str, announce: Callable[[str], None]) -> Generator[Client]:
    """A client of the home's owner, which may be this process.

    Raises:
        HomeBusy: another command owns the home and did not finish in time.
    """
    owner = _owner_or_lock(settings, command, announce)
    if isinstance(owner, str):
        with _client(owner) as http:
            yield Client(http)
    else:
        with owner, _private_server(settings, owner) as http:
            yield Client(http)


def _owner_or_lock(
    settings: Settings, command: str, announce: Callable[[str], None]
) -> str | HomeLock:
    """The address of a server that owns the home, or the home's lock: whatever comes first."""
    told = False

    def waiting(other: Owner | None) -> None:
        nonlocal told
        if told:
            return
        told = True
        doing = f"`{other.command}` (process {other.pid})" if other else "another command"
        announce(f"waiting for {doing} to finish with {settings.home_path}")

    deadline = time.monotonic() + settings.jobs.home_wait_seconds
    while True:
        owner = read_owner(settings.home_path)
        if owner is not None and owner.address is not None:
            error = _probe(owner.address)
            if error is None:
                return owner.address
            if read_owner(settings.home_path) == owner:
                raise HomeBusy(
                    f"The owner of {settings.home_path} (process {owner.pid}) does not answer at "
                    f"{owner.address}: {error}",
                    hint="wait for it, or stop that process",
                ) from error
            continue
        left = deadline - time.monotonic()
        try:
            return acquire_home(
                settings.home_path,
                command=command,
                wait_seconds=min(_LOOK_AGAIN_SECONDS, max(left, 0)),
                on_wait=waiting,
            )
        except HomeBusy:
            if left <= _LOOK_AGAIN_SECONDS:
                raise


def _probe(address: str) -> httpx.HTTPError | None:
    """Why the server at `address` does not answer; None when it does."""
    try:
        with _client(address) as http:
            http.get("/health", timeout=_PROBE_SECONDS).raise_for_status()
    except httpx.HTTPError as error:
        return error
    return None


def _client(address: str, transport: httpx.HTTPTransport | None = None) -> httpx.Client:
    """A client that no proxy of the environment comes between."""
    return httpx.Client(base_url=address, transport=transport, timeout=_TIMEOUT, trust_env=False)


@contextmanager
def _private_server(settings: Settings, lock: HomeLock) -> Generator[httpx.Client]:
    """Serve the application on a socket that only this user can reach, while the command runs."""
    import uvicorn

    from api.app import create_app, start_failure
    from api.guard import PRIVATE_HOST

    with tempfile.TemporaryDirectory(prefix="livecue-") as folder:
        path = str(Path(folder) / "owner.sock")
        failure: list[BaseException] = []
        app = create_app(settings, lock, serving=False)
        server = uvicorn.Server(
            uvicorn.Config(
                app, uds=path, log_config=None, log_level="critical", timeout_graceful_shutdown=5
            )
        )

        def run() -> None:
            try:
                server.run()
            except BaseException as error:  # noqa: BLE001 - handed to the command's own thread
                failure.append(error)

        thread = threading.Thread(target=run, name="livecue-owner", daemon=True)
        thread.start()
        try:
            deadline = time.monotonic() + _READY_SECONDS
            while not server.started and thread.is_alive() and time.monotonic() < deadline:
                thread.join(0.02)
            if not server.started:
                raise start_failure(app, failure[0] if failure else None)
            with _client(f"http://{PRIVATE_HOST}", httpx.HTTPTransport(uds=path)) as http:
                yield http
        finally:
            server.should_exit = True
            thread.join(None if server.started else _STOP_SECONDS)
