"""Numbers as people write them in English and Chinese: digits, fractions and number words."""

import re
from dataclasses import dataclass
from decimal import Decimal

_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_VULGAR = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅓": "0.3333", "⅔": "0.6667"}
_SMALL = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    "fifteen|sixteen|seventeen|eighteen|nineteen"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_BELOW_100 = rf"(?:(?:{_TENS})(?:[ -](?:one|two|three|four|five|six|seven|eight|nine)\b)?|{_SMALL})"
_ENGLISH = {word: value for value, word in enumerate(_SMALL.split("|"))} | {
    word: 10 * value for value, word in enumerate(_TENS.split("|"), start=2)
}
_LARGEST_DENOMINATOR = 16

_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
# 千 opens a unit in 千克, 千瓦, 千卡 and so on; 两 is a numeral before a power, else only at the
# start, since after a numeral it is the weight (三两).
_HAN_DIGIT = r"(?:[零〇一二三四五六七八九十百万亿]|千(?![克瓦米卡焦])|两(?=[百千万亿]))"
_HAN = (
    rf"(?:{_HAN_DIGIT}+|(?<![\d零〇一二三四五六七八九十百千万半])两)"
    r"(?:点[零〇一二三四五六七八九]+)?"
)
_NUMBER = re.compile(
    rf"""
    (?P<mixed>(?<![\d.,/])\d+[ ]\d{{1,2}}/\d{{1,2}}(?![\d/]))
  | (?P<fraction>(?<![\d.,/])\d{{1,2}}/\d{{1,2}}(?![\d/]))
  | (?P<vulgar>\d*[½¼¾⅓⅔])
  | (?P<arabic>{_ARABIC})(?P<power>[ ]?(?:[百万亿]|千(?![克瓦米卡焦]))+(?!分))?
  | (?P<han>{_HAN})
  | (?P<half_han>半)
  | (?P<english>\b(?:(?:(?:a|{_BELOW_100})[ ])?(?:hundred|thousand)
        (?:[ ](?:and[ ])?{_BELOW_100}\b)?|{_BELOW_100})\b)
  | (?P<half>\bhalf\b(?:[ ]an?\b)?)
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text, at code points `start` to `end`; `worded` when written in words."""

    start: int
    end: int
    value: Decimal
    worded: bool


def parse_han(text: str) -> Decimal | None:
    """The value of a Chinese numeral, spoken shortenings included (两百五 = 250), or None."""
    whole, _, decimals = text.partition("点")
    if decimals:
        head = parse_han(whole)
        tail = "".join(str(_HAN_DIGITS[c]) for c in decimals if c in _HAN_DIGITS)
        return None if head is None or not tail else head + Decimal(f"0.{tail}")
    if whole and all(c in _HAN_DIGITS for c in whole):
        return Decimal("".join(str(_HAN_DIGITS[c]) for c in whole))
    total, section, digit, power, after_zero = 0, 0, 0, 1, False
    for char in whole:
        if char in _HAN_DIGITS:
            digit = _HAN_DIGITS[char]
            after_zero = digit == 0 or after_zero
            continue
        if char not in _HAN_POWERS:
            return None
        power = _HAN_POWERS[char]
        if power >= 10_000:
            total = (total + section + digit) * power if section + digit else total * power
            section = 0
        else:
            section += (digit or 1) * power
        digit, after_zero = 0, False
    if digit and power > 10 and not after_zero:
        digit *= power // 10
    return Decimal(total + section + digit)


def _value(match: re.Match[str]) -> Decimal | None:
    kind, text = match.lastgroup or "", match.group()
    if match["arabic"]:
        value = Decimal(match["arabic"].replace(",", ""))
        for power in (match["power"] or "").strip():
            value *= _HAN_POWERS[power]
        return value
    match kind:
        case "mixed" | "fraction":
            whole, _, part = text.rpartition(" ")
            top, _, bottom = part.partition("/")
            if not 0 < int(top) < int(bottom) <= _LARGEST_DENOMINATOR:
                return None
            return Decimal(whole or 0) + Decimal(top) / Decimal(bottom)
        case "vulgar":
            return Decimal(text[:-1] or 0) + Decimal(_VULGAR[text[-1]])
        case "han":
            return parse_han(text)
        case "english":
            return Decimal(_parse_english(re.split(r"[ -]", text.lower())))
        case _:
            return Decimal("0.5")


def _parse_english(words: list[str]) -> int:
    """`nine hundred and five` from its words."""
    total = 0
    for word in words:
        if word in ("hundred", "thousand"):
            total = (total or 1) * (100 if word == "hundred" else 1000)
        else:
            total += _ENGLISH.get(word, 0)
    return total


def find_numbers(text: str) -> list[Number]:
    """Every number in `text`, left to right; a slash that makes no fraction parts two numbers."""
    found: list[Number] = []
    position = 0
    while match := _NUMBER.search(text, position):
        value = _value(match)
        if value is None and match.lastgroup in ("mixed", "fraction"):
            first = re.compile(r"\d+").match(text, match.start())
            assert first is not None  # noqa: S101 - both patterns begin with a digit
            found.append(Number(first.start(), first.end(), Decimal(first.group()), worded=False))
            position = first.end()
            # the slash keeps the rest from being read as a fraction again
            continue
        position = match.end()
        if value is not None:
            worded = match["han"] or match["half_han"] or match["english"] or match["half"]
            found.append(Number(match.start(), match.end(), value, worded=bool(worded)))
    return found
