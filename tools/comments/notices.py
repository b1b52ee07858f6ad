"""Lines that the platform writes: who joined, gave or bought, hints, headers, prices and times."""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast

import yaml

_PRICE = (
    r"(?:(from |only |now |仅|到手价|券后价?|直播价|秒杀价|活动价|原价|现价|价格?)? ?"
    r"([$¥￥€£₱฿₫]|rp|rm|r\$|s\$|us\$|php|thb|vnd|元)\.? ?\d[\d.,]*k?( ?(元|起|/.{1,4}))?"
    r"|\d[\d.,]* ?(元|円|€|₫|đ|usd|eur|gbp)( ?起)?)"
)
_PRICES = re.compile(rf"{_PRICE}(?: ?{_PRICE}| [\d.,]+){{0,2}}")
_TIME = re.compile(
    r"\d{1,2}[:：]\d{2}([:：]\d{2})?( ?[ap]m)?|\d{1,3} ?(s|m|h|min|sec|mins?|hrs?|d)( ago)?"
    r"|just now|刚刚|\d{1,3} ?(秒|分钟|小时|天)前"
    r"|\d{1,2}[:：]\d{2}([:：]\d{2})? ?/ ?\d{1,2}[:：]\d{2}([:：]\d{2})?"
)
_COUNT = re.compile(
    r"[\d.,]+ ?[kmw万千亿]?\+?( ?(likes?|viewers?|watching|fans|followers|人|赞|粉丝|观看))?"
)


_FOOT = re.compile(
    r"(\d{0,3} ?([smhdw]|min|hrs?|秒|分钟|小时|天)( ?(ago|前))?[ ,.·]*)?"
    r"(reply|回复|responder|balas|trả lời)( *\d{0,4}( likes?| 赞)?)?"
)
_RECENT = 1024  # lines: a list is looked at again and again while it scrolls
_ASKS = re.compile(
    r"[?？]|[吗呢么嘛吧][!.。~]*$"
    r"|(谁|什么|怎么|多少|哪|几)"
)


def fold(text: str) -> str:
    """Text as the patterns read it: NFKC, lower case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=_RECENT)
def is_asking(text: str) -> bool:
    """Whether a line reads like a question, which no notice is."""
    return _ASKS.search(fold(text)) is not None


def is_tail(text: str, *, after_colon: bool = False) -> bool:
    """Whether what follows a name makes the line a notice; after a colon only gifts do."""
    folded = fold(text)
    pattern = _patterns()["gifts" if after_colon else "tails"]
    return _ASKS.search(folded) is None and pattern.fullmatch(folded) is not None


@lru_cache(maxsize=_RECENT)
def is_notice(text: str) -> bool:
    """Whether a whole line, with or without a name before, says what somebody did."""
    folded = fold(text)
    patterns = _patterns()
    return (
        (_ASKS.search(folded) is None and patterns["named tails"].fullmatch(folded) is not None)
        or patterns["joins"].fullmatch(folded) is not None
        or patterns["rules"].fullmatch(folded) is not None
    )


@lru_cache(maxsize=_RECENT)
def is_interface(text: str) -> bool:
    """Whether a whole line is a hint, a header, a button or a coupon."""
    folded = fold(text)
    patterns = _patterns()
    return any(patterns[kind].fullmatch(folded) for kind in ("inputs", "headers", "cards"))


def is_input_hint(text: str) -> bool:
    """Whether a line stands in the bar to type in."""
    return _patterns()["inputs"].fullmatch(fold(text)) is not None


def is_rule(text: str) -> bool:
    """Whether a line is part of the platform's own words to all viewers."""
    return _patterns()["rules"].fullmatch(fold(text)) is not None


@lru_cache(maxsize=_RECENT)
def is_label(text: str) -> bool:
    """Whether a line begins as print on goods does: a field's name, a step, an amount."""
    return _patterns()["labels"].fullmatch(fold(text)) is not None


@lru_cache(maxsize=_RECENT)
def is_price(text: str) -> bool:
    """Whether a line is a price, or that and the one before, and nothing else."""
    return _PRICES.fullmatch(fold(text)) is not None


def is_time(text: str) -> bool:
    """Whether a line is a time of day, an age or a position in a video."""
    return _TIME.fullmatch(fold(text)) is not None


@lru_cache(maxsize=_RECENT)
def is_foot(text: str) -> bool:
    """Whether a line stands beneath a comment: its age and a button to reply."""
    return _FOOT.fullmatch(fold(text)) is not None


@lru_cache(maxsize=_RECENT)
def is_count(text: str) -> bool:
    """Whether a line is a number of viewers or likes."""
    return _COUNT.fullmatch(fold(text)) is not None


@lru_cache(maxsize=_RECENT)
def is_badge(text: str) -> bool:
    """Whether a text is a level or club mark that stands before a name."""
    return _patterns()["badges"].fullmatch(fold(text)) is not None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    path = Path(__file__).with_suffix(".yaml")
    data = cast("dict[str, Any]", yaml.safe_load(path.read_text("utf-8")))
    chinese = _either(data["tails"]["zh"])
    spaced = _either(
        [one.replace(" ", " ?") for key in ("en", "other") for one in data["tails"][key]]
    )  # OCR runs words together
    groups: dict[str, list[str]] = {
        "tails": [chinese, spaced],
        "named tails": [r"\S.{0,30}? ?" + chinese, r"\S.{0,30}? " + spaced],
        "gifts": data["gifts"],
        "badges": data["badges"],
        **data["whole"],
    }
    return {name: re.compile(_either(group) + r"[!.。!~]*") for name, group in groups.items()}


def _either(patterns: list[str]) -> str:
    return "(?:" + "|".join(f"(?:{pattern})" for pattern in patterns) + ")"
