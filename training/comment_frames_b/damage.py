"""What phones, screens and codecs do to a frame; clicks are carried along."""

import random
from collections.abc import Callable

import cv2
import numpy as np

HARD = ("low-resolution", "jpeg", "overlap", "half-scrolled", "rotated", "low-contrast", "blurred")


class Damage:
    """The damage of one frame; `quality` is of its JPEG."""

    def __init__(self, rng: random.Random, hard: set[str]) -> None:
        self._rng, self._hard = rng, hard
        self.quality = rng.randint(22, 45) if "jpeg" in hard else rng.randint(78, 95)

    def apply(
        self, image: np.ndarray, clip: list[float]
    ) -> tuple[np.ndarray, Callable[[float, float], tuple[float, float]]]:
        """The damaged image, and where a point of the first image is on it."""
        rng, hard = self._rng, self._hard
        height, width = image.shape[:2]
        matrix = np.eye(3)
        if "overlap" in hard:
            image = self._float_hearts(image, clip)
        if "low-contrast" in hard:
            share, veil = rng.uniform(0.45, 0.65), rng.uniform(60, 170)
            image = np.clip(image * share + veil * (1 - share), 0, 255).astype(np.uint8)
        if "rotated" in hard:
            angle = rng.choice([-1, 1]) * rng.uniform(1.5, 6)
            turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, rng.uniform(0.85, 0.97))
            matrix = np.vstack([turn, [0, 0, 1]])
            image = cv2.warpAffine(image, turn, (width, height), borderValue=(40, 42, 38))
        if "blurred" in hard:
            image = cv2.GaussianBlur(
                image, (0, 0), rng.uniform(0.5, 0.9) * min(width, height) / 540
            )
        if "low-resolution" in hard:
            small = (
                640 / width if width > height else max(300, width * rng.uniform(0.4, 0.6)) / width
            )
            small = min(1.0, max(small, rng.uniform(0.55, 0.65)) if width > height else small)
            image = cv2.resize(image, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
            matrix = np.diag([small, small, 1.0]) @ matrix

        def move(x: float, y: float) -> tuple[float, float]:
            px, py, _ = matrix @ (x, y, 1.0)
            return float(px), float(py)

        return image, move

    def _float_hearts(self, image: np.ndarray, clip: list[float]) -> np.ndarray:
        rng = self._rng
        over = image.copy()
        radius = int(min(image.shape[:2]) * rng.uniform(0.012, 0.028))
        for _ in range(rng.randint(2, 6)):
            x = int(rng.uniform(clip[0] + 0.55 * (clip[2] - clip[0]), clip[2]))
            y = int(rng.uniform(clip[1], clip[3]))
            colour = [rng.randint(70, 255) for _ in range(3)]
            for step in (-radius // 2, radius // 2):
                cv2.circle(over, (x + step, y), radius, colour, -1, cv2.LINE_AA)
        return cv2.addWeighted(over, 0.55, image, 0.45, 0)
