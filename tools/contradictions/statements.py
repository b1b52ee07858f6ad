"""What a statement about a product is, and the amounts in it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from domain.lexicon import Term, find_terms
from domain.product import ProductRecord, iter_fields
from domain.quantities import Quantity, find_quantities, same_quantity
from tools.host_speech import Clause, find_first, read_expressions
from tools.spoken import normalise_spoken

WORDS = read_expressions(Path(__file__).with_name("statements.yaml"))

_CLOSE, _ABOUT = Decimal("0.025"), Decimal("0.12")
"""How far a rounded amount may lie from the exact one, and one that is said to be about right."""
_ROUND, _ROUNDED = 10, Decimal("0.06")
"""Two kilos may be 2.1: so small a whole number is as exact as that."""
_FROM, _TO = Decimal("0.6"), Decimal("1.05")
"""`More than a kilo` is said of what weighs up to 1.67 kg."""
_DAY = Decimal(86400)


@dataclass(frozen=True)
class Stated:
    """Something that a host states of a product.

    Two statements of one `slot` speak of the same thing, and agree where their `value` is the same.
    `field` is the path in the record. `known` is what the record has, where it says otherwise;
    `confirmed` tells that it says the same. One that `is_new` is announced as a change.
    """

    slot: str
    field: str
    said: str
    value: object
    clause: Clause
    known: str | None = None
    confirmed: bool = False
    is_new: bool = False
    is_loose: bool = False
    """Said as about so much: nothing later is held against it."""


@lru_cache(maxsize=8192)
def terms_in(text: str) -> Sequence[Term]:
    """The closed-class terms of a text; a record's values are read again with every sentence."""
    return find_terms(text)


@lru_cache(maxsize=8192)
def quantities_in(text: str) -> Sequence[Quantity]:
    """The quantities of a clause."""
    return find_quantities(text)


def says(kind: str, text: str) -> bool:
    """Whether a text holds an expression of `kind` in `statements.yaml`."""
    return find_first(WORDS[kind], text) is not None


@lru_cache(maxsize=4096)
def amounts_in(text: str) -> Sequence[Quantity]:
    """The quantities of a value of a record, amounts in words too."""
    return find_quantities(normalise_spoken(text).lower())


def record_texts(record: ProductRecord, *fields: str) -> list[tuple[str, str]]:
    """`(field path, value)` of the record's values under these fields."""
    return [
        (path, value)
        for path, value in iter_fields(record)
        if any(path == name or path.startswith((f"{name}.", f"{name}[")) for name in fields)
    ]


def agrees(said: Quantity, known: Quantity, around: str = "") -> bool:
    """Whether an amount may be said for a known one: the same, rounded, or about it.

    `around` is the text right before and after it (`almost`, `more than`, 左右). A working day
    counts as a day.
    """
    if same_quantity(said, known):
        return True
    a, b = _comparable(said), _comparable(known)
    if a is None or b is None or a[0] != b[0] or b[1] == 0:
        return False
    share = a[1] / b[1]
    if says("above", around):
        return _FROM <= share <= _TO
    is_round = said.value == int(said.value) and said.value <= _ROUND
    return abs(share - 1) <= (_ABOUT if says("about", around) else _ROUNDED if is_round else _CLOSE)


def agrees_with_any(said: Quantity, known: Iterable[Quantity], around: str = "") -> bool:
    """Whether one of the known amounts may be meant."""
    return any(agrees(said, one, around) for one in known)


def around(clause: Clause, quantity: Quantity) -> str:
    """What stands right before and after an amount."""
    before = clause.text[max(0, quantity.start - 16) : quantity.start]
    return f"{before} # {clause.text[quantity.end : quantity.end + 6]}"


def is_denied(clause: Clause, start: int) -> bool:
    """Whether the amount or word at `start` is said not to be so."""
    return (
        re.search(
            r"\b(?:not|isn't|never|no)\b[^,]{0,12}$|不是[^，]{0,4}$|没有$", clause.text[:start]
        )
        is not None
    )


def _comparable(quantity: Quantity) -> tuple[str, Decimal] | None:
    if quantity.dimension == "business_time":
        return "time", quantity.base * _DAY
    return None if quantity.dimension is None else (quantity.dimension, quantity.base)
