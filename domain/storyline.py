"""Storylines: what an ad does in which order, and what of a recording does it."""

from typing import Literal, Self

from pydantic import Field, model_validator

from domain.recording import SpeechTag
from domain.watching import Frozen

Industry = Literal["beauty", "fashion", "food", "home", "electronics", "general"]
INDUSTRIES: tuple[Industry, ...] = ("beauty", "fashion", "food", "home", "electronics", "general")


class Slot(Frozen):
    """A place in a storyline for a stretch of speech that does one of `tags`, or whatever it does.

    The stretch lasts from `min_seconds` to `max_seconds`. An `optional` slot may stay empty.
    """

    tags: tuple[SpeechTag, ...] = ()
    min_seconds: float = Field(default=1.5, gt=0, le=60)
    max_seconds: float = Field(default=10, gt=0, le=60)
    optional: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.min_seconds > self.max_seconds:
            raise ValueError("min_seconds is more than max_seconds")
        if len(set(self.tags)) < len(self.tags):
            raise ValueError("a tag stands twice in a slot")
        return self


class Template(Frozen):
    """A storyline of an industry: slots in their order; `name` is unique in the industry.

    With `in_order` its stretches come as they do in the recording.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    industry: Industry
    about: str = Field(min_length=1, max_length=200)
    slots: tuple[Slot, ...] = Field(min_length=1, max_length=12)
    in_order: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if all(slot.optional for slot in self.slots):
            raise ValueError("a storyline needs a slot that is not optional")
        return self


class Filled(Frozen):
    """A slot's stretch: the utterances `[first, last)` of the transcript, said for `tag`.

    `tag` is None where the slot takes whatever is said. `fit` is how surely they do it, `appeal`
    how well the picture looks, both from 0 to 1; `follows` how well it follows the stretch before,
    1 for the first.
    """

    slot: int
    tag: SpeechTag | None
    first: int
    last: int
    start_ms: int
    end_ms: int
    segment: int
    fit: float
    appeal: float
    follows: float

    @property
    def duration_ms(self) -> int:
        """How long it lasts."""
        return self.end_ms - self.start_ms


class Storyline(Frozen):
    """A template filled from a recording, the best that there is by `score`."""

    template: str
    industry: Industry
    score: float
    parts: tuple[Filled, ...]

    @property
    def duration_ms(self) -> int:
        """How long its stretches last together."""
        return sum(part.duration_ms for part in self.parts)

    @property
    def utterances(self) -> frozenset[int]:
        """The numbers of all that is said in it."""
        return frozenset(n for part in self.parts for n in range(part.first, part.last))
