"""Who is waited for goes first, but not for ever."""

import os
import sys
import threading
import time

import pytest

from domain.right_of_way import RightOfWay, fall_behind


def _seconds_given(way: RightOfWay, most: float) -> float:
    began = time.monotonic()
    way.give(most)
    return time.monotonic() - began


def test_nobody_is_waited_for_where_nobody_is_served():
    assert _seconds_given(RightOfWay(), 20) < 10


def test_work_waits_until_the_last_one_is_served():
    way = RightOfWay()
    order: list[str] = []
    given = threading.Thread(target=lambda: (way.give(60), order.append("work")))
    with way.taken():
        with way.taken():
            given.start()
        time.sleep(0.1)
        order.append("served")
    given.join()
    assert order == ["served", "work"]


def test_work_goes_on_after_a_moment_however_many_are_served():
    way = RightOfWay()
    with way.taken():
        assert _seconds_given(way, 0.05) >= 0.05


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no niceness of their own")
def test_a_thread_and_those_that_it_starts_fall_behind_and_no_other():
    found: list[int] = []

    def look() -> None:
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    def run() -> None:
        fall_behind()
        look()
        inner = threading.Thread(target=look)
        inner.start()
        inner.join()

    own = os.getpriority(os.PRIO_PROCESS, 0)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == own
    assert found[0] == found[1] == min(19, own + 5)
