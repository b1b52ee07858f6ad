"""What code decided about a question before any model sees it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from domain.product import Conflict, Fact

SAID = "said."
"""Field paths of facts that stand in no record: `said.<number of the row in the stream's log>`."""


LIKELY = "likely"
BY_WORDS = frozenset({"field", LIKELY, "care", "names the group", "material list"})
"""Reasons of decisions that rest on words that question and fact share, or on odds."""


class Moment(BaseModel):
    """Where in a stream a fact was stated: the row of the log, its time, the event around it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    said_in: int
    at_ms: int
    event: str | None = None
    keyframe: str | None = None


class Decision(BaseModel):
    """Whether the record, or what was said on air, answers a question, and with which facts.

    `kind` is what is asked about: a field concept of the lexicon (`price`, `stock`, `weight` ...),
    a closed class (`care`, `group` ...) or `open`. `polarity` is the yes or no that code can vouch
    for, None where the record's words have to speak for themselves. `asked` are the entities as
    the viewer wrote them. `moments` are where facts were stated on air, by field path. `reason`
    says how it was decided; `similarity` is the e5 cosine where meaning decided, or the odds that
    the facts answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Literal["answerable", "unanswerable", "conflict"]
    kind: str
    facts: tuple[Fact, ...] = ()
    conflict: Conflict | None = None
    asked: tuple[str, ...] = ()
    yes_no: bool = False
    polarity: bool | None = None
    reason: str = ""
    similarity: float | None = None
    moments: dict[str, Moment] = {}

    @property
    def said(self) -> tuple[Fact, ...]:
        """The facts that stand in no record: what the host said."""
        return tuple(fact for fact in self.facts if fact.field.startswith(SAID))
