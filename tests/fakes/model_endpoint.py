"""An OpenAI-compatible endpoint on loopback for embeddings and transcriptions."""

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, Any]]


@dataclass
class ModelEndpoint:
    """`answer` turns a path and a body into a status and a JSON object; `asked` keeps both."""

    answer: Callable[[str, bytes], Reply]
    asked: list[tuple[str, bytes]] = field(default_factory=list[tuple[str, bytes]])
    address: str = ""


@contextmanager
def listening(endpoint: ModelEndpoint) -> Generator[ModelEndpoint]:
    """Run `endpoint` and set its `address`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            endpoint.asked.append((self.path, body))
            status, reply = endpoint.answer(self.path, body)
            content = json.dumps(reply).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    endpoint.address = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
