"""A web server on a port of this machine, for the tests of the fetcher."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serve_web(pages: dict[str, Answer], seen: list[dict[str, str]]) -> Generator[int]:
    """Serve `pages` by their path until the block ends; gives the port.

    `seen` gets the headers of each request.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self) -> None:
            seen.append({name.lower(): value for name, value in self.headers.items()})
            pages[self.path.partition("?")[0]](self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer(body: bytes, status: int = 200, **headers: str) -> Answer:
    """An answer with `body`; `content_type="text/html"` names a header."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        try:
            handler.wfile.write(body)
        except ConnectionError:
            return

    return send
