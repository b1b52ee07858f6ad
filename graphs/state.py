"""Typed state of the graphs. Media never enters it: only ids and keys of stored blobs.

A key is there once the input or a node has written it.
"""

import operator
from typing import Annotated, Any, Literal, Required, TypedDict

from pydantic import BaseModel, ConfigDict

from domain.answer import Answer, Ask
from domain.compliance import ComplianceReport
from domain.copywriting import CopyBrief, CopyDraft
from domain.evidence import Source
from domain.product import ProductDocument, ProductStatus
from tools.live_record import LiveRecord
from tools.retrieval import Decision

Update = dict[str, Any]
"""What a node writes: some keys of its graph's state."""


class Reading(BaseModel):
    """What reading one source gave: the blob that holds its passages, or the error.

    `known` tells that the same bytes were read before and not again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    order: int
    source: Source
    passages: str | None = None
    count: int = 0
    duplicate_of: str | None = None
    known: bool = False
    error: dict[str, Any] | None = None


class Extracted(BaseModel):
    """The blob that holds the extraction of the source at `order`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order: int
    blob: str


class PreparedProduct(BaseModel):
    """A product version that the intake wrote, and what a person decided about it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product_id: str
    version: int
    name: str


class Decided(BaseModel):
    """What became of a prepared version; `removed` when its product is gone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product_id: str
    status: ProductStatus | Literal["removed"]


class PrepareState(TypedDict):
    """State of the prepare graph; the first four keys are its input."""

    uploads: list[str]
    name: str | None
    product_id: str | None
    approve: bool
    sources: list[Source]
    readings: Annotated[list[Reading], operator.add]
    extracted: Annotated[list[Extracted], operator.add]
    products: list[PreparedProduct]
    copies: Annotated[list[str], operator.add]
    decisions: Annotated[list[Decided], operator.add]


class ReadTask(TypedDict):
    """Input of one branch of the intake."""

    order: int
    source: Source
    terms: list[str]
    spellings: list[str]


class ExtractTask(TypedDict):
    """Input of one branch of the extraction."""

    reading: Reading


class ReleaseTask(TypedDict):
    """Input of one branch of the approval."""

    product: PreparedProduct
    approve: bool


class CopyState(TypedDict):
    """State of the copywriting graph; `product_id` and `brief` are its input."""

    product_id: str
    brief: CopyBrief
    variant: int
    document: ProductDocument
    draft: CopyDraft
    report: ComplianceReport
    repairs: int
    copies: Annotated[list[str], operator.add]


class CopyResult(TypedDict):
    """What the copywriting graph hands to whoever runs it: ids of stored copies."""

    copies: Annotated[list[str], operator.add]


class CopiesState(TypedDict):
    """State of a copy job; `product_id` and `brief` are its input."""

    product_id: str
    brief: CopyBrief
    copies: Annotated[list[str], operator.add]


class AnswerState(TypedDict):
    """State of the answer graph; `ask` is its input.

    `questions` are its parts as they are understood, each with what was decided in `decisions`;
    `record` is the record as it stands on air at `as_of_ms`, the stream time of the question.
    `timings_ms` is how long each stage took.
    """

    ask: Ask
    questions: list[str]
    lang: str
    as_of_ms: int
    record: LiveRecord | None
    candidates: list[str]
    decisions: list[Decision]
    answer: Answer
    timings_ms: Annotated[dict[str, float], operator.or_]


Specialist = Literal[
    "product_analyst",
    "copywriter",
    "compliance_checker",
    "qa_responder",
    "editor",
    "publisher",
    "ask_back",
]


class Turn(TypedDict):
    """A message of the conversation."""

    role: Literal["user", "assistant", "system"]
    content: str


class AssistantState(TypedDict):
    """State of the assistant graph; `turns` and `uploads` are the input of one turn."""

    turns: list[Turn]
    uploads: list[str]
    lang: str
    specialist: Specialist
    parameters: dict[str, Any]
    product_id: str | None
    reply: str
    details: dict[str, Any]


class ClipState(TypedDict):
    """State of the clip graph; `recording_id` is its input, the others are keys of blobs.

    They are named as the stages that made them (`domain.recording.Stage`).
    """

    recording_id: str
    transcript: str
    tags: str
    highlights: str
    segments: str
    candidates: str


class ClipsState(TypedDict, total=False):
    """State of the graph that makes clips.

    Input is either a recording with a brief (`base` holds constraints that were given beside its
    words), or `clip_ids` to check and render again. `left` are the clips that await rendering.
    """

    recording_id: Required[str]
    product_id: str | None
    brief: str
    base: dict[str, Any]
    approve: bool
    preview: bool
    clip_ids: list[str]
    left: list[str]
    notes: list[str]
    estimate: dict[str, Any]
