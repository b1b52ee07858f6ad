"""What watching a broadcast makes of what was said and asked: rows of its log, told at once.

Warnings for the host, the promise ledger, the question radar and the answers that went out. Each is
immutable: what changes is told by a further row.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from domain.answer import AnswerStatus


class Frozen(BaseModel):
    """What a stream's log is made of."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Moment(Frozen):
    """What counts from the moment at which it came or was seen; how long it stays is not told."""

    start_ms: int

    @property
    def end_ms(self) -> int:
        """The same moment."""
        return self.start_ms

    @property
    def valid_from_ms(self) -> int:
        """The same moment."""
        return self.start_ms


WarningKind = Literal["prohibited", "contradiction", "promise"]


class OnAirWarning(Moment):
    """What the host should put right at once, told as soon as it was heard.

    `prohibited`: a rule forbids it on air. `contradiction`: the record, or what was said before,
    says otherwise. `promise`: one that falls due, or was broken. `text` is for the host, in the
    language of the speech; `quote` stands in the entry `said_in`, `suggestion` is what to say
    instead. `rule` is the rule's id, `field` the field path that is contradicted, `earlier` the
    entry of the log that said otherwise.
    """

    kind: Literal["warning"] = "warning"
    warning: WarningKind
    text: str
    quote: str
    said_in: int
    product_id: str | None = None
    suggestion: str = ""
    rule: str | None = None
    field: str | None = None
    earlier: int | None = None


PromiseKind = Literal["price", "gift", "deadline", "stock", "shipping", "returns", "other"]
PromiseState = Literal["open", "kept", "withdrawn", "broken"]


class PromiseChange(Moment):
    """A line of the promise ledger: a promise was made, kept, withdrawn or broken.

    `promise_id` is the same for all changes of one promise; `value` is what was promised, in short,
    `condition` on what, `due_ms` the stream time by which, where that is known.
    """

    kind: Literal["promise"] = "promise"
    promise_id: str
    promise: PromiseKind
    state: PromiseState
    value: str
    quote: str
    said_in: int
    product_id: str | None = None
    condition: str | None = None
    due_ms: int | None = None

    @property
    def text(self) -> str:
        """What was said."""
        return self.quote


class ClusterChange(Moment):
    """How a question that viewers ask stands now: who asked it, and whether it was answered.

    The newest change of a `cluster_id` tells all of it: `question` is its clearest wording, in
    `lang`, `count` how many comments asked it, `comments` the newest of their numbers in the log,
    `first_ms` and `last_ms` when it was asked first and last. `answered_by` tells who answered:
    the host aloud (`answered_in` is the entry of the log), or the answer `answer_id`. `draft_id` is
    an answer that lies ready.
    """

    kind: Literal["cluster"] = "cluster"
    cluster_id: str
    question: str
    lang: str
    product_id: str | None
    count: int
    comments: tuple[int, ...]
    first_ms: int
    last_ms: int
    answered_by: Literal["host", "assistant", "person"] | None = None
    answered_in: int | None = None
    answer_id: str | None = None
    draft_id: str | None = None

    @property
    def text(self) -> str:
        """The question."""
        return self.question


class AnswerGiven(Moment):
    """An answer went out: to a click, a question, or from the unanswered queue."""

    kind: Literal["answer"] = "answer"
    answer_id: str
    question: str
    text: str
    status: AnswerStatus
    comment_seq: int | None = None
    cluster_id: str | None = None
