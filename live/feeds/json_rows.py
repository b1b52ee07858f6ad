"""Rows of JSON, one a line: `{t, speaker, text, product_id?}` and `{t, user, text}`."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Literal, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from live.feeds.feed import Parsed, RowT
from live.feeds.rows import BadLine, CommentRow, FeedProblem, TranscriptRow, clean, to_ms

_ModelT = TypeVar("_ModelT", bound=BaseModel)


class _Transcript(BaseModel):
    """Unknown keys are ignored: makers of feeds add their own."""

    model_config = ConfigDict(extra="ignore", strict=True)

    t: Decimal | int
    speaker: Literal["host", "screen", "guest"] = "host"
    text: str
    product_id: str | None = None


class _Comment(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    t: Decimal | int
    user: str | None = None
    text: str


def transcript_row(line: str, most: int) -> TranscriptRow:
    """The row of a line; raises BadLine."""
    row = _check(_Transcript, line)
    product = None if row.product_id is None else clean(row.product_id, most)
    return TranscriptRow(to_ms(Decimal(row.t)), None, row.speaker, clean(row.text, most), product)


def comment_row(line: str, most: int) -> CommentRow:
    """The row of a line; raises BadLine."""
    row = _check(_Comment, line)
    user = clean(row.user, most) if row.user and row.user.strip() else None
    return CommentRow(to_ms(Decimal(row.t)), user, clean(row.text, most))


def parse_rows(
    lines: Iterator[tuple[int, str | None] | None],
    row_of: Callable[[str, int], RowT],
    *,
    file: str,
    most: int,
) -> Iterator[Parsed[RowT]]:
    """The row of each line that is not blank."""
    for entry in lines:
        if entry is None:
            yield None
            continue
        number, line = entry
        if line is None:
            yield FeedProblem(file, number, f"it is longer than {most:,} characters")
        elif line.strip():
            try:
                yield number, row_of(line, most)
            except BadLine as error:
                yield FeedProblem(file, number, str(error))


def _check(model: type[_ModelT], line: str) -> _ModelT:
    try:
        data: Any = json.loads(line, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"it is no JSON object: {str(error) or 'nested too deeply'}") from error
    if not isinstance(data, dict):
        raise BadLine("it is no JSON object")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        raise BadLine(f"{'.'.join(map(str, wrong['loc']))}: {wrong['msg'].lower()}") from error


def _no_number(name: str) -> NoReturn:
    raise BadLine(f"{name} is no number")
