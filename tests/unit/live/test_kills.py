"""A session that is killed at any stored moment and goes on finds what an unbroken one finds."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.product import ProductRecord
from domain.scope import Scope
from domain.settings import Events
from domain.stream import Comment, LiveFact, LogEntry, LogRow, StreamSpec, Utterance
from live.following import EventFollower
from live.listening import Listener
from live.looking import Looker
from live.marking import QuestionMarker
from live.merging import KeyedRow, Merger
from live.perception import Senses
from live.remembering import ToldBefore
from live.session import Session
from live.sources import SOUND_RATE, AudioChunk, MediaEvent, SourceState
from live.speech import Span
from models.asr import Heard, Word
from models.asr import Utterance as Said
from stores.sql import open_database
from stores.streams import StreamStore
from tests.fakes.label_classifier import LabelClassifier
from tests.fakes.word_embedder import WordEmbedder
from tools.memory import StreamMemory
from tools.on_air import OnAir, OnAirProduct
from tools.questions.detection import QuestionDetector

SCOPE = Scope()
AGAIN_MS = 4000
LENGTHS_MS = (1800, 2600, 1200, 3000, 2000, 1600, 2800, 2200)
PAUSE_MS = 700
SENTENCES = (
    "here is the mug of stoneware clay",
    "the mug holds plenty of coffee",
    "now it is only 19 dollars",
    "the mug is glazed by hand",
    "and here is the dress of linen",
    "the dress of linen has pockets",
    "now it is only 45 dollars",
    "the dress is cut wide",
)
PRODUCTS = {
    "mug": ProductRecord(name="stoneware mug", list_price=28, currency="USD"),
    "dress": ProductRecord(name="linen dress", list_price=60, currency="USD"),
}


class Killed(BaseException):
    """What `kill -9` looks like from inside: nothing of the session handles it."""


class DyingStore(StreamStore):
    """Kills the session after so many appends have been committed."""

    left: int | None = None

    def append(
        self,
        scope: Scope,
        stream_id: str,
        rows: Iterable[KeyedRow],
        *,
        position_ms: int | None = None,
        resume_ms: int | None = None,
    ) -> Sequence[LogEntry]:
        entries = super().append(
            scope, stream_id, rows, position_ms=position_ms, resume_ms=resume_ms
        )
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                raise Killed
        return entries


class Ear:
    """Knows each sentence by how loud it is."""

    name = "ear"

    def transcribe(self, path: Path, **_: object) -> list[Said]:
        raise NotImplementedError(path)

    def listen(self, samples: NDArray[np.float32], **_: object) -> Heard:
        said: list[Said] = []
        for start, end in _loud(samples):
            if end - start < SOUND_RATE // 4:
                continue
            number = round((float(np.abs(samples[start:end]).max()) - 0.2) * 50)
            span = (start * 1000 // SOUND_RATE, end * 1000 // SOUND_RATE)
            text = SENTENCES[number]
            said.append(Said(*span, text, (Word(*span, text, 1.0),)))
        return Heard(said, "en")


def _loud(samples: NDArray[np.float32]) -> list[Span]:
    edges = np.flatnonzero(np.diff(np.abs(samples) > 0.1, prepend=False, append=False))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _film() -> NDArray[np.float32]:
    parts: list[NDArray[np.float32]] = []
    for number, length in enumerate(LENGTHS_MS):
        parts.append(np.full(length * SOUND_RATE // 1000, 0.2 + number / 50, np.float32))
        parts.append(np.zeros(PAUSE_MS * SOUND_RATE // 1000, np.float32))
    return np.concatenate(parts)


class Recording:
    """The film from a moment on, a fifth of a second at a time."""

    name = "film"
    state = SourceState(has_sound=True)

    def __init__(self, from_ms: int) -> None:
        self._from_ms = from_ms

    def __iter__(self) -> Iterator[MediaEvent]:
        film, step = _film(), SOUND_RATE // 5
        for at in range(self._from_ms * SOUND_RATE // 1000 // step * step, len(film), step):
            yield AudioChunk(at * 1000 // SOUND_RATE, film[at : at + step])

    def set_interval_ms(self, interval_ms: int) -> None:
        del interval_ms

    def close(self) -> None: ...


def _watch(folder: Path, store: StreamStore) -> None:
    """A session as `live.senses` opens it, from where the stream is."""
    stream = store.get(SCOPE, "night")
    memory = StreamMemory(store, folder / "memory", WordEmbedder())
    told = ToldBefore.from_log(
        store.entries(SCOPE, "night", newest=True, limit=400), stream.position_ms
    )

    def listen(merger: Merger) -> Listener:
        return Listener(
            Ear(), merger, heard_until_ms=told.heard_until_ms, waiting=1, find_speech=_loud
        )

    def look(merger: Merger) -> Looker:
        raise AssertionError(merger)

    line_up = [OnAirProduct(name, (name, record.name or "")) for name, record in PRODUCTS.items()]
    follower = EventFollower(
        store,
        memory,
        SCOPE,
        stream,
        on_air=OnAir(line_up),
        records=PRODUCTS,
        settings=Events(),
        keyframes=lambda start_ms, end_ms: [],
        cues=lambda until_ms: (),
    )
    classifier = LabelClassifier()
    classifier.labels = ("question", *classifier.labels[1:])
    senses = Senses(
        Recording(max(0, stream.resume_ms - AGAIN_MS)),
        listen,
        look,
        iter(
            (f"asked:{n}", Comment(start_ms=n * 900, user="v", text=f"comment {n}"))
            for n in range(20)
        ),
        QuestionMarker(QuestionDetector(lambda: classifier), 60),
        [follower],
    )
    try:
        Session(store, SCOPE, stream, senses).run()
    finally:
        memory.close()


def _found(store: StreamStore) -> tuple[list[str], list[str], set[tuple[str | None, str]]]:
    rows: list[LogRow] = [entry.row for entry in store.entries(SCOPE, "night")]
    said = sorted((r for r in rows if isinstance(r, Utterance)), key=lambda r: r.start_ms)
    facts = {(r.product_id, r.value) for r in rows if isinstance(r, LiveFact)}
    return (
        [r.text for r in said],
        [r.text for r in rows if isinstance(r, Comment)],
        facts,
    )


@pytest.fixture
def every_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commits at each step of the source, so that a kill may fall anywhere."""
    monkeypatch.setattr("live.session._COMMIT_SECONDS", 0.0)
    monkeypatch.setattr("live.session._STORE_MS", 1)


@pytest.mark.usefixtures("every_commit")
@pytest.mark.parametrize("kills", [(), (1,), (3,), (5,), (8,), (11,), (2, 3, 4), (4, 1, 1, 2)])
def test_whenever_it_is_killed(tmp_path: Path, kills: tuple[int, ...]) -> None:
    store = DyingStore(open_database(tmp_path / "home.sqlite"))
    store.create(SCOPE, "night", StreamSpec())
    for commits in kills:
        store.left = commits
        with pytest.raises(Killed):
            _watch(tmp_path, store)
        assert not store.get(SCOPE, "night").status.is_over
    store.left = None
    _watch(tmp_path, store)
    said, asked, facts = _found(store)
    assert said == list(SENTENCES)
    assert asked == [f"comment {n}" for n in range(20)]
    assert facts == {("mug", "19"), ("dress", "45")}
