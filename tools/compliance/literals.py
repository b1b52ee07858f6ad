"""Literal factors: strings of which every match of an expression must contain one, and where.

The parse tree of the expression is walked as RE2's FilteredRE2 and Hyperscan do it. Parts that
stand for few strings are spelt out and joined with their neighbours; a part that stands for many
gives what it must contain; an optional part and a look-around give nothing.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from tools.compliance.alternatives import split_alternatives
from tools.compliance.han import HAN
from tools.compliance.rarity import Factor, Placed, rarity

_MOST_STRINGS = 96
_MOST_WORDS = 2000
_SHORT = 3
_LEAST_GROUP = 24
_PRIVATE = 0xE000
_MOST_CLASS = 16
_PARSER = cast("Any", re)._parser
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_WRITTEN = re.compile(rf"[{HAN}]+|[a-z]{{3,}}")
_INFLECTED = re.compile(r"[a-z]{2,}(?:(?:\(\?:[a-z?|]{1,60}\)|[a-z])\??)+")
"""A word of an expression with its endings: `cur(?:es?|ing)`, `weeks?`."""
_LOOKS = frozenset({"ASSERT", "ASSERT_NOT"})
_ONE_CHARACTER = frozenset({"ANY", "NOT_LITERAL"})
_ZERO_WIDTH = _LOOKS | {"AT"}


@dataclass(slots=True)
class _Part:
    """What a part of an expression stands for: all its strings (`exact`), or what it contains.

    A part that is not spelt out is `least` to `most` characters long and contains `inside`.
    """

    exact: Factor | None
    least: int = 0
    most: int = 0
    inside: Sequence[Placed] = ()

    @property
    def length(self) -> tuple[int, int]:
        """How many characters it has at least and at most."""
        if self.exact is None:
            return self.least, self.most
        lengths = [*map(len, self.exact)]
        return min(lengths), max(lengths)

    @property
    def factors(self) -> Sequence[Placed]:
        """What every match of it contains; one with an empty string says nothing."""
        if self.exact is None:
            return self.inside
        return () if self.exact == _SILENT else (Placed(self.exact, 0, 0),)


_SILENT: Factor = frozenset({""})
_NOTHING = _Part(_SILENT)
_ANY_CHARACTER = _Part(None, 1, 1)
_UNKNOWN = _Part(None, 0, sys.maxsize)


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of an expression.

    `placed` are what every match contains, one string of each; none where no literal is required.
    `wordings` are words that matches are made of: as written in it, and joined from its parts where
    they are short.
    """

    placed: tuple[Placed, ...]
    wordings: frozenset[str]

    @property
    def factors(self) -> list[Factor]:
        """The strings alone."""
        return [factor.strings for factor in self.placed]


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
    usable = [factor.shortened() for factor in part.factors if "" not in factor.strings]
    closest = {f.strings: f for f in sorted(usable, key=lambda f: f.slack, reverse=True)}
    return Analysis(tuple(closest.values()), words)


def _analyse(source: str, groups: Groups) -> tuple[_Part, frozenset[str]]:
    walker = _Walker(groups)
    part = walker.sequence(_PARSER.parse(source, re.ASCII))
    words = walker.words | set(_WRITTEN.findall(source))
    for piece in set(_INFLECTED.findall(source)):
        words |= _inflections(piece)
    for factor in part.factors:
        for text in factor.strings:
            if text.isascii():
                words.update(text.split())
            elif len(text) <= _SHORT:
                words.add(text)
    return part, frozenset(words - {""})


@lru_cache(maxsize=8192)
def _inflections(piece: str) -> Factor:
    return _Walker(Groups()).sequence(_PARSER.parse(piece, re.ASCII)).exact or frozenset()


class _Walker:
    """Goes through a parse tree; `words` are short joins of parts too many to be spelt out."""

    def __init__(self, groups: Groups) -> None:
        self.words: set[str] = set()
        self._groups = groups

    def sequence(self, items: Iterable[Any]) -> _Part:
        factors: list[Placed] = []
        run = _NOTHING
        least = most = 0
        is_whole = True

        def add(part: _Part) -> None:
            nonlocal least, most
            factors.extend(factor.behind(least, most) for factor in part.factors)
            shortest, longest = part.length
            least, most = least + shortest, most + longest

        for item in items:
            part = self.item(item)
            if (joined := _joined(run, part)) is not None:
                run = joined
                continue
            is_whole = False
            self._note(run, part)
            add(run)
            run = part
            if part.exact is None:
                add(part)
                run = _NOTHING
        if is_whole:
            return run
        add(run)
        return _Part(None, least, most, factors)

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
            return _NOTHING
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
        return _ANY_CHARACTER if name in _ONE_CHARACTER else _UNKNOWN

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
            parts.append(_members(plain))
        return _either(parts)

    def repeated(self, least: int, most: int, items: Iterable[Any]) -> _Part:
        part = self.sequence(items)
        if part.exact is not None and most <= 2 and len(part.exact) <= _MOST_CLASS:
            twice = frozenset(a + b for a in part.exact for b in part.exact)
            wanted = [_SILENT, part.exact, twice][least : most + 1]
            return _Part(frozenset[str]().union(*wanted))
        if part.exact is not None and least == 0 and most == 1:
            return _Part(part.exact | _SILENT)
        shortest, longest = part.length
        return _Part(None, least * shortest, most * longest, part.factors if least else ())

    def _note(self, run: _Part, following: _Part) -> None:
        if run.exact and following.exact and len(run.exact) * len(following.exact) <= _MOST_WORDS:
            joined = {a + b for a in run.exact for b in following.exact}
            self.words |= {word for word in joined if len(word) <= _SHORT and not word.isascii()}


def _joined(first: _Part, second: _Part) -> _Part | None:
    """Both, one after the other, if they stand for few strings."""
    if first.exact is None or second.exact is None:
        return None
    if len(first.exact) * len(second.exact) > _MOST_STRINGS:
        return None
    return _Part(frozenset(a + b for a in first.exact for b in second.exact))


def _members(members: Sequence[Any]) -> _Part:
    """The characters of a small class; any one character for a large or negated one."""
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
            return _ANY_CHARACTER
    return _Part(frozenset(chars)) if len(chars) <= _MOST_CLASS else _ANY_CHARACTER


def _either(parts: Sequence[_Part]) -> _Part:
    exact = [part.exact for part in parts if part.exact is not None]
    if len(exact) == len(parts):
        together = frozenset[str]().union(*exact)
        if len(together) <= _MOST_STRINGS:
            return _Part(together)
    lengths = [part.length for part in parts]
    least, most = min(a for a, _ in lengths), max(b for _, b in lengths)
    best = [_best(part.factors) for part in parts]
    found = [factor for factor in best if factor is not None]
    if len(found) < len(best):
        return _Part(None, least, most)
    together = frozenset[str]().union(*(f.strings for f in found))
    place = min(f.least for f in found), max(f.most for f in found)
    return _Part(None, least, most, [Placed(together, *place)])


def _best(factors: Sequence[Placed]) -> Placed | None:
    usable = [factor for factor in factors if "" not in factor.strings]
    return max(usable, key=lambda factor: rarity(factor.strings), default=None)
