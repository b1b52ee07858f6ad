"""Quality goes down step by step while a session is behind, and comes back when it is not."""

from itertools import pairwise

from live.quality import STEPS, Quality


def _levels(quality: Quality, lags: list[int]) -> list[int]:
    """The level after each second of lag."""
    levels: list[int] = []
    for second, lag in enumerate(lags):
        quality.see(lag, float(second))
        levels.append(quality.level)
    return levels


def test_peaks_of_lag_change_nothing() -> None:
    assert set(_levels(Quality(5000), [9000, 1000, 1000, 1000, 1000] * 12)) == {0}


def test_lag_that_stays_takes_it_down_to_the_last_step() -> None:
    levels = _levels(Quality(5000), [6000, 9000, 9000, 4000] * 15)
    assert levels[8:12] == [0, 0, 1, 1]
    assert levels[-1] == len(STEPS) - 1
    assert sorted(levels) == levels


def test_it_comes_back_only_when_the_lag_is_well_below() -> None:
    levels = _levels(Quality(5000), [9000] * 12 + [4500] * 100 + [2000] * 50)
    assert levels[111] == 1
    assert levels[-1] == 0


def test_a_step_up_that_is_soon_taken_back_is_tried_less_and_less_often() -> None:
    """On a machine that is fast enough for the second step only."""
    quality = Quality(5000)
    ups: list[int] = []
    for second in range(1200):
        before = quality.level
        quality.see(9000 if quality.level == 0 else 2000, float(second))
        if quality.level < before:
            ups.append(second)
    gaps = [later - earlier for earlier, later in pairwise(ups)]
    assert gaps == sorted(gaps)
    assert gaps[-1] > 4 * gaps[0]


def test_each_step_takes_in_less_than_the_one_before() -> None:
    work = [1 / step.reads + 1 / step.takes for step in STEPS]
    assert work == sorted(work, reverse=True)
    assert len(set(work)) == len(work)
