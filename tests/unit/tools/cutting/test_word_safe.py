"""Cuts move into the silence between words, never into a word."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.timeline import ClipWord
from tests.fakes.recordings_to_cut import RATE, record
from tools.cutting import allowed_gap, snap_cuts


def said(*spans: tuple[int, int]) -> list[ClipWord]:
    return [ClipWord(text="w", start_ms=a, end_ms=b) for a, b in spans]


@given(
    st.lists(st.integers(5, 900), min_size=2, max_size=20),
    st.integers(0, 9_000),
    st.sampled_from(["start", "end"]),
)
def test_no_cut_is_allowed_within_a_word(steps: list[int], at: int, side: str) -> None:
    edges = np.cumsum(steps)
    words = said(*((int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=False)))
    low, high = allowed_gap(at, words, "start" if side == "start" else "end")
    assert 0 <= low <= high
    for word in words:
        assert high <= word.start_ms or low >= word.end_ms


def test_a_cut_within_a_word_keeps_the_word() -> None:
    words = said((1000, 1400), (1700, 2000))
    assert allowed_gap(1800, words, "start") == (1400, 1700)
    assert allowed_gap(1800, words, "end") == (2000, 2400)
    assert allowed_gap(1300, words, "end") == (1400, 1700)


def test_the_quietest_moment_of_the_gap_is_taken(tmp_path: Path) -> None:
    sound = np.zeros((RATE * 4, 1), np.int16)
    noise = np.random.default_rng(1).normal(0, 6000, (RATE * 4, 1)).astype(np.int16)
    sound[RATE : 2 * RATE] = noise[RATE : 2 * RATE]
    sound[int(2.3 * RATE) : 3 * RATE] = noise[int(2.3 * RATE) : 3 * RATE]
    sound[int(2.0 * RATE) : int(2.15 * RATE)] = noise[int(2.0 * RATE) : int(2.15 * RATE)] // 4
    recording = record(tmp_path / "r.mp4", seconds=4, sound=sound)
    words = said((1000, 2000), (2300, 3000))
    (end,) = snap_cuts(recording, [(2010, "end")], words)
    assert 2160 <= end <= 2290
    (start,) = snap_cuts(recording, [(1500, "start")], words)
    assert 590 <= start <= 1000


def test_words_that_touch_are_cut_at_their_border(tmp_path: Path) -> None:
    recording = record(tmp_path / "r.mp4", seconds=4)
    words = said((1000, 1500), (1500, 2000))
    assert snap_cuts(recording, [(1500, "end"), (1500, "start")], words) == [1500, 1500]


@pytest.mark.parametrize("side", ["start", "end"])
def test_a_recording_without_sound_is_cut_in_the_middle(tmp_path: Path, side: str) -> None:
    recording = record(tmp_path / "r.mp4", seconds=3, silent=True)
    words = said((500, 1000), (1300, 2000))
    chosen = "start" if side == "start" else "end"
    assert snap_cuts(recording, [(1100, chosen)], words) == [1150]
