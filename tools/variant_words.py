"""Which of listed variants a text means, by the words that tell one from another.

`Clear for the Max` means `Clear Vero 12 Max` where the others are no Max; `34的单柄` means
`单柄 34cm`; `一公斤的` means `1kg`; `大瓶` means the largest.
"""

import re
from collections.abc import Sequence

from domain.lexicon import find_terms
from domain.quantities import find_quantities, same_quantity

_TOKEN = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|[\u3400-\u9fff]+")
_CLASSES = frozenset({"colour", "size"})
_BIG = re.compile(
    r"\b(?:big|bigger|large|larger)\b|大(?:的|号|瓶|罐|盒|包|袋|桶|杯)", re.IGNORECASE
)
_SMALL = re.compile(r"\b(?:small|smaller|little)\b|小(?:的|号|瓶|罐|盒|包|袋|桶|杯)", re.IGNORECASE)
_UNITS = frozenset({"cm", "mm", "ml", "kg", "g", "l", "oz", "inch", "in", "size"})


def find_meant(text: str, values: Sequence[str]) -> list[str]:
    """The values that a text means, all of them alike well; empty where it names none."""
    parts = {value: frozenset(_tokens(value)) for value in values}
    shared = frozenset[str].intersection(*parts.values()) if len(parts) > 1 else frozenset[str]()
    said = {
        value: frozenset(t for t in tokens - shared - _UNITS if _is_said(t, text))
        for value, tokens in parts.items()
    }
    named = frozenset[str]().union(*said.values())
    by_amount = [value for value in values if _has_amount(value, text)]
    if not named:
        return by_amount or _relative(text, values)
    whole = [value for value in values if said[value] == named]
    most = max(len(tokens) for tokens in said.values())
    found = whole or [value for value in values if len(said[value]) == most]
    return [value for value in found if value in by_amount] or found


def _tokens(value: str) -> list[str]:
    return [token.casefold() for token in _TOKEN.findall(value)]


def _is_said(token: str, text: str) -> bool:
    folded = text.casefold()
    if not token.isascii():
        wanted = {(t.cls, t.concept) for t in find_terms(token) if t.cls in _CLASSES}
        shared = wanted & {(t.cls, t.concept) for t in find_terms(text)}
        return token in folded or token.rstrip("色") in folded or bool(shared)
    pattern = rf"(?<![a-z0-9.'’]){re.escape(token)}(?![a-z0-9]|\.\d)"
    if token[0].isdigit():
        pattern = rf"(?<![\d.]){re.escape(token)}(?!\d|\.\d)"
    if re.search(pattern, folded):
        return True
    wanted = {(t.cls, t.concept) for t in find_terms(token) if t.cls in _CLASSES}
    return bool(wanted & {(t.cls, t.concept) for t in find_terms(text)})


def _has_amount(value: str, text: str) -> bool:
    listed = find_quantities(value)
    said = [q for q in find_quantities(text) if q.dimension is not None]
    return len(listed) == 1 and any(same_quantity(listed[0], one) for one in said)


def _relative(text: str, values: Sequence[str]) -> list[str]:
    """The largest or the smallest, where each value has one amount."""
    pick = max if _BIG.search(text) else min if _SMALL.search(text) else None
    amounts = {value: find_quantities(value) for value in values}
    if pick is None or len(values) < 2 or any(len(found) != 1 for found in amounts.values()):
        return []
    return [pick(values, key=lambda value: amounts[value][0].base)]
