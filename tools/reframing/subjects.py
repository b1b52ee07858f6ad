"""Where the subject of a picture is: the person, or what moves and stands out."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

_LEAST_AREA = 0.012
_PERSON = 0.5
_HEAD = 0.45
"""The part of a person, from the top, that the camera looks at."""
_SMALL = 64
_WIDE = 0.95
"""Of the width: a mask that spans so much has taken the ground for a person, or says little."""


@dataclass(frozen=True)
class Sighting:
    """A subject on a frame: where to look, and its edges, as parts of width and height.

    `sure` is 0 for a guess from motion and contrast, up to 1 for a person plainly seen.
    """

    frame: int
    x: float
    y: float
    left: float
    top: float
    right: float
    bottom: float
    sure: float


def see_person(number: int, mask: NDArray[np.float32]) -> Sighting | None:
    """The person of a mask (height, width) of probabilities; None where there is none."""
    import cv2

    small = cv2.resize(mask, (_SMALL * 2, _SMALL * 2), interpolation=cv2.INTER_AREA)
    solid = (small > _PERSON).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid)
    if count < 2:
        return None
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    kept = np.where(labels == largest, small, 0.0)
    share = float((labels == largest).mean())
    if share < _LEAST_AREA:
        return None
    found = _spread(number, kept, tail=0.03)
    if found is None:
        return None
    rows = np.linspace(0, 1, len(kept))
    head = kept * (rows <= found.top + _HEAD * (found.bottom - found.top))[:, None]
    upper = _spread(number, head.astype(np.float32), tail=0.03) or found
    narrow = min(1.0, max(0.0, (_WIDE - (found.right - found.left)) / 0.35))
    sure = min(1.0, 0.5 + 4 * share) * (0.25 + 0.75 * narrow)
    return replace(found, x=upper.x, y=upper.y, sure=round(sure, 4))


def find_salient(
    number: int, picture: NDArray[np.uint8], before: NDArray[np.uint8] | None
) -> Sighting:
    """What moves and stands out.

    The spectral residual of Hou and Zhang ("Saliency Detection: A Spectral Residual Approach",
    CVPR 2007), weighed with the difference to an earlier frame and a mild bias to the middle.
    """
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (_SMALL, _SMALL), interpolation=cv2.INTER_AREA).astype(np.float32)
    spectrum = np.fft.fft2(small)
    strength = np.log(np.abs(spectrum) + 1e-6).astype(np.float32)
    residual = strength - cv2.blur(strength, (3, 3))
    stands_out = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2
    total = cv2.GaussianBlur(stands_out.astype(np.float32), (0, 0), 2.5)
    total /= total.max() + 1e-9
    if before is not None:
        earlier = cv2.resize(
            cv2.cvtColor(before, cv2.COLOR_BGR2GRAY), (_SMALL, _SMALL), interpolation=cv2.INTER_AREA
        )
        moved = cv2.GaussianBlur(np.abs(small - earlier.astype(np.float32)), (0, 0), 2.0)
        if float(np.median(moved)) < 6.0:  # else the camera moves, or it is a cut
            total = total + 1.5 * np.clip(moved - 3.0, 0, 40) / 40
    at = np.linspace(-1, 1, _SMALL)
    bias = np.exp(-(at[None, :] ** 2 + at[:, None] ** 2) / 1.6).astype(np.float32)
    weights = np.clip(total * bias - float(np.percentile(total * bias, 80)), 0, None)
    found = _spread(number, weights.astype(np.float32), tail=0.12)
    return found or Sighting(number, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.0)


def _spread(number: int, weights: NDArray[np.float32], *, tail: float) -> Sighting | None:
    total = float(weights.sum())
    if total <= 0:
        return None
    across = np.cumsum(weights.sum(axis=0)) / total
    down = np.cumsum(weights.sum(axis=1)) / total

    def at(along: NDArray[np.floating], share: float) -> float:
        return round(float((np.searchsorted(along, share) + 0.5) / len(along)), 4)

    return Sighting(
        number, at(across, 0.5), at(down, 0.5),
        at(across, tail), at(down, tail), at(across, 1 - tail), at(down, 1 - tail), 0.0,
    )  # fmt: skip
