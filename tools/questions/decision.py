"""What code decided about a question before any model sees it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from domain.product import Conflict, Fact


class Decision(BaseModel):
    """Whether the record answers a question, and with which facts.

    `kind` is what is asked about: a field concept of the lexicon (`price`, `stock`, `weight` ...),
    a closed class (`care`, `group` ...) or `open`. `polarity` is the yes or no that code can vouch
    for, None where the record's words have to speak for themselves. `asked` are the entities as
    the viewer wrote them. `reason` says how it was decided; `similarity` is the e5 cosine where
    meaning decided.
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
