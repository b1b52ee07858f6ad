from pathlib import Path

import cv2
import numpy as np
import pytest

from domain.errors import ModelFileCorrupt, ModelUnavailable
from domain.progress import discard, never
from tests.fakes.shows import write_show
from tools.highlights import score_moments
from tools.highlights.person import FILE as PERSON_FILE
from tools.highlights.person import PersonFinder
from tools.highlights.pld import FILE, WINDOW, PixelDistiller, WindowKeeper, draw_map, frame_size

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("size", [(112, 64), (64, 112), (80, 80)])
def test_the_map_is_of_the_size_of_the_picture(size: tuple[int, int]):
    wide, high = size
    window = np.random.default_rng(1).integers(0, 255, (WINDOW, high, wide, 3), np.uint8)
    found = PixelDistiller().distil(window)
    assert found.shape == (high, wide)
    assert 0 <= found.min() <= found.max() <= 1


def test_pictures_lie_stand_or_are_square_to_the_network():
    assert frame_size(1920, 1080) == (112, 64)
    assert frame_size(720, 1280) == (64, 112)
    assert frame_size(800, 700) == (80, 80)


def test_a_window_begins_anew_after_a_gap():
    keeper = WindowKeeper()
    dark, light = (np.full((90, 160, 3), level, np.uint8) for level in (0, 255))
    for at_ms in range(0, 1400, 200):
        keeper.add(at_ms, dark)
    after_a_step = keeper.add(1400, light)
    assert after_a_step.shape == (WINDOW, 64, 112, 3)
    assert after_a_step[:-1].max() == 0
    assert keeper.add(9_000, light).min() == 255


def test_the_distinction_is_a_signal_only_when_it_is_wanted(tmp_path: Path):
    path = write_show(tmp_path / "show.mp4", 12, (4, 8))
    with_it, without = (
        score_moments(path, pld=pld, progress=discard, cancelled=never) for pld in (True, False)
    )
    seen = [one.signals["distinction"] for one in with_it]
    assert 0 < min(seen) < max(seen) < 1
    assert not any("distinction" in one.signals for one in without)
    assert [one.score for one in with_it] != [one.score for one in without]


def test_a_picture_with_its_map_is_as_large_as_before_and_warm_where_the_map_is_high():
    picture = np.full((120, 200, 3), 100, np.uint8)
    heat = np.zeros((24, 40), np.float32)
    heat[8:16, 16:24] = 1
    drawn = draw_map(picture, heat)
    assert drawn.shape == picture.shape
    assert drawn[60, 100, 2] > drawn[60, 100, 0]
    assert drawn[5, 5, 2] < drawn[60, 100, 2]


def test_the_picture_of_the_maps_is_there():
    drawn = cv2.imread(str(ROOT / "training" / "pld_vhd" / "map.png"))
    assert drawn is not None
    assert drawn.shape[0] == 8 * 64
    assert drawn.shape[1] % 224 == 0
    assert (ROOT / "training" / "pld_vhd" / "map.png").stat().st_size < 400_000


def test_the_weights_are_small():
    assert FILE.stat().st_size <= 1.5 * 1024 * 1024


def test_a_missing_network_says_what_to_do(tmp_path: Path):
    with pytest.raises(ModelUnavailable, match=r"gone\.onnx"):
        PixelDistiller(tmp_path / "gone.onnx")


def test_another_file_in_the_place_of_the_person_model_is_refused(tmp_path: Path):
    other = tmp_path / "selfie_segmentation.tflite"
    other.write_bytes(PERSON_FILE.read_bytes() + b"\0")
    with pytest.raises(ModelFileCorrupt, match="selfie_segmentation"):
        PersonFinder(other)
