"""Layer one: a single scan of a skeleton tells which expressions of which rules can match it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tools.compliance.automaton import Automaton
from tools.compliance.literals import Factor


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

    `factors[i]` are what a match of expression `i` must contain one string of each; an expression
    without any has to be tried on every text.
    """

    def __init__(
        self,
        factors: Sequence[Sequence[Factor]],
        disguised: Iterable[str] = (),
    ) -> None:
        numbers: dict[Factor, int] = {}
        literals: dict[str, list[int]] = {}
        self._by_factor: list[list[tuple[int, frozenset[int]]]] = []
        for pattern, needed in enumerate(factors):
            if needed:
                first, *rest = (self._number(factor, numbers, literals) for factor in needed)
                self._by_factor[first].append((pattern, frozenset(rest)))
        self.always = frozenset(i for i, needed in enumerate(factors) if not needed)
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
        factor: Factor,
        numbers: dict[Factor, int],
        literals: dict[str, list[int]],
    ) -> int:
        if factor not in numbers:
            numbers[factor] = len(numbers)
            self._by_factor.append([])
            for text in factor:
                literals.setdefault(text, []).append(numbers[factor])
        return numbers[factor]
