"""answer: recognise → find_product → look_ahead → retrieve → respond → record.

Latency first: no tool loop, and an answer that lies ready goes from look_ahead to record.
"""

from collections.abc import Awaitable
from datetime import UTC, datetime
from functools import cache, partial
from time import perf_counter
from typing import Any, Protocol

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from domain.answer import Answer, Ask
from domain.errors import InvalidInput, LimitExceeded
from domain.language import detect_language
from domain.pool import in_pool
from domain.product import ProductDocument
from graphs.deps import RunContext
from graphs.state import AnswerState, Update
from tools.live_record import LiveRecord
from tools.questions.follow_ups import complete_question
from tools.questions.parts import split_question
from tools.retrieval import Decision


async def recognise(state: AnswerState, runtime: Runtime[RunContext]) -> Update:
    """Bound the question, name its language, and part what asks for two things."""
    ask = state["ask"]
    question = " ".join(ask.question.split())
    deps = runtime.context.deps
    limit = deps.settings.limits.question_chars
    if not question:
        raise InvalidInput("the question is empty", hint="ask something, e.g. 'how much is it?'")
    if len(question) > limit:
        raise LimitExceeded(
            f"the question has {len(question)} characters; the limit is {limit}",
            hint="ask shorter, or raise LIVECUE_LIMITS__QUESTION_CHARS",
        )
    as_of_ms = 0
    if ask.stream_id is not None:
        scope = runtime.context.scope
        as_of_ms = await in_pool(deps.on_air.as_of, scope, ask.stream_id, ask.at_ms)
    return {
        "ask": ask.model_copy(update={"question": question}),
        "questions": split_question(question),
        "lang": detect_language(question),
        "as_of_ms": as_of_ms,
    }


async def find_product(state: AnswerState, runtime: Runtime[RunContext]) -> Update:
    """The product that was named, else the one that the question is about, else what is on air."""
    found, candidates = await in_pool(_find, runtime.context, state["ask"], state["as_of_ms"])
    if found is None:
        return {"record": None, "candidates": candidates}
    variants = found.document.record.variants
    listed = (variants.colours, variants.sizes)
    previous = state["ask"].previous
    understood = [complete_question(one, previous, listed) for one in state["questions"]]
    return {"record": found, "questions": understood, "candidates": []}


def _find(context: RunContext, ask: Ask, as_of_ms: int) -> tuple[LiveRecord | None, list[str]]:
    """The record of the product as it stands on air, or the names to ask back with."""
    scope, catalog, on_air = context.scope, context.deps.catalog, context.deps.on_air

    def get(product_id: str) -> ProductDocument:
        if ask.unpublished:
            return catalog.get(scope, product_id)
        return catalog.shelf.published(scope, product_id)

    document: ProductDocument | None = None
    candidates: list[str] = []
    if ask.product_id is not None:
        document = get(ask.product_id)
    elif ask.stream_id is not None:
        document = on_air.find_product(scope, ask, as_of_ms)
    if document is None:
        found = catalog.find_product(scope, ask.question)
        candidates = found.candidates
        document = None if found.product_id is None else get(found.product_id)
    if document is None:
        return None, candidates
    return on_air.as_changed(scope, ask.stream_id, document, as_of_ms), []


async def look_ahead(state: AnswerState, runtime: Runtime[RunContext]) -> Update:
    """The answer that was drafted for this very question about now, where there is one."""
    ask, live, context = state["ask"], state["record"], runtime.context
    questions = state["questions"]
    is_now = ask.stream_id is not None and ask.at_ms is None
    if live is None or not is_now or ask.drafted or ask.unpublished or len(questions) != 1:
        return {}
    assert ask.stream_id is not None  # noqa: S101 - it is now of a stream
    draft = await in_pool(
        context.deps.drafts.find,
        context.scope,
        ask.stream_id,
        questions[0],
        live.document.product_id,
    )
    if draft is None:
        return {}
    runtime.stream_writer({"sentence": draft.text})
    given: Update = {
        "answer_id": context.run_id,
        "question": ask.question,
        "comment_seq": ask.comment_seq,
        "at_ms": state["as_of_ms"],
        "created_at": datetime.now(UTC),
    }
    return {"answer": draft.model_copy(update=given)}


def _is_ready(state: AnswerState) -> str:
    return "record" if "answer" in state else "retrieve"


async def retrieve(state: AnswerState, runtime: Runtime[RunContext]) -> Update:
    """Code decides what of the record, or of what was said on air, answers each question."""
    live, context = state["record"], runtime.context
    if live is None:
        return {"decisions": []}
    deps, scope, ask = context.deps, context.scope, state["ask"]

    def decide() -> list[Decision]:
        products = deps.catalog.shelf.summaries(scope)
        others = [p.name for p in products if p.product_id != live.document.product_id]
        return [
            deps.on_air.decide(
                scope,
                question,
                live,
                stream_id=ask.stream_id,
                as_of_ms=state["as_of_ms"],
                # What leans on an earlier question may name the goods that that one was about.
                other_goods=others if question in ask.question else (),
            )
            for question in state["questions"]
        ]

    return {"decisions": await in_pool(decide)}


async def respond(state: AnswerState, runtime: Runtime[RunContext]) -> Update:
    """Phrase it; each sentence is verified before it goes out."""
    deps, ask = runtime.context.deps, state["ask"]
    document = state["record"].document if state["record"] is not None else None
    answer: Answer | None = None
    began, first = perf_counter(), 0.0
    async for part in deps.responder.respond(
        ask,
        document=document,
        decisions=state["decisions"],
        candidates=state["candidates"],
        lang=state["lang"],
        answer_id=runtime.context.run_id,
        asked_at=datetime.now(UTC),
        as_of_ms=state["as_of_ms"] if ask.stream_id is not None else None,
        check=partial(
            deps.checker.check_answer,
            category=document.record.category if document else None,
            product_id=document.product_id if document else None,
        ),
    ):
        if isinstance(part, Answer):
            answer = part
        else:
            first = first or _ms(began)
            runtime.stream_writer({"sentence": part})
    assert answer is not None  # noqa: S101 - the responder always ends with the whole answer
    return {"answer": answer, "timings_ms": {"first_sentence": first}}


async def record(state: AnswerState, runtime: Runtime[RunContext]) -> Update:
    """Store the answer; an abstention thereby joins the queue of unanswered questions."""
    context = runtime.context
    answer = state["answer"].model_copy(update={"timings_ms": state["timings_ms"]})
    if not state["ask"].drafted:
        await in_pool(context.deps.answers.save, context.scope, answer)
        await in_pool(context.deps.on_air.tell, context.scope, answer)
    return {"answer": answer}


class Node(Protocol):
    """A step of the graph."""

    def __call__(self, state: AnswerState, runtime: Runtime[RunContext]) -> Awaitable[Update]:
        """What it writes."""
        ...


def _timed(node: Node) -> Node:
    """The node with the milliseconds that it took noted under its name."""
    name = getattr(node, "__name__", "node")

    async def run(state: AnswerState, runtime: Runtime[RunContext]) -> Update:
        began = perf_counter()
        update = await node(state, runtime)
        return update | {"timings_ms": {name: _ms(began), **update.get("timings_ms", {})}}

    return run


def _ms(began: float) -> float:
    return round((perf_counter() - began) * 1000, 1)


@cache
def build() -> CompiledStateGraph[Any, Any, Any, Any]:
    """The compiled graph. It keeps no checkpoints: the stored answer is what lasts."""
    graph = StateGraph(AnswerState, context_schema=RunContext)
    graph.add_node("recognise", _timed(recognise))
    graph.add_node("find_product", _timed(find_product))
    graph.add_node("look_ahead", _timed(look_ahead))
    graph.add_node("retrieve", _timed(retrieve))
    graph.add_node("respond", _timed(respond))
    graph.add_node("record", record)
    graph.add_edge(START, "recognise")
    graph.add_edge("recognise", "find_product")
    graph.add_edge("find_product", "look_ahead")
    graph.add_conditional_edges("look_ahead", _is_ready, ["retrieve", "record"])
    graph.add_edge("retrieve", "respond")
    graph.add_edge("respond", "record")
    graph.add_edge("record", END)
    return graph.compile(name="answer")
