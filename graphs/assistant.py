"""assistant: the router. understand → one specialist → reply; asks back when it cannot tell."""

from functools import cache
from typing import Any, Literal

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command

from domain.answer import Answer, Ask
from domain.job import Job, JobStatus
from domain.language import detect_language
from domain.outputs import RoutedTurn
from domain.pool import in_pool
from domain.product import ProductStatus, ProductSummary
from domain.progress import Progress
from graphs import answer as answering
from graphs.deps import RunContext
from graphs.retry import MODEL_RETRY
from graphs.state import AssistantState, Update
from models.chat import Priority
from tools.product_names import mentions
from tools.replies import (
    describe_answer,
    describe_check,
    describe_copies,
    describe_products,
    say,
)
from tools.routing import is_bare_approval, route_turn

Destination = Literal[
    "product_analyst",
    "copywriter",
    "compliance_checker",
    "qa_responder",
    "editor",
    "publisher",
    "ask_back",
]


def _last_turn(state: AssistantState) -> str:
    return state["turns"][-1]["content"].strip()


async def understand(state: AssistantState, runtime: Runtime[RunContext]) -> Command[Destination]:
    """Code reads the turn first; the model is asked only where code is unsure.

    Only code sends a turn to the publisher: a model's guess never publishes.
    """
    deps = runtime.context.deps
    text = _last_turn(state)
    update: Update = {"lang": detect_language(text)}
    route = route_turn(text, has_files=bool(state.get("uploads")))
    if route is not None:
        destination = "publisher" if route.specialist == "approve" else route.specialist
        update |= {"specialist": destination, "parameters": route.parameters}
        return Command(update=update, goto=destination)
    prompt = deps.prompts.render("assistant/route", turn=text)
    parsed = await deps.model.parse(prompt, RoutedTurn, priority=Priority.DRAFT, max_tokens=32)
    guess = parsed.value.specialist
    destination = "ask_back" if guess == "none" else guess
    update |= {"specialist": destination, "parameters": {}}
    return Command(update=update, goto=destination)


async def product_analyst(state: AssistantState, runtime: Runtime[RunContext]) -> Update:
    """Run the attached material through the prepare graph, up to the approval."""
    context = runtime.context
    lang = state["lang"]
    uploads = list(state.get("uploads", []))
    pasted = state["parameters"].get("material")
    if pasted:
        uploads.append(await _store_pasted(context, pasted))
    if not uploads:
        return {"reply": say(lang, "need_material")}
    payload = {
        "uploads": uploads,
        "name": state["parameters"].get("name"),
        "product_id": None,
        "approve": False,
    }
    job = await _run_job(runtime, "prepare", payload)
    if job.status is JobStatus.FAILED:
        return _failed(job, lang)
    result = job.result or {}
    documents = [
        await in_pool(context.deps.catalog.get, context.scope, item["product_id"])
        for item in result["products"]
    ]
    failures = [
        f"{source['file']} ({source['error']['message']})"
        for source in result["sources"]
        if source["error"]
    ]
    return {
        "reply": describe_products(documents, failures, lang),
        "details": {"job_id": job.job_id, "products": [d.product_id for d in documents]},
    }


async def copywriter(state: AssistantState, runtime: Runtime[RunContext]) -> Update:
    """Write the asked-for copy for the product that is meant."""
    context = runtime.context
    lang = state["lang"]
    product = await _product_meant(state, runtime)
    if isinstance(product, str):
        return {"reply": product}
    wanted = {
        key: state["parameters"][key]
        for key in ("kind", "seconds", "lang", "platform", "tone", "variants", "comment")
        if key in state["parameters"]
    }
    if wanted.get("kind") == "reply" and "comment" not in wanted:
        return {"reply": say(lang, "need_comment")}
    spoken = {} if "comment" in wanted else {"lang": lang}
    payload = {"product_id": product.product_id, "brief": spoken | wanted}
    job = await _run_job(runtime, "copy", payload)
    if job.status is JobStatus.FAILED:
        return _failed(job, lang)
    copy_ids = (job.result or {})["copies"]
    copies = [await in_pool(context.deps.copies.get, context.scope, c) for c in copy_ids]
    return {
        "reply": describe_copies(copies, lang),
        "details": {"job_id": job.job_id, "copies": copy_ids},
    }


async def compliance_checker(state: AssistantState, runtime: Runtime[RunContext]) -> Update:
    """Check the text in the turn, and rewrite what violates."""
    lang = state["lang"]
    text = state["parameters"].get("text")
    if not text:
        return {"reply": say(lang, "need_text")}
    found = await runtime.context.deps.checker.purify(
        text, jurisdictions=state["parameters"].get("jurisdictions")
    )
    return {
        "reply": describe_check(text, found, lang),
        "details": {"compliance": found.model_dump(mode="json")},
    }


async def qa_responder(state: AssistantState, runtime: Runtime[RunContext]) -> Update:
    """Answer from the published record, sentence by sentence, with citations."""
    asked = state["parameters"].get("question") or _last_turn(state)
    question: Update = {"ask": Ask(question=asked, product_id=state.get("product_id"))}
    answer: Answer | None = None
    async for part in answering.build().astream(
        question, context=runtime.context, stream_mode=["custom", "values"], version="v2"
    ):
        if part["type"] == "custom":
            runtime.stream_writer(part["data"])
        elif part["type"] == "values":
            answer = part["data"].get("answer", answer)
    assert answer is not None  # noqa: S101 - the graph ends with an answer or raises
    return {
        "reply": describe_answer(answer),
        "details": {"answer": answer.model_dump(mode="json")},
    }


async def editor(state: AssistantState, runtime: Runtime[RunContext]) -> Update:
    """The editor says what it can and cannot do."""
    return {"reply": runtime.context.deps.editor.reply(_last_turn(state), state["lang"]).text}


async def publisher(state: AssistantState, runtime: Runtime[RunContext]) -> Update:
    """Carry out a person's approval of the product that is meant."""
    context = runtime.context
    lang = state["lang"]
    waiting = [
        product
        for product in await in_pool(context.deps.catalog.list, context.scope)
        if product.status is ProductStatus.AWAITING_APPROVAL
    ]
    if not waiting:
        return {"reply": say(lang, "nothing_to_publish")}
    product = _mentioned(_last_turn(state), waiting)
    if product is None and len(waiting) == 1 and is_bare_approval(_last_turn(state)):
        product = waiting[0]
    if product is None:
        return {"reply": say(lang, "need_product", products=_names(waiting))}
    await context.jobs.decide(
        context.scope, product.product_id, approve=True, version=product.version
    )
    return {
        "reply": say(lang, "published", name=product.name, product_id=product.product_id),
        "details": {"published": product.product_id},
    }


async def ask_back(state: AssistantState, runtime: Runtime[RunContext]) -> Update:
    """Say what can be asked for."""
    return {"reply": say(state["lang"], "ask_back")}


async def _product_meant(
    state: AssistantState, runtime: Runtime[RunContext]
) -> ProductSummary | str:
    """The product that a turn is about, or the question to ask back."""
    context = runtime.context
    products = await in_pool(context.deps.catalog.list, context.scope)
    if not products:
        return say(state["lang"], "no_products")
    wanted = state.get("product_id")
    for product in products:
        if product.product_id == wanted:
            return product
    text = " ".join(turn["content"] for turn in state["turns"] if turn["role"] == "user")
    found = _mentioned(_last_turn(state), products) or _mentioned(text, products)
    if found is None and len(products) == 1:
        found = products[0]
    return found or say(state["lang"], "need_product", products=_names(products))


def _mentioned(text: str, products: list[ProductSummary]) -> ProductSummary | None:
    named = [p for p in products if mentions(text, p.name) or mentions(text, p.product_id)]
    return named[0] if len(named) == 1 else None


def _names(products: list[ProductSummary]) -> str:
    return ", ".join(f"{p.name} ({p.product_id})" for p in products[:10])


async def _store_pasted(context: RunContext, text: str) -> str:
    """Text from the turn itself, kept as an upload; its id."""
    name = "pasted.txt"
    blob = await in_pool(context.deps.blobs.put_bytes, context.scope, text.encode(), name=name)
    stored = await in_pool(context.deps.uploads.add, context.scope, name, "text/plain", blob)
    return stored.upload_id


async def _run_job(runtime: Runtime[RunContext], kind: str, payload: dict[str, Any]) -> Job:
    def forward(event: Progress) -> None:
        runtime.stream_writer({"progress": event.model_dump(mode="json")})

    return await runtime.context.jobs.run(runtime.context.scope, kind, payload, progress=forward)


def _failed(job: Job, lang: str) -> Update:
    error = job.error or {}
    reply = say(
        lang, "job_failed", message=error.get("message", job.status), hint=error.get("hint", "")
    )
    return {"reply": reply, "details": {"job_id": job.job_id, "error": error}}


@cache
def build() -> CompiledStateGraph[Any, Any, Any, Any]:
    """The compiled graph. A turn keeps no checkpoints: what it starts are jobs, which do."""
    graph = StateGraph(AssistantState, context_schema=RunContext)
    graph.add_node("understand", understand, retry_policy=MODEL_RETRY)
    specialists = {
        "product_analyst": product_analyst,
        "copywriter": copywriter,
        "compliance_checker": compliance_checker,
        "qa_responder": qa_responder,
        "editor": editor,
        "publisher": publisher,
        "ask_back": ask_back,
    }
    graph.add_edge(START, "understand")
    for name, node in specialists.items():
        graph.add_node(name, node)
        graph.add_edge(name, END)
    return graph.compile(name="assistant")
