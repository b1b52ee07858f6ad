"""`livecue ask`: a cited answer from the record, or an honest abstention."""

from typing import Annotated, Any

import typer

from cli.batch import BatchIn, BatchOut, run_batch
from cli.session import AsJson, print_json, session


def ask(
    question: Annotated[str | None, typer.Argument(help="The viewer's question.")] = None,
    product: Annotated[str | None, typer.Option(help="The product's id; found if absent.")] = None,
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
                lambda row: _answer(client, row["question"], row.get("product_id"), draft),
            )
            return
        if question is None:
            raise typer.BadParameter("give a question, or --batch")
        answer = _answer(client, question, product, draft)
    if as_json:
        print_json(answer)
        return
    print(answer["answer"])
    for citation in answer["citations"]:
        print(f"  <- {citation['fact']} in {citation['file']}: “{citation['quote']}”")


def _answer(client: Any, question: str, product_id: str | None, draft: bool) -> dict[str, Any]:  # noqa: ANN401
    found = client.request(
        "POST",
        "/api/v1/answers",
        body={"question": question, "product_id": product_id, "draft": draft},
    )
    return {
        "answer": found["text"],
        "abstained": found["status"] == "abstained",
        "escalated": found["status"] == "escalated",
        "citations": found["citations"],
        "product_id": found["product_id"],
        "method": found["method"],
    }
