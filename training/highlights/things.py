"""Textures of noise, and things of random outline that wear them."""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Mask = NDArray[np.float32]


def noise_texture(
    dice: np.random.Generator, size: tuple[int, int], grain: float, colours: int = 3
) -> Picture:
    """Smooth noise of a grain (in pixels) over `(width, height)`, between random colours."""
    wide, high = size
    cells = (max(2, int(high / grain)), max(2, int(wide / grain)))
    total = np.zeros((high, wide), np.float32)
    for octave in range(3):
        shape = (cells[0] * 2**octave, cells[1] * 2**octave)
        rough = dice.random(shape, dtype=np.float32)
        total += cv2.resize(rough, size, interpolation=cv2.INTER_CUBIC) / 2**octave
    low, top = float(total.min()), float(total.max())
    scaled = (total - low) / max(1e-6, top - low) * (colours - 1)
    palette = dice.integers(20, 245, (colours, 3)).astype(np.float32)
    first = np.clip(scaled.astype(np.int64), 0, colours - 2)
    part = (scaled - first)[..., None]
    return (palette[first] * (1 - part) + palette[first + 1] * part).astype(np.uint8)


def make_thing(dice: np.random.Generator, side: int = 160) -> tuple[Picture, Mask]:
    """A thing: a superellipse, a polygon or a stack of slabs, with a texture and a label."""
    mask = np.zeros((side, side), np.uint8)
    kind = dice.integers(4)
    turn = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    if kind == 0:
        power = dice.uniform(0.3, 1.0)
        x = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** power * dice.uniform(0.25, 0.46)
        y = np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** power * dice.uniform(0.3, 0.46)
        outline = np.stack([0.5 + x, 0.5 + y], 1)
    elif kind == 1:
        corners = np.sort(dice.random(int(dice.integers(5, 9)))) * 2 * np.pi
        reach = dice.uniform(0.28, 0.47, corners.size)
        outline = np.stack([0.5 + reach * np.cos(corners), 0.5 + reach * np.sin(corners)], 1)
    elif kind == 2:
        waves = 0.36 + 0.08 * np.sin(turn * dice.integers(2, 6) + dice.uniform(0, 6))
        outline = np.stack([0.5 + waves * np.cos(turn), 0.5 + waves * np.sin(turn)], 1)
    else:
        neck, body, top = dice.uniform(0.06, 0.16), dice.uniform(0.2, 0.36), dice.uniform(0.2, 0.4)
        half = [(neck, 0.04), (neck, top), (body, top + 0.08), (body * 0.95, 0.96)]
        outline = np.array(
            [(0.5 + x, y) for x, y in half] + [(0.5 - x, y) for x, y in reversed(half)]
        )
    cv2.fillPoly(mask, [np.round(outline * side).astype(np.int32)], 255)
    skin = noise_texture(dice, (side, side), float(dice.uniform(6, 60)), int(dice.integers(2, 5)))
    if dice.random() < 0.7:
        x0, y0 = dice.uniform(0.3, 0.42, 2) * side
        x1, y1 = dice.uniform(0.56, 0.72, 2) * side
        ink = [int(v) for v in dice.integers(0, 255, 3)]
        cv2.rectangle(skin, (int(x0), int(y0)), (int(x1), int(y1)), ink, -1)
        for line in range(2):
            at = (int(x0) + 2, int(y0) + 14 + 14 * line)
            other = [255 - v for v in ink]
            cv2.putText(skin, f"ABC{dice.integers(99)}", at, 0, 0.35, other, 1, cv2.LINE_AA)
    light = np.linspace(1.15, 0.75, side, dtype=np.float32)[None, :, None]
    skin = np.clip(skin * light, 0, 255).astype(np.uint8)
    soft = cv2.GaussianBlur(mask, (0, 0), 1.2).astype(np.float32) / 255
    return skin, soft
