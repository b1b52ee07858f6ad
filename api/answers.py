"""Questions of viewers, answered from the record or honestly not."""

from collections.abc import AsyncGenerator

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field

from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from domain.answer import Answer, AnswerStatus
from domain.errors import InvalidInput, LivecueError
from stores.answers import UNANSWERED

router = APIRouter(prefix="/api/v1/answers", tags=["answers"], route_class=IdempotentRoute)


class Question(BaseModel):
    """A question; without `product_id` the product is found from the question.

    `draft` lets an unpublished version answer (for the merchant, not for viewers).
    """

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1)
    product_id: str | None = None
    draft: bool = False


class AnswerList(BaseModel):
    """Answers, newest first."""

    answers: list[Answer]


@router.post("")
async def ask(question: Question, home: Home, caller: Caller) -> Answer:
    """The whole answer with its citations."""
    answer: Answer | None = None
    async for part in home.turns.ask(
        caller, question.question, question.product_id, use_draft=question.draft
    ):
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
        async for part in home.turns.ask(
            caller, question.question, question.product_id, use_draft=question.draft
        ):
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
