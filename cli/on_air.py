"""`livecue streams warnings` and `streams promises`: what to put right, and what is owed."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from cli.session import AsJson, print_json, session
from cli.streams import clock

_At = Annotated[float | None, typer.Option(help="As of this second of the stream.")]


def list_warnings(stream_id: str, at: _At = None, as_json: AsJson = False) -> None:
    """What the host was warned of: claims, contradictions, promises."""
    found = _ask(stream_id, "warnings", at)
    if as_json:
        print_json(found)
        return
    for one in found["warnings"]:
        warning = one["warning"]
        print(f"{clock(warning['start_ms'])} {warning['warning']:<13} {warning['text']}")
        if warning["suggestion"]:
            print(f"{'':>8} → {warning['suggestion']}")


def list_promises(stream_id: str, at: _At = None, as_json: AsJson = False) -> None:
    """The promise ledger as it stands: what was promised, and what has become of it."""
    found = _ask(stream_id, "promises", at)
    if as_json:
        print_json(found)
        return
    for one in found["promises"]:
        about = f" [{one['product_id']}]" if one["product_id"] else ""
        condition = f" ({one['condition']})" if one["condition"] else ""
        due = f", due {clock(one['due_ms'])}" if one["due_ms"] is not None else ""
        print(
            f"{clock(one['start_ms'])} {one['state']:<9} {one['promise']:<8} "
            f"{one['value']}{condition}{about}{due}"
        )


def _ask(stream_id: str, what: str, at: float | None) -> dict[str, Any]:
    params = {"as_of_ms": None if at is None else round(at * 1000), "limit": 1000}
    if what == "promises":
        del params["limit"]
    with session() as client:
        return client.request("GET", f"/api/v1/streams/{quote(stream_id)}/{what}", params=params)
