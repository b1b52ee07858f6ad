"""Layer one: a single scan of a skeleton tells which expressions of which rules can match it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tools.compliance.automaton import Automaton
from tools.compliance.literals import Requirement


@dataclass(frozen=True, slots=True)
class Expected:
    """What a scan found possible.

    `patterns` are the numbers of the expressions that can match; `is_coded` tells that a literal
    of a disguise was seen.
    """

    patterns: frozenset[int]
    is_coded: bool


class TermScanner:
    """All literals of all expressions, and of disguises, in one automaton.

    `requirements[i]` is what a match of expression `i` must contain, None for one that has to be
    tried on every text.
    """

    def __init__(
        self,
        requirements: Sequence[Sequence[Requirement] | None],
        disguised: Iterable[str] = (),
    ) -> None:
        numbers: dict[frozenset[str], int] = {}
        literals: dict[str, list[int]] = {}
        self._by_factor: list[list[tuple[int, frozenset[int]]]] = []
        for pattern, ways in enumerate(requirements):
            for way in ways or ():
                factors = [self._number(factor, numbers, literals) for factor in way.factors]
                self._by_factor[factors[0]].append((pattern, frozenset(factors[1:])))
        self.always = frozenset(i for i, ways in enumerate(requirements) if ways is None)
        self._coded = len(numbers)
        self.literals: Mapping[str, Sequence[int]] = dict(literals)
        for text in disguised:
            literals.setdefault(text, []).append(self._coded)
        self._automaton = Automaton((text, tuple(ids)) for text, ids in literals.items())
        self._nothing = Expected(self.always, is_coded=False)

    def scan(self, skeleton: str) -> Expected:
        """What can match the skeleton."""
        seen = self._automaton.values(skeleton)
        if not seen:
            return self._nothing
        found = set(self.always)
        for factor in seen:
            if factor != self._coded:
                for pattern, rest in self._by_factor[factor]:
                    if rest <= seen:
                        found.add(pattern)
        return Expected(frozenset(found), is_coded=self._coded in seen)

    def _number(
        self,
        factor: frozenset[str],
        numbers: dict[frozenset[str], int],
        literals: dict[str, list[int]],
    ) -> int:
        if factor not in numbers:
            numbers[factor] = len(numbers)
            self._by_factor.append([])
            for text in factor:
                literals.setdefault(text, []).append(numbers[factor])
        return numbers[factor]
