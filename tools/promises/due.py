"""When a promise falls due, in stream time, as far as the words tell it."""

import re
from dataclasses import dataclass
from decimal import Decimal

from domain.quantities import find_quantities

_IN = re.compile(
    r"\b(?:in|within|for the (?:next|last)|after) (?:just |about |another |the next )?$|再过$|(?:还有|最后|接下来|未来)$",
    re.IGNORECASE,
)
_AFTER_HAN = re.compile(r"^(?:以?后|之后|内|之内|以内|就|倒计时)")
_SOON = re.compile(
    r"\bin (?:a|one) (?:minute|moment|second|bit)\b|\bin a few (?:minutes|seconds)\b|待会儿?|等会儿?|等一下|一会儿?|马上",
    re.IGNORECASE,
)
_BY_END = re.compile(
    r"\b(?:before|by|at|until|till|to) (?:the )?(?:very )?end (?:of (?:the|this|our)? ?(?:show|stream|night|live|evening|tonight|broadcast)|tonight)?"
    r"|\b(?:before|until|till|when) we (?:say goodbye|finish|close|go off(?: air)?|end|wrap|leave|stop)\b"
    r"|\blater (?:tonight|today|on|in the show|this evening)\b|\bbefore (?:the (?:show|stream|live) ends|i (?:go|leave))\b"
    r"|\bwhile we are (?:live|on air)\b|\btonight\b|\blater\b"
    r"|下播(?:之?前|恢复)?|今天(?:直播)?(?:结束)?之?前|直播结束|收尾|最后给|今晚|待会儿?|等会儿?|等一下|一会儿?|稍后|晚点",
    re.IGNORECASE,
)
_BEYOND = re.compile(
    r"\b(?:tomorrow|next (?:week|month|time|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r"|on (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b|明天|后天|下(?:周|次|个?月|星期|礼拜)",
    re.IGNORECASE,
)
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
        is_term = _IN.search(before) or _AFTER_HAN.match(after)
        if is_term and span_ms <= _LONGEST_MS:
            return Due(at_ms=at_ms + span_ms)
    if _BEYOND.search(text):
        return Due()
    return Due(by_end=_BY_END.search(text) is not None)
