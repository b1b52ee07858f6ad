"""Layer one: a single scan of a text tells which expressions can match it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tools.compliance.automaton import Automaton
from tools.compliance.expressions import compiled
from tools.compliance.rarity import Factor

_Span = tuple[int, int]


class Scan:
    """What a scan of `text` found possible, and a search for it.

    `patterns` are the numbers of the expressions that can match; `is_coded` tells that a literal
    of a disguise was seen.
    """

    __slots__ = ("_first", "_held", "_sources", "is_coded", "patterns", "text")

    def __init__(
        self, text: str, sources: Sequence[str], patterns: frozenset[int], *, is_coded: bool
    ) -> None:
        self.text = text
        self.patterns = patterns
        self.is_coded = is_coded
        self._sources = sources
        self._first: dict[int, _Span | None] = {}
        self._held: dict[int, bool] = {}

    def among(self, numbers: Iterable[int]) -> list[int]:
        """Those of the expressions that can match, in order."""
        return [number for number in numbers if number in self.patterns]

    def expressions(self, numbers: frozenset[int]) -> list[re.Pattern[str]]:
        """Those of the expressions that can match, as patterns."""
        return [compiled(self._sources[number]) for number in numbers & self.patterns]

    def holds(self, numbers: frozenset[int]) -> bool:
        """True when one of the expressions that can match does, be it between two characters."""
        return any(map(self._holds, numbers & self.patterns))

    def _holds(self, number: int) -> bool:
        if number not in self._held:
            found = compiled(self._sources[number]).search(self.text)
            self._held[number] = found is not None
        return self._held[number]

    def first(self, number: int) -> _Span | None:
        """Where an expression is found first, as a non-empty span."""
        if number not in self._first:
            self._first[number] = self.search(number, 0)
        return self._first[number]

    def search(self, number: int, at: int) -> _Span | None:
        """Where an expression is found first from `at` on, as a non-empty span."""
        pattern = compiled(self._sources[number])
        found = pattern.search(self.text, at)
        if found is None or found.end() > found.start():
            return found and found.span()
        spans = (match.span() for match in pattern.finditer(self.text, at))
        return next((span for span in spans if span[1] > span[0]), None)


class TermScanner:
    """All literals of all expressions, and of disguises, in one automaton.

    `expressions` are given by name; `numbers` has those of each name, in order, and `sources` the
    expression of each number. `factors` are what a match of it must contain one string of each, the
    rarest first; an expression without any has to be tried on every text.
    """

    def __init__(
        self,
        factors: Mapping[str, Sequence[Factor]],
        expressions: Mapping[str, Sequence[str]],
        disguised: Iterable[str] = (),
    ) -> None:
        order: dict[str, int] = {}
        self.numbers: Mapping[str, Sequence[int]] = {
            name: [order.setdefault(source, len(order)) for source in own]
            for name, own in expressions.items()
        }
        self.sources = tuple(order)
        self.always = frozenset(i for i, s in enumerate(self.sources) if not factors[s])
        numbers: dict[Factor, int] = {}
        alone: defaultdict[int, list[int]] = defaultdict(list)
        together: defaultdict[int, list[tuple[int, frozenset[int]]]] = defaultdict(list)
        for pattern, source in enumerate(self.sources):
            needed = [numbers.setdefault(f, len(numbers)) for f in factors[source]]
            if len(needed) == 1:
                alone[needed[0]].append(pattern)
            elif needed:
                together[needed[0]].append((pattern, frozenset(needed[1:])))
        self._alone, self._together = dict(alone), dict(together)
        self._needed_alone, self._needed_first = frozenset(alone), frozenset(together)
        literals: dict[str, list[int]] = {}
        for factor, number in numbers.items():
            for text in factor:
                literals.setdefault(text, []).append(number)
        self._coded = len(numbers)
        for text in disguised:
            literals.setdefault(text, []).append(self._coded)
        self._automaton = Automaton((text, tuple(own)) for text, own in literals.items())

    @property
    def literals(self) -> list[str]:
        """What is looked up for the expressions."""
        return [text for text, own in self._automaton.items() if own != (self._coded,)]

    def scan(self, text: str) -> Scan:
        """What can match a folded text."""
        seen = self._automaton.values(text)
        found = [
            pattern
            for factor in seen & self._needed_first
            for pattern, rest in self._together[factor]
            if rest <= seen
        ]
        for factor in seen & self._needed_alone:
            found += self._alone[factor]
        patterns = self.always.union(found) if found else self.always
        return Scan(text, self.sources, patterns, is_coded=self._coded in seen)
