"""Quantities in English and Chinese text, and when two of them say the same."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.codes import WIDE, find_codes
from domain.moments import find_moments, same_date
from domain.numerals import Number, find_numbers
from domain.trade_units import GRADES, find_trade_unit
from domain.units import CASED, CURRENCY_SYMBOLS, FOLDED, Unit, currency_unit, look_up_unit

_DECIMAL_COMMA = re.compile(
    r"(?<=\d),(?=\d{1,2}\s?(?:€|£|\$|EUR\b|euros?\b|kg\b|g\b|l\b|ml\b|cl\b|cm\b|mm\b|m\b|kWh?\b))"
    r"|(?<=[€£]\d),(?=\d{2}(?!\d))|(?<=[€£]\d\d),(?=\d{2}(?!\d))|(?<=[€£]\d{3}),(?=\d{2}(?!\d))"
    r"|(?<=[€£] \d),(?=\d{2}(?!\d))|(?<=[€£] \d\d),(?=\d{2}(?!\d))"
)
"""A comma before one or two digits and a unit, or after a euro or pound sign (`24,90 €`)."""
_ROUNDING = Decimal("0.005")
"""Labels round when they convert between metric and imperial (12 fl oz beside 355 ml)."""

_SURFACES = sorted({*CASED, *FOLDED}, key=len, reverse=True)
_UNIT = re.compile(
    r"[ \-]?(?:"
    + "|".join(re.escape(s) + (r"(?![A-Za-z])" if s[-1].isascii() else "") for s in _SURFACES)
    + r")",
    re.IGNORECASE,
)
_SYMBOL = re.compile(
    r"(?<![A-Za-z])(?:"
    + "|".join(re.escape(s) for s in sorted(CURRENCY_SYMBOLS, key=len, reverse=True))
    + r") ?$"
)
_RANGE = re.compile(r"\s?(?:-|–|—|~|to|and|or|到|至|或)\s?(?:[$€£¥]\s?)?", re.IGNORECASE)
_BY = re.compile(r"\s?(?:x|×|\*|by|乘)\s?(?:[LWHDØ]\s?)?", re.IGNORECASE)

_DISCOUNT_HAN = re.compile(r"折(?!叠|扣|边|痕|合|磨|腾|算)")
_TENTHS_HAN = re.compile(r"成(?![分为人本品功立年果份])")
_OFF = re.compile(r"\s?off\b|\s?discount\b", re.IGNORECASE)
_HALF_AFTER = re.compile(r"半(?!身|袖|价)")
_HALVED = frozenset({"CNY", "斤", "year", "month", "kg", "h"})
_SPANS = frozenset({"time", "business_time", "calendar"})
_NEGATIVE = re.compile(r"(?:(?:^|(?<=[\s(（:：~]))[-−–]|零下|minus )$", re.IGNORECASE)
_TENTHS = re.compile(
    r"(?P<digit>[1-9一二三四五六七八九])(?![\d.%一二三四五六七八九十百千万个件折])"
)
# `5 in` is a length at the end of a phrase or before a direction; `5 in stock`, `2 in 1` are not.
_INCH_AFTER = re.compile(
    r"\.?\s?(?:$|[.,;:)x×/\-–，。；]|(?:wide|long|tall|deep|high|thick|diameter|screen|blade)\b)",
    re.IGNORECASE,
)
_SIZE_AFTER = re.compile(r"号(?!线|楼|店|链接)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts or measures, at code points `start` to `end` of the text.

    `value` is in `unit` as written (`1.5` for `1.5 kg`); `base` is in the base unit of `dimension`
    (g, ml, mm, s, months, % ...). Both names are None for a bare number. Money has the dimension
    `currency:<ISO 4217>`. A date's value is `YYYYMMDD` with zeros for what is not said, a clock
    time's the minutes since midnight (unit `24h`, or `12h` where the half of the day is not said),
    a discount's the per cent taken off (8折 = 20 % off).
    """

    start: int
    end: int
    text: str
    value: Decimal
    unit: str | None = None
    dimension: str | None = None
    base: Decimal = Decimal(0)


def find_quantities(text: str) -> list[Quantity]:
    """Every quantity in `text`, left to right.

    A range or a product of lengths gives one quantity a number, each with the shared unit. Number
    words count with a unit, or from two upwards (English) and from ten upwards (Chinese).
    """
    plain = _DECIMAL_COMMA.sub(".", text.translate(WIDE))
    found = [
        Quantity(
            m.start, m.end, "", m.value, m.unit, "date" if m.unit == "date" else "clock", m.value
        )
        for m in find_moments(plain)
    ]
    taken = [(code.start, code.end) for code in find_codes(plain)]
    taken += [(quantity.start, quantity.end) for quantity in found]
    numbers = [n for n in find_numbers(plain) if not _overlaps(n.start, n.end, taken)]
    measured: list[Quantity] = []
    for number in numbers:
        if measured and number.start < measured[-1].end:
            continue
        quantity = _measure(plain, number)
        if quantity is not None:
            measured.append(quantity)
    found += _share_units(plain, measured)
    kept = [q for q in found if not _is_only_a_word(q, plain, numbers)]
    return sorted(
        (replace(q, text=text[q.start : q.end]) for q in kept), key=lambda q: (q.start, q.end)
    )


def same_quantity(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities say the same in whatever units they are written.

    Conversions between metric and imperial may be rounded by half a per cent. A bare number equals
    a count, a size or a grade of the same value (3 and 3 件, 37 and 37 码), not a measure. `$` and
    `¥` equal any currency that uses the sign.
    """
    if a.dimension == b.dimension:
        if a.dimension == "clock":
            turn = 720 if "12h" in (a.unit, b.unit) else 1440
            return a.base % turn == b.base % turn
        if a.dimension == "date":
            return same_date(int(a.base), int(b.base))
        if a.base == b.base:
            return True
        if _is_metric(a) is _is_metric(b):
            return False
        return abs(a.base - b.base) <= _ROUNDING * max(abs(a.base), abs(b.base))
    dimensions = {a.dimension, b.dimension}
    if None in dimensions and dimensions & GRADES:
        return a.base == b.base
    if dimensions <= {None, "count", "size"} or dimensions == {"percent", "discount"}:
        return a.base == b.base
    if all(d is not None and d.startswith("currency:") for d in dimensions):
        return a.base == b.base and (_sign_covers(a, b) or _sign_covers(b, a))
    return False


def with_unit(quantity: Quantity, surface: str) -> Quantity | None:
    """`quantity`, a bare number, in the unit or ISO 4217 currency that `surface` names."""
    unit = currency_unit(surface) if re.fullmatch(r"[A-Z]{3}", surface) else look_up_unit(surface)
    return None if unit is None else _in_unit(quantity, unit)


def _in_unit(quantity: Quantity, unit: Unit) -> Quantity:
    base = quantity.value * unit.factor
    if unit.name == "F":
        base = (quantity.value - 32) / Decimal("1.8")
    return replace(quantity, unit=unit.name, dimension=unit.dimension, base=base)


def _overlaps(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < right and left < end for left, right in spans)


def _measure(plain: str, number: Number) -> Quantity | None:
    """`number` with its currency sign or unit; None where it belongs to a word or an ordinal."""
    start, end, value = number.start, number.end, number.value
    if start and (
        plain[start - 1] == "第" or (plain[start - 1].isascii() and plain[start - 1].isalpha())
    ):
        symbol = _SYMBOL.search(plain[max(0, start - 5) : start])
        sized = re.search(r"(?:^|[^A-Za-z])(?:[LWHDØxX]|No)$", plain[max(0, start - 3) : start])
        if symbol is None and sized is None:
            return None
    bare = Quantity(start, end, "", value, base=value)
    if plain[max(0, start - 3) : start] == "百分之":
        return _in_unit(replace(bare, start=start - 3), FOLDED["%"])
    if plain.startswith("百分百", start - 1):
        return None
    if symbol := _SYMBOL.search(plain[max(0, start - 5) : start]):
        begin = start - len(symbol.group())
        code = CURRENCY_SYMBOLS[symbol.group().strip()]
        amount = _in_unit(replace(bare, start=begin), currency_unit(code))
        after = _UNIT.match(plain, end)
        unit = look_up_unit(after.group().lstrip(" -")) if after else None
        if after and unit and unit.dimension.startswith("currency"):
            return replace(_in_unit(amount, unit), end=after.end())
        return amount
    if discount := _DISCOUNT_HAN.match(plain, end):
        tenth = value if value >= 10 else value * 10
        return replace(
            bare, end=discount.end(), value=100 - tenth, unit="%", dimension="discount",
            base=100 - tenth,
        )  # fmt: skip
    if value <= 10 and _TENTHS_HAN.match(plain, end):
        tenths = value * 10
        return replace(bare, end=end + 1, value=tenths, unit="%", dimension="percent", base=tenths)
    return _with_suffix(plain, bare)


def _with_suffix(plain: str, bare: Quantity) -> Quantity | None:
    end = bare.end
    if trade := find_trade_unit(plain, bare.start, end, bare.value):
        return _in_unit(replace(bare, end=trade[1]), trade[0])
    half = _HALF_AFTER.match(plain, end + 1 if plain.startswith("个", end) else end)
    after_half = _UNIT.match(plain, half.end()) if half else None
    if after_half and (unit := look_up_unit(after_half.group().lstrip(" -"))):
        value = bare.value + Decimal("0.5")
        return _in_unit(replace(bare, value=value, end=after_half.end()), unit)
    match = _UNIT.match(plain, end + 1) if plain.startswith("个", end) else None
    if match is None or (look_up_unit(match.group()) or FOLDED["个"]).dimension not in _SPANS:
        match = _UNIT.match(plain, end)
    if match is None:
        return _bare(plain, bare)
    surface = match.group().lstrip(" -")
    unit = look_up_unit(surface)
    if surface == "块" and plain[bare.start : end] == "一":
        return replace(bare, end=match.end(), unit="pcs", dimension="count")
    if unit is None or (surface.lower() == "in" and not _INCH_AFTER.match(plain, match.end())):
        return _bare(plain, bare)
    if surface == "G" and bare.value in range(2, 7):
        return None
    quantity = _in_unit(replace(bare, end=match.end()), unit)
    if unit.name in _HALVED and _HALF_AFTER.match(plain, match.end()):
        value = quantity.value + Decimal("0.5")
        return _in_unit(replace(quantity, value=value, end=match.end() + 1), unit)
    if surface == "块" and (tenths := _TENTHS.match(plain, match.end())):
        digit = find_numbers(tenths.group())
        if digit:
            value = quantity.value + digit[0].value / 10
            return _in_unit(replace(quantity, value=value, end=tenths.end()), unit)
    if unit.dimension == "percent" and _OFF.match(plain, match.end()):
        return replace(quantity, dimension="discount")
    if unit.name in ("C", "F") and (sign := _NEGATIVE.search(plain[: quantity.start])):
        value = -quantity.value
        return _in_unit(replace(quantity, value=value, start=sign.start()), unit)
    return quantity


def _bare(plain: str, bare: Quantity) -> Quantity | None:
    rest = plain[bare.end :]
    opened = plain.count('"', 0, bare.end) % 2 or "“" in plain[: bare.start]
    if rest.startswith(('"', "″", "”")) and not opened:
        return _in_unit(replace(bare, end=bare.end + 1), FOLDED["in"])
    if re.match(r"(?:st|nd|rd|th)\b", rest, re.IGNORECASE):
        return None
    if rest[:1].isascii() and rest[:1].isalpha() and not re.match(r"[xX](?:\s?\d|\b)", rest):
        return None
    if _SIZE_AFTER.match(rest):
        return replace(bare, end=bare.end + 1, unit="码", dimension="size", base=bare.value)
    return bare


def _share_units(plain: str, quantities: list[Quantity]) -> list[Quantity]:
    """Give the bare left side of a range, or of `20 x 30 cm`, the unit of its right side."""
    shared = list(quantities)
    for index in range(len(shared) - 2, -1, -1):
        left, right = shared[index], shared[index + 1]
        between = plain[left.end : right.start]
        is_range = _RANGE.fullmatch(between)
        is_product = right.dimension == "length" and _BY.fullmatch(between)
        if left.dimension is None and right.dimension is not None and (is_range or is_product):
            shared[index] = _same_unit(left, right)
        elif (
            right.dimension is None
            and is_range
            and left.dimension is not None
            and left.dimension.startswith("currency")
            and not plain[left.start].isdigit()
        ):
            shared[index + 1] = _same_unit(right, left)
    return shared


def _same_unit(number: Quantity, model: Quantity) -> Quantity:
    if model.value and model.dimension not in ("temperature", "discount"):
        base = number.value * model.base / model.value
    else:
        base = number.value
    return replace(number, unit=model.unit, dimension=model.dimension, base=base)


def _is_only_a_word(quantity: Quantity, plain: str, numbers: list[Number]) -> bool:
    """A lone number word says no amount: one, 一, 半, 万一, and Chinese digits up to ten."""
    if quantity.dimension is not None:
        return False
    number = next((n for n in numbers if n.start == quantity.start), None)
    if number is None or not number.worded:
        return False
    if plain[number.start].isascii():
        return number.value < 2
    return number.value <= 10 or plain[number.start] in "百千万亿"


def _is_metric(quantity: Quantity) -> bool:
    unit = look_up_unit(quantity.unit) if quantity.unit else None
    return unit is None or unit.metric


def _sign_covers(signed: Quantity, other: Quantity) -> bool:
    sign = signed.text.translate(WIDE).strip()[:1]
    currency = (other.dimension or "").removeprefix("currency:")
    if sign == "$":
        return currency in {"USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD"}
    return sign == "¥" and currency in {"CNY", "JPY"}
