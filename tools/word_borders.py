"""Where a text may be cut short: between words, never within a quantity, a code or brackets."""

import re
from dataclasses import dataclass

from domain.quantities import find_quantities
from tools.dictionary import load_dictionary

_WHOLE = re.compile(
    r"[A-Za-z0-9À-ɏ](?:[A-Za-z0-9À-ɏ.'’+/&%°-]*[A-Za-z0-9À-ɏ+%°])?"
    r"|[(（【\[「][^)）】\]」]*(?:[)）】\]」]|$)"
)
_BREAK = re.compile(r"[\s,，、。.;；:：!！?？|/–—-]+")
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_HANGING = re.compile(
    r"(?:[\s,，、;；:：|/–—&+·-]"
    r"|(?<![\w-])(?:[Aa]nd|[Oo]r|[Ww]ith|[Ff]or|[Oo]f|[Tt]he|an?|[Ii]n|[Tt]o|[Bb]y|[Ff]rom)"
    r"|[的和与及或之])+$"
)
"""What joins a text to what follows, and cannot be its end."""


@dataclass(frozen=True, slots=True)
class Border:
    """An offset up to which a text can stand by itself, and whether a clause ends there."""

    at: int
    ends_clause: bool


def find_borders(text: str) -> list[Border]:
    """The borders within `text`, in order.

    Chinese words are those of the dictionary. What stands straight before a quantity stays with it
    (`容量500毫升`).
    """
    breaks = {match.start() for match in _BREAK.finditer(text)}
    quantities = find_quantities(text)
    whole = [(m.start(), m.end()) for m in _WHOLE.finditer(text)]
    whole += [(q.start, q.end) for q in quantities]
    joined = {q.start for q in quantities}
    found: dict[int, bool] = {}
    for at in sorted(breaks | _word_ends(text)):
        inside = any(start < at < end for start, end in whole)
        end = _HANGING.sub("", text[:at])
        if end and not inside and at not in joined:
            found[len(end)] = found.get(len(end), False) or _ends_clause(text, at, breaks)
    return [Border(at, ends_clause) for at, ends_clause in sorted(found.items())]


def _ends_clause(text: str, at: int, breaks: set[int]) -> bool:
    """True at punctuation, and at a space where Chinese, which has none within a clause, ends."""
    return at in breaks and (not text[at].isspace() or _HAN_RUN.match(text[at - 1]) is not None)


def _word_ends(text: str) -> set[int]:
    """Where a Chinese word ends."""
    ends: set[int] = set()
    for run in _HAN_RUN.finditer(text):
        at = run.start()
        for word in load_dictionary().segment(run.group()):
            at += len(word)
            ends.add(at)
    return ends
