"""`livecue check`: prohibited claims in a text, and what to say instead."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.batch import BatchIn, BatchOut, run_batch
from cli.session import AsJson, print_json, session
from domain.compliance import JURISDICTIONS
from domain.errors import InvalidInput
from tools.text_diff import find_changes


def check(
    text: Annotated[str | None, typer.Argument(help="A text, or a file; stdin if absent.")] = None,
    jurisdiction: Annotated[
        str | None, typer.Option(help="CN,US,EU,platform; all if absent.")
    ] = None,
    category: Annotated[str | None, typer.Option(help="What is sold, in free words.")] = None,
    product: Annotated[
        str | None, typer.Option(help="What was allowed for this product counts, too.")
    ] = None,
    model: Annotated[
        bool, typer.Option("--model", help="Let the model rewrite; rules verify.")
    ] = False,
    batch: BatchIn = None,
    out: BatchOut = None,
    as_json: AsJson = False,
) -> None:
    """Find prohibited claims; print findings, a rewrite that passes, and the difference."""
    if batch is not None:
        with session() as client:
            run_batch(batch, out, ["text"], lambda row: _batch_row(client, row))
        return
    given = _read(text)
    if not given.strip():
        raise InvalidInput("there is no text to check", hint="give a text, a file, or pipe it in")
    wanted = _jurisdictions(jurisdiction)
    with session() as client:
        report = client.request(
            "POST",
            "/api/v1/check",
            body={
                "text": given,
                "jurisdictions": wanted,
                "category": category,
                "product_id": product,
                "rewrite_with": "model" if model else "rules",
            },
        )
    if as_json:
        changes = find_changes(given, report["rewrite"])
        print_json(report | {"diff": [change._asdict() for change in changes]})
        return
    _print_report(given, report)


def _read(text: str | None) -> str:
    if text is None:
        return sys.stdin.read()
    path = Path(text)
    try:
        if len(text) < 1000 and path.is_file():
            return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not UTF-8 text: {error}", hint="save it as UTF-8") from error
    except OSError:
        return text
    return text


def _jurisdictions(given: str | None) -> list[str] | None:
    wanted = [part.strip() for part in given.split(",")] if given else None
    unknown = sorted(set(wanted or ()) - set(JURISDICTIONS))
    if unknown:
        raise InvalidInput(
            f"no such jurisdictions: {', '.join(unknown)}",
            hint=f"there are {', '.join(JURISDICTIONS)}",
        )
    return wanted


def _inline(text: str, rewrite: str) -> str:
    """The text with what went in [-…-] and what came in {+…+}."""
    signs = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(signs[kind].format(run) for kind, run in find_changes(text, rewrite))


def _print_report(text: str, report: dict[str, Any]) -> None:
    if not report["findings"]:
        print(f"nothing found ({', '.join(report['packs'])})")
        return
    for finding in report["findings"]:
        span = text[finding["start"] : finding["end"]]
        print(
            f"{finding['severity']}: “{span}” [{finding['jurisdiction']} {finding['rule']}]\n"
            f"  {finding['reason']}\n  {_advice(finding)}"
        )
    if report["violating"]:
        print(f"\nrewrite: {report['rewrite'] or '(nothing of it can be said)'}")
        print(f"changes: {_inline(text, report['rewrite'])}")


def _advice(finding: dict[str, Any]) -> str:
    override = finding["override"]
    if override is None:
        return finding["suggestion"]
    return f"allowed by {override['actor']}: {override['reason']}"


def _batch_row(client: Any, row: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    jurisdiction = row.get("jurisdiction")
    report = client.request(
        "POST",
        "/api/v1/check",
        body={
            "text": row["text"],
            "jurisdictions": [jurisdiction] if isinstance(jurisdiction, str) else jurisdiction,
            "category": row.get("category"),
        },
    )
    return {key: report[key] for key in ("violating", "findings", "rewrite")}
