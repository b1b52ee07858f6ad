"""`livecue overrides`: wordings that a person allowed against a rule, and why."""

from typing import Annotated

import typer

from cli.session import AsJson, print_json, say, session

app = typer.Typer(
    help="Wordings allowed against a rule: list, add, withdraw.", no_args_is_help=True
)


@app.command("list")
def list_overrides(
    withdrawn: Annotated[bool, typer.Option(help="Those that were taken back, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """What is allowed, by whom and why."""
    with session() as client:
        found = client.request("GET", "/api/v1/overrides", params={"withdrawn": True})
    ended = [o for o in found["overrides"] if o["withdrawn_at"]]
    shown = [o for o in found["overrides"] if withdrawn or not o["withdrawn_at"]]
    if as_json:
        print_json({"overrides": shown})
        return
    for override in shown:
        where = override["product_id"] or "all products"
        by = f", withdrawn by {override['withdrawn_by']}" if override["withdrawn_at"] else ""
        print(
            f"{override['override_id']}  {override['rule']}: “{override['quote']}” ({where})\n"
            f"  {override['reason']} ({override['actor']}, {override['created_at'][:10]}{by})"
        )
    if not shown:
        print("nothing is allowed against a rule")
    if ended and not withdrawn:
        say(f"{len(ended)} withdrawn; see them with: livecue overrides list --withdrawn")


@app.command("add")
def add(
    rule: Annotated[str, typer.Argument(help="The rule that a finding names.")],
    quote: Annotated[str, typer.Argument(help="The words that may stay, as the finding has them.")],
    reason: Annotated[str, typer.Option(help="Why they may stay; it is recorded.")],
    product: Annotated[str | None, typer.Option(help="For this product only.")] = None,
    text: Annotated[
        str | None, typer.Option(help="What they stand in, if the rule needs that to object.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Allow a wording against a rule."""
    body = {"rule": rule, "quote": quote, "reason": reason, "product_id": product, "text": text}
    with session() as client:
        override = client.request("POST", "/api/v1/overrides", body=body)
    if as_json:
        print_json(override)
        return
    print(f"{override['override_id']}: {rule} no longer objects to “{quote}”")
    if override["reason"] != reason.strip():
        say(f"{override['actor']} allowed it already: {override['reason']}")


@app.command("withdraw")
def withdraw(override_id: str, as_json: AsJson = False) -> None:
    """Let the rule object again; the decision stays on record. Says what still allows the words."""
    with session() as client:
        override = client.request("DELETE", f"/api/v1/overrides/{override_id}")
    if as_json:
        print_json(override)
        return
    for other in override["still_allowed_by"]:
        where = other["product_id"] or "all products"
        print(f"“{other['quote']}” stays allowed for {where} by {other['override_id']}")
    if not override["still_allowed_by"]:
        print(f"{override['rule']} objects to “{override['quote']}” again")
