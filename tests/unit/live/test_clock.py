"""Stream time: exact, and never going back."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from live.sources.clock import StreamClock

FRAME = Fraction(40)


class Wall:
    """A wall clock that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def clock_of(*, live: bool = False, trusted: bool = False) -> tuple[StreamClock, Wall]:
    wall = Wall()
    return StreamClock(jump_ms=3000, live=live, trusted=trusted, now=wall), wall


def placed(clock: StreamClock, track: str, stamp: Fraction) -> Fraction:
    offset = clock.offset(track)
    assert offset is not None
    return offset + stamp


def test_stamps_are_never_rounded_on_the_way():
    clock, _ = clock_of()
    tick = Fraction(1001 * 1000, 30_000)
    clock.begin(2**40 * tick)
    for index in range(5000):
        clock.take("picture", (2**40 + index) * tick, tick)
        assert placed(clock, "picture", (2**40 + index) * tick) == index * Fraction(1001, 30)


def test_a_reset_goes_on_where_it_was_and_is_told_once_for_both_tracks():
    clock, _ = clock_of()
    clock.begin(Fraction(1400))
    for index in range(50):
        assert clock.take("picture", 1400 + index * FRAME, FRAME) is None
        assert clock.take("sound", 1400 + index * FRAME, FRAME) is None
    jump = clock.take("picture", Fraction(1400), FRAME)
    assert jump is not None
    assert (jump.at_ms, jump.stamps_ms, jump.lost_ms) == (2000, -2000, 0)
    assert clock.take("sound", Fraction(1400), FRAME) is None
    assert placed(clock, "picture", Fraction(1400)) == 2000
    assert placed(clock, "sound", Fraction(1400)) == 2000


def test_thirty_three_bits_run_over_without_a_jump():
    clock, _ = clock_of()
    ticks = [2**33 - 2 * 3600, 2**33 - 3600, 0, 3600]
    clock.begin(Fraction(ticks[0], 90))
    for tick in ticks:
        assert clock.take("picture", Fraction(tick, 90), FRAME) is None
    assert placed(clock, "picture", Fraction(3600, 90)) == 120


def test_a_pause_that_also_passed_on_the_wall_is_kept():
    clock, wall = clock_of(live=True)
    clock.begin(Fraction(0))
    clock.take("sound", Fraction(0), FRAME)
    wall.now += 30
    jump = clock.take("sound", Fraction(30_000), FRAME)
    assert jump is not None
    assert jump.lost_ms == 29_960
    assert placed(clock, "sound", Fraction(30_000)) == 30_000


def test_a_leap_that_did_not_pass_on_the_wall_is_taken_out():
    clock, wall = clock_of(live=True)
    clock.begin(Fraction(0))
    clock.take("sound", Fraction(0), FRAME)
    wall.now += 0.04
    jump = clock.take("sound", Fraction(7_200_000), FRAME)
    assert jump is not None
    assert placed(clock, "sound", Fraction(7_200_000)) == 40


def test_a_file_with_an_index_may_pause_for_as_long_as_it_says():
    clock, _ = clock_of(trusted=True)
    clock.begin(Fraction(0))
    clock.take("picture", Fraction(0), FRAME)
    assert clock.take("picture", Fraction(60_000), FRAME) is None
    assert placed(clock, "picture", Fraction(60_000)) == 60_000


def test_a_new_connection_goes_on_by_the_wall():
    clock, wall = clock_of(live=True)
    clock.begin(Fraction(0))
    for index in range(100):
        clock.take("sound", index * FRAME, FRAME)
    wall.now += 3
    assert clock.present_ms == 7000
    assert clock.begin(Fraction(0)) == 3000
    clock.take("sound", Fraction(0), FRAME)
    assert placed(clock, "sound", Fraction(0)) == 7000


def test_what_replays_keeps_its_own_stamps():
    clock, wall = clock_of(live=True)
    clock.begin(Fraction(0))
    for index in range(500):
        clock.take("sound", index * FRAME, FRAME)
    wall.now += 3
    assert clock.begin(Fraction(18_000), replays=True) == 0
    clock.take("sound", Fraction(18_000), FRAME)
    assert placed(clock, "sound", Fraction(18_000)) == 18_000


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b"]), st.integers(-(2**34), 2**34), st.floats(0, 60)),
        max_size=40,
    ),
    st.booleans(),
)
def test_whatever_the_stamps_are_the_head_never_goes_back(
    steps: list[tuple[str, int, float]], live: bool
):
    clock, wall = clock_of(live=live)
    clock.begin(None)
    head = clock.head_ms
    for track, stamp, seconds in steps:
        wall.now += seconds
        clock.take(track, Fraction(stamp, 90), FRAME)
        assert clock.head_ms >= head
        head = clock.head_ms
    bound = sum(seconds for *_, seconds in steps) * 1000 + len(steps) * (3000 + 40) + 40
    assert head <= bound
