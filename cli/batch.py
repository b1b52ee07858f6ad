"""`--batch IN.jsonl --out OUT.jsonl`: a row out for a row in, in order; bad rows are named."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from cli.session import say
from domain.errors import InvalidInput, LivecueError
from domain.settings import read_settings

BatchIn = Annotated[
    Path | None, typer.Option("--batch", help="JSON Lines in; needs --out.", dir_okay=False)
]
BatchOut = Annotated[Path | None, typer.Option("--out", help="JSON Lines out.", dir_okay=False)]

Row = dict[str, Any]


def run_batch(
    batch: Path, out: Path | None, required: Sequence[str], answer: Callable[[Row], Row]
) -> None:
    """Answer every row of `batch`, which has the `required` keys, into `out`.

    Exits 1 when some rows failed. `out` is there when all rows are answered, or not at all.

    Raises:
        InvalidInput: there is no such file, or no `--out`.
    """
    if out is None:
        raise typer.BadParameter("--batch needs --out")
    try:
        lines = batch.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{batch} cannot be read: {error}", hint="give a UTF-8 file") from error
    lines = [line for line in lines if line.strip()]
    limit = read_settings().limits.batch_rows
    if len(lines) > limit:
        raise InvalidInput(
            f"{batch} has {len(lines)} rows; the limit is {limit}",
            hint="split it, or raise LIVECUE_LIMITS__BATCH_ROWS",
        )
    failed = 0
    partial = out.with_name(f".{out.name}.part")
    try:
        stream = partial.open("w", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise InvalidInput(
            f"{out} cannot be written: {error.strerror}", hint="choose a folder that is there"
        ) from error
    try:
        with stream:
            for number, line in enumerate(lines, 1):
                row = _answer(line, number, required, answer)
                failed += "error" in row
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
                stream.flush()
                if sys.stderr.isatty() or number % 50 == 0:
                    say(f"{number}/{len(lines)}")
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    partial.replace(out)
    if failed:
        say(f"{failed} of {len(lines)} rows failed; each names its error in {out}")
        raise typer.Exit(1)


def _answer(line: str, number: int, required: Sequence[str], answer: Callable[[Row], Row]) -> Row:
    ident: Any = None
    try:
        row = _parse(line, number)
        ident = row.get("id")
        _refuse_unsendable(row, number)
        if missing := [key for key in required if key not in row]:
            raise InvalidInput(f"row {number} lacks {', '.join(missing)}", hint="add it")
        return {"id": ident, **answer(row)}
    except LivecueError as error:
        failure = error.as_dict()
        return {"id": ident, "error": {"code": failure["code"], "message": error.message}}
    except RecursionError:
        message = f"row {number} is nested too deeply"
        return {"id": None, "error": {"code": InvalidInput.code, "message": message}}


def _parse(line: str, number: int) -> Row:
    try:
        parsed: object = json.loads(line)
    except ValueError as error:
        raise InvalidInput(f"row {number}: {error}", hint="write it as JSON") from error
    if not isinstance(parsed, dict):
        raise InvalidInput(f"row {number} is not a JSON object", hint="one object a line")
    return cast("Row", parsed)


def _refuse_unsendable(row: Row, number: int) -> None:
    """InvalidInput for what Python reads as JSON and no JSON can hold: half characters, NaN."""
    try:
        json.dumps(row, ensure_ascii=False, allow_nan=False).encode()
    except ValueError as error:
        raise InvalidInput(f"row {number}: {error}", hint="write it as UTF-8 JSON") from error
