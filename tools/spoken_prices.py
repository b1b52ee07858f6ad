"""Prices that a host states: what it costs now, and what it costs elsewhere or did before.

An amount is a price by the words nearest before it; money that is taken off, sent for or put on top
is none. The words are data: `spoken_prices.yaml`.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from domain.quantities import Quantity, find_quantities
from tools.host_speech import Clause, read_expressions

_FILE = Path(__file__).with_suffix(".yaml")
_LEAST, _MOST = 2, 1_000_000
_NO_PRICE_AFTER = re.compile(
    r"\s?[%％度°×x号码折片名位口单分秒点时]|[a-z]|\s+o'clock"
    r"|\s+(?!(?:with|today|tonight|from|for|and|only|on|if|in the (?:shops?|stores?)|at|each"
    r"|per|right|to|this|until|till|now|but|so|instead|as|when|while|before|after|here|by|you|it|is|was|all|flat|even)\b)[a-z]",
    re.IGNORECASE,
)
"""A number before another word counts that."""
_FOR_ONE = re.compile(r"\s*(?:(?:的)?一?[盒件个套双瓶罐条只袋包把支床盏口]|块|元|的[^时候])")
_FROM, _TO = (
    re.compile(r"\bfrom ?$|从$"),
    re.compile(r" (?:all the way )?(?:down |up )?to\b|[^，]{0,3}(?:降|改|变|涨)"),
)
"""`From $19.90 down to $17.90`: the first was, and the second is."""
_PAYS = re.compile(r"\byou(?: only| just)? pay ?$")
_NEAR = 24


@dataclass(frozen=True)
class SpokenPrice:
    """An amount, as it stands in its clause.

    `is_list`: what it costs as a rule. `is_new`: a price that is only now made. `binds`: said to
    hold today, in this stream or until a time.
    """

    amount: Decimal
    text: str
    clause: Clause
    is_list: bool
    is_new: bool
    binds: bool


def find_prices(
    clauses: Sequence[Clause], currency: str | None = None, known: Collection[float] = ()
) -> list[SpokenPrice]:
    """The prices that clauses state, in order; `currency` is that of the record.

    A bare number at the end of a clause is one where it is among the `known` prices.
    """
    found: list[SpokenPrice] = []
    for clause in clauses:
        if clause.holds:
            found += _read(clause, currency, known)
    return found


def _read(clause: Clause, currency: str | None, known: Collection[float]) -> list[SpokenPrice]:
    found: list[SpokenPrice] = []
    start = 0
    for quantity in find_quantities(clause.text):
        before = clause.text[start : quantity.start]
        after = clause.text[quantity.end : quantity.end + _NEAR]
        is_known = (
            quantity.dimension is None
            and float(quantity.value) in known
            and not _NO_PRICE_AFTER.match(after)
        )
        if not (
            is_known
            or _is_money(quantity, currency)
            or _may_be_money(quantity, before, after, clause)
        ):
            continue
        if _FROM.search(before) and _TO.match(after):
            continue
        start = quantity.end
        if _is_another_amount(before, after, quantity):
            continue
        # what stands before the clause speaks for its first amount alone
        lead = before if found else f"{clause.before} # {before}"
        found.append(
            SpokenPrice(
                amount=quantity.value,
                text=quantity.text.strip(),
                clause=clause,
                is_list=_is_list(before, lead, after),
                is_new=_says("new", clause.text) or _says("new_before", clause.before),
                binds=_says("binds", f"{clause.before} # {clause.text} # {clause.after}"),
            )
        )
    return found


def _is_money(quantity: Quantity, currency: str | None) -> bool:
    dimension = quantity.dimension or ""
    if dimension == "mass":
        return currency == "GBP" and quantity.text.endswith("pounds")
    return dimension.startswith("currency:")


def _may_be_money(quantity: Quantity, before: str, after: str, clause: Clause) -> bool:
    """A bare number right after words for a price, or (`128一盒`) before what it buys."""
    if quantity.dimension is not None or not _LEAST <= quantity.value <= _MOST:
        return False
    if _NO_PRICE_AFTER.match(after) and not _FOR_ONE.match(after):
        return False
    if _says("range", before) or _says("range_after", after):
        return False
    weak = _says("right_before_weak", before) and _says("hint", clause.sentence.lower())
    alone = clause.text.strip("元块 ") == quantity.text.strip()
    if alone and _says("new", f"{clause.before} {clause.after}"):
        return True
    bought = _says("right_after", after) and not _says("counts", before)
    return weak or bought or _says("right_before", before)


def _is_another_amount(before: str, after: str, quantity: Quantity) -> bool:
    near = f"{before[-_NEAR:]} # {after[:16]}"
    return _says("no_price", near) or _says("no_price_whole", f"{before}{quantity.text}{after}")


def _is_list(before: str, lead: str, after: str) -> bool:
    was, now = _last("was", before), _last("now", before)
    if was < 0 and now < 0 and not _PAYS.search(before):
        was, now = _last("was", lead), _last("now", lead)
    return was > now or _says("was_after", after)


def _last(kind: str, text: str) -> int:
    ends = [m.end() for pattern in read_expressions(_FILE)[kind] for m in pattern.finditer(text)]
    return max(ends, default=-1)


def _says(kind: str, text: str) -> bool:
    return any(pattern.search(text) for pattern in read_expressions(_FILE)[kind])
