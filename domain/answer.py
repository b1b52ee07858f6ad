"""An answer to a viewer: text, citations, and how sure code is that it may be said."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from domain.evidence import Locator

AnswerStatus = Literal["grounded", "abstained", "escalated"]
AnswerMethod = Literal["model", "extractive", "abstention"]


class Citation(BaseModel):
    """What an answer rests on: a field of the record, or an event of the stream."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact: str | None = None
    event: str | None = None
    quote: str
    source: str
    file: str
    locator: Locator = Locator()


class Answer(BaseModel):
    """The stored answer; `method` names how the words came about.

    `rejected` lists model sentences that verification threw out, with the reason.
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
    created_at: datetime
