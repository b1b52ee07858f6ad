"""What moves between two pictures: the camera, and the rest of it once that is taken away."""

from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]

_GRID = 4
_ROUNDS = 3
_NOISE_PX = 0.3


@dataclass(frozen=True, slots=True)
class Motion:
    """`pan` (pixels) and `zoom` (scale less 1) of the camera; `local` is each pixel's own motion.

    `known` is the share of the picture that moves as the camera does.
    """

    pan: float
    zoom: float
    local: Map
    known: float


class MotionMeter:
    """Dense flow by DIS (Kroeger et al. 2016, arXiv:1603.03590), which a change of light leaves.

    The camera is a similarity (shift and scale) fitted to the flow by reweighted least squares.
    """

    def __init__(self) -> None:
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)

    def measure(self, before: NDArray[np.uint8], after: NDArray[np.uint8]) -> Motion:
        """The motion from one grey picture to the next of the same size."""
        flow: Map = self._flow.calc(before, after, cast("Any", None)).astype(np.float32)
        high, wide = before.shape
        ys, xs = np.mgrid[0:high:_GRID, 0:wide:_GRID]
        x = (xs - wide / 2).ravel().astype(np.float32)
        y = (ys - high / 2).ravel().astype(np.float32)
        u, v = flow[::_GRID, ::_GRID, 0].ravel(), flow[::_GRID, ::_GRID, 1].ravel()
        weight = np.ones_like(x)
        scale = shift_x = shift_y = 0.0
        for _ in range(_ROUNDS):
            total = float(weight.sum()) + 1e-6
            mx, my = float(weight @ x) / total, float(weight @ y) / total
            mu, mv = float(weight @ u) / total, float(weight @ v) / total
            spread = float(weight @ ((x - mx) ** 2 + (y - my) ** 2)) + 1e-6
            scale = float(weight @ ((x - mx) * (u - mu) + (y - my) * (v - mv))) / spread
            shift_x, shift_y = mu - scale * mx, mv - scale * my
            off = np.hypot(u - scale * x - shift_x, v - scale * y - shift_y)
            weight = (1 / (1 + (off / (_NOISE_PX * 2)) ** 2)).astype(np.float32)
        row = (np.arange(wide, dtype=np.float32) - wide / 2)[None, :]
        column = (np.arange(high, dtype=np.float32) - high / 2)[:, None]
        local = np.hypot(
            flow[..., 0] - scale * row - shift_x, flow[..., 1] - scale * column - shift_y
        )
        local = np.maximum(local - _NOISE_PX, 0).astype(np.float32)
        return Motion(float(np.hypot(shift_x, shift_y)), scale, local, float(weight.mean()))
