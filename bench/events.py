"""A day of a stream in memory, and captions asked for together against one by one.

The captions come from a server in this process that answers each request after a fixed delay, a
little longer for each picture, as hosted vision models do; what is compared is the waiting.
"""

import asyncio
import json
import random
import tempfile
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.figure import Figure, median_seconds
from bench.memory import resident_bytes
from domain.scope import Scope
from domain.settings import Endpoint, Events, Settings
from domain.stream import Event, Keyframe, StreamSpec, Utterance
from evals.broadcasts import read_material
from models.prompts import PromptLibrary
from models.vision import open_vision_model
from stores.calls import CallStore
from stores.sql import open_database
from stores.streams import StreamStore
from tools.events.vision_captions import VisionCaptioner
from tools.memory import StreamMemory

UTTERANCES = 30_000
EACH_MS = 2880
BATCH = 500
QUERIES = 40
CAPTIONED = 24
DELAY_SECONDS = 0.4
PICTURE_SECONDS = 0.02
DIM = 384


def measure() -> list[Figure]:
    """Search in 24 hours against its first hour, memory held, and captions."""
    return [*_remember(), _caption()]


class _Fixed:
    """Vectors by the text's hash: an index is as fast with any vectors."""

    name = "fixed"
    dim = DIM

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.embed_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [
            np.random.default_rng(abs(hash(text))).standard_normal(DIM, dtype=np.float32)
            for text in texts
        ]
        return np.stack([row / np.float32(np.linalg.norm(row)) for row in rows])


def _remember() -> list[Figure]:
    dice = random.Random(7)  # noqa: S311 (not a secret)
    talks = [*read_material("dev", "en").talks, *read_material("dev", "zh").talks]
    lines = [line.text for talk in talks for line in talk.lines]
    questions = [line.question for talk in talks for line in talk.lines if line.question]
    scope, stream = Scope(), "day"
    with tempfile.TemporaryDirectory(prefix="livecue-bench-") as folder:
        database = open_database(Path(folder) / "livecue.db")
        store = StreamStore(database)
        memory = StreamMemory(store, Path(folder) / "memory", _Fixed())
        store.create(scope, stream, StreamSpec())
        hour = UTTERANCES // 24
        held: list[int] = []
        times: list[float] = []
        for start in range(0, UTTERANCES, BATCH):
            rows = [_utterance(n, dice.choice(lines)) for n in range(start, start + BATCH)]
            entries = store.append(scope, stream, [(str(n), row) for n, row in rows])
            memory.add(scope, stream, entries)
            if start + BATCH in (hour // BATCH * BATCH, UTTERANCES):
                times.append(_search_seconds(memory, scope, stream, questions, dice))
                held.append(resident_bytes())
        memory.close()
        database.close()
    return [
        Figure(f"memory: search {UTTERANCES:,} sentences", times[1], "in one hour's", times[0]),
        Figure("memory: process after 24 h of talk", held[1], "after 1 h", held[0], unit="B"),
    ]


def _utterance(number: int, text: str) -> tuple[int, Utterance]:
    start = number * EACH_MS
    said = f"{text} {number}"
    return number, Utterance(start_ms=start, end_ms=start + EACH_MS - 200, text=said)


def _search_seconds(
    memory: StreamMemory, scope: Scope, stream: str, questions: Sequence[str], dice: random.Random
) -> float:
    now = UTTERANCES * EACH_MS
    memory.search(scope, stream, questions[0], as_of_ms=now)
    return median_seconds(
        lambda: memory.search(scope, stream, dice.choice(questions), as_of_ms=now), QUERIES
    )


def _caption() -> Figure:
    batched = Events().caption_batch
    with _slow_server() as address:
        together = asyncio.run(_caption_all(address, Events(), parallel=4))
        alone = asyncio.run(_caption_all(address, Events(caption_batch=1), parallel=1))
    what = f"captions of {CAPTIONED} events, {batched} a request, 4 at once"
    return Figure(what, together, "one by one", alone)


async def _caption_all(address: str, settings: Events, *, parallel: int) -> float:
    endpoint = Endpoint(base_url=address, model="bench")
    prompts = PromptLibrary()
    captioned: list[Event] = []

    async def picture(_blob: str) -> bytes:
        return b"\xff\xd8\xff"

    async def save(event: Event) -> None:
        captioned.append(event)

    with tempfile.TemporaryDirectory(prefix="livecue-bench-") as folder:
        database = open_database(Path(folder) / "livecue.db")
        calls = CallStore(database)
        model = open_vision_model(Settings(vision=endpoint), calls, prompts)
        if model is None:
            raise ValueError("the endpoint is configured above")
        captioner = VisionCaptioner(model, prompts, picture, settings, parallel=parallel)
        warm_up = VisionCaptioner(model, prompts, picture, settings)
        warm_up.offer(_event(CAPTIONED))
        warm_up.finish()
        await warm_up.run(lambda: 0, save)
        captioned.clear()
        began = time.perf_counter()
        for number in range(CAPTIONED):
            captioner.offer(_event(number))
        captioner.finish()
        await captioner.run(lambda: 0, save)
        took = time.perf_counter() - began
        await model.aclose()
        database.close()
    if len(captioned) != CAPTIONED:
        raise ValueError(f"{len(captioned)} of {CAPTIONED} events were captioned")
    return took


def _event(number: int) -> Event:
    start = number * 30_000
    frames = [Keyframe(at_ms=start + i, blob=f"{number}-{i}", width=4, height=4) for i in range(3)]
    return Event(
        event_id=f"e{number + 1}",
        start_ms=start,
        end_ms=start + 30_000,
        available_at_ms=start + 38_000,
        transcript=f"the host shows thing {number}",
        keyframes=tuple(frames),
        caption="composed",
    )


class _Slow(BaseHTTPRequestHandler):
    """Captions as many events as there are three pictures for."""

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        request: dict[str, Any] = json.loads(self.rfile.read(size))
        pictures = sum(part["type"] == "image_url" for part in request["messages"][-1]["content"])
        time.sleep(DELAY_SECONDS + PICTURE_SECONDS * pictures)
        text = json.dumps({"captions": ["The host shows it."] * (pictures // 3)})
        choice = {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": text},
        }
        body = json.dumps(
            {
                "id": "b",
                "object": "chat.completion",
                "created": 0,
                "model": "b",
                "choices": [choice],
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@contextmanager
def _slow_server() -> Generator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Slow)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
