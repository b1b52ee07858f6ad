"""What an ad is to be, read from plain words."""

from typing import Literal

from pydantic import Field

from domain.recording import SpeechTag
from domain.storyline import Industry
from domain.timeline import Aspect
from domain.watching import Frozen

SHORTEST_SECONDS, LONGEST_SECONDS = 5, 180
MOST_CLIPS = 6

ConstraintKind = Literal[
    "seconds",
    "aspect",
    "variants",
    "language",
    "subtitles",
    "second_language",
    "bgm",
    "theme",
    "industry",
    "audience",
    "wanted",
    "unwanted",
    "product",
]


class Understood(Frozen):
    """Words of a brief, as they stand there, and what they were taken for; `by` code or a model."""

    quote: str
    kind: ConstraintKind
    value: str
    by: Literal["code", "model"] = "code"


class ClipBrief(Frozen):
    """The constraints of a clip.

    `audience` are words for whom it is; what is said with them goes first. `wanted` tags have to
    come, `unwanted` ones must not. `understood` quotes what was taken from the words of the brief,
    `not_understood` what was not.
    """

    text: str = ""
    seconds: int = Field(default=30, ge=SHORTEST_SECONDS, le=LONGEST_SECONDS)
    aspect: Aspect = "9:16"
    variants: int = Field(default=1, ge=1, le=MOST_CLIPS)
    language: str | None = None
    second_language: str | None = None
    subtitles: bool = True
    industry: Industry | None = None
    product_id: str | None = None
    audience: tuple[str, ...] = ()
    wanted: tuple[SpeechTag, ...] = ()
    unwanted: tuple[SpeechTag, ...] = ()
    theme: str = "plain"
    bgm: str | None = "calm"
    understood: tuple[Understood, ...] = ()
    not_understood: tuple[str, ...] = ()
