"""When a promise falls due, in stream time, as far as the words tell it (`due.yaml`)."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from domain.quantities import find_quantities
from tools.host_speech import find_first, read_expressions

_FILE = Path(__file__).with_suffix(".yaml")
_SHORT_SPANS = frozenset({"s", "min", "h"})
_LONGEST_MS = 6 * 3600 * 1000
"""A term that is longer than shows are is one of the orders, not of the show."""


@dataclass(frozen=True)
class Due:
    """By the stream time `at_ms`, or `by_end` of the show; neither where nothing is said."""

    at_ms: int | None = None
    by_end: bool = False


def find_due(text: str, at_ms: int) -> Due:
    """The due time of a promise that was said at `at_ms` in these words."""
    for quantity in find_quantities(text):
        if quantity.dimension != "time" or quantity.unit not in _SHORT_SPANS:
            continue
        before, after = text[: quantity.start], text[quantity.end :]
        span_ms = int(quantity.base * Decimal(1000))
        is_term = _says("term_before", before) or _says("term_after", after)
        if is_term and span_ms <= _LONGEST_MS:
            return Due(at_ms=at_ms + span_ms)
    return Due(by_end=_says("by_end", text) and not is_beyond(text))


def is_beyond(text: str) -> bool:
    """Whether what is promised lies beyond the show: tomorrow, next week."""
    return _says("beyond", text)


def _says(kind: str, text: str) -> bool:
    return find_first(read_expressions(_FILE)[kind], text) is not None
