"""The way from a command to a home: the live owner over HTTP, or this process on a private socket.

One process owns a home. A command that finds a live owner talks to it; otherwise it opens the home
itself, serves the very same application to itself, and closes it when it is done.
"""

import json
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from domain.errors import HomeBusy, LivecueError
from domain.settings import Settings
from stores.home import HomeLock, Owner, acquire_home, read_owner

_TIMEOUT = httpx.Timeout(None, connect=10)
_READY_SECONDS = 60


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

    def events(self, method: str, path: str, body: Any = None) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
        """The server-sent events of a call as (event, JSON data)."""
        with self._http.stream(method, path, json=body) as response:
            if response.is_error:
                response.read()
            _raise_for(response)
            event = "message"
            for line in response.iter_lines():
                if line.startswith("event:"):
                    event = line.removeprefix("event:").strip()
                elif line.startswith("data:"):
                    data = line.removeprefix("data:").strip()
                    if data != "[DONE]":
                        yield event, json.loads(data)
                elif not line:
                    event = "message"


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
    owner = read_owner(settings.home_path)
    if owner is not None and owner.address is not None:
        with httpx.Client(base_url=owner.address, timeout=_TIMEOUT) as http:
            try:
                http.get("/health").raise_for_status()
            except httpx.HTTPError as error:
                raise HomeBusy(
                    f"The owner of {settings.home_path} (process {owner.pid}) does not answer at "
                    f"{owner.address}: {error}",
                    hint="wait for it, or stop that process",
                ) from error
            yield Client(http)
        return

    def waiting(other: Owner | None) -> None:
        doing = f"`{other.command}` (process {other.pid})" if other else "another command"
        announce(f"waiting for {doing} to finish with {settings.home_path}")

    with (
        acquire_home(
            settings.home_path,
            command=command,
            wait_seconds=settings.jobs.home_wait_seconds,
            on_wait=waiting,
        ) as lock,
        _private_server(settings, lock) as http,
    ):
        yield Client(http)


@contextmanager
def _private_server(settings: Settings, lock: HomeLock) -> Generator[httpx.Client]:
    """Serve the application on a socket that only this user can reach, while the command runs."""
    import uvicorn

    from api.app import create_app, start_failure

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
        deadline = threading.Event()
        for _ in range(_READY_SECONDS * 50):
            if server.started or not thread.is_alive():
                break
            deadline.wait(0.02)
        if not server.started:
            raise start_failure(app, failure[0] if failure else None)
        try:
            transport = httpx.HTTPTransport(uds=path)
            with httpx.Client(
                transport=transport, base_url="http://livecue", timeout=_TIMEOUT
            ) as http:
                yield http
        finally:
            server.should_exit = True
            thread.join()
