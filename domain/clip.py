"""A clip: an ad that was arranged from a recording, checked, and rendered."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from domain.clip_brief import ClipBrief
from domain.storyline import Storyline
from domain.timeline import Timeline
from domain.watching import Frozen

Guard = Literal["word_safe", "standalone", "stale_claims", "compliance"]
Surface = Literal["speech", "subtitles", "sticker", "cover", "card"]


class Rejection(Frozen):
    """Why something may not be in a clip: the guard, its rule, and the words that it is about.

    `utterance` is the number in the transcript of what is said, None for what is only written.
    """

    guard: Guard
    rule: str
    reason: str
    quote: str
    surface: Surface = "speech"
    utterance: int | None = None
    at_ms: int | None = None


class ClipStatus(StrEnum):
    """How far a clip is.

    `arranged` awaits approval, `approved` awaits rendering, `changed` was edited since it was
    rendered.
    """

    ARRANGED = "arranged"
    APPROVED = "approved"
    RENDERED = "rendered"
    CHANGED = "changed"
    REJECTED = "rejected"


class RenderedFiles(Frozen):
    """Blobs of a rendered clip, and what was measured on it; `version` is the timeline's."""

    version: int
    video: str
    cover: str | None
    receipt: str
    preview: bool
    frames: int
    width: int
    height: int
    loudness: float | None
    true_peak: float | None
    seconds_taken: float
    notes: tuple[str, ...] = ()


class Clip(Frozen):
    """A variant of an ad.

    `mended` were objections to earlier arrangements that this one does without; `rejections` are
    those that still stand in version `checked` of the timeline. `notes` are named states of what
    could not be done as asked.
    """

    clip_id: str
    recording_id: str
    product_id: str | None
    number: int = Field(ge=1)
    brief: ClipBrief
    storyline: Storyline
    timeline: Timeline
    status: ClipStatus = ClipStatus.ARRANGED
    checked: int = 1
    rejections: tuple[Rejection, ...] = ()
    mended: tuple[Rejection, ...] = ()
    notes: tuple[str, ...] = ()
    made_by: dict[str, str] = Field(default_factory=dict[str, str])
    rendered: RenderedFiles | None = None
    job_id: str | None = None
    actor: str = ""
    created_at: datetime
    updated_at: datetime


class Estimate(Frozen):
    """What rendering takes, told before: seconds on this machine, bytes, and model calls.

    `measured` is True where the seconds rest on clips that were rendered here before.
    """

    clips: int
    clip_seconds: float
    render_seconds: float
    bytes: int
    model_calls: int
    cost: float = 0.0
    currency: str = "USD"
    measured: bool = False
