"""When a question asks about: `just now`, `at minute 3`, `刚才`, `第三分钟`."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from domain.numerals import find_numbers

_FILE = Path(__file__).with_suffix(".yaml")
_AMOUNT = (
    r"(?P<amount>\d+(?:\.\d+)?|an?|half an?|[a-z]+(?:[ -][a-z]+)?|[零一二两三四五六七八九十百半]+)"
)
_AGO = re.compile(
    rf"\b{_AMOUNT} ?(?P<unit>seconds?|secs?|minutes?|mins?|hours?) (?:ago|earlier|back)\b"
    rf"|{_AMOUNT.replace('amount', 'zh_amount')}个?(?P<zh_unit>秒钟?|分钟|小时|钟头)(?:之|以)?前",
    re.IGNORECASE,
)
_MINUTE = re.compile(
    r"\b(?:at|around|in|during|about)? ?(?:the )?(?:minute (?P<after>\d+|[a-z]+)"
    r"|(?P<before>\d+)(?:st|nd|rd|th) minute)\b"
    r"|第(?P<zh>[\d零一二两三四五六七八九十百]+)分钟",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?<![\d:])(?:(?P<h>\d{1,2}):)?(?P<m>\d{1,3}):(?P<s>[0-5]\d)(?![\d:])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "秒": 1, "分": 60, "小": 3600, "钟": 3600}
_SLACK = 0.5
"""`two minutes ago` means one to three."""
_MINUTE_SLACK_MS = 30_000
_SHORTEST_OPENING_MS = 60_000


@dataclass(frozen=True, slots=True)
class When:
    """`[start_ms, end_ms]` of the stream that a question is about, and the question without it.

    An empty question asks for the moment itself. `leaning`: what lies outside may still be meant
    (`earlier`, `just now`), and only counts less.
    """

    start_ms: int
    end_ms: int
    question: str
    leaning: bool = False


def read_when(question: str, as_of_ms: int) -> When | None:
    """The time that a question names, None where it names none."""
    if match := _AGO.search(question):
        seconds = _amount(match) * _SECONDS[(match["unit"] or match["zh_unit"])[0].lower()]
        around, slack = as_of_ms - seconds * 1000, max(15.0, seconds * _SLACK) * 1000
        return _when(question, match, int(around - slack), min(as_of_ms, int(around + slack)))
    if match := _MINUTE.search(question):
        said = match["after"] or match["before"] or match["zh"]
        numbers = find_numbers(said)
        if numbers:
            start = int(numbers[0].value) * 60_000
            end = start + 60_000 + _MINUTE_SLACK_MS
            return _when(question, match, start - 60_000 - _MINUTE_SLACK_MS, end)
    if match := _CLOCK.search(question):
        at = (int(match["h"] or 0) * 3600 + int(match["m"]) * 60 + int(match["s"])) * 1000
        if at <= as_of_ms:
            return _when(question, match, at - 60_000, at + 60_000)
    for kind, seconds, pattern in _words():
        if kind != "empty" and (match := pattern.search(question)):
            edge = seconds * 1000
            start, end = {
                "recent": (as_of_ms - edge, as_of_ms),
                "opening": (0, min(edge, max(_SHORTEST_OPENING_MS, as_of_ms // 5))),
                "earlier": (0, as_of_ms - edge),
            }[kind]
            return _when(question, match, start, max(end, start), leaning=True)
    return None


def _when(
    question: str, match: re.Match[str], start: int, end: int, *, leaning: bool = False
) -> When:
    rest = " ".join(f"{question[: match.start()]} {question[match.end() :]}".split())
    empty = next(pattern for kind, _, pattern in _words() if kind == "empty")
    if not re.search(r"\w", empty.sub("", rest)):
        return When(max(0, start), max(0, end), "")
    return When(max(0, start), max(0, end), rest, leaning)


def _amount(match: re.Match[str]) -> float:
    said = (match["amount"] or match["zh_amount"]).lower()
    if said in ("a", "an"):
        return 1
    if said in ("half a", "half an", "半"):
        return 0.5
    numbers = find_numbers(said)
    return float(numbers[0].value if numbers else Decimal(2))


@cache
def _words() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    lists = cast(
        "dict[str, list[tuple[int, str]]]", yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    )
    return tuple(
        (kind, seconds, re.compile(pattern, re.IGNORECASE))
        for kind, rows in lists.items()
        for seconds, pattern in rows
    )
