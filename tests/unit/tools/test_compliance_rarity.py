"""Which factors are looked up: the rare ones, and those that spare a search."""

from tools.compliance.rarity import Chooser, Factor

RARE: Factor = frozenset({"rare"})
COMMON: Factor = frozenset({"common"})
APART: Factor = frozenset({"apart"})
TEXTS = ["common"] * 900 + ["common rare"] * 3 + ["apart"] * 50 + ["rare apart"] * 2 + ["no"] * 45


def test_the_rarest_factor_comes_first() -> None:
    chooser = Chooser([RARE, COMMON, APART], TEXTS)
    assert chooser.choose([COMMON, RARE]) == (RARE,)
    assert chooser.choose([COMMON, APART])[0] == APART


def test_a_second_factor_is_looked_up_where_it_tells_texts_apart() -> None:
    assert Chooser([RARE, APART], TEXTS).choose([APART, RARE]) == (RARE, APART)


def test_a_common_factor_is_not_looked_up_besides() -> None:
    assert Chooser([APART, COMMON], TEXTS).choose([APART, COMMON]) == (APART,)


def test_nothing_is_chosen_from_nothing() -> None:
    assert Chooser([], TEXTS).choose([]) == ()
