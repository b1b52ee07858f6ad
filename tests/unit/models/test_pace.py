"""A model is waited for while it is likely to be in time."""

from math import inf

from models.pace import Pace


def test_of_a_model_that_was_never_timed_one_caller_finds_out():
    pace = Pace()
    assert pace.is_likely(0.7)
    with pace.asking():
        assert not pace.is_likely(0.7)
    assert pace.is_likely(0.7)


def test_a_late_one_is_passed_over_until_it_mostly_makes_it():
    pace = Pace()
    pace.note(inf)
    assert not pace.is_likely(0.7)
    pace.note(0.4)
    assert not pace.is_likely(0.7)
    pace.note(0.5)
    assert pace.is_likely(0.7)
    assert not pace.is_likely(0.3)
    with pace.asking():
        assert pace.is_likely(0.7)


def test_only_the_newest_times_count():
    pace = Pace()
    for seconds in (*[inf] * 20, *[0.2] * 6):
        pace.note(seconds)
    assert pace.is_likely(0.7)
