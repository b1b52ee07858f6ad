"""The colour and thickness of writing, column by column along a line of text.

A name differs from what its owner says by colour or thickness far more reliably than by any mark
between them, which OCR may lose.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.ocr import Image, OcrLine

HEIGHT = 24
"""Rows to which every line is scaled; the unit of `Ink.stroke`."""

_BOLDNESS = 28.0  # bold strokes are 1.3 times as thick: as far as two plainly different colours
_WIDEST = 1600
_FAINT = 10.0  # distance in CIE L*a*b* below which a pixel is ground, not ink

Columns = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ink:
    """What was written along a line, in `n` columns of equal width from its left to its right.

    `colour` `(n, 3)` is CIE L*a*b*, `amount` `(n,)` how many of `HEIGHT` rows hold ink, `ground`
    `(n, 3)` the colour behind, `stroke` `(n,)` the thickness of strokes in rows.
    """

    colour: Columns
    amount: Columns
    ground: Columns
    stroke: Columns

    @property
    def tone(self) -> Columns:
        """Colour and, as a fourth channel of about the same weight, boldness; `(n, 4)`."""
        bold = _BOLDNESS * np.log(np.clip(self.stroke, 1.0, 3.3))
        return np.concatenate([self.colour, bold[:, None]], axis=1).astype(np.float32)

    def mean(self, start: float = 0.0, end: float = 1.0) -> Columns | None:
        """The tone `(4,)` between two parts of the width, None where there is no ink."""
        n = len(self.amount)
        part = slice(int(start * n), max(int(start * n) + 1, int(end * n)))
        weight = self.amount[part]
        if weight.sum() < 1:
            return None
        return np.asarray(np.average(self.tone[part], axis=0, weights=weight), np.float32)

    def gaps(self) -> list[tuple[int, int]]:
        """The stretches of columns without ink between writing, from the left."""
        empty = np.concatenate([[0], (self.amount < 1).astype(np.int8), [0]])
        steps = np.diff(empty)
        starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
        found = zip(starts.tolist(), ends.tolist(), strict=True)
        return [(start, end) for start, end in found if start > 0 and end < len(self.amount)]

    def part(self, start: int, end: int) -> "Ink":
        """The columns from `start` to before `end`."""
        cut = slice(start, end)
        return Ink(self.colour[cut], self.amount[cut], self.ground[cut], self.stroke[cut])

    def joined(self, right: "Ink", blank: int) -> "Ink":
        """This and what follows it after `blank` empty columns."""
        none = np.zeros(max(0, blank), np.float32)
        three = np.zeros((max(0, blank), 3), np.float32)
        ground = three + self.ground[-1:]
        return Ink(
            np.concatenate([self.colour, three, right.colour]),
            np.concatenate([self.amount, none, right.amount]),
            np.concatenate([self.ground, ground, right.ground]),
            np.concatenate([self.stroke, none, right.stroke]),
        )


def sample_ink(image: Image, line: OcrLine) -> Ink:
    """The ink of `line` on the BGR `image` of shape `(height, width, 3)`."""
    import cv2

    lab = _level(image, line)
    rows = lab.shape[0]
    rim = np.concatenate([lab[:2], lab[rows - 2 :]])
    ground = _smooth(np.median(rim, axis=0).astype(np.float32), HEIGHT)
    away = lab - ground
    lighter = away[..., 0]
    distance = np.linalg.norm(away, axis=2)
    bright, dark = np.clip(lighter, 0, None).sum(), np.clip(-lighter, 0, None).sum()
    # Light writing on video carries a dark shadow; dark writing carries no light one.
    polar = np.where(lighter > 0, 1, -1) == (1 if bright > 0.4 * dark else -1)
    coloured = np.linalg.norm(away[..., 1:], axis=2) > 1.5 * np.abs(lighter)
    strength = np.where(polar | coloured, distance, 0)
    peak = _spread(np.percentile(strength, 95, axis=0).astype(np.float32), HEIGHT)
    mask = strength > np.maximum(_FAINT, 0.55 * peak)
    weight = np.where(mask, strength, 0).astype(np.float32)
    amount = mask.sum(axis=0).astype(np.float32)
    total = np.maximum(weight.sum(axis=0), 1e-6)
    colour = (lab * weight[..., None]).sum(axis=0) / total[:, None]
    cover = np.clip(strength / np.maximum(peak, _FAINT), 0, 1)
    edges = np.abs(np.diff(cover, axis=1, append=0)) + np.abs(np.diff(cover, axis=0, append=0))
    around = (HEIGHT + 1, 1)
    area, edge = cover.sum(axis=0)[None], edges.sum(axis=0)[None]
    area = np.asarray(cv2.blur(area, around), np.float32)
    edge = np.asarray(cv2.blur(edge, around), np.float32)
    stroke = 2 * area[0] / np.maximum(edge[0], 1e-3)
    return Ink(colour.astype(np.float32), amount, ground, stroke.astype(np.float32))


def _level(image: Image, line: OcrLine) -> NDArray[np.float32]:
    """The line's quad as an upright strip of `HEIGHT` rows, in L*a*b*."""
    import cv2

    quad = np.asarray(line.quad, np.float32)
    across = float(np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 2
    down = float(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2
    wide = int(np.clip(round(across / max(down, 1.0) * HEIGHT), 8, _WIDEST))
    corners = np.asarray([[0, 0], [wide, 0], [wide, HEIGHT], [0, HEIGHT]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, corners)
    strip = cv2.warpPerspective(image, matrix, (wide, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
    lab = cv2.cvtColor(strip.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    return np.asarray(lab, np.float32)


def _smooth(columns: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    import cv2

    return np.asarray(cv2.blur(columns[None], (2 * reach + 1, 1))[0], np.float32).reshape(
        columns.shape
    )


def _spread(columns: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    import cv2

    kernel = np.ones((1, 2 * reach + 1), np.uint8)
    return np.asarray(cv2.dilate(columns[None], kernel), np.float32)[0]
