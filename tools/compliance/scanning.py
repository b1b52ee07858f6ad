"""Layer one: a single scan of a text tells which expressions can match it, and where."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tools.compliance.automaton import Automaton, in_characters
from tools.compliance.expressions import compiled
from tools.compliance.rarity import CLOSE, Factor, Placed

_Span = tuple[int, int]
_Hit = tuple[int, tuple[int, tuple[int, ...]]]
"""The last byte of a literal found, how many characters it has, and the factors that it is of."""


class _Anchor(NamedTuple):
    """A factor that begins `least` to `most` characters behind the start of a match."""

    factor: int
    least: int
    most: int


class Scan:
    """What a scan of `text` found possible, and a search for it.

    `patterns` are the numbers of the expressions that can match; `is_coded` tells that a literal
    of a disguise was seen.
    """

    __slots__ = ("_first", "_hits", "_scanner", "_starts", "is_coded", "patterns", "text")

    def __init__(
        self,
        scanner: "TermScanner",
        text: str,
        hits: Sequence[_Hit],
        patterns: frozenset[int],
        *,
        is_coded: bool,
    ) -> None:
        self.text = text
        self.patterns = patterns
        self.is_coded = is_coded
        self._scanner = scanner
        self._hits = hits
        self._first: dict[int, _Span | None] = {}
        self._starts: dict[int, Sequence[int]] = {}

    def among(self, numbers: Iterable[int]) -> list[int]:
        """Those of the expressions that can match, in order."""
        return [number for number in numbers if number in self.patterns]

    def expressions(self, numbers: frozenset[int]) -> list[re.Pattern[str]]:
        """Those of the expressions that can match, as patterns."""
        return [compiled(self._scanner.sources[number]) for number in numbers & self.patterns]

    def finds(self, numbers: frozenset[int]) -> bool:
        """True when one of these expressions is found."""
        return any(self.first(number) is not None for number in numbers & self.patterns)

    def first(self, number: int) -> _Span | None:
        """Where an expression that can match is found first."""
        if number not in self._first:
            self._first[number] = self.search(number, 0)
        return self._first[number]

    def search(self, number: int, at: int) -> _Span | None:
        """The first non-empty span of an expression that can match, from `at` on."""
        pattern = compiled(self._scanner.sources[number])
        anchor = self._scanner.anchors[number]
        if anchor is None:
            spans = (match.span() for match in pattern.finditer(self.text, at))
            return next((span for span in spans if span[0] < span[1]), None)
        if number not in self._starts:
            self._starts[number] = self._places(anchor)
        starts = self._starts[number]
        if anchor.most - anchor.least > CLOSE:
            match = pattern.search(self.text, max(starts[0], at))
            return match and match.span()
        for index in range(bisect_left(starts, at), len(starts)) if at else range(len(starts)):
            match = pattern.match(self.text, starts[index])
            if match is not None:
                return match.span()
        return None

    def _places(self, anchor: _Anchor) -> Sequence[int]:
        """Where a match can begin, in order; only the least place where there may be many."""
        factor, least, most = anchor
        hits = [(end, length) for end, (length, factors) in self._hits if factor in factors]
        places = [end - length - least for end, length in in_characters(self.text, hits)]
        slack = most - least
        if slack > CLOSE:
            return [max(0, min(places) - slack)]
        if slack:
            places = [p for place in places for p in range(max(0, place - slack), place + 1)]
        return places if len(places) == 1 else sorted(set(places))


class TermScanner:
    """All literals of all expressions, and of disguises, in one automaton.

    `expressions` are given by name; `numbers` has those of each name, in order, and `sources` the
    expression of each number. `factors` are what a match must contain one string of each, the
    rarest first; an expression without any has to be tried on every text.
    """

    def __init__(
        self,
        factors: Mapping[str, Sequence[Placed]],
        expressions: Mapping[str, Sequence[str]],
        disguised: Iterable[str] = (),
    ) -> None:
        order: dict[str, int] = {}
        self.numbers: Mapping[str, Sequence[int]] = {
            name: [order.setdefault(source, len(order)) for source in own]
            for name, own in expressions.items()
        }
        self.sources = tuple(order)
        self.anchors: list[_Anchor | None] = []
        self._factors: dict[Factor, int] = {}
        self._by_factor: dict[int, list[tuple[int, frozenset[int]]]] = {}
        for pattern, source in enumerate(self.sources):
            numbers = [self._number(factor.strings) for factor in factors[source]]
            if numbers:
                own = self._by_factor.setdefault(numbers[0], [])
                own.append((pattern, frozenset(numbers[1:])))
            anchors = [
                _Anchor(number, factor.least, factor.most)
                for number, factor in zip(numbers, factors[source], strict=True)
            ]
            self.anchors.append(min(anchors, key=lambda a: a.most - a.least, default=None))
        self.always = frozenset(i for i, s in enumerate(self.sources) if not factors[s])
        literals: dict[str, list[int]] = {}
        for factor, number in self._factors.items():
            for text in factor:
                literals.setdefault(text, []).append(number)
        self.literals: Mapping[str, Sequence[int]] = dict(literals)
        self._coded = len(self._factors)
        self._first = frozenset(self._by_factor)
        for text in disguised:
            literals.setdefault(text, []).append(self._coded)
        self._automaton = Automaton(
            (text, (len(text), tuple(numbers))) for text, numbers in literals.items()
        )

    def scan(self, text: str) -> Scan:
        """What can match a folded text."""
        hits = self._automaton.hits(text)
        seen = set[int]().union(*[factors for _, (_, factors) in hits])
        found = [
            pattern
            for factor in seen & self._first
            for pattern, rest in self._by_factor[factor]
            if rest <= seen
        ]
        patterns = self.always.union(found) if found else self.always
        return Scan(self, text, hits, patterns, is_coded=self._coded in seen)

    def _number(self, factor: Factor) -> int:
        return self._factors.setdefault(factor, len(self._factors))
