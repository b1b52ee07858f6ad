"""prepare: product material in, an evidenced record out, published when a person says so.

plan_intake → read_source (a branch per source that is read) → list_terms → listen (a branch per
source that is heard) → collect → extract_facts (a branch per source) → merge_facts → write_copy (a
branch per product) → request_approval → release (a branch per product: a person decides, then it
is published)
"""

from typing import Any, Literal

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, Send, interrupt

from domain.errors import NotFound
from domain.pool import in_pool
from domain.product import ProductStatus
from graphs import copywriting
from graphs.deps import RunContext, report
from graphs.intake import collect, extract_facts, list_terms, plan_intake, read_source
from graphs.record import merge_facts
from graphs.retry import MODEL_RETRY
from graphs.state import Decided, PreparedProduct, PrepareState, ReleaseTask, Update


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

    Copies written before are checked again when it is published. Both steps share a node so that
    one product goes on air while others still wait. A version that was decided or removed elsewhere
    is not waited for.
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
    if approved:
        await copywriting.check_again(context, document)
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


def build(checkpointer: BaseCheckpointSaver[Any]) -> CompiledStateGraph[Any, Any, Any, Any]:
    """Compile the graph; run it with `durability="sync"`."""
    graph = StateGraph(PrepareState, context_schema=RunContext)
    graph.add_node("plan_intake", plan_intake)
    graph.add_node("read_source", read_source, retry_policy=MODEL_RETRY)
    graph.add_node("list_terms", list_terms)
    graph.add_node("listen", read_source, retry_policy=MODEL_RETRY)
    graph.add_node("collect", collect)
    graph.add_node("extract_facts", extract_facts, retry_policy=MODEL_RETRY)
    graph.add_node("merge_facts", merge_facts, retry_policy=MODEL_RETRY)
    graph.add_node("write_copy", copywriting.build(None))
    graph.add_node("request_approval", request_approval)
    graph.add_node("release", release)
    graph.add_edge(START, "plan_intake")
    graph.add_edge("read_source", "list_terms")
    graph.add_edge("listen", "collect")
    graph.add_edge("extract_facts", "merge_facts")
    graph.add_edge("write_copy", "request_approval")
    graph.add_edge("release", END)
    return graph.compile(checkpointer=checkpointer, name="prepare")
