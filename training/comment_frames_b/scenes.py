"""Backgrounds: colour fields, grain, shelves, folds, and the project's own example pictures."""

import random
from pathlib import Path

import cv2
import numpy as np

PHOTOS = ("dog-harness/poster.jpg", "kiln-mug/label.jpg", "nut-gift-box-zh/box.jpg")
EXAMPLES = Path(__file__).parents[2] / "examples"
KINDS = ("fields", "shelves", "folds", "grain", "photo", "studio")


def paint_scene(rng: random.Random, width: int, height: int, kind: str) -> np.ndarray:
    """A BGR scene of `kind`, without words that could be read."""
    noise = np.random.default_rng(rng.randrange(2**31))
    if kind == "photo":
        image = cv2.imread(str(EXAMPLES / rng.choice(PHOTOS)))
        side = int(min(image.shape[:2]) * rng.uniform(0.3, 0.6))
        y, x = rng.randrange(image.shape[0] - side), rng.randrange(image.shape[1] - side)
        scene = cv2.resize(image[y : y + side, x : x + side], (width, height))
        return cv2.GaussianBlur(scene, (0, 0), max(width, height) / rng.uniform(60, 110))
    base = noise.uniform(10, 240, 3)
    if kind == "fields":
        small = noise.uniform(0, 255, (rng.randint(2, 6), rng.randint(2, 5), 3))
        scene = cv2.resize(small.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    elif kind == "studio":
        ys, xs = np.mgrid[0:height, 0:width]
        away = np.hypot(xs / width - rng.random(), ys / height - rng.random())[..., None]
        scene = base * (1.1 - 0.7 * away)
    elif kind == "folds":
        xs = np.linspace(0, rng.uniform(8, 30), width)[None, :, None]
        ys = np.linspace(0, rng.uniform(-6, 6), height)[:, None, None]
        scene = base + rng.uniform(15, 55) * np.sin(xs + ys + np.sin(ys * 1.7))
    else:
        scene = np.ones((height, width, 3)) * base
    scene = np.clip(scene, 0, 255).astype(np.uint8)
    if kind == "shelves":
        rows = rng.randint(3, 7)
        for row in range(rows):
            x, bottom = 0, (row + 1) * height // rows
            cv2.rectangle(scene, (0, bottom - 8), (width, bottom), noise.uniform(20, 120, 3), -1)
            while x < width:
                w, h = (
                    rng.randint(width // 30, width // 8),
                    rng.randint(40, 90) * height // rows // 100,
                )
                cv2.rectangle(
                    scene, (x, bottom - 8 - h), (x + w, bottom - 8), noise.uniform(0, 255, 3), -1
                )
                x += w + rng.randint(2, width // 40)
        scene = cv2.GaussianBlur(scene, (0, 0), rng.uniform(1, width / 150))
    grain = rng.uniform(8, 26) if kind == "grain" else rng.uniform(0, 6)
    speckle = noise.normal(0, grain, (height // 2 + 1, width // 2 + 1, 1)).astype(np.float32)
    speckle = cv2.resize(speckle, (width, height))[..., None]
    return np.clip(scene + speckle, 0, 255).astype(np.uint8)
