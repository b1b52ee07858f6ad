"""A recording of a broadcast as it is understood for cutting: speech, tags, segments, highlights.

Times are integer milliseconds from the recording's first moment on, spans half-open.
"""

from enum import StrEnum

from pydantic import Field

from domain.stream import Utterance
from domain.watching import Frozen


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
    """An utterance of the recording with its tags."""

    utterance: Utterance
    tags: tuple[SpeechTag, ...]
    scores: dict[SpeechTag, float]


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


class Candidate(Frozen):
    """A stretch that an editor may take for a tag: whole utterances, with how well they look."""

    tag: SpeechTag
    start_ms: int
    end_ms: int
    utterances: tuple[int, ...]
    segment: int
    appeal: float
    text: str
    keyframe: str | None = None
