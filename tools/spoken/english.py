"""Spoken English amounts in digits."""

import re
from dataclasses import dataclass
from decimal import Decimal

from domain.units import look_up_unit
from tools.spoken.english_numbers import Spoken, Token, cut_tokens, joined, read_number

_SIGNS = {
    "dollar": "$", "dollars": "$", "bucks": "$", "pound": "£", "pounds": "£", "quid": "£",
    "euro": "€", "euros": "€",
}  # fmt: skip
_HUNDREDTHS = frozenset({"cent", "cents", "pence", "penny"})
_PRICE_BEFORE = re.compile(
    r"(?:\b(?:only|just|at|for|pay|costs?|price|priced|now|under|it['’]s|that['’]s)"
    r"|\b(?:price|cost|deal)s?\b[^.!?;,]{0,25}\b(?:is|was|of|at|to))\s*$",
    re.IGNORECASE,
)
_PRICE_ENDINGS = frozenset({49, 79, 88, 89, 90, 95, 98, 99})
_YEAR_BEGINNINGS = range(11, 21)
_CLOCK = re.compile(r"\s?[ap]\.?m\b\.?|\s?o['’]clock\b", re.IGNORECASE)
_SIGNED_CENTS = re.compile(r"([$£€]\d+) and (\d{1,2}) (?:cents|pence)\b", re.IGNORECASE)
_COUNTED = frozenset({"count", "size", "multiple"})
_NO_UNITS = frozenset({"in", "mo", "can", "bar", "set", "people", "person", "times", "fold"})
"""Words that stand after a number as often without being its unit (`two in one`)."""


@dataclass(frozen=True, slots=True)
class _Written:
    """What replaces the tokens from `first` up to `end`."""

    first: int
    end: int
    text: str


def normalise_english(text: str) -> str:
    """Amounts in English words as digits; see `tools.spoken.normalise_spoken`.

    Two numbers in a row (`nineteen ninety-nine`) are a price behind a price word or with a usual
    ending (29.99), a year where the first is 11-20, and else left as they are.
    """
    tokens = cut_tokens(text)
    parts: list[str] = []
    done = index = 0
    while index < len(tokens):
        written = _write(text, tokens, index)
        if written is None:
            spoken = read_number(text, tokens, index)
            index = spoken.end if spoken else index + 1
            continue
        parts += [text[done : tokens[index].start], written.text]
        done = tokens[written.end - 1].end
        index = written.end
    return _SIGNED_CENTS.sub(lambda m: f"{m[1]}.{int(m[2]):02}", "".join([*parts, text[done:]]))


def _write(text: str, tokens: list[Token], index: int) -> _Written | None:
    spoken = read_number(text, tokens, index)
    if spoken is None:
        return None
    after = spoken.end
    if money := _money(text, tokens, spoken):
        return money
    if pair := _pair(text, tokens, spoken):
        return pair
    digits = _Written(index, after, _plain(spoken.value))
    if spoken.in_digits:
        return None
    if _unit_follows(text, tokens, spoken) or _CLOCK.match(text, tokens[after - 1].end):
        return digits
    if after < len(tokens) and tokens[after].word in ("to", "or"):
        until = read_number(text, tokens, after + 1)
        if until and (_unit_follows(text, tokens, until) or _sign(text, tokens, until)):
            return digits
    return digits if spoken.composite else None


def _money(text: str, tokens: list[Token], spoken: Spoken) -> _Written | None:
    """`nineteen dollars [and] ninety [cents]`, `nineteen dollars`, `ninety cents`."""
    at = spoken.end
    if at < len(tokens) and tokens[at].word in _HUNDREDTHS and joined(text, tokens, at):
        return None if spoken.in_digits else _Written(spoken.first, at, _plain(spoken.value))
    sign = _sign(text, tokens, spoken)
    if sign is None:
        return None
    plain = None if spoken.in_digits else _Written(spoken.first, at, _plain(spoken.value))
    follows = at + 1
    linked = follows < len(tokens) and tokens[follows].word == "and"
    rest = read_number(text, tokens, follows + linked)
    if rest is None or not joined(text, tokens, follows) or rest.value >= 100:
        return plain
    if rest.value != int(rest.value) or spoken.value != int(spoken.value):
        return plain
    named = rest.end < len(tokens) and tokens[rest.end].word in _HUNDREDTHS
    bare = not linked and rest.value >= 10 and not _goes_on(text, tokens, rest)
    if not named and not bare:
        return plain
    amount = f"{sign}{_plain(spoken.value)}.{int(rest.value):02}"
    return _Written(spoken.first, rest.end + named, amount)


def _pair(text: str, tokens: list[Token], spoken: Spoken) -> _Written | None:
    """`twenty-nine ninety-nine` (29.99) and `twenty twenty-four` (2024)."""
    if not 1 <= spoken.value < 1000 or spoken.value != int(spoken.value) or spoken.in_digits:
        return None
    second = read_number(text, tokens, spoken.end)
    if second is None or second.in_digits or not joined(text, tokens, spoken.end):
        return None
    if not 10 <= second.value < 100 or second.value == spoken.value:
        return None
    if _sign(text, tokens, second) is None and _goes_on(text, tokens, second):
        return None
    before = text[: tokens[spoken.first].start]
    first, last = int(spoken.value), int(second.value)
    usual = first > max(_YEAR_BEGINNINGS) and last in _PRICE_ENDINGS
    if usual or _PRICE_BEFORE.search(before):
        return _Written(spoken.first, second.end, f"{first}.{last:02}")
    if first in _YEAR_BEGINNINGS:
        return _Written(spoken.first, second.end, f"{first}{last:02}")
    return None


def _sign(text: str, tokens: list[Token], spoken: Spoken) -> str | None:
    at = spoken.end
    if at < len(tokens) and joined(text, tokens, at):
        return _SIGNS.get(tokens[at].word)
    return None


def _goes_on(text: str, tokens: list[Token], spoken: Spoken) -> bool:
    """Whether the number belongs to what follows: a unit or another number."""
    at = spoken.end
    if at >= len(tokens) or not joined(text, tokens, at):
        return False
    return _unit_at(text, tokens, at) is not None or read_number(text, tokens, at) is not None


def _unit_follows(text: str, tokens: list[Token], spoken: Spoken) -> bool:
    """Whether a unit makes the number an amount; a lone number word needs a measure."""
    dimension = _unit_at(text, tokens, spoken.end)
    if dimension is None:
        return False
    if spoken.composite:
        return True
    return spoken.value != 1 and dimension not in _COUNTED


def _unit_at(text: str, tokens: list[Token], at: int) -> str | None:
    """The dimension of the unit that begins at a token, of one or two words."""
    if at >= len(tokens) or not joined(text, tokens, at):
        return None
    names = [tokens[at].word]
    if at + 1 < len(tokens) and joined(text, tokens, at + 1):
        names.insert(0, f"{tokens[at].word} {tokens[at + 1].word}")
    for name in names:
        unit = look_up_unit(name)
        if unit is not None and len(name) > 1 and name not in _NO_UNITS:
            return unit.dimension
    return None


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
