"""A model hub on loopback: files over HTTP with `Range`, and its bad days."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class FileHub:
    """What is served (`files` by name) and how.

    `cut_after`: each answer ends after so many bytes, while positive. `pause`: seconds between
    blocks of 64 KiB. `ranges`: whether `Range` is obeyed. `sent` counts the bytes of all bodies,
    `asked` keeps each request's `Range` header.
    """

    files: dict[str, bytes]
    cut_after: int = 0
    pause: float = 0
    ranges: bool = True
    sent: int = 0
    asked: list[str | None] = field(default_factory=list[str | None])
    address: str = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Serve one GET."""
        wanted = request.headers.get("Range")
        self.asked.append(wanted)
        content = self.files.get(request.path.rpartition("/")[2])
        if content is None:
            request.send_error(404)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.ranges else 0
        body = content[start:]
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(body)))
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        request.end_headers()
        if self.cut_after:
            body = body[: self.cut_after]
        for at in range(0, len(body), 65536):
            request.wfile.write(body[at : at + 65536])
            self.sent += len(body[at : at + 65536])
            time.sleep(self.pause)


@contextmanager
def serving(hub: FileHub) -> Generator[FileHub]:
    """Run `hub` and set its `address`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                hub.answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    hub.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
