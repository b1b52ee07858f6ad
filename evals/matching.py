"""When a stored value is the fact that the gold asks for. Fair to wording, strict with numbers.

Two wordings of a value are the same when, in this order,

- they are equal but for case, width, spacing and signs, or are the same quantities (`0.39 kg`),
- one holds the other whole, no number of the wanted value is missing, the stored one holds at least
  `LEAST_HELD` of the wanted one's words, and the clause is denied in both or in neither,
- they share `OVERLAP` of the words (Chinese: character pairs) of the shorter one, neither is more
  than `LONGEST` times as long, their numbers are the same, and they deny alike.

Sizes and colours stop at the first rule, but for what follows the wanted words (米白色 is 米白,
`M (EU 38)` is `M`, `Navy Blue` is no `Blue`). Prices are numbers, currencies codes, a stock is a
count under a key that names every part of the variant. A property also needs a name that goes with
the gold's.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import cast

from domain.extraction import FactField
from domain.product import ProductRecord, iter_fields
from domain.quantities import Quantity, find_quantities, same_quantity
from evals.gold import GoldFact
from evals.phrases import holds
from tools.extraction.labels import property_of
from tools.quotes import fold_text
from tools.same_value import same_value

OVERLAP = 0.6
LEAST_HELD = 0.4
LONGEST = 3.0

_PRICES = ("list_price", "live_price")
_JOINED = ("audience", "shipping")
_EXACT = (*_PRICES, "currency", "stock")
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3}[.!?])\s+(?=\S)|[；;。！？\n]+")
_CLAUSE_END = re.compile(r"[,.;:!?，。；：！？、\n()（）]|\bbut\b|但")
_DENIAL = re.compile(
    r"\b(?:not|no|never|without|cannot|non|nor|avoid)\b|n't\b|[不勿非无没未莫禁]|避免"
)
_NO_DENIAL = re.compile("非常|不锈钢|无线|无人机|不仅|不但|不错|无论|未来|无忧|没问题")
_WORD = re.compile(r"[a-z]+|[\u3400-\u9fff]+")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_EMPTY_WORDS = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "by", "can", "for", "from", "has", "have", "in",
        "is", "it", "its", "of", "on", "or", "our", "so", "that", "the", "their", "this", "to",
        "up", "very", "with", "you", "your",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One stored value: its field, its key (property or variant), and its path in the record."""

    field: FactField
    value: str
    path: str
    key: str | None = None


def items_of(record: ProductRecord) -> list[Item]:
    """Every stored value; the sentences that `shipping` and `audience` join are items apart."""
    return [
        Item(field, part.strip(), path, key or None)
        for path, value in iter_fields(record)
        for field, key in [_parse(path)]
        for part in (_SENTENCE_END.split(value) if field in _JOINED else [value])
        if part.strip()
    ]


def _parse(path: str) -> tuple[FactField, str]:
    """Field and key of a path: `variants.stock.Moss M` is the stock of `Moss M`."""
    name, _, key = path.removeprefix("variants.").partition(".")
    return cast("FactField", name.partition("[")[0]), key


def is_right(fact: GoldFact, item: Item) -> bool:
    """Whether `item` stores `fact`, in its field or in one that would do as well."""
    if item.field != fact.field and item.field not in fact.also:
        return False
    if item.field == "specs" and fact.field == "specs" and not keys_agree(fact.keys, item.key):
        return False
    if fact.field == "stock" and item.field == "stock":
        parts = fact.key if isinstance(fact.key, list) else [fact.key or ""]
        named = item.key or ""
        return all(names_part(named, part) for part in parts) and item.value == fact.value.strip()
    right = any(value_agrees(fact.field, wording, item.value) for wording in fact.wordings)
    return right and not _names_another_number(fact, item.value)


def _names_another_number(fact: GoldFact, stored: str) -> bool:
    """Whether `stored` has another number in the place of one of the fact's.

    A right wording may leave a number out (`recycled nylon`), which does not make `30 mm recycled
    nylon` right where the fact says 25 mm.
    """
    said = [q for wording in fact.wordings for q in _quantities(wording)]
    own = _quantities(stored)
    strange = {q.dimension for q in own if not _all_in([q], said)}
    missing = (q.dimension for q in _quantities(fact.value) if not _all_in([q], own))
    return fact.field not in _EXACT and any(dimension in strange for dimension in missing)


def is_part(fact: GoldFact, item: Item) -> bool:
    """Whether `item` is one of the sentences of a fact that has several."""
    return (
        item.field in _JOINED
        and item.field in (fact.field, *fact.also)
        and any(_within(fold_text(item.value).rstrip("."), fold_text(w)) for w in fact.wordings)
    )


def value_agrees(field: str, wanted: str, stored: str) -> bool:
    """Whether `stored` is the value `wanted` of `field`."""
    if field in _PRICES:
        return _amount(wanted) is not None and _amount(wanted) == _amount(stored)
    if field == "currency":
        return wanted.strip().upper() == stored.strip().upper()
    if field == "stock":
        return wanted.strip() == stored.strip()
    if field in ("sizes", "colours"):
        return same_value(wanted, stored) or _starts(fold_text(wanted), fold_text(stored))
    return texts_agree(wanted, stored)


def keys_agree(wanted: Iterable[str], stored: str | None) -> bool:
    """Whether a property's name goes with one of the names wanted (any, where none is)."""
    keys = list(wanted)
    if not keys:
        return True
    if not stored:
        return False
    own = fold_text(stored)
    return any(
        property_of(key) == property_of(stored)
        or _within(fold_text(key), own)
        or _within(own, fold_text(key))
        or (len(tokens(key)) > 1 and tokens(key) == tokens(stored))
        for key in keys
    )


def names_part(key: str, part: str) -> bool:
    """Whether the name of a variant holds one of its parts (`Moss / 350ml` holds `350 ml`)."""
    if not part.strip() or holds(key, part) or fold_text(part) == fold_text(key):
        return True
    wanted, found = _quantities(part), _quantities(key)
    rest = _WORD.findall(_without(part, wanted))
    return bool(wanted) and not rest and _all_in(wanted, found)


@lru_cache(maxsize=100_000)
def texts_agree(wanted: str, stored: str) -> bool:
    """Whether two wordings of a text say the same; see the rules of this module."""
    if same_value(wanted, stored):
        return True
    if not _numbers_in(wanted, stored):
        return False
    short, long = sorted((fold_text(wanted), fold_text(stored)), key=len)
    span = _span(short, long)
    if span is not None and _denies(short) == _denies(_clause_around(long, *span)):
        return _share_held(wanted, stored) >= LEAST_HELD
    return _overlap(wanted, stored) and _numbers_in(stored, wanted) and (
        _denies(fold_text(wanted)) == _denies(fold_text(stored))
    )  # fmt: skip


def _overlap(wanted: str, stored: str) -> bool:
    a, b = tokens(wanted), tokens(stored)
    shorter, longer = sorted((len(a), len(b)))
    if shorter < 2 or longer > LONGEST * shorter:
        return False
    return len(a & b) >= OVERLAP * shorter and _share_held(wanted, stored) >= LEAST_HELD


def _share_held(wanted: str, stored: str) -> float:
    a, b = tokens(wanted), tokens(stored)
    return len(a & b) / len(a) if a else 1.0


@lru_cache(maxsize=100_000)
def tokens(text: str) -> frozenset[str]:
    """The words of `text` without endings of the plural, and its pairs of Chinese characters."""
    found: set[str] = set()
    for word in _WORD.findall(fold_text(text)):
        if word[0].isascii():
            found.add(word[:-1] if len(word) > 3 and word.endswith("s") else word)
        else:
            found |= {word[i : i + 2] for i in range(max(1, len(word) - 1))}
    return frozenset(found - _EMPTY_WORDS)


def _numbers_in(wanted: str, stored: str) -> bool:
    """Whether every number of `wanted` stands in `stored`, in whatever unit.

    A number that is no known quantity there (in a code, or without its unit) counts by its digits.
    """
    known = _quantities(wanted)
    bare = _digits(_without(stored, (q for q in _quantities(stored) if q.dimension)))
    missing = (q for q in known if not _all_in([q], _quantities(stored)))
    if any(not (own := _digits(q.text)) or not own <= bare for q in missing):
        return False
    return _digits(_without(wanted, known)) <= _digits(stored)


def _all_in(wanted: Iterable[Quantity], found: Iterable[Quantity]) -> bool:
    pool = list(found)
    return all(any(same_quantity(a, b) for b in pool) for a in wanted)


@lru_cache(maxsize=100_000)
def _quantities(text: str) -> tuple[Quantity, ...]:
    return tuple(find_quantities(text))


def _digits(text: str) -> frozenset[str]:
    return frozenset(match.replace(",", "") for match in _DIGITS.findall(fold_text(text)))


def _without(text: str, quantities: Iterable[Quantity]) -> str:
    chars = list(text)
    for quantity in quantities:
        chars[quantity.start : quantity.end] = " " * (quantity.end - quantity.start)
    return "".join(chars).casefold()


def _span(short: str, long: str) -> tuple[int, int] | None:
    """Where `short` stands in `long` with no Latin word or number cut."""
    if not short:
        return None
    before = r"(?<![a-z0-9.])" if short[0].isascii() and short[0].isalnum() else ""
    after = r"(?![a-z0-9]|[.,]\d)" if short[-1].isascii() and short[-1].isalnum() else ""
    found = re.search(before + re.escape(short) + after, long)
    return found.span() if found else None


def _starts(short: str, long: str) -> bool:
    span = _span(short, long)
    return span is not None and span[0] == 0


def _within(short: str, long: str) -> bool:
    return _span(short, long) is not None


def _clause_around(text: str, start: int, end: int) -> str:
    left = max((m.end() for m in _CLAUSE_END.finditer(text, 0, start)), default=0)
    after = _CLAUSE_END.search(text, end)
    return text[left : after.start() if after else len(text)]


def _denies(text: str) -> bool:
    return _DENIAL.search(_NO_DENIAL.sub("", text)) is not None


def _amount(text: str) -> Decimal | None:
    number = _DIGITS.search(text)
    try:
        return Decimal(number.group().replace(",", "")) if number else None
    except InvalidOperation:
        return None
