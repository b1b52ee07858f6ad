"""Where the picture cuts to another shot, to the frame.

A cut stands out from its neighbours: the difference to the frame before is large, and a multiple of
what it is around it (as PySceneDetect's AdaptiveDetector decides).
"""

import numpy as np
from numpy.typing import NDArray

_SIDE = (36, 36)
_LEAST = 14.0
"""Mean difference of a pixel's brightness, of 255, that a cut has at least."""
_RATIO = 3.0
_AROUND = 3
_SHORTEST = 5
"""Frames between two cuts: less is a flash."""


class CutFinder:
    """Takes every frame in turn."""

    def __init__(self) -> None:
        self._before: NDArray[np.float32] | None = None
        self._steps: list[tuple[int, float]] = []

    def see(self, number: int, picture: NDArray[np.uint8]) -> None:
        """The next frame, BGR. One that stands still (a repeated frame) is no step."""
        import cv2

        small = cv2.resize(picture, _SIDE, interpolation=cv2.INTER_AREA).astype(np.float32)
        if self._before is not None:
            step = float(np.abs(small - self._before).mean())
            if step > 0.0:
                self._steps.append((number, step))
        self._before = small

    def found(self) -> list[int]:
        """The first frames of new shots."""
        sizes = np.asarray([size for _, size in self._steps])
        cuts: list[int] = []
        for index, (number, size) in enumerate(self._steps):
            if size < _LEAST:
                continue
            around = np.concatenate(
                [sizes[max(0, index - _AROUND) : index], sizes[index + 1 : index + 1 + _AROUND]]
            )
            usual = float(around.mean()) if len(around) else 0.0
            if size >= _RATIO * max(usual, 1.0) and (not cuts or number - cuts[-1] >= _SHORTEST):
                cuts.append(number)
        return cuts
