"""The question radar of a stream: what viewers ask, how many of them, and what was answered."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from api.context import Caller, Home
from domain.watching import ClusterChange
from tools.radar.asking import list_questions, mark_answered

router = APIRouter(prefix="/api/v1/streams", tags=["streams"])


class QuestionList(BaseModel):
    """Questions as they stood at `as_of_ms`, the most urgent first; what is answered comes last."""

    as_of_ms: int
    questions: list[ClusterChange]


class Answered(BaseModel):
    """Who answered: the host aloud, or a person in another way."""

    model_config = ConfigDict(extra="forbid")

    by: Literal["host", "person"] = "person"


@router.get("/{stream_id}/questions")
def show_questions(
    stream_id: str,
    home: Home,
    caller: Caller,
    as_of_ms: Annotated[int | None, Query(ge=0)] = None,
    waiting: bool = False,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> QuestionList:
    """What viewers ask; with `waiting` only what nobody has answered."""
    stream = home.streams.get(caller, stream_id)
    at_ms = stream.position_ms if as_of_ms is None else as_of_ms
    found = list_questions(home.streams, caller, stream_id, at_ms)
    kept = [one for one in found if not waiting or one.answered_by is None]
    return QuestionList(as_of_ms=at_ms, questions=kept[:limit])


@router.post("/{stream_id}/questions/{cluster_id}/answered")
def note_answered(
    stream_id: str, cluster_id: str, home: Home, caller: Caller, answered: Answered
) -> ClusterChange:
    """Mark a question as answered; one that is answered stays as it is."""
    return mark_answered(home.streams, caller, stream_id, cluster_id, by_host=answered.by == "host")
