"""Quality goes down step by step while a session is behind, and comes back when it is not."""

from live.quality import STEPS, Quality


def _levels(quality: Quality, lags: list[int]) -> list[int]:
    """The level after each second of lag."""
    levels: list[int] = []
    for second, lag in enumerate(lags):
        quality.see(lag, float(second))
        levels.append(quality.level)
    return levels


def test_a_short_lag_changes_nothing() -> None:
    assert set(_levels(Quality(5000), [9000] * 4 + [1000] * 4 + [9000] * 4)) == {0}


def test_it_goes_down_to_the_last_step_and_stays_there() -> None:
    levels = _levels(Quality(5000), [9000] * 60)
    assert levels[4:7] == [0, 1, 1]
    assert levels[-1] == len(STEPS) - 1
    assert sorted(levels) == levels


def test_it_comes_back_only_when_the_lag_is_well_below() -> None:
    quality = Quality(5000)
    assert _levels(quality, [9000] * 8 + [4000] * 100)[-1] == 1
    assert _levels(quality, [2000] * 32)[-1] == 0


def test_each_step_takes_in_less_than_the_one_before() -> None:
    work = [1 / step.reads + 1 / step.takes for step in STEPS]
    assert work == sorted(work, reverse=True)
    assert len(set(work)) == len(work)
