"""Understanding a recording: seconds of work by stage for a stretch of the demo broadcast."""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from bench.figure import Figure
from domain.progress import discard, never
from domain.recording import RecordingFile, TaggedUtterance
from domain.settings import Settings
from live.demo import compose_demo
from models.asr import load_hearers
from models.embeddings import EmbeddedE5
from models.store import ModelStore
from models.utterances import Utterance
from tools.highlights import score_moments
from tools.keyframes import add_keyframes
from tools.recordings import file_at, find_cuts, open_recording
from tools.segmentation import find_segments
from tools.selection import select_candidates
from tools.tagging import load_tagger
from tools.transcripts import Hearing, write_utterances

STRETCH_MS = (60_000, 420_000)

T = TypeVar("T")


def measure() -> list[Figure]:
    """Each stage, and all of them, against the stretch's own length."""
    with tempfile.TemporaryDirectory(prefix="livecue-bench-") as folder:
        return list(_stages(Path(folder)))


def _stages(folder: Path) -> Iterator[Figure]:
    settings = Settings()
    example = Path(__file__).parents[1] / "examples" / "broadcast"
    film = folder / "stretch.mp4"
    compose_demo(example, film, discard, never, only_ms=STRETCH_MS)
    file: RecordingFile = file_at(str(film))
    clock = _Clock()

    opened = clock.time(
        "opening",
        lambda: open_recording(film, file, settings=settings.recordings, limits=settings.limits),
    )
    length = opened.media.duration_ms / 1000
    models = ModelStore(settings.models_path, settings.model_sources)
    hearers = load_hearers(settings, models)
    hearing = Hearing(lambda: hearers, settings.recordings, settings.limits)
    said = clock.time(
        "hearing", lambda: hearing.hear(film, file.name, _Nowhere(), hearing.key(None, None))
    )
    written = clock.time("writing sentences", lambda: write_utterances(said.words, []))
    tagger, embedder = load_tagger(settings), EmbeddedE5(threads=settings.threads.embedding)
    scores = clock.time("speech tags", lambda: tagger.tag([one.text for one in written]))
    tagged = [
        TaggedUtterance(utterance=one, tags=found.tags, scores=found.scores)
        for one, found in zip(written, scores, strict=True)
    ]
    moments = clock.time(
        "highlights",
        lambda: score_moments(film, utterances=written, progress=discard, cancelled=never),
    )
    segments = clock.time(
        "segments",
        lambda: find_segments(tagged, products=(), embedder=embedder, cuts_ms=find_cuts(moments)),
    )
    chosen = clock.time(
        "candidates",
        lambda: select_candidates(tagged, segments, moments, most=settings.recordings.candidates),
    )
    clock.time(
        "pictures of candidates",
        lambda: add_keyframes(
            film,
            file.name,
            chosen,
            moments,
            lambda jpeg: str(len(jpeg)),
            most=settings.recordings.keyframes,
            limits=settings.limits,
        ),
    )
    against = f"{length:.0f} s of the demo"
    for stage, seconds in clock.taken.items():
        yield Figure(f"recording: {stage}", seconds, against, length)
    yield Figure("recording: all stages", sum(clock.taken.values()), against, length)


class _Clock:
    """Keeps how long each stage took, by name."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = {}

    def time(self, stage: str, work: Callable[[], T]) -> T:
        began = time.perf_counter()
        made = work()
        self.taken[stage] = time.perf_counter() - began
        return made


class _Nowhere:
    """Keeps no chunk: each run hears all."""

    def find(self, key: str) -> list[Utterance] | None:
        return None

    def keep(self, key: str, said: object) -> None:
        pass
