"""`livecue copy`: promotional copy whose every claim points to the record."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cli.batch import BatchIn, BatchOut, run_batch
from cli.copy_view import print_copy, print_line
from cli.session import AsJson, follow_job, print_json, raise_if_failed, say, session
from domain.copywriting import CopyKind

_BATCH_KEYS = (
    "kind", "lang", "seconds", "platform", "tone", "persona", "comment", "jurisdictions",
)  # fmt: skip
_JSON_KEYS = ("copy_id", "text", "sections", "claims", "compliance", "status", "warnings")
_WRITE = "write"


class _WriteUnlessNamed(TyperGroup):
    """`copy PRODUCT …` writes; `copy list` and `copy show` are commands of their own."""

    default_command = _WRITE

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - click's context
        if args and args[0] not in (*self.commands, "--help"):
            args = [self.default_command, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_WriteUnlessNamed,
    no_args_is_help=True,
    help="Copy for a product: `copy PRODUCT` writes (options: copy write --help), list, show.",
)


@app.command(_WRITE)
def write(
    product_id: Annotated[str | None, typer.Argument(help="The product to write for.")] = None,
    kind: Annotated[CopyKind, typer.Option(help="What to write.")] = "script",
    lang: Annotated[
        str | None,
        typer.Option(help="en or zh; the comment's or the record's language if absent."),
    ] = None,
    seconds: Annotated[int, typer.Option(min=5, max=600, help="Speaking time.")] = 60,
    platform: Annotated[
        str | None, typer.Option(help="The marketplace whose limits and law it must keep.")
    ] = None,
    tone: Annotated[str | None, typer.Option(help="How it sounds: lively, gentle, expert…")] = None,
    persona: Annotated[str | None, typer.Option(help="Who speaks, in a few words.")] = None,
    comment: Annotated[
        str | None, typer.Option(help="With --kind reply: the viewer's comment to answer.")
    ] = None,
    jurisdiction: Annotated[
        str | None, typer.Option(help="CN,US,EU,platform; else the platform's, or all.")
    ] = None,
    variants: Annotated[int, typer.Option(min=1, max=5)] = 1,
    batch: BatchIn = None,
    out: BatchOut = None,
    as_json: AsJson = False,
) -> None:
    """Write copy for a product; with --batch the options hold for rows that say nothing else."""
    brief = {
        "kind": kind,
        "lang": lang,
        "seconds": seconds,
        "platform": platform,
        "tone": tone,
        "persona": persona,
        "comment": comment,
        "jurisdictions": jurisdiction,
    }
    if batch is not None:
        if variants != 1:
            raise typer.BadParameter("a batch writes one copy a row; leave out --variants")
        with session() as client:
            run_batch(batch, out, ["product_id"], lambda row: _batch_row(client, row, brief))
        return
    if product_id is None:
        raise typer.BadParameter("give a product id, or --batch")
    with session() as client:
        copies = _write(client, product_id, brief | {"variants": variants})
    if as_json:
        print_json({"copies": [{key: c[key] for key in _JSON_KEYS} for c in copies]})
        return
    for written in copies:
        print_copy(written)


@app.command("list")
def list_copies(
    product_id: Annotated[str | None, typer.Argument(help="Of this product; else of all.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many, the newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Copies that were written, the newest first."""
    with session() as client:
        found = client.request(
            "GET", "/api/v1/copies", params={"product_id": product_id, "limit": limit}
        )
    if as_json:
        print_json(found)
        return
    for written in found["copies"]:
        print_line(written)
    if not found["copies"]:
        print("no copy yet; write one with: livecue copy PRODUCT")
    if found["next_cursor"]:
        say(f"the newest {limit}; more with --limit")


@app.command("show")
def show(copy_id: str, as_json: AsJson = False) -> None:
    """One copy with the facts behind it, what did not stay, and whether it still holds."""
    with session() as client:
        written = client.request("GET", f"/api/v1/copies/{copy_id}")
    if as_json:
        print_json(written)
        return
    print_copy(written)


def _write(client: Any, product_id: str, brief: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: ANN401
    job = client.request("POST", "/api/v1/copies", body={"product_id": product_id, "brief": brief})
    job = follow_job(client, job["job_id"])
    raise_if_failed(job)
    return [client.request("GET", f"/api/v1/copies/{c}") for c in job["result"]["copies"]]


def _batch_row(client: Any, row: dict[str, Any], brief: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    own = {"jurisdictions": row.get("jurisdiction")} | {k: row[k] for k in _BATCH_KEYS if k in row}
    own = {key: value for key, value in own.items() if value is not None}
    written = _write(client, row["product_id"], brief | own)[0]
    return {
        "product_id": row["product_id"],
        "copy": written["text"],
        "claims": written["claims"],
        "compliance": written["compliance"],
    }
