"""The real application on a port of this machine, for the tests of its surfaces."""

import socket
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import uvicorn

from api.app import create_app
from domain.settings import Endpoint, Settings, Threads
from stores.home import acquire_home

JSON = dict[str, Any]
T = TypeVar("T")


def settings_for(home: Path, base_url: str | None, **given: Any) -> Settings:
    """Settings of a home with the chat endpoint at `base_url`, and no model files."""
    return Settings(
        home=home,
        models=home.parent / "no-models",
        chat=Endpoint(base_url=base_url, model="fake" if base_url else None, max_retries=0),
        threads=Threads(embedding=1),
        **given,
    )


@dataclass(frozen=True)
class Served:
    """A served home: REST calls that fail the test on an error, and the bare client in `http`."""

    address: str
    settings: Settings
    http: httpx.Client

    def get(self, path: str, **params: Any) -> Any:
        return _read(self.http.get(path, params=params))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return _read(self.http.post(path, json=body, headers=headers))

    def upload(self, name: str, data: bytes, **headers: str) -> JSON:
        answer = self.http.post(
            "/api/v1/uploads", params={"file": name}, content=data, headers=headers
        )
        return _read(answer)

    def intake(self, files: Mapping[str, str | bytes], **options: Any) -> JSON:
        """The job of an intake of `files`, once it has ended or waits."""
        uploads = [
            self.upload(name, data.encode() if isinstance(data, str) else data)["upload_id"]
            for name, data in files.items()
        ]
        job = self.post("/api/v1/intakes", {"uploads": uploads, **options})
        return self.settled(job["job_id"])

    def settled(self, job_id: str) -> JSON:
        """The job, once it has ended or waits for a person."""
        return wait_until(
            lambda: self.get(f"/api/v1/jobs/{job_id}"),
            lambda job: job["status"] not in ("queued", "running"),
        )

    def events(self, job_id: str, after: int = 0) -> Sequence[tuple[int | None, str]]:
        """(id, event) of a job's whole progress stream."""
        found: list[tuple[int | None, str]] = []
        ident: int | None = None
        with self.http.stream(
            "GET", f"/api/v1/jobs/{job_id}/events", headers={"Last-Event-ID": str(after)}
        ) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            kind = ""
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "id":
                    ident = int(value)
                elif not line and kind:
                    found.append((ident, kind))
                    kind, ident = "", None
        return found


def wait_until(look: Callable[[], T], good: Callable[[T], bool], seconds: float = 60) -> T:
    """What `look` sees once it is `good`."""
    deadline = time.monotonic() + seconds
    while not good(seen := look()):
        assert time.monotonic() < deadline, f"still {seen}"
        time.sleep(0.05)
    return seen


def _read(answer: httpx.Response) -> Any:
    assert not answer.is_error, answer.text
    return answer.json() if answer.content else None


@contextmanager
def serve_home(settings: Settings) -> Generator[Served]:
    """Own the home and serve it on a free port until the block ends."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with acquire_home(settings.home_path, address=address, command="livecue serve") as lock:
            config = uvicorn.Config(
                create_app(settings, lock), log_config=None, timeout_graceful_shutdown=2
            )
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
            thread.start()
            deadline = time.monotonic() + 60
            while not server.started and thread.is_alive() and time.monotonic() < deadline:
                time.sleep(0.01)
            assert server.started
            try:
                with httpx.Client(base_url=address, timeout=60) as http:
                    yield Served(address, settings, http)
            finally:
                server.should_exit = True
                thread.join()
