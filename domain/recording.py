"""A recording of a broadcast as it is understood for cutting: speech, tags, segments, highlights.

Times are integer milliseconds from the recording's first moment on, spans half-open.
"""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from pydantic import Field

from domain.stream import Utterance
from domain.watching import Frozen


class Media(Frozen):
    """What a recording holds, as it is played.

    `width` and `height` are of the upright picture; `rotation` is by how many degrees, counter-
    clockwise, the file's picture is turned for that. `frame_rate` is the average, exact; with
    `constant_rate` each frame lasts as long as the others.
    """

    duration_ms: int
    width: int
    height: int
    rotation: Literal[0, 90, 180, 270]
    frame_rate: Fraction
    constant_rate: bool
    video_codec: str
    pixel_format: str
    audio_codec: str
    sample_rate: int
    channels: int


class RecordingFile(Frozen):
    """Where a recording lies: at a `path` of this machine, or in a stored upload (`blob`).

    The file at a path is the one that was meant as long as its size and modification time stay.
    """

    name: str
    path: str | None = None
    blob: str | None = None
    size: int
    modified_ns: int | None = None


class Stage(StrEnum):
    """What is made of a recording, each from those before it."""

    TRANSCRIPT = "transcript"
    TAGS = "tags"
    HIGHLIGHTS = "highlights"
    SEGMENTS = "segments"
    CANDIDATES = "candidates"


class Recording(Frozen):
    """A recording that was given to be cut.

    `products` is the line-up that was named, empty for whatever is published. `content` is the
    SHA-256 of its bytes; it and `media` are there once the file was opened. `results` names the
    blob of each stage that is finished.
    """

    recording_id: str
    file: RecordingFile
    products: tuple[str, ...] = ()
    language: str | None = None
    content: str | None = None
    media: Media | None = None
    results: dict[Stage, str] = Field(default_factory=dict[Stage, str])
    job_id: str | None = None
    created_at: datetime
    updated_at: datetime


class Transcript(Frozen):
    """What is said in a recording, in sentences.

    `heard_by` names the speech recogniser; `stream_id` the watched stream from whose log it was
    taken instead of hearing it again.
    """

    heard_by: str
    stream_id: str | None = None
    utterances: tuple[Utterance, ...]


class SpeechTag(StrEnum):
    """What a clause of live-commerce speech does; an utterance may carry several, or none.

    After the 21 tags of Alimama's live-stream clipping; what each covers is told in
    `evals/data/README.md`.
    """

    GREETING = "greeting"
    ENGAGEMENT = "engagement"
    TRANSITION = "transition"
    PRODUCT_INTRO = "product_intro"
    STYLE = "style"
    MATERIAL_CRAFT = "material_craft"
    FUNCTION = "function"
    SPECIFICATION = "specification"
    BENEFIT = "benefit"
    DEMO_USAGE = "demo_usage"
    SCENARIO = "scenario"
    AUDIENCE = "audience"
    PAIN_POINT = "pain_point"
    COMPARISON = "comparison"
    BRAND_TRUST = "brand_trust"
    SOCIAL_PROOF = "social_proof"
    PRICE_PROMO = "price_promo"
    GIFT_BONUS = "gift_bonus"
    CALL_TO_ACTION = "call_to_action"
    AFTER_SALES = "after_sales"
    QA_REPLY = "qa_reply"


class TagScores(Frozen):
    """The calibrated probability of every tag for a text, and the tags that it carries.

    `by` tells who decided on `tags`: the classifier, or the name of the model that was asked.
    """

    tags: tuple[SpeechTag, ...]
    scores: dict[SpeechTag, float]
    by: str = "classifier"


class TaggedUtterance(Frozen):
    """An utterance of the recording with its tags; `by` as in `TagScores`."""

    utterance: Utterance
    tags: tuple[SpeechTag, ...]
    scores: dict[SpeechTag, float]
    by: str = "classifier"


class Jump(Frozen):
    """A direct-to-highlight tag: where in a segment something of the kind is said best."""

    tag: SpeechTag
    at_ms: int
    utterance: int
    text: str


class Segment(Frozen):
    """A product's turn in the broadcast: utterances `first` up to, not with, `last`.

    `product_id` is None where no product of the line-up could be told; `title` then says what it
    is about in words of the transcript.
    """

    number: int
    start_ms: int
    end_ms: int
    first: int
    last: int
    product_id: str | None
    title: str
    jumps: tuple[Jump, ...] = ()


class Highlight(Frozen):
    """How appealing a stretch of the recording is, from 0 to 1, and what made it so.

    `signals` names each measured signal with its value scaled to 0..1.
    """

    start_ms: int
    end_ms: int
    score: float = Field(ge=0, le=1)
    signals: dict[str, float]


class Picture(Frozen):
    """A stretch whose picture may be shown while something else is heard; `score` from 0 to 1."""

    start_ms: int
    end_ms: int
    score: float


class Candidate(Frozen):
    """A stretch that an editor may take for a tag: whole utterances, with how well they look.

    `utterances` are numbers in the transcript, in order. `appeal`, from 0 to 1, ranks the
    candidates of a tag. `pictures` are other moments at which the same is done for the same
    product, the best first. `keyframe` is the blob of a JPEG.
    """

    tag: SpeechTag
    start_ms: int
    end_ms: int
    utterances: tuple[int, ...]
    segment: int
    appeal: float
    text: str
    product_id: str | None = None
    pictures: tuple[Picture, ...] = ()
    keyframe: str | None = None
