"""Watching a stream: seconds of work for a stretch of the demo broadcast, and memory over hours."""

import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from bench.figure import Figure
from domain.progress import discard, never
from domain.scope import Scope
from domain.settings import Events, Settings
from domain.stream import Comment, Stream, StreamSpec, Utterance
from evals.broadcasts import read_material
from live.demo import compose_demo
from live.demo.composing import EXAMPLE
from live.demo.filming import run_ffmpeg
from live.following import EventFollower
from live.listening import Listener
from live.looking import Looker
from live.marking import QuestionMarker
from live.merging import KeyedRow, Merger
from live.perception import Senses
from live.session import Session
from live.sources import AudioChunk, SourceNotice, VideoFrame, open_source
from models.asr import load_transcriber
from models.embeddings import Embedder, load_embedder
from models.ocr import load_ocr
from models.store import ModelStore
from models.text_classifier import load_classifier
from stores.sql import open_database
from stores.streams import StreamStore
from tools.events.keyframes import KeyframeChooser
from tools.memory import StreamMemory
from tools.on_air import OnAir
from tools.questions.detection import QuestionDetector

STRETCH_MS = (60_000, 150_000)
HOURS = 8
DECODED_MS = 20 * 60_000
FIRST_MS = 2 * 60_000
UTTERANCE_MS = 3_000
COMMENTS_EACH = 3
SCOPE = Scope()


def measure() -> list[Figure]:
    """Seconds by stage against the stretch's own length, and how memory grows.

    Memory comes first, while no model of the other stages is loaded yet.
    """
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        film = folder / "stretch.mp4"
        compose_demo(EXAMPLE, film, discard, never, only_ms=STRETCH_MS)
        return [*_decoding_memory(folder, film), *_memory(folder), *_stages(folder, film)]


def _decoding_memory(folder: Path, film: Path) -> Iterator[Figure]:
    """The stretch over and over as one long film, each picture decoded and let go."""
    settings = Settings()
    long = folder / "long.mp4"
    seconds = str(DECODED_MS // 1000)
    run_ffmpeg(
        ["-stream_loop", "-1", "-i", str(film), "-t", seconds, "-c", "copy", str(long)], never
    )
    first, seen_ms = 0.0, 0

    def decode() -> None:
        nonlocal first, seen_ms
        for event in open_source(str(long), settings.streaming):
            if isinstance(event, VideoFrame):
                _ = event.image
                seen_ms = event.at_ms
                if not first and seen_ms >= FIRST_MS:
                    first = _resident()

    took = _timed(decode)
    against = f"{seen_ms / 60_000:.0f} min of film"
    yield Figure(f"memory after decoding {against}", _resident(), "after 2 min", first, "B")
    yield Figure("decoding a long film", took, against, seen_ms / 1000)


def _stages(folder: Path, film: Path) -> Iterator[Figure]:
    settings = Settings()
    seconds, frames, sound = _decode(film, settings)
    length = sound[-1].end_ms / 1000
    against = f"{length:.0f} s of the demo"
    yield Figure("decoding", seconds, against, length)

    merger = Merger(["bench"])
    looker = Looker(
        load_ocr(settings),
        merger,
        KeyframeChooser(lambda _: "", most=settings.events.keyframes),
        interval_ms=settings.streaming.read_interval_ms,
        waits=True,
    )

    def look() -> None:
        for frame in frames:
            looker.see(frame)
        looker.finish()

    looked = _timed(look)
    yield Figure("reading the screen", looked, against, length)

    transcriber = load_transcriber(
        settings, ModelStore(settings.models_path, settings.model_sources)
    )

    def listen() -> None:
        listener = Listener(transcriber, merger, longest_ms=settings.streaming.speech_ms)
        for chunk in sound:
            listener.hear(chunk)
        listener.finish()

    heard = _timed(listen)
    yield Figure("hearing speech", heard, against, length)

    merger.leave("bench")
    rows = merger.take()
    embedder = load_embedder(settings)
    followed = _timed(lambda: _follow(folder / "stretch", rows, embedder, paced=True))
    yield Figure("events, questions, memory", followed, against, length)
    yield Figure("all stages", seconds + looked + heard + followed, against, length)


def _decode(film: Path, settings: Settings) -> tuple[float, list[VideoFrame], list[AudioChunk]]:
    frames: list[VideoFrame] = []
    sound: list[AudioChunk] = []
    began = time.perf_counter()
    for event in open_source(str(film), settings.streaming):
        if isinstance(event, AudioChunk):
            sound.append(event)
        elif not isinstance(event, SourceNotice):
            _ = event.image
            frames.append(event)
    return time.perf_counter() - began, frames, sound


def _memory(folder: Path) -> Iterator[Figure]:
    sizes: list[float] = []

    def rows() -> Iterator[KeyedRow]:
        for hour in range(HOURS):
            yield from _hour(hour)
            sizes.append(_resident())

    seconds = _timed(lambda: _follow(folder / "hours", rows(), _Fixed(), paced=False))
    yield Figure(
        f"memory after {HOURS} h of speech and comments", sizes[-1], "after 1 h", sizes[0], "B"
    )
    yield Figure(f"{HOURS} h of rows through a session", seconds, "their time", HOURS * 3600.0)


def _follow(
    folder: Path, rows: Sequence[KeyedRow] | Iterator[KeyedRow], embedder: Embedder, *, paced: bool
) -> None:
    """Run a session over rows alone."""
    folder.mkdir()
    store = StreamStore(open_database(folder / "home.sqlite"))
    stream = store.create(SCOPE, "bench", StreamSpec())
    memory = StreamMemory(store, folder / "memory", embedder)
    questions = load_classifier("questions", load_embedder(Settings()))
    marker = QuestionMarker(QuestionDetector(lambda: questions), 300 if paced else 30)
    senses = Senses(
        source=None,
        listen=lambda _: _unheard(),
        look=lambda _: _unheard(),
        feed=iter(rows),
        questions=marker,
        followers=[_follower(store, memory, stream)],
    )
    Session(store, SCOPE, stream, senses).run()
    memory.close()


def _follower(store: StreamStore, memory: StreamMemory, stream: Stream) -> EventFollower:
    material = read_material("dev", "en")
    return EventFollower(
        store,
        memory,
        SCOPE,
        stream,
        on_air=OnAir(material.line_up),
        records={},
        settings=Events(),
        keyframes=lambda start_ms, end_ms: [],
        cues=lambda until_ms: (),
    )


def _unheard() -> NoReturn:
    raise RuntimeError("there is no source")


def _hour(hour: int) -> Iterator[KeyedRow]:
    draw = random.Random(hour)  # noqa: S311
    material = read_material("dev", "en")
    lines = [line.text for talk in material.talks for line in talk.lines]
    for at in range(hour * 3_600_000, (hour + 1) * 3_600_000, UTTERANCE_MS):
        end = at + UTTERANCE_MS - 400
        text = f"{draw.choice(lines)} Number {draw.randrange(10_000)}."
        yield f"said:{at}", Utterance(start_ms=at, end_ms=end, text=text)
        for n in range(COMMENTS_EACH):
            user, text = f"viewer{draw.randrange(9999)}", f"{draw.choice(material.chatter)} {n}"
            yield f"asked:{at}:{n}", Comment(start_ms=end + n, user=user, text=text)


class _Fixed:
    """Vectors by the text's hash: what is measured is memory."""

    name = "fixed"
    dim = 384

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.embed_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [
            np.random.default_rng(abs(hash(t)) % 2**32).standard_normal(self.dim) for t in texts
        ]
        found = np.asarray(rows, np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return float(pages * resource.getpagesize())
