"""The composition root: opens a home, wires adapters to ports, and hands out what serves it."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Any

from agents.compliance_checker import ComplianceChecker
from agents.copywriter import Copywriter
from agents.editor import Editor
from agents.product_analyst import ProductAnalyst
from agents.qa_responder import QaResponder
from agents.tag_judge import TagJudge
from domain.compliance import read_jurisdictions
from domain.copywriting import CopyBrief
from domain.pool import in_pool, size_pool
from domain.product import ProductDocument, ProductStatus
from domain.progress import ProgressSink
from domain.right_of_way import RightOfWay
from domain.scope import Scope
from domain.settings import Settings
from domain.stream import Stream
from graphs import clip, clips, copywriting, prepare, state
from graphs.clip_opening import open_clip_tools
from graphs.deps import Deps
from graphs.kinds import BlockingJob, GraphJob, Work
from graphs.phrasing import phrase_wished
from graphs.recording_opening import open_recording_tools
from graphs.reports import source_reports
from graphs.run import JobRunner
from graphs.turns import Turns
from graphs.warming import Warmer
from live.captioning import Captions, OpenCaptions, picture_opener
from live.clicking import LiveClicks
from live.demo import make_demo
from live.desk import LiveDesk
from live.forgetting import StreamForgetter
from live.hearing_ahead import StatementReader
from live.monitoring import SpeechMonitor, published_versions
from live.radar_opening import RadarOpener
from live.readying import Readiness
from live.senses import SensesOpener
from live.usual_questions import USUAL_QUESTIONS
from models.asr import load_transcriber
from models.chat import ChatModel
from models.embeddings import load_embedder
from models.lazy import Lazy
from models.ocr import load_ocr
from models.opening import open_chat_model
from models.pace import Pace
from models.prompts import PromptLibrary
from models.store import ModelStore
from models.text_classifier import load_classifier
from models.vision import open_vision_model
from stores.answers import AnswerStore
from stores.blob_uses import BlobUses
from stores.blobs import BlobStore
from stores.calls import CallStore
from stores.catalog import CatalogStore
from stores.checkpoints import open_checkpoints, types_in
from stores.copies import CopyStore
from stores.drafts import DraftStore
from stores.experiment_units import ExperimentUnitStore
from stores.experiments import ExperimentStore
from stores.home import HomeLock, Owner
from stores.idempotency import IdempotencyStore
from stores.index_state import IndexStateStore
from stores.jobs import JobStore
from stores.overrides import OverrideStore
from stores.readings import ReadingStore
from stores.sources import SourceStore
from stores.sql import Database, open_database
from stores.streams import StreamStore
from stores.uploads import UploadStore
from stores.vectors import open_vectors
from tools.catalog import Catalog
from tools.comments.screens import ScreenReader
from tools.compliance import MeaningJudge, RulePackLibrary
from tools.documents import DocumentReader, ReadContext
from tools.drafts import Drafts
from tools.events.vision_captions import VisionCaptioner
from tools.experiments import ExperimentDesk
from tools.extraction.sorting import ClauseSorter
from tools.memory import StreamMemory
from tools.memory.statements import Statements
from tools.on_air_now import OnAirNow
from tools.on_air_questions import OnAirQuestions
from tools.phrasings import Phrasings
from tools.questions import decision
from tools.questions.answering import AnswerRanker
from tools.questions.detection import QuestionDetector
from tools.speech_claims import SpeechClaims
from tools.tagging import load_tagger


@dataclass(frozen=True)
class _Live:
    """The live half of a home."""

    streams: StreamStore
    memory: Callable[[], StreamMemory]
    desk: LiveDesk
    screens: ScreenReader
    readiness: Readiness
    phrasings: Mapping[str, Phrasings]
    way: RightOfWay
    forgetter: StreamForgetter


@dataclass(frozen=True)
class Runtime:
    """An open home: what the surfaces call."""

    settings: Settings
    version: str
    owner: Owner
    database: Database
    jobs: JobStore
    runner: JobRunner
    turns: Turns
    models: ModelStore
    streams: StreamStore
    memory: Callable[[], StreamMemory]
    desk: LiveDesk
    screens: ScreenReader
    clicks: LiveClicks
    experiments: ExperimentDesk
    forgetter: StreamForgetter
    deps: Deps
    deps_for: Callable[[Scope], Deps]


@asynccontextmanager
async def open_runtime(
    settings: Settings, lock: HomeLock, *, serving: bool = True
) -> AsyncGenerator[Runtime]:
    """Open the home that `lock` holds, and close it at the end.

    Jobs that a killed process left are put back; when `serving` they and the streams that were
    watched go on, and the model is warmed for the product that is talked about.

    No model is loaded: each loads on first need, by a stream that goes on in the background.
    """
    async with AsyncExitStack() as stack:
        size_pool(settings.threads.pool)
        if serving:
            sys.setswitchinterval(_SWITCH_SECONDS)
        home = lock.path
        database = await in_pool(open_database, _database_target(settings, lock))
        stack.callback(database.close)
        saver, _memories = await stack.enter_async_context(
            open_checkpoints(
                home / "checkpoints.sqlite", types=[*types_in(state), *types_in(decision)]
            )
        )
        models = ModelStore(settings.models_path, settings.model_sources)
        prompts = PromptLibrary()
        chat = open_chat_model(settings, models, CallStore(database), prompts=prompts)
        stack.push_async_callback(chat.aclose)
        deps_for, live = _wire(settings, lock, database, models, prompts, chat, stack)
        deps = deps_for(Scope())
        await in_pool(deps.blobs.remove_partial)
        await in_pool(IdempotencyStore(database).abandon_all)
        jobs = JobStore(database)
        runner = JobRunner(
            jobs,
            deps_for,
            {
                "prepare": GraphJob(prepare.build(saver), dict, _prepare_result),
                "copy": GraphJob(copywriting.build_variants(saver), _copies_state, _copy_result),
                "recording": GraphJob(clip.build(saver), dict, _recording_result),
                "clips": GraphJob(clips.build(saver), dict, clips.result_of),
                "pull_models": BlockingJob(_pull(models)),
                "demo": BlockingJob(make_demo),
            },
            settings.jobs,
            owner=f"{lock.owner.pid}@{lock.owner.started_at.isoformat()}",
        )
        stack.push_async_callback(runner.aclose)
        warmer = Warmer(enabled=serving)
        stack.push_async_callback(warmer.aclose)
        turns = Turns(deps_for, runner, warmer, live.way)
        stack.push_async_callback(live.readiness.aclose)
        if serving:

            async def phrase() -> bool:
                scopes = [Scope(workspace_id=one) for one in live.phrasings]
                return any([await phrase_wished(deps_for(scope)) for scope in scopes])

            live.readiness.start(
                turns.ask,
                lambda scope, product: warmer.start(scope, deps_for(scope), product),
                phrase,
            )
        stack.push_async_callback(live.desk.aclose)
        await runner.recover(start=serving)
        if serving:
            await live.desk.note_left(Scope())
            recovering = asyncio.create_task(live.desk.recover(Scope()))
            stack.push_async_callback(_end_task, recovering)
        yield Runtime(
            settings=settings,
            version=version("livecue"),
            owner=lock.owner,
            database=database,
            jobs=jobs,
            runner=runner,
            turns=turns,
            models=models,
            streams=live.streams,
            memory=live.memory,
            desk=live.desk,
            screens=live.screens,
            clicks=LiveClicks(live.desk, live.streams, live.screens, live.way),
            experiments=ExperimentDesk(ExperimentStore(database), ExperimentUnitStore(database)),
            forgetter=live.forgetter,
            deps=deps,
            deps_for=deps_for,
        )


async def _end_task(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})


def _database_target(settings: Settings, lock: HomeLock) -> Any:  # noqa: ANN401 - URL or path
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return lock.path / "livecue.sqlite"


_LINE_UP = 60
"""Products of a stream without a line-up: among more none is told on air from the others."""
_SWITCH_SECONDS = 0.001
"""A click's thread gets the interpreter back from a busy one after this; by default it is 5 ms, at
each of the dozens of times that it asks SQL or a model."""
_SETTLED_SECONDS = 3.0


async def _load_later(packs: Lazy[RulePackLibrary]) -> None:
    """Compile the rules once the first requests are through, before anyone has to wait for them."""
    await asyncio.sleep(_SETTLED_SECONDS)
    await in_pool(packs.get)


def _wire(
    settings: Settings,
    lock: HomeLock,
    database: Database,
    models: ModelStore,
    prompts: PromptLibrary,
    chat: ChatModel,
    stack: AsyncExitStack,
) -> tuple[Callable[[Scope], Deps], _Live]:
    """Capabilities by workspace, and the live half; what is heavy is made once, on first need."""
    embedder = Lazy(lambda: load_embedder(settings))
    clauses = Lazy(lambda: load_classifier("record_clauses", embedder.get()))
    ocr = Lazy(lambda: load_ocr(settings))
    transcriber = Lazy(lambda: load_transcriber(settings, models))
    documents = DocumentReader(ReadContext(settings.limits, ocr.get, transcriber.get))
    reading_slots = asyncio.Semaphore(settings.threads.reading)
    vectors = Lazy(lambda: open_vectors(settings, lock.path / "vectors", embedder.get()))
    stack.callback(lambda: vectors.get().close() if vectors.made else None)

    meaning = Lazy(lambda: load_classifier("purification", embedder.get()))
    packs = Lazy(lambda: RulePackLibrary.shipped(judge=MeaningJudge(meaning.get)))
    stack.callback(asyncio.create_task(_load_later(packs)).cancel)
    store = CatalogStore(database)
    catalog = Catalog(store, vectors.get, embedder.get, IndexStateStore(database))

    tagger = load_tagger(settings)
    overrides = OverrideStore(database)
    streams = StreamStore(database)
    memory = Lazy(lambda: StreamMemory(streams, lock.path / "memory", embedder.get()))
    stack.callback(lambda: memory.get().close() if memory.made else None)
    questions = Lazy(lambda: load_classifier("questions", embedder.get()))
    detector = QuestionDetector(questions.get)
    blobs = BlobStore(lock.path / "blobs")
    vision = open_vision_model(settings, CallStore(database), prompts)
    loop = asyncio.get_running_loop()
    if vision is not None:
        stack.push_async_callback(vision.aclose)

    def captions(scope: Scope) -> OpenCaptions | None:
        if vision is None:
            return None
        opener = picture_opener(blobs, scope, settings.events.caption_pixels, way)
        captioner = VisionCaptioner(vision.within(scope), prompts, opener, settings.events)
        return partial(Captions, captioner, loop)

    drafts = Drafts(DraftStore(database), streams, catalog)
    readiness = Readiness(
        drafts, loop, settle_seconds=settings.radar.settle_seconds, usual=USUAL_QUESTIONS
    )
    pace = Pace()
    phrasings: dict[str, Phrasings] = {}
    ranker = Lazy(lambda: AnswerRanker(embedder.get()))
    statements = Lazy(lambda: Statements(streams, memory.get(), ranker.get()))
    on_air_now, way = OnAirNow(), RightOfWay()
    given = settings.monitoring.jurisdictions
    markets = read_jurisdictions(given.split(",")) if given else None
    claims = SpeechClaims(packs.get, meaning.get, clauses.get, jurisdictions=markets)

    def monitor(scope: Scope, stream: Stream, line_up: Sequence[ProductDocument]) -> SpeechMonitor:
        sold = published_versions(catalog, scope, line_up)
        in_force = partial(overrides.in_force, scope)
        return SpeechMonitor(streams, scope, stream, sold, claims, overrides=in_force)

    desk = LiveDesk(
        streams,
        SensesOpener(
            settings,
            streams,
            memory.get,
            catalog,
            blobs,
            transcriber=transcriber.get,
            ocr=ocr.get,
            questions=detector,
            captions=captions,
            radar=RadarOpener(streams, embedder.get, ranker.get, settings.radar, readiness),
            monitor=monitor,
            warm_monitor=claims.warm,
            reader=lambda scope, stream: StatementReader(statements.get, scope, stream.stream_id),
            on_air_now=on_air_now,
            way=way,
        ),
        most=settings.streaming.sessions,
        on_sale=lambda scope: catalog.shelf.newest(scope, _LINE_UP),
    )
    screens = ScreenReader(
        ocr.get,
        detector,
        max_bytes=settings.streaming.pushed_image_bytes,
        max_pixels=settings.streaming.max_pixels,
    )

    recordings = open_recording_tools(settings, database, streams, models, embedder)
    clip_tools = open_clip_tools(
        settings,
        database,
        ExperimentDesk(ExperimentStore(database), ExperimentUnitStore(database)),
        lock.path / "clips",
        embedder,
        tagger,
        blobs,
    )
    on_air = OnAirQuestions(
        catalog,
        streams,
        statements.get,
        embedder.get,
        ranker.get,
        settings.answering,
        on_air_now,
    )

    def wire(scope: Scope) -> Deps:
        model = chat.within(scope)
        return Deps(
            settings=settings,
            model=model,
            embedder=embedder.get,
            prompts=prompts,
            blobs=blobs,
            uploads=UploadStore(database),
            sources=SourceStore(database),
            readings=ReadingStore(database),
            catalog=catalog,
            copies=CopyStore(database),
            overrides=overrides,
            answers=AnswerStore(database),
            documents=documents,
            reading_slots=reading_slots,
            packs=packs.get,
            analyst=ProductAnalyst(model, prompts, ClauseSorter(clauses.get)),
            copywriter=Copywriter(
                model,
                prompts,
                repairs=settings.preparing.copy_repairs,
                translates=settings.chat.configured,
            ),
            checker=ComplianceChecker(
                model,
                prompts,
                packs.get,
                max_chars=settings.limits.check_chars,
                overrides=partial(overrides.in_force, scope),
                asks_model=settings.chat.base_url is not None,
            ),
            responder=QaResponder(
                model,
                prompts,
                settings.answering,
                pace=pace,
                phrasings=phrasings.setdefault(scope.workspace_id, Phrasings(readiness.wake)),
            ),
            on_air=on_air,
            drafts=drafts,
            editor=Editor(model, prompts),
            recordings=recordings,
            clips=clip_tools,
            tagger=tagger,
            tag_judge=TagJudge(model, prompts, asks_model=settings.chat.configured),
        )

    forgetter = StreamForgetter(streams, memory.get, blobs, BlobUses(database))
    return wire, _Live(streams, memory.get, desk, screens, readiness, phrasings, way, forgetter)


def _prepare_result(ended: state.PrepareState) -> dict[str, Any]:
    decided = {d.product_id: d.status for d in ended.get("decisions", [])}
    waiting = ProductStatus.AWAITING_APPROVAL
    return {
        "products": [
            {"product_id": p.product_id, "status": decided.get(p.product_id, waiting)}
            for p in ended.get("products", [])
        ],
        "sources": [r.model_dump(mode="json") for r in source_reports(ended)],
        "copies": ended.get("copies", []),
    }


def _copies_state(given: dict[str, Any]) -> state.Update:
    return {"product_id": given["product_id"], "brief": CopyBrief.model_validate(given["brief"])}


def _copy_result(ended: state.CopiesState) -> dict[str, Any]:
    return {"copies": sorted(ended.get("copies", []))}


def _recording_result(ended: state.ClipState) -> dict[str, Any]:
    return {"recording_id": ended["recording_id"]}


def _pull(models: ModelStore) -> Work:
    def work(
        given: dict[str, Any], progress: ProgressSink, cancelled: Callable[[], bool]
    ) -> dict[str, Any]:
        names = given["names"] or models.names()
        for name in names:
            models.pull(name, progress, cancelled)
        return {"models": names}

    return work
