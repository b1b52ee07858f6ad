"""Dates and clock times in English and Chinese text."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from domain.numerals import find_numbers

_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = re.compile(
    rf"""
    (?<!\d)(?P<y>(?:19|20)\d\d)\s?[-/.年]\s?(?P<m>1[0-2]|0?[1-9])(?:\s?[-/.月]\s?
        (?P<d>3[01]|[12]\d|0?[1-9])(?!\d)[日号]?|月(?!\d))
  | (?<!\d)(?P<zm>1[0-2]|0?[1-9])月(?P<zd>3[01]|[12]\d|0?[1-9])[日号]
  | (?<!\d)(?P<zy>(?:19|20)\d\d)年(?!\d)
  | (?<!\d)(?P<lm>1[0-2]|[1-9])月(?!\d)
  | \b(?P<ed>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?[ ](?P<em>{_MONTH})[a-z]*
        (?:[ ,]+(?P<ey>20\d\d))?\b
  | \b(?P<um>{_MONTH})[a-z]*\.?[ ](?P<ud>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b
        (?:,?[ ](?P<uy>20\d\d))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MONTHS = {name: number for number, name in enumerate(_MONTH.split("|"), start=1)}
_CLOCK = re.compile(
    r"""
    (?P<part>凌晨|早上|上午|中午|下午|晚上|今晚|晚)?(?<![\d:])(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)
        (?![\d:])(?:\s?(?P<ap>[ap]\.?m\b\.?))?
  | (?<![\d.])(?P<eh>1[0-2]|[1-9])\s?(?P<eap>[ap]\.?m\b\.?)
  | (?P<zpart>凌晨|早上|上午|中午|下午|晚上|今晚|晚)(?P<zh>\d{1,2}|[一二两三四五六七八九十]{1,3})点
        (?:(?P<zm>半|[0-5]?\d分?))?
  | (?<![\d.])(?P<nh>[01]?\d|2[0-3])点(?P<nm>半|钟|整|[0-5]\d分)
  | (?<![\d.])(?P<bh>[01]?\d|2[0-3])点(?![\d一二三四五六七八九])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AFTERNOON = frozenset({"下午", "晚上", "今晚", "晚"})


@dataclass(frozen=True, slots=True)
class Moment:
    """A date (`YYYYMMDD`, zeros where unsaid) or a clock time (minutes since midnight).

    `unit` is `date`, or `24h`, or `12h` for a clock time that leaves the half of the day open.
    """

    start: int
    end: int
    value: Decimal
    unit: Literal["date", "24h", "12h"]


def find_moments(plain: str) -> list[Moment]:
    """Every date and clock time in `plain`."""
    return [*_dates(plain), *_clocks(plain)]


def same_date(a: int, b: int) -> bool:
    """Equal where both say: a year, month or day that one leaves out is no difference."""
    pairs = ((a // 10_000, b // 10_000), (a // 100 % 100, b // 100 % 100), (a % 100, b % 100))
    return all(left == right or 0 in (left, right) for left, right in pairs)


def _dates(plain: str) -> list[Moment]:
    found: list[Moment] = []
    for match in _DATE.finditer(plain):
        part = match.groupdict()
        year = int(part["y"] or part["zy"] or part["ey"] or part["uy"] or 0)
        named = part["em"] or part["um"]
        month = _MONTHS[named.lower()] if named else int(part["m"] or part["zm"] or part["lm"] or 0)
        day = int(part["d"] or part["zd"] or part["ed"] or part["ud"] or 0)
        value = Decimal(year * 10_000 + month * 100 + day)
        found.append(Moment(match.start(), match.end(), value, "date"))
    return found


def _clocks(plain: str) -> list[Moment]:
    found: list[Moment] = []
    for match in _CLOCK.finditer(plain):
        part = match.groupdict()
        spoken = part["h"] or part["eh"] or part["zh"] or part["nh"] or part["bh"] or ""
        numbers = find_numbers(spoken)
        if not numbers:
            continue
        hour = int(numbers[0].value)
        minute_text = part["m"] or part["zm"] or part["nm"] or "0"
        digits = re.sub(r"\D", "", minute_text)
        minute = 30 if minute_text == "半" else int(digits or 0)
        half = (part["ap"] or part["eap"] or "").lower()
        spell = part["part"] or part["zpart"]
        if (half.startswith("p") or spell in _AFTERNOON) and hour < 12:
            hour += 12
        if half.startswith("a") and hour == 12:
            hour = 0
        known = bool(half or spell) or hour > 12 or hour == 0 or spoken.startswith("0")
        value = Decimal(hour * 60 + minute)
        unit = "24h" if known else "12h"
        found.append(Moment(match.start(), match.end(), value, unit))
    return found
