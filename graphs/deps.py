"""What graph nodes are given: the capabilities of an open home, and the run they serve."""

import asyncio
import time
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Protocol

from langgraph.runtime import Runtime

from agents.compliance_checker import ComplianceChecker
from agents.copywriter import Copywriter
from agents.editor import Editor
from agents.product_analyst import ProductAnalyst
from agents.qa_responder import QaResponder
from agents.tag_judge import TagJudge
from domain.job import Job
from domain.progress import Progress, ProgressSink
from domain.scope import Scope
from domain.settings import Settings
from graphs.clip_tools import ClipTools
from graphs.recording_tools import RecordingTools
from models.chat import ChatModel
from models.embeddings import Embedder
from models.prompts import PromptLibrary
from stores.answers import AnswerStore
from stores.blobs import BlobStore
from stores.copies import CopyStore
from stores.overrides import OverrideStore
from stores.readings import ReadingStore
from stores.sources import SourceStore
from stores.uploads import UploadStore
from tools.catalog import Catalog
from tools.compliance import RulePackLibrary
from tools.documents import DocumentReader
from tools.drafts import Drafts
from tools.on_air_questions import OnAirQuestions
from tools.tagging import Tagger


class JobStarter(Protocol):
    """Starts a job and waits until it ends or needs a person (`graphs.run.JobRunner`)."""

    async def run(
        self,
        scope: Scope,
        kind: str,
        payload: dict[str, Any],
        *,
        progress: Callable[[Progress], None],
    ) -> Job:
        """Run a job of `kind` until it ends or waits for a person."""
        ...

    async def decide(
        self, scope: Scope, product_id: str, *, approve: bool, version: int | None = None
    ) -> None:
        """Give a person's decision on a product to the job that waits for it."""
        ...


@dataclass(frozen=True)
class Deps:
    """The capabilities of one open home, wired by the composition root.

    `reading_slots` bounds how many sources of all intakes are read at once, and so their memory.
    """

    settings: Settings
    model: ChatModel
    embedder: Callable[[], Embedder]
    prompts: PromptLibrary
    blobs: BlobStore
    uploads: UploadStore
    sources: SourceStore
    readings: ReadingStore
    catalog: Catalog
    copies: CopyStore
    overrides: OverrideStore
    answers: AnswerStore
    documents: DocumentReader
    reading_slots: asyncio.Semaphore
    packs: Callable[[], RulePackLibrary]
    analyst: ProductAnalyst
    copywriter: Copywriter
    checker: ComplianceChecker
    responder: QaResponder
    on_air: OnAirQuestions
    drafts: Drafts
    editor: Editor
    recordings: RecordingTools
    clips: ClipTools
    tagger: Tagger
    tag_judge: TagJudge


@dataclass(frozen=True)
class RunContext:
    """One run of a graph: whose it is, its id, and the runner for jobs that it starts."""

    deps: Deps
    scope: Scope
    run_id: str
    jobs: JobStarter


def report(
    runtime: Runtime[RunContext],
    stage: str,
    message: str,
    done: int | None = None,
    total: int | None = None,
    **data: Any,  # noqa: ANN401 - small JSON extras
) -> None:
    """Write a progress event to the run's stream."""
    event = Progress(stage=stage, message=message, done=done, total=total, data=data)
    runtime.stream_writer({"progress": event.model_dump(mode="json")})


_TELLING_SECONDS = 0.5


def progress_sink(runtime: Runtime[RunContext]) -> ProgressSink:
    """A sink into the run's stream for work in a thread; of close events the first is told."""
    loop = asyncio.get_running_loop()
    context = copy_context()  # a thread that the work starts itself has none of the run's
    told = -_TELLING_SECONDS

    def tell(event: Progress) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _TELLING_SECONDS:
            told = now
            written = {"progress": event.model_dump(mode="json")}
            loop.call_soon_threadsafe(runtime.stream_writer, written, context=context)

    return tell
