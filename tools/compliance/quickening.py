"""Compiling expressions with long alternations so that they are tried quickly.

`re` tries the alternatives of a group one after the other at every place. Here a group is entered
only where one of its first characters stands, and alternatives that begin alike are tried together:
those that begin with different characters exclude one another, so that their order does not matter,
and every match stays what it was.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Protocol, cast

_PARSER = cast("Any", re)._parser
_COMPILER = cast("Any", re)._compiler
_CODES = cast("Any", re)._constants
_REPEATS = (_CODES.MAX_REPEAT, _CODES.MIN_REPEAT, _CODES.POSSESSIVE_REPEAT)
_LOOKS = (_CODES.ASSERT, _CODES.ASSERT_NOT)
_MANY = 4
_MOST_OF_A_RANGE = 64

_Item = tuple[Any, Any]
_Items = list[_Item]
_First = tuple[frozenset[int], bool] | None
"""The characters that something can begin with, and whether it can be empty; None for any."""


class _Tree(Protocol):
    """A parsed sequence."""

    data: _Items


def compile_quick(source: str) -> re.Pattern[str]:
    """What `re.compile(source, re.ASCII)` gives, only quicker; its `pattern` is None.

    Raises:
        re.error: it does not compile.
    """
    parsed = _PARSER.parse(source, re.ASCII)
    if parsed.state.flags & re.IGNORECASE:
        return re.compile(source, re.ASCII)
    return _COMPILER.compile(_Quickener(parsed.state).sequence(parsed.data), re.ASCII)


class _Quickener:
    """Rewrites a parse tree; `state` is what its parts share."""

    def __init__(self, state: object) -> None:
        self._state = state

    def sequence(self, items: _Items) -> _Tree:
        """A sequence with guards before its long alternations."""
        return self._tree([new for item in items for new in self._item(item)])

    def _tree(self, items: _Items) -> _Tree:
        return _PARSER.SubPattern(self._state, items)

    def _item(self, item: _Item) -> _Items:
        name, value = item
        if name is _CODES.BRANCH:
            return self._alternation([branch.data for branch in value[1]])
        if (name is _CODES.SUBPATTERN and not _has_flags(value)) or name in (*_REPEATS, *_LOOKS):
            *settings, inner = value
            return [(name, (*settings, self.sequence(inner.data)))]
        return [item]

    def _alternation(self, branches: Sequence[_Items]) -> _Items:
        firsts = [_first(branch) for branch in branches]
        known = [first[0] for first in firsts if first is not None and not first[1]]
        if len(branches) < _MANY or len(known) < len(branches):
            return [(_CODES.BRANCH, (None, [self.sequence(branch) for branch in branches]))]
        groups = [[branches[i] for i in group] for group in _exclusive(known)]
        guard = self._guard(frozenset[int]().union(*known))
        if len(groups) == 1:
            return [guard, *self._alike(branches)]
        return [guard, (_CODES.BRANCH, (None, [self._tree(self._alike(g)) for g in groups]))]

    def _alike(self, branches: Sequence[_Items]) -> _Items:
        """Alternatives that can begin with the same character, what all begin with taken out."""
        if len(branches) == 1:
            return self.sequence(branches[0]).data
        common = _common_start(branches)
        if common:
            rests = self._alternation([branch[common:] for branch in branches])
            return [*branches[0][:common], *rests]
        return [(_CODES.BRANCH, (None, [self.sequence(branch) for branch in branches]))]

    def _guard(self, chars: Iterable[int]) -> _Item:
        """A look-ahead for one of the characters."""
        some = [(_CODES.IN, [(_CODES.LITERAL, char) for char in sorted(chars)])]
        return _CODES.ASSERT, (1, self._tree(some))


def _exclusive(sets: Sequence[frozenset[int]]) -> list[list[int]]:
    """The numbers of the sets, those together that have a member in common, in order."""
    groups: dict[int, list[int]] = {}
    owner: dict[int, int] = {}
    for number, chars in enumerate(sets):
        met = sorted({owner[char] for char in chars if char in owner})
        first = met[0] if met else number
        joined = [other for group in met[1:] for other in groups.pop(group)]
        groups.setdefault(first, []).extend((*joined, number))
        for other in (*joined, number):
            owner.update(dict.fromkeys(sets[other], first))
    return [sorted(group) for group in groups.values()]


def _common_start(branches: Sequence[_Items]) -> int:
    """How many literals and word borders all begin with."""
    for at, item in enumerate(branches[0]):
        if item[0] not in (_CODES.LITERAL, _CODES.AT):
            return at
        if any(len(branch) <= at or branch[at] != item for branch in branches[1:]):
            return at
    return len(branches[0])


def _first(items: Iterable[_Item]) -> _First:
    """What a sequence can begin with."""
    chars = frozenset[int]()
    for item in items:
        first = _first_of(item)
        if first is None:
            return None
        chars |= first[0]
        if not first[1]:
            return chars, False
    return chars, True


def _first_of(item: _Item) -> _First:
    name, value = item
    if name is _CODES.LITERAL:
        return frozenset({value}), False
    if name is _CODES.IN:
        return _members(value)
    if name is _CODES.AT or name in _LOOKS:
        return frozenset(), True
    if name is _CODES.BRANCH:
        firsts = [_first(branch.data) for branch in value[1]]
        if any(first is None for first in firsts):
            return None
        known = [first for first in firsts if first is not None]
        return frozenset[int]().union(*(c for c, _ in known)), any(empty for _, empty in known)
    if name is _CODES.SUBPATTERN:
        return None if _has_flags(value) else _first(value[3].data)
    if name in _REPEATS:
        first = _first(value[2].data)
        return first and (first[0], first[1] or value[0] == 0)
    return None


def _has_flags(value: Sequence[object]) -> bool:
    """True for a group as in `(?i:a|b)`, whose characters may stand for others."""
    return bool(value[1] or value[2])


def _members(members: Iterable[_Item]) -> _First:
    chars: set[int] = set()
    for name, value in members:
        if name is _CODES.LITERAL:
            chars.add(value)
        elif name is _CODES.RANGE and value[1] - value[0] < _MOST_OF_A_RANGE:
            chars.update(range(value[0], value[1] + 1))
        elif name is _CODES.CATEGORY and value is _CODES.CATEGORY_DIGIT:
            chars.update(map(ord, "0123456789"))
        else:
            return None
    return frozenset(chars), False
