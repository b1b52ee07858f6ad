"""Where a picture looks like writing: many strong, fine edges close together.

This reads nothing; it is enough to keep subtitles away from captions, comments and price cards that
are burnt into a recording.
"""

import numpy as np
from numpy.typing import NDArray

GRID = (36, 12)
"""Rows and columns over the picture."""

_STRONG = 60.0
_DENSE = 0.10


def busy_cells(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """For each cell of the grid 1 where a BGR picture looks like writing, else 0."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    across = np.abs(cv2.Sobel(grey, cv2.CV_32F, 1, 0, ksize=3))
    down = np.abs(cv2.Sobel(grey, cv2.CV_32F, 0, 1, ksize=3))
    both = cv2.resize(
        ((across > _STRONG).astype(np.float32)), GRID[::-1], interpolation=cv2.INTER_AREA
    )
    level = cv2.resize(
        ((down > _STRONG).astype(np.float32)), GRID[::-1], interpolation=cv2.INTER_AREA
    )
    return ((both > _DENSE) & (level > _DENSE / 2)).astype(np.float64)
