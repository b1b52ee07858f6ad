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
Outcome = Row | LivecueError
"""What becomes of a row: its answer, or why there is none."""


def run_batch(
    batch: Path, out: Path | None, required: Sequence[str], answer: Callable[[Row], Row]
) -> None:
    """Answer every row of `batch`, which has the `required` keys, into `out`, one by one.

    Otherwise as `run_groups`.
    """

    def answer_each(rows: Sequence[Row]) -> list[Outcome]:
        return [_attempt(answer, row) for row in rows]

    run_groups(batch, out, required, answer_each, size=1)


def run_groups(
    batch: Path,
    out: Path | None,
    required: Sequence[str],
    answer: Callable[[Sequence[Row]], Sequence[Outcome]],
    *,
    size: int,
    summary: Callable[[], str] = str,
) -> None:
    """Answer the rows of `batch`, which have the `required` keys, into `out`, `size` at a time.

    `answer` gives a row or an error for each row. `summary` is said at the end, if it is anything.
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
            for start in range(0, len(lines), size):
                group = lines[start : start + size]
                rows = _answer_group(group, start + 1, required, answer)
                failed += sum("error" in row for row in rows)
                stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
                stream.flush()
                done = start + len(group)
                if sys.stderr.isatty() or done % 50 == 0:
                    say(f"{done}/{len(lines)}")
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    partial.replace(out)
    if told := summary():
        say(told)
    if failed:
        say(f"{failed} of {len(lines)} rows failed; each names its error in {out}")
        raise typer.Exit(1)


def _answer_group(
    lines: Sequence[str],
    first: int,
    required: Sequence[str],
    answer: Callable[[Sequence[Row]], Sequence[Outcome]],
) -> list[Row]:
    """A row out for each line; what cannot be read is not asked about."""
    read = [_read(line, number, required) for number, line in enumerate(lines, first)]
    rows = [row for _, row in read if not isinstance(row, LivecueError)]
    answers = iter(answer(rows) if rows else ())
    return [
        _row_out(ident, row if isinstance(row, LivecueError) else next(answers))
        for ident, row in read
    ]


def _row_out(ident: Any, outcome: Outcome) -> Row:  # noqa: ANN401 - whatever the row has
    if isinstance(outcome, LivecueError):
        failure = outcome.as_dict()
        return {"id": ident, "error": {"code": failure["code"], "message": outcome.message}}
    return {"id": ident, **outcome}


def _read(line: str, number: int, required: Sequence[str]) -> tuple[Any, Outcome]:
    """The id of a line, and the row or what is wrong with it."""
    ident: Any = None
    try:
        row = _parse(line, number)
        ident = row.get("id")
        _refuse_unsendable(row, number)
        if missing := [key for key in required if key not in row]:
            raise InvalidInput(f"row {number} lacks {', '.join(missing)}", hint="add it")
    except LivecueError as error:
        return ident, error
    except RecursionError:
        return None, InvalidInput(f"row {number} is nested too deeply", hint="make it flat")
    return ident, row


def _attempt(answer: Callable[[Row], Row], row: Row) -> Outcome:
    try:
        return answer(row)
    except LivecueError as error:
        return error


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
