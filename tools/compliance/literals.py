"""Literal factors: strings of which every match of an expression must contain one.

The parse tree of the expression is walked as RE2's FilteredRE2 and Hyperscan do it. Parts that
stand for few strings are spelt out and joined with their neighbours; a part that stands for many
gives what it must contain; an optional part and a look-around give nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from tools.compliance.alternatives import split_alternatives
from tools.compliance.han import HAN
from tools.compliance.rarity import Factor, rarity

_MOST_STRINGS = 96
_MOST_WORDS = 2000
_SHORT = 3
_LEAST_GROUP = 24
_PRIVATE = 0xE000
_MOST_CLASS = 16
_EMPTY: Factor = frozenset({""})
_PARSER = cast("Any", re)._parser
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_WRITTEN = re.compile(rf"[{HAN}]+|[a-z]{{3,}}")
_INFLECTED = re.compile(r"[a-z]{2,}(?:(?:\(\?:[a-z?|]{1,60}\)|[a-z])\??)+")
"""A word of an expression with its endings: `cur(?:es?|ing)`, `weeks?`."""
_LOOKS = frozenset({"ASSERT", "ASSERT_NOT"})
_ZERO_WIDTH = _LOOKS | {"AT"}


@dataclass(slots=True)
class _Part:
    """What a part of an expression stands for: all its strings (`exact`), or what it contains."""

    exact: Factor | None
    factors: list[Factor] = field(default_factory=list[Factor])


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of an expression.

    `factors` are what every match contains: one string of each; none where no literal is required.
    `wordings` are words that matches are made of: as written in it, and joined from its parts where
    they are short.
    """

    factors: tuple[Factor, ...]
    wordings: frozenset[str]


class Groups:
    """Groups that many expressions share; each is parsed once, wherever it stands.

    In a shortened expression a group is one character of Unicode's private use area.
    """

    def __init__(self, groups: Iterable[str] = ()) -> None:
        self._texts: dict[str, str] = {}
        for text in sorted({g for g in groups if len(g) > _LEAST_GROUP}, key=len, reverse=True):
            self._texts[chr(_PRIVATE + len(self._texts))] = text
        self._known: dict[str, tuple[_Part, frozenset[str]]] = {}

    def shorten(self, source: str, *, inside: str = "") -> str:
        """`source` with every group as its character; `inside` is the group that it is made of."""
        for char, text in self._texts.items():
            if char != inside and text in source:
                source = source.replace(text, char)
        return source

    def restore(self, source: str) -> str:
        """The expression that was shortened."""
        for char, text in self._texts.items():
            source = source.replace(char, text)
        return source

    def look_up(self, char: str) -> "tuple[_Part, frozenset[str]] | None":
        """What a group stands for, with its wordings; None for an ordinary character."""
        text = self._texts.get(char)
        if text is None:
            return None
        if char not in self._known:
            self._known[char] = _analyse(self.shorten(text, inside=char), self)
        return self._known[char]

    def alternatives(self, source: str) -> list[str]:
        """`split_alternatives`, through a group that is all of an alternative."""
        found: list[str] = []
        for part in split_alternatives(self.shorten(source)):
            if part in self._texts:
                inner = self.shorten(self._texts[part], inside=part)
                found += [a for p in split_alternatives(inner) for a in self._again(p)]
            else:
                found.append(self.restore(part))
        return found

    def _again(self, part: str) -> list[str]:
        return self.alternatives(self._texts[part]) if part in self._texts else [self.restore(part)]


def analyse(source: str, groups: Groups | None = None) -> Analysis:
    """The factors and wordings of a regular expression.

    Raises:
        re.error: it would not compile.
    """
    known = groups or Groups()
    part, words = _analyse(known.shorten(source), known)
    factors = part.factors if part.exact is None else [part.exact]
    return Analysis(tuple({_shortest(f): None for f in factors if "" not in f}), words)


def _analyse(source: str, groups: Groups) -> tuple[_Part, frozenset[str]]:
    walker = _Walker(groups)
    part = walker.sequence(_PARSER.parse(source, re.ASCII))
    words = walker.words | set(_WRITTEN.findall(source))
    for piece in set(_INFLECTED.findall(source)):
        words |= _inflections(piece)
    for factor in part.factors if part.exact is None else [part.exact]:
        for text in factor:
            if text.isascii():
                words.update(text.split())
            elif len(text) <= _SHORT:
                words.add(text)
    return part, frozenset(words - {""})


@lru_cache(maxsize=8192)
def _inflections(piece: str) -> Factor:
    return _Walker(Groups()).sequence(_PARSER.parse(piece, re.ASCII)).exact or _EMPTY


class _Walker:
    """Goes through a parse tree; `words` are short joins of parts too many to be spelt out."""

    def __init__(self, groups: Groups) -> None:
        self.words: set[str] = set()
        self._groups = groups

    def sequence(self, items: Iterable[Any]) -> _Part:
        factors: list[Factor] = []
        run: Factor = _EMPTY
        whole = True
        for item in items:
            part = self.item(item)
            if part.exact is not None and len(run) * len(part.exact) <= _MOST_STRINGS:
                run = frozenset(a + b for a in run for b in part.exact)
                continue
            whole = False
            if part.exact is not None:
                self._note(run, part.exact)
            factors.append(run)
            factors += part.factors
            run = part.exact if part.exact is not None else _EMPTY
        if whole:
            return _Part(run)
        return _Part(None, [f for f in [*factors, run] if f != _EMPTY])

    def item(self, item: Sequence[Any]) -> _Part:
        name, value = str(item[0]), item[1]
        if name == "LITERAL":
            group = self._groups.look_up(chr(value)) if value >= _PRIVATE else None
            if group is None:
                return _Part(frozenset({chr(value)}))
            self.words |= group[1]
            return group[0]
        if name in _LOOKS and value[0] < 0 and len({*value[1].getwidth()}) > 1:
            raise re.error("look-behind requires fixed-width pattern")
        if name in _ZERO_WIDTH:
            return _Part(_EMPTY)
        if name == "IN":
            return self.members(value)
        if name == "BRANCH":
            return _either([self.sequence(branch) for branch in value[1]])
        if name == "SUBPATTERN":
            return self.sequence(value[3])
        if name == "ATOMIC_GROUP":
            return self.sequence(value)
        if name in _REPEATS:
            return self.repeated(*value)
        return _Part(None)

    def members(self, members: Iterable[Sequence[Any]]) -> _Part:
        """A character class; the parser also makes one of alternatives that are one group each."""
        plain: list[Sequence[Any]] = []
        parts: list[_Part] = []
        for member in members:
            is_group = str(member[0]) == "LITERAL" and member[1] >= _PRIVATE
            group = self._groups.look_up(chr(member[1])) if is_group else None
            if group is None:
                plain.append(member)
            else:
                self.words |= group[1]
                parts.append(group[0])
        if plain or not parts:
            parts.append(_Part(_members(plain)))
        return _either(parts)

    def repeated(self, least: int, most: int, items: Iterable[Any]) -> _Part:
        part = self.sequence(items)
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

    def _note(self, run: Factor, following: Factor) -> None:
        if len(run) * len(following) <= _MOST_WORDS:
            joined = {a + b for a in run for b in following}
            self.words |= {word for word in joined if len(word) <= _SHORT and not word.isascii()}


def _members(members: Sequence[Any]) -> Factor | None:
    """The characters of a small class, None for a large or negated one."""
    chars: set[str] = set()
    for member in members:
        name, value = str(member[0]), member[1]
        if name == "LITERAL":
            chars.add(chr(value))
        elif name == "CATEGORY" and str(value) == "CATEGORY_DIGIT":
            chars.update("0123456789")
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


def _best(factors: Sequence[Factor]) -> Factor | None:
    return max((f for f in factors if "" not in f), key=rarity, default=None)


@lru_cache(maxsize=8192)
def _shortest(factor: Factor) -> Factor:
    """The strings that begin with no other one."""
    kept: list[str] = []
    for text in sorted(factor):
        if not kept or not text.startswith(kept[-1]):
            kept.append(text)
    return frozenset(kept)
