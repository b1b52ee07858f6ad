"""Progress events: how long work tells what it is doing."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict


class Progress(BaseModel):
    """One step of a long piece of work.

    `done` and `total` count `unit`s (files, bytes, sentences); both absent where the end is not
    known. `data` holds small structured extras, never media.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: str
    message: str
    done: int | None = None
    total: int | None = None
    unit: str | None = None
    data: dict[str, Any] = {}


ProgressSink = Callable[[Progress], None]
"""Receives events in order; must return quickly and may be called from any thread."""


def discard(_event: Progress) -> None:
    """A sink for callers that show no progress."""


def never() -> bool:
    """The cancel question of callers that do not cancel."""
    return False
