"""An OpenAI-compatible chat server on loopback that does what a test scripts.

Without a script it answers every call: with the text that `answer` computes from the request, by
default `ok`, or the smallest instance of the JSON Schema that the request asks for.
"""

import json
import select
import socket
import threading
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

Request = dict[str, Any]


def minimal(schema: dict[str, Any]) -> object:
    """The smallest instance of a JSON Schema as our models ask for."""
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return minimal(schema["anyOf"][-1])
    match schema.get("type"):
        case "object":
            parts = cast("dict[str, dict[str, Any]]", schema.get("properties", {}))
            return {name: minimal(part) for name, part in parts.items()}
        case "array":
            return [minimal(schema["items"])] * schema.get("minItems", 0)
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "boolean":
            return False
        case _:
            return "ok"


def answer_minimally(request: Request) -> str:
    """`ok`, or the smallest JSON that fits the request's schema."""
    wanted = request.get("response_format", {})
    if wanted.get("type") == "json_schema":
        return json.dumps(minimal(wanted["json_schema"]["schema"]), ensure_ascii=False)
    return "ok"


class Exchange:
    """One request being answered; the server's behaviours write to it."""

    def __init__(self, handler: BaseHTTPRequestHandler, request: Request, fake: "OpenAIServer"):
        self.request = request
        self.fake = fake
        self._handler = handler

    def send(
        self, body: str, *, status: int = 200, kind: str = "application/json", **headers: str
    ) -> None:
        content = body.encode()
        self._handler.send_response(status)
        self._handler.send_header("Content-Type", kind)
        self._handler.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()
        self._handler.wfile.write(content)

    def begin_stream(self) -> None:
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", "text/event-stream")
        self._handler.end_headers()

    def event(self, delta: dict[str, Any], finish: str | None = None) -> None:
        chunk = {
            "id": "c",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": self.request["model"],
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        }
        self.raw_event(json.dumps(chunk))

    def raw_event(self, data: str) -> None:
        self._handler.wfile.write(f"data: {data}\n\n".encode())
        self._handler.wfile.flush()

    def drop(self) -> None:
        """Ends the connection without another word."""
        with suppress(OSError):
            self._handler.connection.shutdown(socket.SHUT_RDWR)

    def hold(self) -> None:
        """Waits until the test lets go or the client leaves, which is counted."""
        while not self.fake.released.is_set():
            readable, _, _ = select.select([self._handler.connection], [], [], 0.02)
            if readable and not self._handler.connection.recv(1, socket.MSG_PEEK):
                self.fake.left.release()
                return


Behaviour = Callable[[Exchange], None]


def say(
    text: str, *, finish: str = "stop", tool_calls: list[dict[str, Any]] | None = None
) -> Behaviour:
    """A whole answer, streamed word by word where a stream is asked for."""

    def behave(exchange: Exchange) -> None:
        usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
        if exchange.request.get("stream"):
            exchange.begin_stream()
            for word in text.splitlines(keepends=True) if "\n" in text else _words(text):
                exchange.event({"role": "assistant", "content": word})
            exchange.event({}, finish)
            exchange.raw_event(
                json.dumps(
                    {
                        "id": "c",
                        "object": "chat.completion.chunk",
                        "created": 0,
                        "model": exchange.request["model"],
                        "choices": [],
                        "usage": usage,
                    }
                )
            )
            exchange.raw_event("[DONE]")
            return
        message = {"role": "assistant", "content": text, "tool_calls": tool_calls}
        exchange.send(
            json.dumps(
                {
                    "id": "c",
                    "object": "chat.completion",
                    "created": 0,
                    "model": exchange.request["model"],
                    "choices": [{"index": 0, "message": message, "finish_reason": finish}],
                    "usage": usage,
                }
            )
        )

    return behave


def _words(text: str) -> list[str]:
    return [word + " " for word in text.split(" ")[:-1]] + [text.split(" ")[-1]]


def call_tool(name: str, **arguments: object) -> Behaviour:
    """An answer that calls a tool natively."""
    function = {"name": name, "arguments": json.dumps(arguments)}
    return say(
        "",
        finish="tool_calls",
        tool_calls=[{"id": "call_1", "type": "function", "function": function}],
    )


def fail(status: int, message: str = "no", **headers: str) -> Behaviour:
    """An error in OpenAI's shape, with headers such as `retry_after="2"`."""
    body = json.dumps({"error": {"message": message, "type": "error", "code": None}})
    return lambda exchange: exchange.send(body, status=status, **headers)


def send_html(exchange: Exchange) -> None:
    """A web page with status 200, as a wrong address gives."""
    exchange.send("<html><body>Welcome</body></html>", kind="text/html")


def send_html_error(exchange: Exchange) -> None:
    """A proxy's error page."""
    exchange.send("<html><h1>502 Bad Gateway</h1></html>", status=502, kind="text/html")


def send_broken_json(exchange: Exchange) -> None:
    """A reply that ends in the middle of its JSON."""
    exchange.send('{"id": "c", "choices": [{"index": 0, "mess')


def send_no_choices(exchange: Exchange) -> None:
    """A reply without a choice."""
    exchange.send(json.dumps({"id": "c", "object": "chat.completion", "model": "m", "choices": []}))


def drop_connection(exchange: Exchange) -> None:
    """No reply: the connection ends."""
    exchange.drop()


def drop_after(text: str) -> Behaviour:
    """A stream that breaks off after `text`."""

    def behave(exchange: Exchange) -> None:
        exchange.begin_stream()
        exchange.event({"role": "assistant", "content": text})
        exchange.drop()

    return behave


def slow(seconds: float) -> Behaviour:
    """The server's own answer, begun so late."""

    def behave(exchange: Exchange) -> None:
        exchange.fake.released.wait(seconds)
        say(exchange.fake.answer(exchange.request))(exchange)

    return behave


def hang(exchange: Exchange) -> None:
    """No reply until the test lets go or the client leaves."""
    exchange.hold()
    if exchange.fake.released.is_set():
        say(exchange.fake.answer(exchange.request))(exchange)


def hang_after(text: str) -> Behaviour:
    """A stream that stops moving after `text`, until the client leaves."""

    def behave(exchange: Exchange) -> None:
        exchange.begin_stream()
        exchange.event({"role": "assistant", "content": text})
        exchange.hold()

    return behave


def drip(exchange: Exchange) -> None:
    """A body that never ends: one blank at a time, so that no read times out."""
    exchange.begin_stream()
    with suppress(OSError):
        while not exchange.fake.released.wait(0.02):
            exchange.event({"content": " "})


@dataclass
class OpenAIServer:
    """The running fake: `requests` and `keys` record what came, `script` says what is next.

    `always` is what a request meets that no script is left for, in place of an answer.
    `came` is released once for each request that arrives, `left` for each client that hangs up on
    a held one.
    """

    base_url: str = ""
    answer: Callable[[Request], str] = answer_minimally
    always: Behaviour | None = None
    requests: list[Request] = field(default_factory=list[Request])
    keys: list[str] = field(default_factory=list[str])
    came: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    left: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    released: threading.Event = field(default_factory=threading.Event)
    _script: deque[Behaviour] = field(default_factory=deque[Behaviour])

    def script(self, *behaviours: Behaviour) -> None:
        """What the next requests meet, one each, in order of arrival."""
        self._script.extend(behaviours)

    def recover(self) -> None:
        """Forgets what is left of the script."""
        self._script.clear()

    def next_behaviour(self) -> Behaviour:
        """What the current request meets."""
        with suppress(IndexError):
            return self._script.popleft()
        if self.always is not None:
            return self.always
        return lambda exchange: say(self.answer(exchange.request))(exchange)


@contextmanager
def serve_openai() -> Generator[OpenAIServer]:
    """Runs a fake on a free port until the block ends."""
    fake = OpenAIServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.requests.append(request)
            fake.keys.append(self.headers.get("Authorization", "").removeprefix("Bearer "))
            fake.came.release()
            with suppress(OSError):
                fake.next_behaviour()(Exchange(self, request, fake))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    fake.base_url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield fake
    finally:
        fake.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
