"""`livecue check`: prohibited claims in a text, and what to say instead."""

import errno
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.batch import BatchIn, BatchOut, Outcome, Row, run_groups
from cli.session import AsJson, print_json, session
from domain.errors import InvalidInput
from domain.language import find_supported, name_supported

_TEXT_FILE = re.compile(r"\.(?:txt|text|md|markdown|csv|jsonl?|srt|vtt|html?|docx?|pdf|rtf)$", re.I)
_PROSE = re.compile(r"[\n，。！？、；：!?,;:“”]")

_ROWS_AT_ONCE = 25
"""Rows in one request; each of the longest texts that are taken is far from filling it."""


def check(
    text: Annotated[
        str | None, typer.Argument(help="A text, or a file; stdin if absent or “-”.")
    ] = None,
    jurisdiction: Annotated[
        str | None, typer.Option(help="CN,US,EU,platform; all if absent.")
    ] = None,
    category: Annotated[str | None, typer.Option(help="What is sold, in free words.")] = None,
    product: Annotated[
        str | None, typer.Option(help="What was allowed for this product counts, too.")
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(help="The language of reasons, en or zh; that of the words if absent."),
    ] = None,
    model: Annotated[
        bool, typer.Option("--model", help="Let the model rewrite; rules verify.")
    ] = False,
    batch: BatchIn = None,
    out: BatchOut = None,
    as_json: AsJson = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Name the rule packs and versions, too.")
    ] = False,
) -> None:
    """Find prohibited claims; print findings, a rewrite that passes, and the difference."""
    wanted = {
        "jurisdictions": jurisdiction,
        "category": category,
        "lang": None if lang is None else name_supported(lang),
        "product_id": product,
        "rewrite_with": "model" if model else "rules",
    }
    if batch is not None:
        with session() as client:
            _run_batch(client, batch, out, wanted)
        return
    given = _read(text)
    if not given.strip():
        raise InvalidInput("there is no text to check", hint="give a text, a file, or pipe it in")
    with session() as client:
        report = client.request("POST", "/api/v1/check", body={"text": given, **wanted})
    if as_json:
        print_json(report)
        return
    _print_report(given, report, verbose=verbose)


def _read(text: str | None) -> str:
    """The text given, or that of the file which it names.

    Raises:
        InvalidInput: what looks like a file cannot be read.
    """
    if text is None or text == "-":
        return sys.stdin.read()
    if not text.strip():
        raise InvalidInput("there is no text to check", hint="give a text or a file's name")
    path = Path(text)
    try:
        if _is_there(path):
            return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not UTF-8 text: {error}", hint="save it as UTF-8") from error
    except OSError as error:
        raise InvalidInput(
            f"{path} cannot be read: {error.strerror}",
            hint="give a file that you may read, or the text itself through: livecue check -",
        ) from error
    is_path = _TEXT_FILE.search(text) or ("/" in text and " " not in text)
    if is_path and not _PROSE.search(text):
        raise InvalidInput(
            f"there is no file {text}",
            hint="correct the path; if it is the text itself, pipe it into: livecue check -",
        )
    return text


def _is_there(path: Path) -> bool:
    """Whether there is such a file or folder; a text may be too long to be a name."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return False
        raise
    return True


def _inline(diff: list[dict[str, str]]) -> str:
    """The text with what went in [-…-] and what came in {+…+}."""
    signs = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(signs[change["kind"]].format(change["text"]) for change in diff)


def _print_report(text: str, report: dict[str, Any], *, verbose: bool) -> None:
    packs = report["packs"]
    named = ", ".join(packs) if verbose else f"{len(packs)} rule packs; --verbose names them"
    if not report["findings"]:
        print(f"nothing found ({named})")
        return
    for finding in report["findings"]:
        span = text[finding["start"] : finding["end"]]
        print(
            f"{finding['severity']}: “{span}” [{finding['jurisdiction']} {finding['rule']}]\n"
            f"  {finding['reason']}\n  {_advice(finding)}"
        )
    if report["violating"]:
        print(f"\nrewrite: {report['rewrite'] or '(nothing of it can be said)'}")
        print(f"changes: {_inline(report['diff'])}")
    if verbose:
        print(f"rule packs: {named}")


def _advice(finding: dict[str, Any]) -> str:
    override = finding["override"]
    if override is None:
        return finding["suggestion"]
    return f"allowed by {override['actor']}: {override['reason']}"


def _run_batch(client: Any, batch: Path, out: Path | None, wanted: Row) -> None:  # noqa: ANN401
    """A report a row, and at the end how many texts violate."""
    verdicts: list[bool] = []

    def answer(rows: Sequence[Row]) -> list[Outcome]:
        bodies = [_request_of(row, wanted) for row in rows]
        answered = client.request("POST", "/api/v1/check/batch", body={"rows": bodies})["rows"]
        return [_outcome(item, verdicts) for item in answered]

    def summary() -> str:
        return (
            f"{len(verdicts)} texts checked: {sum(verdicts)} with a violation, "
            f"{len(verdicts) - sum(verdicts)} without; the reports are in {out}"
        )

    run_groups(batch, out, ["text"], answer, size=_ROWS_AT_ONCE, summary=summary)


def _request_of(row: Row, wanted: Row) -> Row:
    """What to ask of a row; where it names nothing, the options of the command hold.

    A row's `lang` may be any: it is that of the text, and of the reasons where these are written
    in it.
    """
    own = {"jurisdictions": row.get("jurisdiction")}
    own |= {key: row.get(key) for key in ("category", "lang")}
    if isinstance(own["lang"], str):
        own["lang"] = find_supported(own["lang"])
    own = {key: value for key, value in own.items() if value is not None}
    return {"text": row["text"], **wanted, **own}


def _outcome(item: Row, verdicts: list[bool]) -> Outcome:
    from api.client import RemoteError

    report = item["report"]
    if report is None:
        return RemoteError(422, item["error"])
    verdicts.append(report["violating"])
    return {key: report[key] for key in ("violating", "findings", "rewrite")}
