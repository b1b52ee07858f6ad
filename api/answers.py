"""Questions of viewers, answered from the record or honestly not."""

from collections.abc import AsyncGenerator

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field

from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from domain.answer import Answer, AnswerStatus, Ask
from domain.errors import InvalidInput, LivecueError
from stores.answers import UNANSWERED

router = APIRouter(prefix="/api/v1/answers", tags=["answers"], route_class=IdempotentRoute)


class Question(BaseModel):
    """A viewer's question.

    Without `product_id` it is the product on air in the stream, or the one that the question names.
    With `stream_id` what was said until `at_ms` (by default now) answers too. `previous` are
    earlier questions of the same viewer. `draft` lets an unpublished version answer (for the
    merchant, not for viewers).
    """

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1)
    product_id: str | None = None
    stream_id: str | None = None
    at_ms: int | None = Field(default=None, ge=0)
    previous: list[str] = Field(default=[], max_length=20)
    draft: bool = False

    def ask(self) -> Ask:
        """What the answer graph is asked."""
        return Ask(
            question=self.question,
            product_id=self.product_id,
            stream_id=self.stream_id,
            at_ms=self.at_ms,
            previous=tuple(self.previous),
            unpublished=self.draft,
        )


class AnswerList(BaseModel):
    """Answers, newest first."""

    answers: list[Answer]


@router.post("")
async def ask(question: Question, home: Home, caller: Caller) -> Answer:
    """The whole answer with its citations."""
    answer: Answer | None = None
    async for part in home.turns.ask(caller, question.ask()):
        if isinstance(part, Answer):
            answer = part
    assert answer is not None  # noqa: S101 - the graph ends with an answer or raises
    return answer


@router.post("/stream", response_class=EventSourceResponse)
async def ask_stream(
    question: Question, home: Home, caller: Caller
) -> AsyncGenerator[ServerSentEvent]:
    """`sentence` events as each sentence is verified, then one `answer` or `error` event."""
    try:
        async for part in home.turns.ask(caller, question.ask()):
            if isinstance(part, Answer):
                yield ServerSentEvent(event="answer", data=part)
            else:
                yield ServerSentEvent(event="sentence", data={"text": part})
    except LivecueError as error:
        yield ServerSentEvent(event="error", data={"error": error.as_dict()})


@router.get("")
def list_answers(
    home: Home, caller: Caller, status: AnswerStatus | None = None, unanswered: bool = False
) -> AnswerList:
    """Stored answers; `unanswered=true` is the queue of open questions, abstained or escalated."""
    if unanswered and status is not None:
        raise InvalidInput(
            "status and unanswered were both given", hint="give one: each chooses by status"
        )
    wanted = UNANSWERED if unanswered else status
    return AnswerList(answers=home.deps_for(caller).answers.list(caller, status=wanted))
