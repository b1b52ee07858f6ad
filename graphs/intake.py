"""The first half of prepare: sources into passages, passages into evidenced facts."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command, Send
from pydantic import TypeAdapter

from domain.errors import InvalidInput, LimitExceeded, LivecueError, NotFound
from domain.evidence import Passage, Source, SourceKind
from domain.extraction import Extraction
from domain.pool import in_pool, in_pool_until
from graphs.deps import RunContext, progress_sink, report
from graphs.reports import source_reports
from graphs.state import Extracted, ExtractTask, PrepareState, Reading, ReadTask, Update
from stores.blobs import BlobRef
from tools.extraction import name_goods
from tools.sources import HEAD_BYTES, detect_kind
from tools.spoken import collect_spellings

_PASSAGES = TypeAdapter(list[Passage])
_HEARD = ("audio", "video")
_MOST_TERMS = 40


async def plan_intake(
    state: PrepareState, runtime: Runtime[RunContext]
) -> Command[Literal["read_source", "list_terms"]]:
    """Name each upload's kind; send one branch per distinct content that is read at once.

    What is heard waits until the names that it may hold are known.
    """
    context = runtime.context
    sources: list[Source] = []
    rejected: list[Reading] = []
    seen: dict[tuple[str, SourceKind], str] = {}
    for order, upload_id in enumerate(state["uploads"]):
        upload = await in_pool(context.deps.uploads.get, context.scope, upload_id)
        source = Source(
            source_id=upload.upload_id,
            file=upload.file,
            kind="text",
            media_type=upload.media_type,
            blob=upload.blob,
            size=upload.size,
        )
        path = context.deps.blobs.path(context.scope, upload.blob)
        try:
            kind, media_type = await in_pool(_detect, upload.file, path)
        except LivecueError as error:
            rejected.append(Reading(order=order, source=source, error=error.as_dict()))
            continue
        if (known := seen.get((upload.blob, kind))) is not None:
            rejected.append(Reading(order=order, source=source, duplicate_of=known))
            continue
        seen[upload.blob, kind] = upload.file
        sources.append(source.model_copy(update={"kind": kind, "media_type": media_type}))
    await in_pool(context.deps.sources.save, context.scope, sources)
    report(runtime, "intake", f"{len(sources)} sources to read", 0, len(sources))
    seen_first = [s for s in sources if s.kind not in _HEARD]
    tasks = [Send("read_source", _task(state, s)) for s in seen_first]
    return Command(update={"sources": sources, "readings": rejected}, goto=tasks or "list_terms")


def _detect(file: str, path: Path) -> tuple[SourceKind, str]:
    with path.open("rb") as stream:
        return detect_kind(file, stream.read(HEAD_BYTES))


def _task(
    state: PrepareState, source: Source, terms: Sequence[str] = (), spellings: Sequence[str] = ()
) -> ReadTask:
    order = state["uploads"].index(source.source_id)
    return ReadTask(order=order, source=source, terms=list(terms), spellings=list(spellings))


async def read_source(state: ReadTask, runtime: Runtime[RunContext]) -> Update:
    """Read one source into passages, kept as a blob; a bad file becomes a named error.

    Bytes that were read before are not read again.
    """
    context = runtime.context
    source = state["source"]
    try:
        passages, known = await load_passages(
            context, source, runtime, terms=state["terms"], spellings=state["spellings"]
        )
    except (InvalidInput, LimitExceeded) as error:
        report(runtime, "read", f"{source.file}: {error.message}")
        return {"readings": [Reading(order=state["order"], source=source, error=error.as_dict())]}
    kept = await _keep(context, source, passages)
    before = " (read before)" if known else ""
    report(runtime, "read", f"{source.file}: {len(passages)} passages{before}")
    reading = Reading(
        order=state["order"],
        source=source,
        passages=kept.sha256,
        count=len(passages),
        known=known,
    )
    return {"readings": [reading]}


async def load_passages(
    context: RunContext,
    source: Source,
    runtime: Runtime[RunContext],
    *,
    terms: Sequence[str] = (),
    spellings: Sequence[str] = (),
) -> tuple[list[Passage], bool]:
    """The passages of `source`, and whether its bytes had been read before."""
    reader = context.deps.documents.identity(source)
    kept = await in_pool(context.deps.readings.get, context.scope, source.blob, reader)
    passages = await _read_kept(context, kept) if kept is not None else None
    if passages is not None:
        own = {"source_id": source.source_id, "file": source.file, "kind": source.kind}
        return [passage.model_copy(update=own) for passage in passages], True
    path = context.deps.blobs.path(context.scope, source.blob)
    stop = threading.Event()
    async with context.deps.reading_slots:
        passages = await in_pool_until(
            stop,
            context.deps.documents.read,
            source,
            path,
            terms=terms,
            spellings=spellings,
            progress=progress_sink(runtime),
            cancelled=stop.is_set,
        )
    await _keep(context, source, passages)
    return passages, False


async def _keep(context: RunContext, source: Source, passages: Sequence[Passage]) -> BlobRef:
    """Store passages as a blob, and that they are what the bytes of `source` hold."""
    data = _PASSAGES.dump_json(list(passages))
    kept = await in_pool(context.deps.blobs.put_bytes, context.scope, data)
    reader = context.deps.documents.identity(source)
    await in_pool(context.deps.readings.put, context.scope, source.blob, reader, kept.sha256)
    return kept


async def _read_kept(context: RunContext, sha256: str) -> list[Passage] | None:
    """Passages read before; None where their blob is gone, so that the file is read anew."""
    try:
        return await _read_blob(context, sha256)
    except NotFound:
        return None


async def list_terms(
    state: PrepareState, runtime: Runtime[RunContext]
) -> Command[Literal["listen", "collect"]]:
    """Send one branch per source that is heard, with the names that its speech may hold."""
    context = runtime.context
    heard = [source for source in state["sources"] if source.kind in _HEARD]
    if not heard:
        return Command(goto="collect")
    name = state.get("name")
    known = [name] if name else list[str]()
    known += [summary.name for summary in await in_pool(context.deps.catalog.list, context.scope)]
    read: list[Passage] = []
    for reading in state["readings"]:
        if reading.passages:
            read += await _read_blob(context, reading.passages)
    named, spellings = await in_pool(_words_of, read)
    terms = list(dict.fromkeys([*known[:1], *named, *known[1:]]))[:_MOST_TERMS]
    return Command(
        goto=[Send("listen", _task(state, source, terms, spellings)) for source in heard]
    )


def _words_of(passages: Sequence[Passage]) -> tuple[list[str], list[str]]:
    return name_goods(passages), collect_spellings(passages)


async def collect(
    state: PrepareState, runtime: Runtime[RunContext]
) -> Command[Literal["extract_facts"]]:
    """Send one extraction branch per readable source; with none, say so."""
    readable = [r for r in state["readings"] if r.passages and r.count]
    if not readable:
        failed = [r for r in state["readings"] if r.error]
        raise InvalidInput(
            "none of the sources could be read: "
            + "; ".join((r.error or {})["message"] for r in failed),
            hint="give at least one file with readable product information",
            details={"sources": [r.model_dump() for r in source_reports(state)]},
        )
    return Command(goto=[Send("extract_facts", ExtractTask(reading=r)) for r in readable])


async def extract_facts(state: ExtractTask, runtime: Runtime[RunContext]) -> Update:
    """The product analyst proposes facts from one source; code keeps what it can find there."""
    context = runtime.context
    reading = state["reading"]
    assert reading.passages is not None  # noqa: S101 - only readable sources get a branch
    passages = await _read_blob(context, reading.passages)
    report(runtime, "extract", f"reading facts out of {reading.source.file}")
    extraction = await context.deps.analyst.read(passages)
    kept = await in_pool(
        context.deps.blobs.put_bytes,
        context.scope,
        extraction.model_dump_json().encode(),
    )
    report(runtime, "extract", f"{reading.source.file}: {len(extraction.facts)} facts")
    return {"extracted": [Extracted(order=reading.order, blob=kept.sha256)]}


async def load_extractions(context: RunContext, state: PrepareState) -> list[Extraction]:
    """What the branches have extracted, in the order of the sources."""
    extractions: list[Extraction] = []
    for item in sorted(state["extracted"], key=lambda e: e.order):
        data = await in_pool(context.deps.blobs.read_bytes, context.scope, item.blob)
        extractions.append(Extraction.model_validate_json(data))
    return extractions


async def _read_blob(context: RunContext, sha256: str) -> list[Passage]:
    data = await in_pool(context.deps.blobs.read_bytes, context.scope, sha256)
    return _PASSAGES.validate_json(data)
