"""Scenes as runs of small pictures with pseudo-labels, to cut windows from."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.highlights.motion import MotionMeter
from tools.highlights.pld import STEP_MS, frame_size
from training.highlights.films import plan_parts, truth_of
from training.highlights.scenes import FOCI, SIZES, Scene
from training.highlights.things import Picture
from training.pld_vhd.saliency import saliency

SECONDS = 24
_FIRST_SEED = 10_000
_DRAWN = {(112, 64): (160, 96), (64, 112): (96, 160), (80, 80): (128, 128)}
"""The size at which a scene is drawn, by that at which the network sees it."""


@dataclass(frozen=True)
class Run:
    """`pictures` `(n, height, width, 3)` BGR, `labels` and planted `focus` `(n, height, width)`.

    All in 0..255; a label is 0 throughout where nothing is shown. `truth` is by the second.
    """

    pictures: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    focus: NDArray[np.uint8]
    shown: NDArray[np.bool_]
    truth: tuple[bool, ...]


def render_run(number: int, behind: Sequence[Picture] = ()) -> Run:
    """The run of a number; its seeds are none of the films'."""
    seed = _FIRST_SEED + number
    dice = np.random.default_rng([11, seed])
    parts = plan_parts(dice, SECONDS)
    wide, high = frame_size(*SIZES[int(dice.integers(len(SIZES)))])
    scene = Scene(seed, _DRAWN[wide, high], parts, behind)
    meter = MotionMeter()
    pictures: list[Picture] = []
    labels: list[NDArray[np.uint8]] = []
    focus: list[NDArray[np.uint8]] = []
    shown: list[bool] = []
    for index in range(SECONDS * 1000 // STEP_MS):
        at = index * STEP_MS / 1000
        drawn, mask = scene.draw(at)
        picture = cv2.resize(drawn, (wide, high), interpolation=cv2.INTER_AREA).astype(np.uint8)
        highlight = any(p.kind in FOCI and p.power(at) > 0.5 for p in parts)
        label = np.zeros((high, wide), np.float32)
        if highlight:
            label = saliency(picture, pictures[-1] if pictures else None, meter)
        pictures.append(picture)
        labels.append((label * 255).astype(np.uint8))
        small = cv2.resize(mask, (wide, high), interpolation=cv2.INTER_AREA)
        focus.append((small * 255).astype(np.uint8))
        shown.append(highlight)
    return Run(
        np.stack(pictures),
        np.stack(labels),
        np.stack(focus),
        np.array(shown),
        truth_of(parts, SECONDS),
    )
