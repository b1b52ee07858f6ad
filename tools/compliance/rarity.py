"""How seldom literals are met, and which of an expression's factors are worth looking up."""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from tools.compliance.automaton import Automaton

Factor = frozenset[str]
"""Alternatives: a match contains at least one of them."""

_OFTEN, _ENOUGH = 0.1, 0.001
"""Shares of texts: in more of them no second factor is looked up, and in fewer it saves nothing."""

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
            for number in automaton.values(text):
                held[number] |= 1 << index
        self._held: Mapping[Factor, int] = dict(zip(every, held, strict=True))
        self._often = len(texts) * _OFTEN
        self._enough = len(texts) * _ENOUGH

    def choose(self, factors: Iterable[Factor]) -> tuple[Factor, ...]:
        """The rarest factor, and those that are wanting in many texts which hold it."""
        chosen: list[Factor] = []
        left = 0
        for factor in sorted(factors, key=self._commonness):
            held = self._held[factor]
            if not chosen:
                chosen.append(factor)
                left = held
            elif held.bit_count() <= self._often and (left & ~held).bit_count() >= self._enough:
                chosen.append(factor)
                left &= held
        return tuple(chosen)

    def _commonness(self, factor: Factor) -> tuple[int, float]:
        return self._held[factor].bit_count(), -rarity(factor)


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
