"""Values of cells as a spreadsheet displays them (ECMA-376 Part 1, 18.8.30 and 18.8.31)."""

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]'
    r"|[_*].|(?P<digits>[0#?][0#?,]*(?:\.[0#?]*)?(?:[eE][+-]0+)?|\.[0#?]+)|(?P<percent>%)"
    r"|(?P<text>@)|(?P<literal>.)"
)
_SIGNIFICANT = 12
_LARGEST_PLAIN = 10**15


def show_value(value: object, number_format: str) -> str:
    """`value` as `number_format` displays it; dates and times as ISO 8601.

    A format that is not understood, or asks for more than 28 digits, shows the number in full.
    """
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime():
            has_time = value.hour or value.minute or value.second
            return value.isoformat(" ", "minutes") if has_time else value.date().isoformat()
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
        case timedelta():
            return str(value)
        case int() | float():
            return _show_number(value, number_format)
        case _:
            return str(value)


def _show_number(value: float, number_format: str) -> str:
    sections = _split(number_format)
    plain = _show_plain(value)
    if number_format in ("General", "@", "") or "/" in number_format or not math.isfinite(value):
        return plain
    section = sections[0]
    amount = Decimal(plain)
    if value < 0 and len(sections) > 1:
        section, amount = sections[1], -amount
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    tokens = list(_TOKEN.finditer(section))
    digits = [token["digits"] for token in tokens if token["digits"]]
    if len(digits) > 1 or not tokens or "General" in section:
        return plain
    if not digits:
        shown = "".join(map(_literal, tokens)).strip()
        return shown if value == 0 and shown else plain
    amount *= 100 ** sum(token["percent"] is not None for token in tokens)
    try:
        parts = [
            _show_digits(amount, token["digits"]) if token["digits"] else _literal(token)
            for token in tokens
        ]
    except InvalidOperation:
        return plain
    return "".join(parts).strip()


def _split(number_format: str) -> list[str]:
    """The sections of a format: for positive and negative numbers, zero, and text."""
    quoted = re.findall(r'(?:"[^"]*"|\\.|[^;"\\])*(?:;|$)', number_format)
    return [section.removesuffix(";") for section in quoted if section] or [number_format]


def _literal(token: re.Match[str]) -> str:
    return next(
        (
            token[name]
            for name in ("quoted", "escaped", "currency", "percent", "literal")
            if token[name]
        ),
        "",
    )


def _show_plain(value: float) -> str:
    """A number in full: a barcode keeps its digits, and 0.1 + 0.2 is 0.3."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < _LARGEST_PLAIN):
        return str(int(value))
    return format(Decimal(f"{value:.{_SIGNIFICANT}g}"), "f")


def _show_digits(amount: Decimal, pattern: str) -> str:
    if "e" in pattern.lower():
        return format(amount, "f")
    whole, _, decimals = pattern.partition(".")
    thousands = len(whole) - len(whole.rstrip(","))
    amount = amount.scaleb(-3 * thousands)
    rounded = amount.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    shown = format(rounded, ",f" if "," in whole.rstrip(",") else "f")
    integer, point, fraction = shown.partition(".")
    needed = len(decimals.rstrip("#?"))
    while len(fraction) > needed and fraction.endswith("0"):
        fraction = fraction[:-1]
    sign = "-" if integer.startswith("-") else ""
    integer = (
        integer.removeprefix("-").zfill(whole.count("0"))
        if "," not in integer
        else integer.removeprefix("-")
    )
    return sign + integer + (point + fraction if fraction else "")
