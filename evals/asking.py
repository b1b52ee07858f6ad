"""Questions clicked in a broadcast, answered from the record, the host's words, or honestly not.

Each scenario is a broadcast of its own: its records are published, what the host says is watched as
a transcript, and every question is asked as of its moment. Response quality is that of Click-to-Ask
(1 right and complete, 0.5 in part, 0 wrong), told by code: an answer is complete when it says every
group of what has to be said, and wrong when it says what may not be said or the wrong yes or no.
Where nothing answers, an abstention is right.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median
from time import perf_counter
from typing import Any

import httpx
from pydantic import TypeAdapter

from domain.language import detect_language
from domain.numerals import find_numbers
from domain.quantities import find_quantities, same_quantity
from evals.broadcast_rows import Broadcast, BroadcastQuestion
from evals.options import Options
from evals.phrases import holds
from evals.report import EvalReport, Miss, share
from evals.rows import DATA
from evals.server import add_record, remove_products, running_server, watch_transcript

DEVELOPMENT = Path(__file__).parents[1] / "training" / "asking"
_YES = re.compile(
    r"\W*(?:yes|yeah|sure|of course|certainly)\b|\W*(?:有的?|是的?|可以|能|会|对|支持|包)(?!没|不)",
    re.I,
)
_NO = re.compile(
    r"\W*(?:no|not|sorry|unfortunately)\b|\W*(?:没有?|不|抱歉|暂时没)"
    r"|[^，。]{1,12}(?:没有货|卖完|售罄)",
    re.I,
)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}(?::\d\d){1,2}(?!\d)")
_QUOTED = re.compile(r"[“\"（(][^”\")）]*[”\")）]")
_ROWS = TypeAdapter(Broadcast)


def measure(options: Options) -> list[EvalReport]:
    """Response quality over all questions, by where the answer lies and by language."""
    folder = DEVELOPMENT if options.split == "dev" else DATA / "asking"
    paths = [p for p in sorted(folder.glob("*.json")) if not options.only or p.stem in options.only]
    broadcasts = [_ROWS.validate_json(path.read_text(encoding="utf-8")) for path in paths]
    scored: list[tuple[BroadcastQuestion, float]] = []
    seconds: list[float] = []
    misses: list[Miss] = []
    invented = cited = valid = opened = opens = foreign = phrased = grounded = 0
    with running_server(options.home) as client:
        for broadcast in broadcasts:
            stream_id = _prepare(client, broadcast)
            for question in broadcast.questions:
                began = perf_counter()
                answer = _ask(client, stream_id, question)
                seconds.append(perf_counter() - began)
                quality, why = judge(question, answer)
                scored.append((question, quality))
                known = broadcast.known(question.at)
                invented += bool(find_invented(question, answer, known))
                cited += len(answer["citations"])
                valid += sum(_is_valid(citation, known) for citation in answer["citations"])
                if answer["status"] == "grounded":
                    grounded += 1
                    phrased += answer["method"] == "model"
                    foreign += _language(answer["text"]) != question.lang
                    if question.opens is not None:
                        opens += 1
                        opened += _opening(answer["text"]) == question.opens
                if quality < 1:
                    misses.append(_miss(question, answer, quality, why))
            client.post(f"/api/v1/streams/{stream_id}/stop")
            remove_products(client)
    measures: dict[str, float] = {"quality": _mean(q for _, q in scored)}
    for name, rows in _slices(scored).items():
        measures[name] = _mean(q for _, q in rows)
    measures |= {
        "answers with a number from nowhere": invented,
        "citations valid": share(valid, cited),
        "yes or no first": share(opened, opens),
        "in the wrong language": foreign,
        "phrased by the model": share(phrased, grounded),
        "median seconds": round(median(seconds), 2),
    }
    data = f"committed, {len(broadcasts)} broadcasts, en + zh, by other hands"
    return [EvalReport("questions on air", data, len(scored), measures, misses=tuple(misses))]


def judge(question: BroadcastQuestion, answer: dict[str, Any]) -> tuple[float, str]:
    """0, 0.5 or 1, and why it is less than 1."""
    text, status = str(answer["text"]), answer["status"]
    if question.source == "none":
        return (0.0, "spoke") if status == "grounded" else (1.0, "")
    if "conflict" in question.type and status == "escalated":
        return 1.0, ""
    if status == "abstained":
        return 0.0, "silent"
    said = [word for word in question.must_not if holds(text, word)]
    if said:
        return 0.0, f"says {said[0]}"
    opening = _opening(text)
    if question.opens is not None and opening is not None and opening != question.opens:
        return 0.0, f"opens with {opening}"
    held = [any(holds(text, one) for one in group) for group in question.must]
    if all(held):
        return 1.0, ""
    return (0.5, "incomplete") if held[0] else (0.0, "not said")


def find_invented(
    question: BroadcastQuestion, answer: dict[str, Any], known: Sequence[str]
) -> list[str]:
    """Numbers of an answer that stand neither in what is known nor in the question.

    An amount may be said in another unit (a 斤 in grams).
    """
    text = _CLOCK.sub(" ", str(answer["text"]))
    amounts = [quantity for one in known for quantity in find_quantities(one)]
    converted = [
        quantity
        for quantity in find_quantities(text)
        if quantity.dimension is not None and any(same_quantity(quantity, a) for a in amounts)
    ]
    there = {n.value for one in [*known, question.question] for n in find_numbers(one)}
    return [
        text[n.start : n.end]
        for n in find_numbers(text)
        if n.value not in there and not any(q.start <= n.start < q.end for q in converted)
    ]


def _prepare(client: httpx.Client, broadcast: Broadcast) -> str:
    for document in broadcast.documents():
        add_record(client, document)
    products = [product.product_id for product in broadcast.products]
    return watch_transcript(client, broadcast.scenario, broadcast.transcript_jsonl(), products)


def _ask(client: httpx.Client, stream_id: str, question: BroadcastQuestion) -> dict[str, Any]:
    body: dict[str, Any] = {
        "question": question.question,
        "product_id": question.product_id,
        "previous": list(question.previous),
    }
    if question.at is not None:
        body |= {"stream_id": stream_id, "at_ms": round(question.at * 1000)}
    response = client.post("/api/v1/answers", json=body)
    response.raise_for_status()
    return response.json()


def _is_valid(citation: dict[str, Any], known: Sequence[str]) -> bool:
    quote = "".join(str(citation["quote"]).casefold().split())
    return bool(quote) and any(quote in "".join(one.casefold().split()) for one in known)


def _opening(text: str) -> str | None:
    if _NO.match(text):
        return "no"
    return "yes" if _YES.match(text) else None


def _language(text: str) -> str:
    """Of the words that are not quoted."""
    return detect_language(_QUOTED.sub(" ", text), default=detect_language(text))


def _slices(
    scored: Sequence[tuple[BroadcastQuestion, float]],
) -> dict[str, list[tuple[BroadcastQuestion, float]]]:
    found: dict[str, list[tuple[BroadcastQuestion, float]]] = defaultdict(list)
    for source in ("record", "live", "both", "none"):
        found[source] = [row for row in scored if row[0].source == source]
    for lang in ("en", "zh"):
        found[lang] = [row for row in scored if row[0].lang == lang]
    found["cross-lingual"] = [row for row in scored if "cross_lingual" in row[0].type]
    found["before and after a change"] = [row for row in scored if "_change" in row[0].type]
    return {name: rows for name, rows in found.items() if rows}


def _mean(values: Any) -> float:  # noqa: ANN401 - any iterable of numbers
    kept = list(values)
    return round(mean(kept), 3) if kept else 0.0


def _miss(question: BroadcastQuestion, answer: dict[str, Any], quality: float, why: str) -> Miss:
    wanted = " & ".join(" | ".join(group) for group in question.must) or "no answer"
    got = f"{quality} {why}: [{answer['status']}, {answer['method']}] {answer['text']}"
    asked = f"{question.source}, {question.type}, at {question.at}: {question.question}"
    return Miss(question.id, f"{asked} → {wanted}", got)
