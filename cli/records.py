"""`livecue product correct|resolve|diff|versions|export|import`: work on a record."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.record_view import print_record, show_evidence
from cli.session import AsJson, print_json, say, session
from domain.errors import InvalidInput, LivecueError

Approve = Annotated[bool, typer.Option("--approve", help="Publish the new version at once.")]
Note = Annotated[str | None, typer.Option(help="Why, for whoever reads it later.")]
Seen = Annotated[
    int | None,
    typer.Option(min=1, help="The version looked at; refused when a newer one is there."),
]
_MARKS = {"added": "+", "removed": "-", "changed": "~"}


class Format(StrEnum):
    """What `product export` writes."""

    JSON = "json"
    JSONLD = "jsonld"


def correct(
    product_id: str,
    field: Annotated[
        str, typer.Argument(help="live_price, specs.Weight, selling_points[2]; a list alone adds.")
    ],
    value: Annotated[str | None, typer.Argument(help="The right value.")] = None,
    was: Annotated[
        str | None, typer.Option(help="The value to replace; refused when it is another by now.")
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the value out.")] = False,
    note: Note = None,
    version: Seen = None,
    approve: Approve = False,
    as_json: AsJson = False,
) -> None:
    """Set, add or remove a value; it stays so when the material is read again."""
    body = {
        "field": field, "value": value, "was": was, "remove": remove, "note": note,
        "version": version, "approve": approve,
    }  # fmt: skip
    _revise(product_id, "corrections", body, as_json=as_json)


def resolve(
    product_id: str,
    field: Annotated[str, typer.Argument(help="A field that sources disagree on.")],
    value: Annotated[str, typer.Argument(help="The value that is right.")],
    note: Note = None,
    version: Seen = None,
    approve: Approve = False,
    as_json: AsJson = False,
) -> None:
    """Decide a conflict; the decision stands until a source says yet another value."""
    body = {"field": field, "value": value, "note": note, "version": version, "approve": approve}
    _revise(product_id, "conflicts/resolve", body, as_json=as_json)


def _revise(product_id: str, action: str, body: dict[str, Any], *, as_json: bool) -> None:
    with session() as client:
        document = client.request("POST", f"/api/v1/products/{product_id}/{action}", body=body)
    if as_json:
        print_json(document)
        return
    print_record(document)
    if document["status"] == "awaiting_approval":
        say(f"look it over, then: livecue product approve {product_id}")


def diff(
    product_id: str,
    older: Annotated[
        int | None, typer.Option("--from", min=1, help="The published version by default.")
    ] = None,
    newer: Annotated[
        int | None, typer.Option("--to", min=1, help="The newest version by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What changed between two versions, field by field.

    Without --from it is the published version where that is earlier, else the version just before.
    """
    with session() as client:
        found = client.request(
            "GET", f"/api/v1/products/{product_id}/diff", params={"from": older, "to": newer}
        )
    if as_json:
        print_json(found)
        return
    start = f"version {found['from']}" if found["from"] else "nothing"
    print(f"{product_id}: {start} -> version {found['to']}")
    for change in found["changes"]:
        values = " -> ".join(v for v in (change["before"], change["after"]) if v is not None)
        place = show_evidence(_evidence(change))
        print(f"  {_MARKS[change['change']]} {change['field']}: {values}{place}")
    if not found["changes"]:
        print("  no change")


def _evidence(change: dict[str, Any]) -> list[Any]:
    from domain.evidence import Evidence

    return [Evidence.model_validate(item) for item in change["evidence"]]


def versions(product_id: str, as_json: AsJson = False) -> None:
    """Every version with its status, time and who made or decided it."""
    with session() as client:
        found = client.request("GET", f"/api/v1/products/{product_id}/versions")
    if as_json:
        print_json(found)
        return
    for item in found["versions"]:
        made = item["created_at"][:16].replace("T", " ")
        print(f"v{item['version']:<4} {item['status']:<18} {made}  {item['actor']}")


def export(
    product_id: str,
    version: Annotated[int | None, typer.Option(min=1, help="The newest by default.")] = None,
    form: Annotated[Format, typer.Option("--format", help="jsonld: schema.org.")] = Format.JSON,
    as_json: AsJson = False,
) -> None:
    """The record as one JSON document: whole (`product import` takes it), or as JSON-LD."""
    path = f"/api/v1/products/{product_id}"
    with session() as client:
        document = client.request("GET", path, params={"version": version})
        disputed = [c["field"] for c in document["conflicts"] if c["status"] == "open"]
        if form is Format.JSONLD:
            document = client.request(
                "GET", f"{path}/jsonld", params={"version": document["version"]}
            )
            if disputed:
                say(f"left out, as the sources disagree: {', '.join(disputed)}")
    print_json(document)


def import_(
    files: Annotated[
        list[Path], typer.Argument(help="What `product export` wrote, or lists of it.")
    ],
    approve: Approve = False,
    as_json: AsJson = False,
) -> None:
    """Take in exported records under their ids; what is here already makes no new version."""
    products: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    with session() as client:
        for file in files:
            try:
                body = _read(file)
                result = client.request(
                    "POST", "/api/v1/products/import", body=body, params={"approve": approve}
                )
                products += result["products"]
            except LivecueError as error:
                failed.append({"file": str(file), "error": error.as_dict()})
    if as_json:
        print_json({"products": products, "failed": failed})
    else:
        for item in products:
            state = item["status"] if item["new"] else f"{item['status']}, nothing new"
            print(f"{item['product_id']} version {item['version']}: {state}")
    for item in products:
        if item["unbacked"]:
            say(f"{item['product_id']}: no evidence for {', '.join(item['unbacked'])}")
        if item["absent"]:
            say(f"{item['product_id']}: not in this home: {', '.join(item['absent'])}")
    for item in failed:
        say(f"{item['file']}: {item['error']['message']}\n  {item['error']['hint']}")
    if failed:
        raise typer.Exit(1)


def _read(file: Path) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InvalidInput(
            f"{file} cannot be read: {error.strerror}", hint="check the path"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            f"{file} is no JSON: {error}", hint="import what `livecue product export` wrote"
        ) from error
