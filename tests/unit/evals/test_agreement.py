"""Agreement of clusters, on examples that can be counted by hand."""

import pytest

from evals.agreement import bcubed, f1, pairwise
from evals.clusters import AskedComment, CommentSet, Goods, score

TRUE = ["a", "a", "a", "b", "b"]


@pytest.mark.parametrize(
    ("found", "of_items", "of_pairs"),
    [
        (["x", "x", "x", "y", "y"], (1.0, 1.0), (1.0, 1.0)),
        (["x", "x", "x", "x", "x"], (13 / 25, 1.0), (4 / 10, 1.0)),
        (["1", "2", "3", "4", "5"], (1.0, 2 / 5), (0.0, 0.0)),
        (["x", "x", "y", "y", "y"], ((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3) / 5, 11 / 15), (0.5, 0.5)),
    ],
)
def test_figures_are_those_of_the_formulas(
    found: list[str], of_items: tuple[float, float], of_pairs: tuple[float, float]
):
    assert bcubed(found, TRUE) == pytest.approx(of_items)
    assert pairwise(found, TRUE) == pytest.approx(of_pairs)


def test_nothing_agrees_with_nothing():
    assert bcubed([], []) == (0.0, 0.0)
    assert f1(0.0, 0.0) == 0.0


def test_noise_that_is_put_to_a_question_lowers_precision():
    rows = [("price?", "price"), ("how much", "price"), ("hi all", None)]
    comments = [AskedComment(t=1, user="u", text=text, cluster=label) for text, label in rows]
    one = CommentSet(set="s", product=Goods(name="n", category="c"), comments=comments)
    apart, mixed = score([one], [["q1", "q1", "alone"]]), score([one], [["q1", "q1", "q1"]])
    assert apart.measures["BCubed F1"] == apart.measures["noise kept out"] == 1.0
    assert mixed.measures["noise kept out"] == 0.0
    assert mixed.measures["precision"] == round(5 / 9, 3)
