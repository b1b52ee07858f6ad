"""`livecue answers`: what was answered, what stayed open, and a person's answer to it."""

from typing import Annotated
from urllib.parse import quote

import typer

from cli.session import AsJson, print_json, session

app = typer.Typer(help="Answers: list, resolve.", no_args_is_help=True)


@app.command("list")
def list_answers(
    is_open: Annotated[
        bool, typer.Option("--open", help="Only what nobody has answered yet.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Answers, the newest first."""
    with session() as client:
        found = client.request("GET", "/api/v1/answers", params={"unanswered": is_open})
    if as_json:
        print_json(found)
        return
    for one in found["answers"]:
        about = one["product_id"] or "-"
        print(f"{one['answer_id']:<20} {one['status']:<10} {about:<24} {one['question']}")


@app.command("resolve")
def resolve(
    answer_id: str,
    text: Annotated[str, typer.Argument(help="The answer, as viewers may read it.")],
    product: Annotated[
        str | None, typer.Option(help="The product's id, where the question named none.")
    ] = None,
    field: Annotated[
        str | None, typer.Option(help="The fact that it gives, e.g. specs.weight.")
    ] = None,
    value: Annotated[str | None, typer.Option(help="The fact's value, e.g. “310 g”.")] = None,
    approve: Annotated[
        bool, typer.Option("--approve", help="Make it a fact of the record, published at once.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Answer an open question."""
    body = {
        "text": text,
        "product_id": product,
        "field": field,
        "value": value,
        "approve": approve,
    }
    with session() as client:
        done = client.request("POST", f"/api/v1/answers/{quote(answer_id)}/resolve", body=body)
    if as_json:
        print_json(done)
        return
    print(f"{answer_id}: {done['answer']['text']}")
    fact = done["fact"]
    if done["version"] is not None:
        print(f"  {fact['field']}: {fact['value']} (version {done['version']}, {done['status']})")
    elif fact is not None:
        print(f"  --approve would set {fact['field']}: {fact['value']}")
