"""copywriting: write → check ⇄ repair (bounded) → save; what still violates is cut."""

from datetime import UTC, datetime
from typing import Any, Literal

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, Send

from domain.compliance import ComplianceReport
from domain.copywriting import CommentAnswer, CopyBrief
from domain.pool import in_pool
from domain.product import ProductDocument
from graphs.deps import RunContext, report
from graphs.retry import MODEL_RETRY
from graphs.state import CopiesState, CopyResult, CopyState, Update
from tools.comment_answers import answer_comment
from tools.copy_briefs import find_language
from tools.copy_checks import finish, locate_findings
from tools.copy_platforms import find_jurisdictions

SAME_AS_ANOTHER = "it reads as another variant does: the record has nothing else to say"
"""The warning on a variant that is no other one."""


async def write(state: CopyState, runtime: Runtime[RunContext]) -> Update:
    """The copywriter drafts from the latest version of the record; each line names its facts."""
    context = runtime.context
    document = await in_pool(context.deps.catalog.get, context.scope, state["product_id"])
    report(runtime, "copy", f"writing {state['brief'].kind} for {document.record.name}")
    draft = await context.deps.copywriter.write(
        document,
        state["brief"],
        sample=state.get("variant", 0),
        answers=await _answer(context, document, state["brief"]),
    )
    return {"document": document, "draft": draft, "repairs": 0}


async def check(
    state: CopyState, runtime: Runtime[RunContext]
) -> Command[Literal["repair", "save"]]:
    """The compliance checker reads the draft; a violation goes back to the copywriter."""
    context = runtime.context
    draft = state["draft"]
    found = await _check(context, state["document"], state["brief"], draft.text)
    repairs = state["repairs"]
    again = found.violating and repairs < context.deps.settings.preparing.copy_repairs
    report(runtime, "check", f"{len(found.findings)} findings")
    return Command(update={"report": found}, goto="repair" if again else "save")


async def repair(state: CopyState, runtime: Runtime[RunContext]) -> Update:
    """The copywriter mends the lines that a rule objects to."""
    deps = runtime.context.deps
    problems = locate_findings(state["draft"], state["report"].findings)
    draft = await deps.copywriter.repair(state["document"], state["draft"], problems)
    return {"draft": draft, "repairs": state["repairs"] + 1}


async def save(state: CopyState, runtime: Runtime[RunContext]) -> Update:
    """Cut what still violates, and store the copy with its claims and report."""
    context = runtime.context
    document = state["document"]
    copy_id = f"{context.run_id}-{document.product_id}-{state.get('variant', 0)}"
    copy = await finish(
        state["draft"],
        copy_id=copy_id,
        document=document,
        check=lambda text: _check(context, document, state["brief"], text),
        created_at=datetime.now(UTC),
    )
    await in_pool(context.deps.copies.save, context.scope, copy)
    told = f"{state['brief'].kind} {copy.status}"
    report(runtime, "copy", told, copy_id=copy_id, warnings=copy.warnings)
    return {"copies": [copy_id]}


async def compare(state: CopiesState, runtime: Runtime[RunContext]) -> Update:
    """Say of a variant that it reads as one before it: the record has nothing else to say."""
    context = runtime.context
    seen: set[str] = set()
    for copy_id in sorted(state["copies"]):
        copy = await in_pool(context.deps.copies.get, context.scope, copy_id)
        if copy.text and copy.text in seen and SAME_AS_ANOTHER not in copy.warnings:
            warned = copy.model_copy(update={"warnings": [*copy.warnings, SAME_AS_ANOTHER]})
            await in_pool(context.deps.copies.save, context.scope, warned)
            report(runtime, "copy", SAME_AS_ANOTHER, copy_id=copy_id)
        seen.add(copy.text)
    return {}


async def check_again(context: RunContext, document: ProductDocument) -> None:
    """Check the copies of this version by the rules as they are now, and keep the reports."""
    for copy in await in_pool(context.deps.copies.list, context.scope, document.product_id):
        if copy.product_version == document.version and copy.text:
            found = await _check(context, document, copy.brief, copy.text)
            checked = copy.model_copy(update={"compliance": found})
            await in_pool(context.deps.copies.save, context.scope, checked)


async def _answer(
    context: RunContext, document: ProductDocument, brief: CopyBrief
) -> list[CommentAnswer]:
    """What a reply says to the viewer's comment; nothing for other copy."""
    if brief.kind != "reply" or not brief.comment:
        return []
    products = await in_pool(context.deps.catalog.list, context.scope)
    return await in_pool(
        answer_comment,
        brief.comment,
        document,
        await in_pool(context.deps.embedder),
        lang=find_language(document, brief),
        settings=context.deps.settings.answering,
        other_goods=[p.name for p in products if p.product_id != document.product_id],
    )


async def _check(
    context: RunContext, document: ProductDocument, brief: CopyBrief, text: str
) -> ComplianceReport:
    return await context.deps.checker.check(
        text,
        jurisdictions=find_jurisdictions(brief),
        category=document.record.category,
        product_id=document.product_id,
    )


def build(
    checkpointer: BaseCheckpointSaver[Any] | None,
) -> CompiledStateGraph[Any, Any, Any, Any]:
    """Compile the graph; as a node of another graph it uses that graph's checkpoints."""
    graph = StateGraph(CopyState, context_schema=RunContext, output_schema=CopyResult)
    graph.add_node("write", write, retry_policy=MODEL_RETRY)
    graph.add_node("check", check)
    graph.add_node("repair", repair, retry_policy=MODEL_RETRY)
    graph.add_node("save", save)
    graph.add_edge(START, "write")
    graph.add_edge("write", "check")
    graph.add_edge("repair", "check")
    graph.add_edge("save", END)
    return graph.compile(checkpointer=checkpointer, name="copywriting")


def fan_out(state: CopiesState) -> list[Send]:
    """One branch per variant."""
    return [
        Send(
            "write_copy",
            {"product_id": state["product_id"], "brief": state["brief"], "variant": variant},
        )
        for variant in range(state["brief"].variants)
    ]


def build_variants(
    checkpointer: BaseCheckpointSaver[Any],
) -> CompiledStateGraph[Any, Any, Any, Any]:
    """The graph of a copy job: as many variants as the brief asks for, side by side."""
    graph = StateGraph(CopiesState, context_schema=RunContext)
    graph.add_node("write_copy", build(None))
    graph.add_node("compare", compare)
    graph.add_conditional_edges(START, fan_out, ["write_copy"])
    graph.add_edge("write_copy", "compare")
    graph.add_edge("compare", END)
    return graph.compile(checkpointer=checkpointer, name="copies")
