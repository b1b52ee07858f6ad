"""A Qdrant server that refuses everyone, as a real one does on a wrong API key."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def refusing_qdrant(keys_seen: list[str | None]) -> Generator[str]:
    """Serve until the block ends; gives the URL, and notes the API key of each request."""

    class Refusal(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            keys_seen.append(self.headers["api-key"])
            self.send_response(401)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusal)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
