"""Speech tags of utterances."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.context import Caller, Home
from domain.errors import LimitExceeded
from domain.pool import in_pool
from domain.recording import TagScores

router = APIRouter(prefix="/api/v1/tags", tags=["recordings"])

MOST_TEXTS = 512
"""The most texts in one request: what a server tags in some seconds."""


class TagRequest(BaseModel):
    """Utterances, each judged by itself."""

    model_config = ConfigDict(extra="forbid")

    texts: Annotated[list[str], Field(max_length=MOST_TEXTS)]


class TaggedTexts(BaseModel):
    """One entry a text, in order."""

    rows: list[TagScores]


@router.post("")
async def tag(wanted: TagRequest, home: Home, caller: Caller) -> TaggedTexts:
    """The tags that each text carries, the likeliest first, and the probability of all 21.

    Where a chat endpoint is configured, tags that the classifier leaves open are put to it; `by`
    then names it.
    """
    limit = home.settings.limits.check_chars
    for number, text in enumerate(wanted.texts, 1):
        if len(text) > limit:
            raise LimitExceeded(
                f"text {number} has {len(text):,} characters; the limit is {limit:,}",
                hint="give it in sentences, or raise LIVECUE_LIMITS__CHECK_CHARS",
            )
    deps = home.deps_for(caller)
    found = await in_pool(deps.tagger.tag, wanted.texts)
    return TaggedTexts(rows=await deps.tag_judge.settle(wanted.texts, found))
