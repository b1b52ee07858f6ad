"""Whether a person is seen, by MediaPipe's selfie segmentation on OpenCV."""

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.errors import ModelFileCorrupt, ModelUnavailable
from models.text_classifier import WEIGHTS

FILE = WEIGHTS / "selfie_segmentation.tflite"
"""Apache-2.0 (`selfie_segmentation.LICENCE`), Google's MediaPipe, 256x256, 249 KB."""

_SHA256 = "8d13b7fae74af625c641226813616a2117bd6bca19eb3b75574621fc08557f27"
_SIDE = 256


class PersonFinder:
    """Finds the pixels of persons; about 25 ms a picture on one core.

    Raises:
        ModelUnavailable: the file of the model is missing.
        ModelFileCorrupt: it is another one.
    """

    def __init__(self, path: Path = FILE) -> None:
        import cv2

        try:
            data = path.read_bytes()
        except OSError as error:
            raise ModelUnavailable(
                f"The model file {path.name} is missing.", hint="Install Livecue anew."
            ) from error
        if hashlib.sha256(data).hexdigest() != _SHA256:
            raise ModelFileCorrupt(
                f"The model file {path.name} is not the one that belongs here.",
                hint="Install Livecue anew.",
            )
        self._net = cv2.dnn.readNetFromTFLite(np.frombuffer(data, np.uint8))

    def find(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """`(height, width)` probabilities for a BGR picture that some person is there."""
        import cv2

        high, wide = picture.shape[:2]
        blob = cv2.dnn.blobFromImage(picture, 1 / 255, (_SIDE, _SIDE), swapRB=True)
        self._net.setInput(blob)
        mask = np.asarray(self._net.forward(), np.float32).reshape(_SIDE, _SIDE)
        return cv2.resize(mask, (wide, high)).astype(np.float32)
