"""Pictures kept for an event: sharp, new, and never many at once."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tools.events.keyframes import KeyframeChooser, thumbnail


class Blobs:
    def __init__(self) -> None:
        self.saved: list[bytes] = []

    def __call__(self, jpeg: bytes) -> str:
        self.saved.append(jpeg)
        return f"{len(self.saved):064d}"


def grey(level: int) -> NDArray[np.uint8]:
    return np.full((18, 32), level, np.uint8)


def see(chooser: KeyframeChooser, at_ms: int, level: int, sharpness: float = 1.0) -> list[bool]:
    called: list[bool] = []

    def encode() -> bytes:
        called.append(True)
        return f"{at_ms}".encode()

    chooser.see(at_ms, grey(level), sharpness, encode, (64, 36))
    return called


def test_the_sharpest_and_the_most_different_are_kept():
    blobs = Blobs()
    chooser = KeyframeChooser(blobs, most=2)
    see(chooser, 0, 10, 0.5)
    see(chooser, 1000, 12, 1.0)
    see(chooser, 2000, 200, 0.8)
    see(chooser, 3000, 203, 0.2)
    frames = chooser.take(0, 4000)
    assert [frame.at_ms for frame in frames] == [1000, 2000]
    assert blobs.saved == [b"1000", b"2000"] or blobs.saved == [b"2000", b"1000"]
    assert (frames[0].width, frames[0].height) == (64, 36)


def test_the_same_picture_is_kept_once():
    chooser = KeyframeChooser(Blobs(), most=3)
    for at in range(0, 5000, 1000):
        see(chooser, at, 77)
    assert len(chooser.take(0, 5000)) == 1


def test_frames_of_another_event_are_left_and_old_ones_let_go():
    chooser = KeyframeChooser(Blobs(), most=3)
    for at, level in ((0, 10), (5000, 120), (9000, 240)):
        see(chooser, at, level)
    assert [f.at_ms for f in chooser.take(4000, 6000)] == [5000]
    assert [f.at_ms for f in chooser.take(0, 6000)] == []
    assert [f.at_ms for f in chooser.take(6000, 10_000)] == [9000]


def test_a_long_event_holds_few_pictures_from_all_of_it():
    blobs = Blobs()
    chooser = KeyframeChooser(blobs, most=3, waiting=6)
    for at in range(500):
        see(chooser, at, (at * 37) % 251)
    frames = chooser.take(0, 500)
    assert len(frames) == 3
    assert len(blobs.saved) == 3
    levels = sorted((frame.at_ms * 37) % 251 for frame in frames)
    assert levels[-1] - levels[0] > 60


def test_a_blurred_picture_is_not_encoded_when_others_wait():
    chooser = KeyframeChooser(Blobs(), most=2, waiting=2)
    assert see(chooser, 0, 0)
    assert see(chooser, 1, 255)
    assert see(chooser, 2, 100, sharpness=0.0) == []


def test_none_are_kept_where_none_are_wanted():
    chooser = KeyframeChooser(Blobs(), most=0)
    assert see(chooser, 0, 5) == []
    assert chooser.take(0, 10) == []


@pytest.mark.parametrize("shape", [(720, 1280, 3), (1280, 720), (9, 7, 3)])
def test_a_thumbnail_has_the_means_of_its_cells(shape: tuple[int, ...]):
    image = np.zeros(shape, np.uint8)
    image[shape[0] // 2 :] = 200
    small = thumbnail(image)
    assert small.shape[0] <= 18
    assert small.shape[1] <= 32
    assert small[0].max() == 0
    assert small[-1].min() == 200
