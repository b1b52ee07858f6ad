"""The noun that a fact belongs to, and short statements of delivery, returns, gifts and stock.

They are what can be said again of a clause whose claim has to go.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from tools.compliance.han import is_han
from tools.compliance.lawful import Span
from tools.compliance.trimming import is_bound, is_light, strip_links
from tools.compliance.yaml_files import load_yaml

_MOST_BEFORE, _MOST_AFTER = 3, 4
_LONGEST_ZH = 18
_WORD_BEFORE = re.compile(r"([A-Za-z0-9$€£%°'’&/.-]*[A-Za-z0-9%°])( |-)$")
_WORD_AFTER = re.compile(r"( |-)([A-Za-z0-9$€£%°][A-Za-z0-9%°'’&/-]*)")
_FACTOR = re.compile(r"(?:\d[\d.,]*(?: ?(?:cm|mm|m|in))? ?(?:by|x|×|to|-|–) ?)+$", re.IGNORECASE)
_LED = re.compile(r"\b(?:in|from|for|with|at) $", re.IGNORECASE)
_OPENING_ZH = re.compile(r"^[的了地得着过就都也还又是，,、\s]+")
_NAMED_EN = re.compile(r"\b(?:this|these|our|the|my) (?:[a-z0-9-]+ ){0,4}$", re.IGNORECASE)
_NAMED_ZH = re.compile(r"[这那我咱]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Where a phrase stands in a clause.

    `is_named` when it points at the goods (`this`, `这款`), `has_noun` when it says more than the
    fact.
    """

    start: int
    end: int
    is_named: bool
    has_noun: bool


def find_phrase(clause: str, fact: Span, objected: Sequence[Span]) -> Phrase | None:
    """The fact with its noun, without words that are `objected` to; None where it says nothing."""
    low = max((b for _, b in objected if b <= fact[0]), default=0)
    high = min((a for a, _ in objected if a >= fact[1]), default=len(clause))
    find = _find_chinese if any(map(is_han, clause)) else _find_english
    phrase = find(clause, fact, low, high)
    return None if is_bound(clause[low : phrase.start]) else phrase


def find_statements(clause: str, objected: Sequence[Span]) -> Iterator[Span]:
    """Where `clause` says what is sent along, how it is delivered or taken back, and the stock."""
    for expression in _load_statements():
        for found in expression.finditer(clause):
            if not any(a < found.end() and found.start() < b for a, b in objected):
                yield found.span()


def _find_english(clause: str, fact: Span, low: int, high: int) -> Phrase:
    start, end = fact
    factor = _FACTOR.search(clause, low, start)
    start = factor.start() if factor else start
    for _ in range(_MOST_BEFORE):
        word = _WORD_BEFORE.search(clause, low, start)
        if word is None or is_light(word[1]):
            break
        start = word.start()
    for _ in range(_MOST_AFTER):
        word = _WORD_AFTER.match(clause, end, high)
        if word is None or is_light(word[2]):
            break
        end = word.end()
    named = _NAMED_EN.search(clause, 0, start) is not None
    led = _LED.search(clause, low, start)
    return Phrase(led.start() if led else start, end, named, (start, end) != fact)


def _find_chinese(clause: str, fact: Span, low: int, high: int) -> Phrase:
    body = clause[low:high]
    start = low + (len(body) - len(_OPENING_ZH.sub("", body)))
    end = low + len(strip_links(body.rstrip(" ，,、：:；;。.！!？?…")))
    if start > fact[0] or end < fact[1] or end - start > _LONGEST_ZH:
        start, end = fact
    named = _NAMED_ZH.search(clause, 0, fact[1]) is not None
    return Phrase(start, end, named, end - start > fact[1] - fact[0] + 1)


@cache
def _load_statements() -> list[re.Pattern[str]]:
    told = cast("dict[str, list[str]]", load_yaml(Path(__file__).with_name("statements.yaml")))
    return [re.compile(one, re.IGNORECASE) for one in told["statements"]]
