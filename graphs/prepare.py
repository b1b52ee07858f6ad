"""prepare: product material in, an evidenced record out, published when a person says so.

plan_intake → read_source (a branch per source) → collect → extract_facts (a branch per source)
→ merge_facts → write_copy (a branch per product) → request_approval → release (a branch per
product: a person decides, then it is published)
"""

from pathlib import Path
from typing import Any, Literal

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, Send, interrupt
from pydantic import TypeAdapter

from domain.copywriting import CopyBrief
from domain.errors import InvalidInput, LivecueError, NotFound
from domain.evidence import Passage, Source, SourceReport
from domain.extraction import Extraction
from domain.pool import in_pool
from domain.product import ProductStatus
from graphs import copywriting
from graphs.deps import RunContext, report
from graphs.retry import MODEL_RETRY
from graphs.state import (
    Decided,
    Extracted,
    ExtractTask,
    PreparedProduct,
    PrepareState,
    Reading,
    ReadTask,
    ReleaseTask,
    Update,
)
from tools.merging import merge
from tools.sources import HEAD_BYTES, detect_kind

_PASSAGES = TypeAdapter(list[Passage])


async def plan_intake(
    state: PrepareState, runtime: Runtime[RunContext]
) -> Command[Literal["read_source", "collect"]]:
    """Name each upload's kind; send one branch per distinct content."""
    context = runtime.context
    sources: list[Source] = []
    rejected: list[Reading] = []
    seen: dict[str, str] = {}
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
        if upload.blob in seen:
            rejected.append(Reading(order=order, source=source, duplicate_of=seen[upload.blob]))
            continue
        seen[upload.blob] = upload.file
        path = context.deps.blobs.path(context.scope, upload.blob)
        try:
            kind, media_type = detect_kind(upload.file, _head(path))
        except LivecueError as error:
            rejected.append(Reading(order=order, source=source, error=error.as_dict()))
            continue
        sources.append(source.model_copy(update={"kind": kind, "media_type": media_type}))
    await in_pool(context.deps.sources.save, context.scope, sources)
    report(runtime, "intake", f"{len(sources)} sources to read", 0, len(sources))
    tasks = [
        Send("read_source", ReadTask(order=state["uploads"].index(s.source_id), source=s))
        for s in sources
    ]
    return Command(update={"sources": sources, "readings": rejected}, goto=tasks or "collect")


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(HEAD_BYTES)


async def read_source(state: ReadTask, runtime: Runtime[RunContext]) -> Update:
    """Read one source into passages, kept as a blob; a bad file becomes a named error."""
    context = runtime.context
    source = state["source"]
    path = context.deps.blobs.path(context.scope, source.blob)
    try:
        passages = await in_pool(context.deps.documents.read, source, path)
    except LivecueError as error:
        report(runtime, "read", f"{source.file}: {error.message}")
        return {"readings": [Reading(order=state["order"], source=source, error=error.as_dict())]}
    data = _PASSAGES.dump_json(passages)
    kept = await in_pool(context.deps.blobs.put_bytes, context.scope, data)
    report(runtime, "read", f"{source.file}: {len(passages)} passages")
    reading = Reading(
        order=state["order"], source=source, passages=kept.sha256, count=len(passages)
    )
    return {"readings": [reading]}


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
            hint="give at least one text, CSV or picture with readable product information",
            details={"sources": [r.model_dump() for r in source_reports(state)]},
        )
    return Command(goto=[Send("extract_facts", ExtractTask(reading=r)) for r in readable])


async def extract_facts(state: ExtractTask, runtime: Runtime[RunContext]) -> Update:
    """The product analyst proposes facts from one source; code keeps what it can find there."""
    context = runtime.context
    reading = state["reading"]
    passages = await _load_passages(context, reading)
    report(runtime, "extract", f"reading facts out of {reading.source.file}")
    extraction = await context.deps.analyst.read(passages)
    kept = await in_pool(
        context.deps.blobs.put_bytes,
        context.scope,
        extraction.model_dump_json().encode(),
    )
    report(runtime, "extract", f"{reading.source.file}: {len(extraction.facts)} facts")
    return {"extracted": [Extracted(order=reading.order, blob=kept.sha256)]}


async def _load_passages(context: RunContext, reading: Reading) -> list[Passage]:
    assert reading.passages is not None  # noqa: S101 - only readable sources get a branch
    data = await in_pool(context.deps.blobs.read_bytes, context.scope, reading.passages)
    return _PASSAGES.validate_json(data)


async def merge_facts(
    state: PrepareState, runtime: Runtime[RunContext]
) -> Command[Literal["write_copy", "request_approval"]]:
    """Join the sources' facts into one record per product and store them for approval."""
    context = runtime.context
    extractions: list[Extraction] = []
    for item in sorted(state["extracted"], key=lambda e: e.order):
        data = await in_pool(context.deps.blobs.read_bytes, context.scope, item.blob)
        extractions.append(Extraction.model_validate_json(data))
    drafts = await in_pool(
        merge,
        extractions,
        name=state.get("name"),
        single=state.get("name") is not None or state.get("product_id") is not None,
        limit=context.deps.settings.limits.products_per_intake,
    )
    products: list[PreparedProduct] = []
    for index, draft in enumerate(drafts):
        document = await in_pool(
            context.deps.catalog.save_draft,
            context.scope,
            draft,
            state.get("product_id") if len(drafts) == 1 else None,
            f"{context.run_id}:{index}",
        )
        products.append(
            PreparedProduct(
                product_id=document.product_id,
                version=document.version,
                name=draft.record.name or document.product_id,
            )
        )
    report(
        runtime,
        "merge",
        f"{len(products)} product{'s' if len(products) != 1 else ''}",
        products=[p.product_id for p in products],
    )
    if 0 < len(products) <= context.deps.settings.preparing.copy_products:
        goto = [
            Send("write_copy", {"product_id": p.product_id, "brief": CopyBrief(), "variant": 0})
            for p in products
        ]
    else:
        goto = "request_approval"
    return Command(update={"products": products}, goto=goto)


async def request_approval(
    state: PrepareState, runtime: Runtime[RunContext]
) -> Command[Literal["release"]]:
    """Send one approval branch per product, so that each is decided by itself."""
    approve = state.get("approve", False)
    if not approve:
        report(runtime, "approval", "waiting for a person to approve")
    return Command(
        goto=[Send("release", ReleaseTask(product=p, approve=approve)) for p in state["products"]]
    )


async def release(state: ReleaseTask, runtime: Runtime[RunContext]) -> Update:
    """Wait for a person, unless the intake was told to approve; then publish or reject.

    Both steps share a node so that one product goes on air while others still wait. A version
    that was decided or removed elsewhere is not waited for.
    """
    product = state["product"]
    status = await _status_of(runtime.context, product)
    if status != ProductStatus.AWAITING_APPROVAL:
        return {"decisions": [Decided(product_id=product.product_id, status=status)]}
    approved = True
    if not state["approve"]:
        approved = bool(
            interrupt(
                {
                    "product_id": product.product_id,
                    "version": product.version,
                    "name": product.name,
                    "question": "publish",
                }
            )["approve"]
        )
    context = runtime.context
    act = context.deps.catalog.publish if approved else context.deps.catalog.reject
    document = await in_pool(act, context.scope, product.product_id, product.version)
    report(runtime, "publish", f"{product.name}: {document.status}")
    return {"decisions": [Decided(product_id=product.product_id, status=document.status)]}


async def _status_of(
    context: RunContext, product: PreparedProduct
) -> ProductStatus | Literal["removed"]:
    catalog = context.deps.catalog
    try:
        found = await in_pool(catalog.get, context.scope, product.product_id, product.version)
    except NotFound:
        return "removed"
    return found.status


def source_reports(state: PrepareState) -> list[SourceReport]:
    """What became of each source, in the order given."""
    reports: list[SourceReport] = []
    for reading in sorted(state.get("readings", []), key=lambda r: r.order):
        if reading.error is not None:
            status = "failed"
        elif reading.duplicate_of is not None:
            status = "duplicate"
        else:
            status = "read"
        reports.append(
            SourceReport(
                file=reading.source.file, status=status, passages=reading.count, error=reading.error
            )
        )
    return reports


def build(checkpointer: BaseCheckpointSaver[Any]) -> CompiledStateGraph[Any, Any, Any, Any]:
    """Compile the graph; run it with `durability="sync"`."""
    graph = StateGraph(PrepareState, context_schema=RunContext)
    graph.add_node("plan_intake", plan_intake)
    graph.add_node("read_source", read_source)
    graph.add_node("collect", collect)
    graph.add_node("extract_facts", extract_facts, retry_policy=MODEL_RETRY)
    graph.add_node("merge_facts", merge_facts)
    graph.add_node("write_copy", copywriting.build(None))
    graph.add_node("request_approval", request_approval)
    graph.add_node("release", release)
    graph.add_edge(START, "plan_intake")
    graph.add_edge("read_source", "collect")
    graph.add_edge("extract_facts", "merge_facts")
    graph.add_edge("write_copy", "request_approval")
    graph.add_edge("release", END)
    return graph.compile(checkpointer=checkpointer, name="prepare")
