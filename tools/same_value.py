"""When two wordings of a value are the same value."""

import re
from functools import lru_cache

from domain.quantities import Quantity, find_quantities, same_quantity
from tools.quotes import fold_text

_SIGNS = re.compile(r"[\W_]+")
_SHORTEST_PART = 4


def same_value(a: str, b: str) -> bool:
    """Equal but for case, width, spacing and signs, or equal measures (`0.35 kg`, `350 g`)."""
    x, y = _SIGNS.sub("", fold_text(a)), _SIGNS.sub("", fold_text(b))
    return x == y or _same_measures(a, b)


def contains_value(a: str, b: str) -> bool:
    """The same value, or one wording within the other that says no other number."""
    if same_value(a, b):
        return True
    short, long = sorted((fold_text(a), fold_text(b)), key=len)
    at = long.find(short)
    if at < 0 or (short.isascii() and len(short) < _SHORTEST_PART):
        return False
    left, right = long[at - 1 : at], long[at + len(short) : at + len(short) + 1]
    cut = (left + short[0]).isascii() and (left + short[0]).isalnum() and bool(left)
    cut |= (short[-1] + right).isascii() and (short[-1] + right).isalnum() and bool(right)
    return not cut


def is_measure(text: str) -> bool:
    """Nothing but quantities (`450 ml`)."""
    return bool(_measures(text))


def _same_measures(a: str, b: str) -> bool:
    """Both are nothing but the same quantities."""
    x, y = _measures(a), _measures(b)
    return bool(x) and len(x) == len(y) and all(map(same_quantity, x, y))


@lru_cache(maxsize=8192)
def _measures(text: str) -> tuple[Quantity, ...]:
    quantities = find_quantities(text)
    covered = sum(q.end - q.start for q in quantities)
    rest = len(re.sub(r"[\s×xX*,，~\-–—/]|约|about|approx\.?", "", text))
    return tuple(quantities) if quantities and covered >= rest * 0.9 else ()
