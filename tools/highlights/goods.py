"""Whether a product's own colours are seen in the middle, given pictures of it."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.highlights.seeing import centre_prior

_BINS = 16
_SIDE = 160
_FLOOR = 0.02


class GoodsFinder:
    """Back-projects the colours that stand in the middle of the pictures, and not at their border.

    Swain and Ballard 1991: the ratio of the thing's histogram to that of the picture looked at.
    """

    def __init__(self, pictures: Sequence[NDArray[np.uint8]]) -> None:
        total = np.zeros((_BINS, _BINS), np.float32)
        for picture in pictures:
            small = cv2.resize(picture, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
            u, v = _codes(small.astype(np.uint8))
            prior = centre_prior(_SIDE, _SIDE)
            middle = np.zeros_like(total)
            np.add.at(middle, (u, v), prior)
            border = np.zeros_like(total)
            np.add.at(border, (u, v), 1 - prior)
            own = np.maximum(middle / middle.sum() - 0.7 * border / border.sum(), 0)
            total += own / max(1e-6, float(own.sum()))
        self._own = total / len(pictures)

    def find(self, picture: NDArray[np.uint8]) -> float:
        """How much of the middle of a picture has the product's colours, 0 to 1."""
        u, v = _codes(picture)
        shown = np.zeros_like(self._own)
        np.add.at(shown, (u, v), 1)
        ratio = np.minimum(self._own / np.maximum(shown / shown.sum(), _FLOOR), 1)
        prior = centre_prior(*u.shape)
        return float((ratio[u, v] * prior).sum() / prior.sum())


def _codes(picture: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The cells of hue and lightness-free colour (a, b of CIELAB) of each pixel."""
    lab = cv2.cvtColor(picture, cv2.COLOR_BGR2LAB)
    cells = np.clip((lab[..., 1:].astype(np.int64) - 64) * _BINS // 128, 0, _BINS - 1)
    return cells[..., 0], cells[..., 1]
