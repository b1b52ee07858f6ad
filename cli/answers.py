"""`livecue ask`: a cited answer from the record, or an honest abstention."""

from typing import Annotated, Any

import typer

from cli.batch import BatchIn, BatchOut, run_batch
from cli.session import AsJson, print_json, session


def ask(
    question: Annotated[str | None, typer.Argument(help="The viewer's question.")] = None,
    product: Annotated[str | None, typer.Option(help="The product's id; found if absent.")] = None,
    stream: Annotated[
        str | None, typer.Option(help="The stream that it is asked in: what was said answers too.")
    ] = None,
    at: Annotated[
        float | None, typer.Option(min=0, help="Second of the stream; by default now.")
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Let an unpublished version answer.")
    ] = False,
    batch: BatchIn = None,
    out: BatchOut = None,
    as_json: AsJson = False,
) -> None:
    """Answer a viewer's question."""
    with session() as client:
        if batch is not None:
            run_batch(
                batch,
                out,
                ["question"],
                lambda row: _answer(
                    client,
                    row["question"],
                    row.get("product_id"),
                    row.get("stream_id"),
                    row.get("at"),
                    draft=draft,
                ),
            )
            return
        if question is None:
            raise typer.BadParameter("give a question, or --batch")
        answer = _answer(client, question, product, stream, at, draft=draft)
    if as_json:
        print_json(answer)
        return
    print(answer["answer"])
    for citation in answer["citations"]:
        print(f"  <- {_place(citation)}: “{citation['quote']}”")


def _place(citation: dict[str, Any]) -> str:
    if citation["at_ms"] is None:
        return f"{citation['fact']} in {citation['file']}"
    minutes, seconds = divmod(citation["at_ms"] // 1000, 60)
    return f"{citation['file']} at {minutes}:{seconds:02}"


def _answer(
    client: Any,  # noqa: ANN401
    question: str,
    product_id: str | None,
    stream_id: str | None,
    at: float | None,
    *,
    draft: bool,
) -> dict[str, Any]:
    body = {
        "question": question,
        "product_id": product_id,
        "stream_id": stream_id,
        "at_ms": None if at is None else round(at * 1000),
        "draft": draft,
    }
    found = client.request("POST", "/api/v1/answers", body=body)
    return {
        "answer": found["text"],
        "abstained": found["status"] == "abstained",
        "escalated": found["status"] == "escalated",
        "citations": found["citations"],
        "product_id": found["product_id"],
        "method": found["method"],
    }
