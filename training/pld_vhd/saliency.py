"""Where a viewer would look: the pseudo-labels of pixels, from contrast, motion and place.

Three cues, none of them learned. *Contrast*: the spectral residual of brightness (Hou and Zhang,
CVPR 2007) and colours that the border lacks (Wei et al., ECCV 2012). *Motion*: flow that the
camera's does not explain. *Place*: a bell over the middle (Judd et al., ICCV 2009). They are
combined as `(contrast + 0.35) * (motion + 0.35) * place`, blurred, and stretched to 0..1.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.highlights.motion import MotionMeter
from tools.highlights.seeing import centre_prior

Map = NDArray[np.float32]

_SPECTRUM = 64
_MOTION_PX = 2.5
_ALWAYS = 0.35


def spectral_residual(grey: NDArray[np.uint8]) -> Map:
    """Hou and Zhang's saliency of brightness, 0 to 1, of the size of the picture."""
    small = cv2.resize(grey, (_SPECTRUM, _SPECTRUM), interpolation=cv2.INTER_AREA)
    spectrum = np.fft.fft2(small.astype(np.float32))
    log = np.log(np.abs(spectrum) + 1e-6).astype(np.float32)
    residual = log - cv2.blur(log, (3, 3))
    back = np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))
    smooth = cv2.GaussianBlur((np.abs(back) ** 2).astype(np.float32), (0, 0), 2.5)
    return _stretch(cv2.resize(smooth, (grey.shape[1], grey.shape[0])).astype(np.float32))


def border_contrast(picture: NDArray[np.uint8]) -> Map:
    """How rare each pixel's colour is at the border of the picture (BGR), 0 to 1."""
    lab = cv2.cvtColor(picture, cv2.COLOR_BGR2LAB).astype(np.int64) // 24
    codes = lab[..., 0] * 121 + lab[..., 1] * 11 + lab[..., 2]
    high, wide = codes.shape
    up, aside = max(1, high // 12), max(1, wide // 12)
    border = np.concatenate(
        [codes[:up].ravel(), codes[:, :aside].ravel(), codes[:, -aside:].ravel()]
    )
    usual = np.bincount(border, minlength=11**3) / border.size
    rare = np.clip(1 - usual[codes] * 25, 0, 1).astype(np.float32)
    return cv2.GaussianBlur(rare, (0, 0), 2).astype(np.float32)


def saliency(
    picture: NDArray[np.uint8], before: NDArray[np.uint8] | None, meter: MotionMeter
) -> Map:
    """The pseudo-label of a picture (BGR) that follows `before`, 0 to 1."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.uint8)
    contrast = 0.5 * spectral_residual(grey) + 0.5 * border_contrast(picture)
    motion = np.zeros_like(contrast)
    if before is not None:
        last = cv2.cvtColor(before, cv2.COLOR_BGR2GRAY).astype(np.uint8)
        motion = np.minimum(meter.measure(last, grey).local / _MOTION_PX, 1)
    place = centre_prior(*grey.shape)
    joined = (contrast + _ALWAYS) * (motion + _ALWAYS) * place
    return _stretch(cv2.GaussianBlur(joined.astype(np.float32), (0, 0), 3).astype(np.float32))


def _stretch(values: Map) -> Map:
    low, high = float(np.quantile(values, 0.3)), float(np.quantile(values, 0.995))
    return np.clip((values - low) / max(1e-6, high - low), 0, 1).astype(np.float32)
