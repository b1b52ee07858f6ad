"""The broadcasts that events and memory are measured on, and the measures of borders."""

from itertools import pairwise
from typing import Literal, get_args

import pytest

from evals.broadcasts import Language, make_broadcast, read_material
from evals.segmentation import border_matches, f1, window_errors

SPLITS: tuple[Literal["dev", "test"], ...] = ("dev", "test")


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("split", SPLITS)
def test_material_is_whole(split: Literal["dev", "test"], language: Language):
    material = read_material(split, language)
    known = {product.product_id for product in material.line_up}
    assert {talk.product_id for talk in material.talks} == known
    assert len(known) == 5
    assert len(material.talks) == 20
    assert all(len(talk.lines) >= 4 for talk in material.talks)
    asked = [line.question for talk in material.talks for line in talk.lines if line.question]
    assert len(asked) == len(set(asked)) >= 60


def test_a_broadcast_is_the_same_for_the_same_seed_and_its_truth_fits():
    show = make_broadcast("dev", "en", 3)
    assert show == make_broadcast("dev", "en", 3)
    assert show.entries != make_broadcast("dev", "en", 4).entries
    starts = {entry.row.start_ms for entry in show.entries}
    assert set(show.borders) <= starts
    assert all(a.row.end_ms <= b.row.start_ms for a, b in pairwise(show.entries))
    assert all(a.end_ms == b.start_ms for a, b in pairwise(show.spans))
    assert [entry.seq for entry in show.entries] == list(range(1, len(show.entries) + 1))
    assert show.end_ms > 10 * 60_000


def test_the_splits_share_no_talk():
    for language in get_args(Language):
        dev, test = (
            {line.text for talk in read_material(split, language).talks for line in talk.lines}
            for split in SPLITS
        )
        assert not dev & test


def test_borders_match_once_within_the_tolerance():
    assert border_matches([10, 12, 50], [11, 90], 5) == 1
    assert border_matches([], [1], 5) == 0
    assert f1(1, 3, 2) == pytest.approx(0.4)
    assert f1(0, 0, 0) == 0


def test_window_errors_are_none_for_the_truth_and_many_for_nonsense():
    assert window_errors([10, 20, 30], [10, 20, 30], 40) == (0, 0)
    pk, diff = window_errors([], [10, 20, 30], 40)
    assert pk > 0.3
    assert diff >= pk
    near = window_errors([11, 20, 30], [10, 20, 30], 40)[1]
    assert 0 < near < diff
