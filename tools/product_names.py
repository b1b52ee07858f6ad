"""Whether two names mean the same goods."""

import re

from domain.lexicon import find_terms
from domain.quantities import find_quantities
from tools.quotes import fold_text

SAME_GOODS = 0.5
"""Least share of common words (Jaccard) at which two names may mean the same goods."""

_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_EMPTY = frozenset({"the", "a", "an", "of", "and", "for", "with", "our", "new", "set"})


def same_goods(a: str, b: str) -> bool:
    """True when one name is the other with no more than brand words or a variant around it.

    `Kiln Mug` is `Emberlow Kiln Mug` and `Kiln Mug Moss 350 ml`; it is not `Kiln Mug Lid`.
    """
    x, y = fold_text(a), fold_text(b)
    if x == y:
        return bool(x)
    short, long = sorted((x, y), key=len)
    at = long.find(short)
    return at >= 0 and bool(name_words(short)) and _adds_nothing(long[at + len(short) :])


def alikeness(a: str, b: str) -> float:
    """Share of common words (Latin) and character pairs (Chinese) of two names, 0-1."""
    x, y = name_words(a), name_words(b)
    return len(x & y) / len(x | y) if x and y else 0.0


def mentions(text: str, name: str) -> bool:
    """Whether `text` speaks of the goods called `name`: all words of the name stand in it."""
    wanted = name_words(name)
    return bool(wanted) and wanted <= name_words(text)


def _adds_nothing(rest: str) -> bool:
    """What follows a name names a variant of it and no other thing (`moss, 350 ml`)."""
    spans = [(q.start, q.end) for q in find_quantities(rest)]
    spans += [(t.start, t.end) for t in find_terms(rest) if t.cls in ("colour", "size", "material")]
    left = "".join(
        char for index, char in enumerate(rest) if not any(s <= index < e for s, e in spans)
    )
    return re.search(r"[a-z\u3400-\u9fff]", re.sub(r"[色款码号]", "", left)) is None


def name_words(text: str) -> frozenset[str]:
    """The words (Latin, singular) and character pairs (Chinese) by which names are compared."""
    found: set[str] = set()
    for word in _WORD.findall(fold_text(text)):
        if word[0].isascii():
            found |= {word[:-1] if word.endswith("s") and len(word) > 3 else word} - _EMPTY
        else:
            found |= {word[i : i + 2] for i in range(max(1, len(word) - 1))}
    return frozenset(found)
