"""Backgrounds: a room, a host's outline, shelves and printed words, without a photograph."""

import random

import cv2
import numpy as np
from PIL import Image, ImageDraw

from training.comment_frames.pens import Pen


def paint_scene(
    rng: random.Random, width: int, height: int, kind: str, scrim: float = 0.0
) -> Image.Image:
    """A blurred scene of `kind` bright, dark, busy or plain, darkened below by `scrim`."""
    low, high = {"bright": (150, 250), "dark": (5, 90), "busy": (20, 235), "plain": (40, 200)}[kind]

    def colour() -> tuple[int, int, int]:
        base = rng.randint(low, high)
        return tuple(max(0, min(255, base + rng.randint(-40, 40))) for _ in range(3))

    top, bottom = np.array(colour(), float), np.array(colour(), float)
    ramp = np.linspace(0, 1, height)[:, None, None]
    pixels = (top * (1 - ramp) + bottom * ramp) * np.ones((1, width, 1))
    image = Image.fromarray(pixels.astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range({"plain": 3, "bright": 12, "dark": 12, "busy": 45}[kind]):
        w, h = rng.randint(width // 20, width // 2), rng.randint(height // 30, height // 3)
        x, y = rng.randint(-w // 2, width), rng.randint(-h // 2, height)
        shape = draw.rectangle if rng.random() < 0.6 else draw.ellipse
        shape((x, y, x + w, y + h), fill=colour())
    cx, face = width * rng.uniform(0.4, 0.65), width * rng.uniform(0.12, 0.2)
    cloth, skin = colour(), (rng.randint(150, 235), rng.randint(120, 190), rng.randint(100, 160))
    y = height * rng.uniform(0.2, 0.35)
    draw.ellipse((cx - 2.2 * face, y + face, cx + 2.2 * face, y + 9 * face), fill=cloth)
    draw.ellipse((cx - face, y - face * 1.2, cx + face, y + face * 1.3), fill=skin)
    blurred = cv2.GaussianBlur(np.asarray(image), (0, 0), rng.uniform(1, width / 120))
    if scrim:
        depth = np.clip(np.linspace(-1, 1.4, height), 0, 1)[:, None, None] * scrim
        blurred = (blurred * (1 - depth)).astype(np.uint8)
    noise = np.random.default_rng(rng.randrange(2**31)).normal(0, rng.uniform(1, 7), blurred.shape)
    return Image.fromarray(np.clip(blurred + noise, 0, 255).astype(np.uint8))


def print_words(
    rng: random.Random, image: Image.Image, words: list[str], free: tuple[float, ...]
) -> list[dict]:
    """Words on boxes and posters within `free` (x0, y0, x1, y1); their truth rows."""
    done = []
    x0, y0, x1, y1 = free
    y = y0
    for word in words:
        size = int(image.width * rng.uniform(0.022, 0.075))
        pen = Pen(rng.choice(["sans", "serif", "bold"]), size)
        w = pen.measure(word)
        if w > (x1 - x0) or y + size * 1.6 > y1:
            continue
        x = rng.uniform(x0, x1 - w)
        ink, ground = rng.choice(
            [
                ((20, 20, 20), (240, 235, 220)),
                ((250, 250, 250), (160, 30, 40)),
                ((250, 240, 180), (30, 60, 50)),
                ((240, 240, 240), None),
            ]
        )
        if ground:
            pad = size * 0.4
            ImageDraw.Draw(image).rectangle((x - pad, y, x + w + pad, y + size * 1.7), fill=ground)
        box = pen.write(image, x, y + size * 0.2, word, ink)
        done.append({"kind": "scene_text", "text": word, "box": box})
        y += size * rng.uniform(1.9, 4)
    return done
