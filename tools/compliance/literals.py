"""Literal factors: strings of which every match of an expression must contain one.

The parse tree of the expression is walked as RE2's FilteredRE2 and Hyperscan do it. Parts that
stand for few strings are spelt out and joined with their neighbours; a part that stands for many
gives what it must contain; an optional part and a look-around give nothing.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from tools.compliance.han import HAN


Factor = frozenset[str]
"""Alternatives: a match contains at least one of them."""

_MOST_STRINGS = 96
_SHORT = 3
_MOST_CLASS = 16
_MOST_FACTORS = 3
_TELLING = 1.0
"""Factors of less weight than this are met in too many texts to be worth looking up."""
_EMPTY: Factor = frozenset({""})
_PARSER = cast("Any", re)._parser
_CONSTANTS = cast("Any", re)._constants
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_WRITTEN = re.compile(rf"[{HAN}]+|[a-z]{{3,}}")
_OPTIONAL_END = re.compile(r"[a-z]{4,}(?=\?)")
_ZERO_WIDTH = frozenset({"AT", "ASSERT", "ASSERT_NOT"})


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one way of matching must contain: one string of each factor, the rarest factor first."""

    factors: tuple[Factor, ...]


@dataclass(slots=True)
class _Part:
    """What a part of an expression stands for: all its strings (`exact`), or what it contains."""

    exact: Factor | None
    factors: list[Factor] = field(default_factory=list[Factor])


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of an expression.

    `requirements` are the ways in which it can match, of which a match satisfies one; None when a
    way requires no literal. `wordings` are words that matches are made of: as written in it, and
    joined from its parts where they are short.
    """

    requirements: tuple[Requirement, ...] | None
    wordings: frozenset[str]


@lru_cache(maxsize=4096)
def analyse(source: str) -> Analysis:
    """The requirements and wordings of a regular expression that compiles."""
    words = set(_WRITTEN.findall(source))
    words |= {word[:-1] for word in _OPTIONAL_END.findall(source)}
    ways: list[Requirement] = []
    is_free = False
    for branch in _branches(_PARSER.parse(source, re.ASCII)):
        factors = _walk(branch)
        for factor in factors:
            for text in factor:
                if text.isascii():
                    words.update(text.split())
                elif len(text) <= _SHORT:
                    words.add(text)
        chosen = _choose(factors)
        is_free = is_free or not chosen
        ways.append(Requirement(chosen))
    return Analysis(None if is_free else tuple(ways), frozenset(words))


def _branches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The alternatives of an expression that is one alternation, through its groups."""
    if len(items) == 1:
        name, value = str(items[0][0]), items[0][1]
        if name == "BRANCH":
            for branch in value[1]:
                yield from _branches(branch)
            return
        if name == "SUBPATTERN":
            yield from _branches(value[3])
            return
    yield items


def _walk(items: Iterable[Any]) -> list[Factor]:
    """The factors of a sequence, in order; neighbours that are spelt out are joined."""
    part = _sequence(items)
    return part.factors if part.exact is None else [part.exact]


def _sequence(items: Iterable[Any]) -> _Part:
    factors: list[Factor] = []
    run: Factor = _EMPTY
    whole = True
    for item in items:
        part = _item(item)
        if part.exact is not None and len(run) * len(part.exact) <= _MOST_STRINGS:
            run = frozenset(a + b for a in run for b in part.exact)
            continue
        whole = False
        factors.append(run)
        factors += part.factors
        run = part.exact if part.exact is not None else _EMPTY
    if whole:
        return _Part(run)
    return _Part(None, [f for f in [*factors, run] if f != _EMPTY])


def _item(item: Any) -> _Part:
    name, value = str(item[0]), item[1]
    if name == "LITERAL":
        return _Part(frozenset({chr(value)}))
    if name in _ZERO_WIDTH:
        return _Part(_EMPTY)
    if name == "IN":
        return _Part(_members(value))
    if name == "BRANCH":
        return _either([_sequence(branch) for branch in value[1]])
    if name == "SUBPATTERN":
        return _sequence(value[3])
    if name == "ATOMIC_GROUP":
        return _sequence(value)
    if name in _REPEATS:
        return _repeated(*value)
    return _Part(None)


def _members(members: Sequence[Any]) -> Factor | None:
    """The characters of a small class, None for a large or negated one."""
    chars: set[str] = set()
    for member in members:
        name, value = str(member[0]), member[1]
        if name == "LITERAL":
            chars.add(chr(value))
        elif name == "RANGE" and value[1] - value[0] < _MOST_CLASS:
            chars.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return None
    return frozenset(chars) if len(chars) <= _MOST_CLASS else None


def _either(parts: Sequence[_Part]) -> _Part:
    exact = [part.exact for part in parts if part.exact is not None]
    if len(exact) == len(parts):
        together = frozenset[str]().union(*exact)
        if len(together) <= _MOST_STRINGS:
            return _Part(together)
        return _Part(None, [together])
    best = [_best(part.factors if part.exact is None else [part.exact]) for part in parts]
    if any(factor is None for factor in best):
        return _Part(None)
    return _Part(None, [frozenset[str]().union(*(f for f in best if f is not None))])


def _repeated(least: int, most: int, items: Iterable[Any]) -> _Part:
    part = _sequence(items)
    if part.exact is not None and most <= 2 and len(part.exact) <= _MOST_CLASS:
        runs = {"": _EMPTY, "1": part.exact}
        runs["2"] = frozenset(a + b for a in part.exact for b in part.exact)
        wanted = ["", "1", "2"][least : most + 1]
        return _Part(frozenset[str]().union(*(runs[w] for w in wanted)))
    if part.exact is not None and least == 0 and most == 1:
        return _Part(part.exact | _EMPTY)
    if least == 0:
        return _Part(None)
    return _Part(None, part.factors if part.exact is None else [part.exact])


def _choose(factors: Sequence[Factor]) -> tuple[Factor, ...]:
    """The rarest factors, each without alternatives that contain another one."""
    usable = sorted({f for f in factors if "" not in f}, key=_rarity, reverse=True)
    kept = usable[:1] + [f for f in usable[1:_MOST_FACTORS] if _rarity(f) >= _TELLING]
    return tuple(map(_shortest, kept))


def _best(factors: Sequence[Factor]) -> Factor | None:
    usable = [f for f in factors if "" not in f]
    return max(usable, key=_rarity) if usable else None


def _shortest(factor: Factor) -> Factor:
    kept: set[str] = set()
    lengths: set[int] = set()
    for text in sorted(factor, key=len):
        if not any(
            text[a : a + length] in kept
            for length in lengths
            for a in range(len(text) - length + 1)
        ):
            kept.add(text)
            lengths.add(len(text))
    return frozenset(kept)


def _rarity(factor: Factor) -> float:
    """How seldom a factor is met in any text: its least telling alternative, and how many."""
    return min(map(_weight, factor)) - math.log2(len(factor)) / 6


def _weight(text: str) -> float:
    return sum(1.0 if c > "\u02ff" else 0.45 if c.isalpha() else 0.2 for c in text)
