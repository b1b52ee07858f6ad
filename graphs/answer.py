"""answer: recognise → find_product → retrieve → respond → record. Latency first: no tool loop."""

from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from domain.answer import Answer
from domain.errors import InvalidInput, LimitExceeded
from domain.language import detect_language
from domain.pool import in_pool
from graphs.deps import RunContext
from graphs.state import AnswerState, Update
from tools.retrieval import decide


async def recognise(state: AnswerState, runtime: Runtime[RunContext]) -> Update:
    """Bound the question and name its language."""
    question = " ".join(state["question"].split())
    limit = runtime.context.deps.settings.limits.question_chars
    if not question:
        raise InvalidInput("the question is empty", hint="ask something, e.g. 'how much is it?'")
    if len(question) > limit:
        raise LimitExceeded(
            f"the question has {len(question)} characters; the limit is {limit}",
            hint="ask shorter, or raise LIVECUE_LIMITS__QUESTION_CHARS",
        )
    return {"question": question, "lang": detect_language(question)}


async def find_product(state: AnswerState, runtime: Runtime[RunContext]) -> Update:
    """The product that was named, else the one that the question is clearly about."""
    context = runtime.context
    catalog = context.deps.catalog
    version = None if state.get("use_draft") else "published"
    product_id = state.get("product_id")
    if product_id is not None:
        document = await in_pool(catalog.get, context.scope, product_id, version)
        return {"document": document, "candidates": []}
    found = await in_pool(catalog.find_product, context.scope, state["question"])
    if found.product_id is None:
        return {"document": None, "candidates": found.candidates}
    document = await in_pool(catalog.get, context.scope, found.product_id, version)
    return {"document": document, "product_id": document.product_id, "candidates": []}


async def retrieve(state: AnswerState, runtime: Runtime[RunContext]) -> Update:
    """Code decides whether the record answers, and from which facts."""
    document = state["document"]
    if document is None:
        return {"decision": None}
    embedder = runtime.context.deps.embedder
    limits = runtime.context.deps.settings.answering
    products = await in_pool(runtime.context.deps.catalog.list, runtime.context.scope)
    decision = await in_pool(
        decide,
        state["question"],
        document,
        await in_pool(embedder),
        min_similarity=limits.min_similarity,
        min_margin=limits.min_margin,
        other_goods=[p.name for p in products if p.product_id != document.product_id],
    )
    return {"decision": decision}


async def respond(state: AnswerState, runtime: Runtime[RunContext]) -> Update:
    """Phrase it; each sentence is verified before it goes out."""
    deps = runtime.context.deps
    document = state["document"]
    answer: Answer | None = None
    async for part in deps.responder.respond(
        state["question"],
        document=document,
        decision=state["decision"],
        candidates=state["candidates"],
        lang=state["lang"],
        answer_id=runtime.context.run_id,
        asked_at=datetime.now(UTC),
        check=partial(
            deps.checker.check_answer,
            category=document.record.category if document else None,
            product_id=document.product_id if document else None,
        ),
    ):
        if isinstance(part, Answer):
            answer = part
        else:
            runtime.stream_writer({"sentence": part})
    assert answer is not None  # noqa: S101 - the responder always ends with the whole answer
    return {"answer": answer}


async def record(state: AnswerState, runtime: Runtime[RunContext]) -> Update:
    """Store the answer; an abstention thereby joins the queue of unanswered questions."""
    context = runtime.context
    await in_pool(context.deps.answers.save, context.scope, state["answer"])
    return {}


@cache
def build() -> CompiledStateGraph[Any, Any, Any, Any]:
    """The compiled graph. It keeps no checkpoints: the stored answer is what lasts."""
    graph = StateGraph(AnswerState, context_schema=RunContext)
    graph.add_node("recognise", recognise)
    graph.add_node("find_product", find_product)
    graph.add_node("retrieve", retrieve)
    graph.add_node("respond", respond)
    graph.add_node("record", record)
    graph.add_edge(START, "recognise")
    graph.add_edge("recognise", "find_product")
    graph.add_edge("find_product", "retrieve")
    graph.add_edge("retrieve", "respond")
    graph.add_edge("respond", "record")
    graph.add_edge("record", END)
    return graph.compile(name="answer")
