from pathlib import Path

import numpy as np
import pytest

from evals.highlight_films import SECONDS, make_film
from evals.highlight_measures import average_precision, precision_at_top
from evals.highlight_scenes import FOCI, NOISES, Happening, Stage


def test_average_precision_is_the_mean_precision_at_each_true_moment():
    assert average_precision([True, False, True, False], [0.9, 0.8, 0.7, 0.1]) == pytest.approx(
        (1 + 2 / 3) / 2
    )
    assert average_precision([False, True], [0.9, 0.1]) == pytest.approx(0.5)
    assert average_precision([False, False], [0.9, 0.1]) == 0


def test_precision_at_top_looks_at_the_best_fifth():
    truth = [True, True, *[False] * 8]
    assert precision_at_top(truth, [9, 8, *range(8)]) == 1
    assert precision_at_top(truth, list(range(10))) == 0


def test_a_film_is_the_same_for_its_seed_and_its_truth_is_what_happens_in_it(tmp_path: Path):
    film = make_film(1, tmp_path)
    again = make_film(1, tmp_path)
    assert film == again
    assert len(film.truth) == SECONDS
    for one in film.happenings:
        middle = int((one.start + one.end) / 2)
        if one.kind in FOCI and one.start <= middle and middle + 1 <= one.end:
            assert film.truth[middle]
    assert not film.truth[0]


@pytest.mark.parametrize("kind", [*FOCI, *NOISES])
def test_everything_planted_changes_the_picture(kind: str):
    stage, at = Stage(2), 12.2
    calm = np.asarray(stage.draw(at, []).convert("L"), np.int16)
    there = stage.draw(at, [Happening(kind, 10, 15)])  # pyright: ignore[reportArgumentType]
    assert np.abs(np.asarray(there.convert("L"), np.int16) - calm).mean() > 0.5
