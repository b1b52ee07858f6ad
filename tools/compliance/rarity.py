"""How seldom literals are met, and which of an expression's factors are worth looking up."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tools.compliance.automaton import Automaton

Factor = frozenset[str]
"""Alternatives: a match contains at least one of them."""

CLOSE = 7
"""A factor with less slack than this tells where a match can begin."""

_LOOSE = 3
_OFTEN, _ENOUGH = 0.05, 0.001
_SIGNS = {" ": 0.05, ".": 0.05, ",": 0.05, "-": 0.1, "'": 0.1, "!": 0.1}
_COMMON = frozenset(
    "的 来 人 年 分 包 喝 最 进 带 白 加 中 做 度 比 保 拉 退 就 有 到 一 不 我 你 好 买 用 说 给 "
    "就是 "
    "a an and are as at be but by can do for from get go has have i if in is it its just let "
    "look me men my no not of off on one only or our out so that the their them they this to up us "
    "was we what when who will with you your in_the for_the of_the to_the on_the".replace(
        "_", " "
    ).split(" ")
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A factor that begins `least` to `most` characters behind the start of a match."""

    strings: Factor
    least: int
    most: int

    @property
    def slack(self) -> int:
        """In how many more places than one it may begin."""
        return self.most - self.least

    def behind(self, least: int, most: int) -> "Placed":
        """The factor with so many characters before it."""
        return Placed(self.strings, self.least + least, self.most + most)

    def shortened(self) -> "Placed":
        """The factor without strings that begin with another one of it."""
        return Placed(_shortest(self.strings), self.least, self.most)


class Chooser:
    """Chooses which factors of an expression are looked up.

    They are counted in `texts` of the kind that is to be read. A factor that is met in many of them
    costs more to look up than it saves.
    """

    def __init__(self, factors: Iterable[Factor], texts: Sequence[str]) -> None:
        every = list(dict.fromkeys(factors))
        literals: dict[str, list[int]] = {}
        for number, factor in enumerate(every):
            for literal in factor:
                literals.setdefault(literal, []).append(number)
        automaton = Automaton((text, tuple(numbers)) for text, numbers in literals.items())
        held = [0] * len(every)
        for index, text in enumerate(texts):
            for number in set[int]().union(*[numbers for _, numbers in automaton.hits(text)]):
                held[number] |= 1 << index
        self._held: Mapping[Factor, int] = dict(zip(every, held, strict=True))
        self._often = len(texts) * _OFTEN
        self._enough = len(texts) * _ENOUGH

    def choose(self, placed: Iterable[Placed]) -> tuple[Placed, ...]:
        """The rarest factor, and those that are wanting in many texts which hold it."""
        first, *others = sorted(placed, key=self._cost)
        chosen = [first]
        left = self._held[first.strings]
        for other in others:
            both = left & self._held[other.strings]
            is_rare = self._held[other.strings].bit_count() <= self._often
            if is_rare and (left & ~both).bit_count() >= self._enough:
                chosen.append(other)
                left = both
        return tuple(chosen)

    def _cost(self, factor: Placed) -> tuple[float, float]:
        """How many texts hold it, more where that does not tell the place of a match."""
        count = self._held[factor.strings].bit_count()
        return count * (1 if factor.slack <= CLOSE else _LOOSE), -rarity(factor.strings)


@lru_cache(maxsize=8192)
def rarity(factor: Factor) -> float:
    """How seldom a factor is met in any text: its least telling alternative, and how many."""
    return min(map(_weight, factor)) - math.log2(len(factor)) / 12


@lru_cache(maxsize=65536)
def _weight(text: str) -> float:
    if text.strip() in _COMMON:
        return 0.3
    return sum(
        1.0 if c > "\u02ff" else 0.45 if c.isalpha() else 0.3 if c.isdigit() else _SIGNS.get(c, 0.8)
        for c in text
    )


@lru_cache(maxsize=8192)
def _shortest(factor: Factor) -> Factor:
    kept: list[str] = []
    for text in sorted(factor):
        if not kept or not text.startswith(kept[-1]):
            kept.append(text)
    return frozenset(kept)
