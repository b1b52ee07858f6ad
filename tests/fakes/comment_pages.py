"""Frames with comments drawn on them, that read back exactly what was written."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from models.ocr import Image as Pixels
from models.ocr import OcrLine, Point
from tools.comments import FrameReading, read_frame

Ink = tuple[int, int, int]

WHITE, GREY, BLUE, GOLD = (255, 255, 255), (150, 150, 158), (120, 190, 255), (255, 205, 120)
SIZE = 22
PITCH = 1.4 * SIZE


@dataclass
class Page:
    """A frame on which text is written; reads back exactly that, as OCR would place it."""

    width: int = 540
    height: int = 960
    turned: float = 0.0
    lines: list[OcrLine] = field(default_factory=list[OcrLine])

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (self.width, self.height), (24, 26, 30))
        self.draw = ImageDraw.Draw(self.image)

    def panel(self, box: tuple[float, float, float, float], ground: Ink) -> None:
        self.draw.rectangle(box, fill=ground)

    def write(self, x: float, y: float, *parts: tuple[str, Ink], size: int = SIZE) -> None:
        """One line of parts in their own colours; two blanks are one in OCR.

        The font has no Chinese: a box stands for each sign, as wide as one.
        """
        font = ImageFont.load_default(size)
        at = x
        for text, ink in parts:
            for sign in text:
                self.draw.text((at, y), sign, font=font, fill=ink)
                at += size if ord(sign) > 0x2E80 else font.getlength(sign)
        text = " ".join("".join(text for text, _ in parts).split())
        box = (x - 2, y - 0.1 * size, at + 2, y + 1.25 * size)
        corners = ((box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3]))
        self.lines.append(OcrLine(text, 0.98, box, corners))

    def read(self, image: Pixels, *, upright: bool = False, within: object = None) -> list[OcrLine]:
        return [_turn(line, self.turned, image.shape) for line in self.lines]

    def shot(self) -> FrameReading:
        image = self.image.rotate(-self.turned)
        pixels = np.asarray(image)[:, :, ::-1].astype(np.uint8)
        return read_frame(np.ascontiguousarray(pixels), self)


def _turn(line: OcrLine, angle: float, shape: Sequence[int]) -> OcrLine:
    if not angle:
        return line
    cx, cy = shape[1] / 2, shape[0] / 2
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))

    def moved(point: Point) -> Point:
        dx, dy = point[0] - cx, point[1] - cy
        return cx + dx * cos - dy * sin, cy + dx * sin + dy * cos

    a, b, c, d = (moved(point) for point in line.quad)
    xs, ys = [p[0] for p in (a, b, c, d)], [p[1] for p in (a, b, c, d)]
    return OcrLine(line.text, line.confidence, (min(xs), min(ys), max(xs), max(ys)), (a, b, c, d))


def said(reading: FrameReading) -> list[tuple[str | None, str]]:
    return [(comment.user, comment.text) for comment in reading.comments]


SAID = [("Ana", "how much is it?"), ("mike.t", "love this"), ("KofiB", "does it come in black")]


def inline(page: Page, *, colon: str = ": ", rows: Sequence[tuple[str, str]] = SAID) -> None:
    for number, (user, text) in enumerate(rows):
        page.write(20, 600 + 1.9 * SIZE * number, (user + colon, BLUE), (text, WHITE))


def stack(
    page: Page, rows: Sequence[tuple[str, str]] = SAID, ink: Ink = GREY, top: float = 560
) -> None:
    for number, (user, text) in enumerate(rows):
        here = top + 3.4 * SIZE * number
        page.write(60, here, (user, ink))
        page.write(60, here + 1.25 * SIZE, (text, WHITE))
