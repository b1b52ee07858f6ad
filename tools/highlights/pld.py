"""Pixel-level distinction of highlights (PLD-VHD, Wei et al. 2022) on onnxruntime.

For the last of six pictures a fifth of a second apart it gives each pixel the probability that it
belongs to something worth showing; the mean over the picture is the moment's score.
"""

from collections import deque
from importlib import import_module
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.errors import ModelUnavailable
from models.text_classifier import WEIGHTS

Map = NDArray[np.float32]

WINDOW = 6
STEP_MS = 200
FILE = WEIGHTS / "pld_vhd.onnx"

_LONG, _SHORT, _SQUARE = 112, 64, 80
_BREAK_MS = 1500
_HEAT = 0.6
"""How much of a picture the warmest colour covers."""


class PixelDistiller:
    """The network, loaded when it is made; raises ModelUnavailable where its file is missing."""

    def __init__(self, path: Path = FILE, *, threads: int = 1) -> None:
        if not path.is_file():
            raise ModelUnavailable(
                f"The model file {path.name} is missing.", hint="Install Livecue anew."
            )
        runtime: Any = import_module("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session: Any = runtime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"]
        )

    def distil(self, window: NDArray[np.uint8]) -> Map:
        """`(height, width)` probabilities for the last of `(6, height, width, 3)` BGR pictures."""
        given = window.transpose(0, 3, 1, 2)[None].astype(np.float32) / 255
        (logits,) = self._session.run(None, {"window": given})
        return (1 / (1 + np.exp(-logits[0]))).astype(np.float32)


class WindowKeeper:
    """The last six pictures of a film; a gap or another size begins anew with the same picture."""

    def __init__(self) -> None:
        self._kept: deque[NDArray[np.uint8]] = deque(maxlen=WINDOW)
        self._last_ms = -_BREAK_MS

    def add(self, at_ms: int, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The window `(6, height, width, 3)` that ends with a picture (BGR, of any size)."""
        size = frame_size(picture.shape[1], picture.shape[0])
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
        if at_ms - self._last_ms > _BREAK_MS or (
            self._kept and self._kept[-1].shape != small.shape
        ):
            self._kept.clear()
        self._last_ms = at_ms
        self._kept.append(small)
        missing = [self._kept[0]] * (WINDOW - len(self._kept))
        return np.stack([*missing, *self._kept])


def frame_size(wide: int, high: int) -> tuple[int, int]:
    """The width and height at which the network sees a picture: lying, upright or square."""
    if wide > 1.25 * high:
        return _LONG, _SHORT
    return (_SHORT, _LONG) if high > 1.25 * wide else (_SQUARE, _SQUARE)


def draw_map(
    picture: NDArray[np.uint8], distinction: Map, *, top: float = 1.0
) -> NDArray[np.uint8]:
    """`picture` (BGR) of its own size with the map as heat over it, warmest where it is `top`."""
    high, wide = picture.shape[:2]
    heat = np.clip(cv2.resize(distinction, (wide, high)) / top, 0, 1)
    colours = cv2.applyColorMap((heat * 255).astype(np.uint8), cv2.COLORMAP_TURBO)
    alpha = (_HEAT * (0.25 + 0.75 * heat))[..., None]
    return (picture * (1 - alpha) + colours * alpha).astype(np.uint8)
