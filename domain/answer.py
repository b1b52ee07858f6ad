"""An answer to a viewer: text, citations, and how sure code is that it may be said."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.evidence import Locator

AnswerStatus = Literal["grounded", "abstained", "escalated"]
AnswerMethod = Literal["model", "extractive", "abstention", "person"]


class Ask(BaseModel):
    """A viewer's question, and what it is asked about.

    Without `product_id` it is the product on air in the stream, or the one that the question names.
    With `stream_id` what was said until `at_ms` (stream time, by default now) answers too.
    `previous` are earlier questions of the same viewer, the newest last: it may refer back to them.
    `unpublished` lets a version answer that no person has approved, for the merchant alone.
    `comment_seq` and `cluster_id` tell which comment of the stream's log asks, and which of the
    questions that many ask it is; `drafted`: nobody waits for it yet.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    product_id: str | None = None
    stream_id: str | None = None
    at_ms: int | None = Field(default=None, ge=0)
    previous: tuple[str, ...] = ()
    unpublished: bool = False
    comment_seq: int | None = None
    cluster_id: str | None = None
    drafted: bool = False


class Citation(BaseModel):
    """What an answer rests on: a field of the record, or a moment of the stream.

    Of a moment `source` is the stream's id, `at_ms` the stream time, `said_in` the number of the
    row in the stream's log, `event` the event that holds it and `keyframe` the SHA-256 of a JPEG
    from there, where there are such. `fact` is there too where it changed a field of the record.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact: str | None = None
    event: str | None = None
    at_ms: int | None = None
    said_in: int | None = None
    keyframe: str | None = None
    quote: str
    source: str
    file: str
    locator: Locator = Locator()


class Answer(BaseModel):
    """The stored answer; `method` names how the words came about.

    `rejected` lists model sentences that verification threw out, with the reason. `stream_id` and
    `at_ms` tell the broadcast and the moment (stream time) as of which it was asked, `cluster_id`
    and `comment_seq` the question of many and the comment of the log that it answers. A `drafted`
    one was ready before anyone asked for it. `timings_ms` is how long each stage took.
    """

    model_config = ConfigDict(extra="forbid")

    answer_id: str
    question: str
    lang: str
    product_id: str | None
    product_version: int | None
    text: str
    status: AnswerStatus
    method: AnswerMethod
    citations: list[Citation] = []
    rejected: list[str] = []
    prompts: list[str] = []
    stream_id: str | None = None
    at_ms: int | None = None
    cluster_id: str | None = None
    comment_seq: int | None = None
    drafted: bool = False
    timings_ms: dict[str, float] = {}
    created_at: datetime
