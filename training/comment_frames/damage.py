"""What cameras, screens and codecs do to a frame; points are carried along."""

import random

import cv2
import numpy as np
from PIL import Image


def turn(
    rng: random.Random, image: Image.Image, perspective: bool
) -> tuple[Image.Image, np.ndarray]:
    """The frame as photographed off a screen, turned or with `perspective` skewed; its 3x3 map."""
    w, h = image.size
    angle = rng.choice([-1, 1]) * rng.uniform(2, 7)
    matrix = np.vstack(
        [cv2.getRotationMatrix2D((w / 2, h / 2), angle, rng.uniform(0.86, 0.95)), [0, 0, 1]]
    )
    if perspective:
        corners = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
        moved = corners + np.float32(
            [[rng.uniform(-0.03, 0.03) * w, rng.uniform(-0.03, 0.03) * h] for _ in range(4)]
        )
        matrix = cv2.getPerspectiveTransform(corners, moved) @ matrix
    turned = cv2.warpPerspective(
        np.asarray(image), matrix, (w, h), flags=cv2.INTER_LINEAR, borderValue=(25, 25, 28)
    )
    return Image.fromarray(turned), matrix


def shrink(rng: random.Random, image: Image.Image, width: int) -> tuple[Image.Image, np.ndarray]:
    """The frame at `width` pixels."""
    factor = width / image.width
    size = (width, round(image.height * factor))
    del rng
    return image.resize(size, Image.Resampling.BILINEAR), np.diag([factor, factor, 1.0])


def move_box(matrix: np.ndarray, box: list[float]) -> tuple[list[int], list[list[int]]]:
    """The box around the moved corners, and the corners."""
    x0, y0, x1, y1 = box
    points = np.float32([[[x0, y0], [x1, y0], [x1, y1], [x0, y1]]])
    moved = cv2.perspectiveTransform(points, matrix)[0]
    low, high = moved.min(0), moved.max(0)
    return [int(low[0]), int(low[1]), int(high[0]), int(high[1])], [
        [int(x), int(y)] for x, y in moved
    ]


def overlap(rng: random.Random, image: Image.Image, area: tuple[float, ...]) -> None:
    """Hearts that rise over the right end of the comments."""
    pixels = np.asarray(image).copy()
    x0, y0, x1, y1 = area
    for _ in range(rng.randint(2, 5)):
        x, y = int(rng.uniform(x0 + 0.5 * (x1 - x0), x1 + 40)), int(rng.uniform(y0, y1))
        r = int(image.width * rng.uniform(0.01, 0.025))
        over = pixels.copy()
        colour = tuple(rng.randint(80, 255) for _ in range(3))
        cv2.circle(over, (x - r // 2, y), r, colour, -1, cv2.LINE_AA)
        cv2.circle(over, (x + r // 2, y), r, colour, -1, cv2.LINE_AA)
        pixels = cv2.addWeighted(over, 0.6, pixels, 0.4, 0)
    image.paste(Image.fromarray(pixels))
