"""Rows of transcripts and comments, and what was wrong with the lines that gave none."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

Speaker = Literal["host", "screen", "guest"]

MOST_SECONDS = Decimal(10_000_000)
"""Later than any broadcast gets, four months."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]|[\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\n]+")


@dataclass(frozen=True, slots=True)
class TranscriptRow:
    """What was said or shown from `at_ms` on; `end_ms` where the format tells it."""

    at_ms: int
    end_ms: int | None
    speaker: Speaker
    text: str
    product_id: str | None = None


@dataclass(frozen=True, slots=True)
class CommentRow:
    """What a viewer wrote at `at_ms`; `user` is None where the format names nobody."""

    at_ms: int
    user: str | None
    text: str


@dataclass(frozen=True, slots=True)
class FeedProblem:
    """A line that gave no row; `line` counts from 1."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"


class BadLine(ValueError):
    """Why a line gives no row; becomes a FeedProblem."""


class Timed(Protocol):
    """A row with a time."""

    @property
    def at_ms(self) -> int:
        """Milliseconds from the stream's first moment."""
        ...


def to_ms(seconds: Decimal) -> int:
    """Whole milliseconds, exact; raises BadLine for what is no time of a broadcast."""
    if not seconds.is_finite() or not 0 <= seconds <= MOST_SECONDS:
        raise BadLine(f"{seconds} is no time in seconds from the beginning")
    return int(seconds * 1000)


def clean(text: str, most: int) -> str:
    """The text on one line without control characters; raises BadLine if empty or too long."""
    text = _SPACES.sub(" ", _CONTROL.sub("", text)).strip()
    if not text:
        raise BadLine("it has no text")
    if len(text) > most:
        raise BadLine(f"it has over {most:,} characters (LIVECUE_STREAMING__FEED_LINE_CHARS)")
    return text
