"""A recording that is understood, for clips: planted speech with tags, and a renderer."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from domain.clip import Clip, ClipStatus, RenderedFiles
from domain.clip_brief import ClipBrief
from domain.progress import ProgressSink
from domain.recording import (
    Highlight,
    Media,
    Recording,
    Segment,
    SpeechTag,
    Stage,
    TaggedUtterance,
    Transcript,
)
from domain.scope import Scope
from domain.storyline import Storyline
from domain.stream import SpokenWord, Utterance
from domain.timeline import ClipWord, Piece, Timeline
from stores.blobs import BlobStore
from stores.recordings import RecordingStore
from tools.film.assets import Assets, Rendered
from tools.recordings import file_at

Line = tuple[str, tuple[SpeechTag, ...]]

T = SpeechTag
SPEECH: list[Line] = [
    ("Hello everybody and welcome to the stream.", (T.GREETING,)),
    ("Cold hands ruin every morning walk.", (T.PAIN_POINT,)),
    ("This is the Juniper mug with a double wall.", (T.PRODUCT_INTRO,)),
    ("The double wall keeps tea hot for six hours.", (T.FUNCTION,)),
    ("As I said, the lid is the best part.", (T.FUNCTION,)),
    ("You save the walk back to the kettle.", (T.BENEFIT,)),
    ("Watch me turn the mug upside down now.", (T.DEMO_USAGE,)),
    ("The body is brushed steel inside and out.", (T.MATERIAL_CRAFT,)),
    ("Only today you get the mug for nine dollars.", (T.PRICE_PROMO,)),
    ("Take the mug home and stay warm outside.", (T.CALL_TO_ACTION,)),
    ("It holds three hundred and fifty millilitres.", (T.SPECIFICATION,)),
    ("Hikers and dog walkers carry the mug all day.", (T.AUDIENCE, T.SCENARIO)),
    ("The mug goes with you on the train to work.", (T.SCENARIO,)),
    ("Thousands of walkers came back for a second mug.", (T.SOCIAL_PROOF,)),
    ("Put the Juniper mug in your basket.", (T.CALL_TO_ACTION,)),
]
SECONDS = 3.0
GAP_MS = 900


def tagged_speech(lines: Sequence[Line] = SPEECH) -> list[TaggedUtterance]:
    """The lines one after the other, their words spread over them."""
    made: list[TaggedUtterance] = []
    at = 500
    for text, tags in lines:
        words = text.split() if text.isascii() else list(text)
        length = int(SECONDS * 1000)
        step = length // len(words)
        spoken = tuple(
            SpokenWord(
                start_ms=at + n * step,
                end_ms=at + (n + 1) * step if n + 1 < len(words) else at + length,
                text=f" {word}" if text.isascii() else word,
            )
            for n, word in enumerate(words)
        )
        said = Utterance(start_ms=at, end_ms=at + length, text=text, words=spoken)
        scores = {tag: 0.9 if tag in tags else 0.02 for tag in SpeechTag}
        made.append(TaggedUtterance(utterance=said, tags=tags, scores=scores))
        at += length + GAP_MS
    return made


def store_understood(
    store: RecordingStore,
    blobs: BlobStore,
    scope: Scope,
    film: Path,
    lines: Sequence[Line] = SPEECH,
    product_id: str | None = None,
) -> Recording:
    """A recording of `film` whose stages are stored, as if it had been understood."""
    tagged = tagged_speech(lines)
    end = tagged[-1].utterance.end_ms if tagged else 1000
    segment = Segment(
        number=1, start_ms=0, end_ms=end, first=0, last=len(tagged), product_id=product_id,
        title="The mug",
    )  # fmt: skip
    moments = [
        Highlight(start_ms=at, end_ms=at + 1000, score=0.5, signals={"person": 0.9})
        for at in range(0, end, 1000)
    ]
    made: dict[Stage, object] = {
        Stage.TRANSCRIPT: Transcript(
            heard_by="ear", utterances=tuple(one.utterance for one in tagged)
        ),
        Stage.TAGS: tagged,
        Stage.SEGMENTS: [segment],
        Stage.HIGHLIGHTS: moments,
        Stage.CANDIDATES: [],
    }
    results = {
        stage: blobs.put_bytes(scope, TypeAdapter(type(value)).dump_json(value)).sha256
        for stage, value in made.items()
    }
    recording = store.find_or_create(scope, f"clips {film}", file_at(str(film)))
    media = Media(
        duration_ms=end + 1000, width=256, height=144, rotation=0, frame_rate=Fraction(25),
        constant_rate=True, video_codec="h264", pixel_format="yuv420p", audio_codec="",
        sample_rate=0, channels=0,
    )  # fmt: skip
    return store.update(scope, recording.recording_id, media=media, results=results)


def follow_evenly(pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
    """Every sentence follows every other equally well."""
    return np.full(len(pairs), 0.6, dtype=np.float32)


def keep_cuts(
    timeline: Timeline,
    recording: Path,
    words: Sequence[ClipWord],
    *,
    cancelled: Callable[[], bool],
) -> Timeline:
    """The cuts as they are."""
    return timeline


@dataclass
class Renders:
    """Writes the timeline's text where the film should be; `before` runs before each."""

    rendered: list[str] = field(default_factory=list[str])
    before: Callable[[str], None] = lambda _: None

    def __call__(
        self,
        timeline: Timeline,
        recording: Path,
        out: Path,
        *,
        work: Path,
        assets: Assets,
        preview: bool = False,
        progress: ProgressSink,
        cancelled: Callable[[], bool],
    ) -> Rendered:
        self.before(timeline.timeline_id)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(timeline.model_dump_json(), "utf-8")
        self.rendered.append(timeline.timeline_id)
        receipt: dict[str, Any] = json.loads(timeline.model_dump_json())
        return Rendered(
            video=out, cover=None, width=1080, height=1920,
            frames=int(timeline.duration_ms * timeline.rate / 1000), rate=timeline.rate,
            loudness=-14.0, true_peak=-1.5, made=len(timeline.pieces), kept=0, notes=(),
            receipt=receipt,
        )  # fmt: skip


def stored_clip(
    clip_id: str, *, rendered: bool = False, recording_id: str = "rec_1", job_id: str | None = None
) -> Clip:
    """A clip of two pieces; one that is `rendered` took 12 s."""
    said = [tagged_speech()[number].utterance for number in (1, 3)]
    pieces = tuple(
        Piece(
            piece_id=f"p{n + 1}", start_ms=one.start_ms, end_ms=one.end_ms,
            words=tuple(ClipWord(**word.model_dump()) for word in one.words), tags=(T.FUNCTION,),
        )
        for n, one in enumerate(said)
    )  # fmt: skip
    timeline = Timeline(
        timeline_id=clip_id, recording_id=recording_id, product_id=None, lang="en", title="Mug",
        pieces=pieces,
    )  # fmt: skip
    files = RenderedFiles(
        version=1, video="0" * 64, cover=None, receipt="1" * 64, preview=False, frames=180,
        width=1080, height=1920, loudness=-14.0, true_peak=-1.2, seconds_taken=12.0,
    )  # fmt: skip
    now = datetime(2026, 1, 2, tzinfo=UTC)
    return Clip(
        clip_id=clip_id, recording_id=recording_id, product_id=None, number=1, brief=ClipBrief(),
        storyline=Storyline(template="problem_solution", industry="general", score=0.5, parts=()),
        timeline=timeline, status=ClipStatus.RENDERED if rendered else ClipStatus.ARRANGED,
        rendered=files if rendered else None, job_id=job_id, created_at=now, updated_at=now,
    )  # fmt: skip
