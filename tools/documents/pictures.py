"""The text in a picture: lines in reading order with exact boxes, whichever way it was held."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, hypot, radians, sin
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.ocr import MAX_SIDE, OcrLine
from tools.documents.layout import Line, arrange, turn_line
from tools.documents.page_lines import join_wrapped
from tools.documents.rows import Piece, surround
from tools.foreign.boxes import Box

Pixels = NDArray[np.uint8]

MIN_CONFIDENCE = 0.5
"""RapidOCR's own default for `text_score`: below it a line is noise more often than text."""
LONGEST, SHORTEST = 2 * MAX_SIDE, MAX_SIDE
"""Pixels of the longer and the shorter side beyond which nothing is gained by more: measured on
4000 x 3000 pixels, letters of 16 pixels and more are read, those of 12 to 14 in part."""

_STRIP = 2.5  # sides' ratio from which a picture is a strip, as shops' long detail pages are
_PART = MAX_SIDE  # pixels of a strip that are read at once
_MARGIN = 9  # pixels without text around a cut
_LONG_ENOUGH = 6  # characters; the corners of a shorter line do not tell its slope
_LEAST_TILT, _MOST_TILT = radians(0.5), radians(20)
_AS_GOOD = 0.9
_AGREED = 0.6  # share of the text that has to lie one way


class RecognizedLine(Protocol):
    """What is needed of an OCR engine's line."""

    @property
    def text(self) -> str:
        """As it is printed."""
        ...

    @property
    def confidence(self) -> float:
        """0-1."""
        ...

    @property
    def box(self) -> Box:
        """(x0, y0, x1, y1) in pixels of the image given, origin at the top left."""
        ...


class LineReader(Protocol):
    """An OCR engine: lines of an (H, W, 3) BGR image."""

    def read(self, image: Pixels, /) -> Sequence[RecognizedLine]:
        """Every line of text in `image`."""
        ...


@dataclass(frozen=True, slots=True)
class PictureLine:
    """A line of text in a picture, or a row of a table; `box` is (x0, y0, x1, y1) in pixels."""

    text: str
    confidence: float
    box: Box


@dataclass(frozen=True, slots=True)
class _Found:
    """What the engine found, in pixels of the whole picture; `turn` in degrees clockwise."""

    text: str
    confidence: float
    box: Box
    turn: int
    quad: tuple[tuple[float, float], ...] | None = None


def read_picture(pixels: Pixels, reader: LineReader) -> list[PictureLine]:
    """The lines of text in an (H, W, 3) BGR picture, in reading order, boxes in its own pixels.

    Columns are read one after the other; a row of a table is one line, two spaces between its
    cells. A sentence that goes on in the next line is one line.
    """
    pieces = (line.piece for line in join_wrapped(read_layout(pixels, reader)))
    return [PictureLine(piece.text, piece.confidence, piece.place) for piece in pieces]


def read_layout(pixels: Pixels, reader: LineReader) -> list[Line]:
    """What `read_picture` reads, with the cells of tables apart.

    Where the engine finds most of the text lying on its side or upside down, the picture is turned
    and read again; that reading counts unless it gives clearly less.
    """
    found = _read_parts(pixels, reader)
    turns = _count_turns(found)
    if turns:
        upright = np.ascontiguousarray(np.rot90(pixels, turns))
        again = _read_parts(upright, reader)
        if _weigh(again) >= _AS_GOOD * _weigh(found):
            size = float(upright.shape[1]), float(upright.shape[0])
            return [turn_line(line, size, -turns) for line in _arrange(again)]
    return _arrange(found)


def _arrange(found: list[_Found]) -> list[Line]:
    """The lines of a picture, arranged as if it had been held straight."""
    angle = _tilt(found)
    if not angle:
        return arrange([Piece(line.text, line.box, line.confidence) for line in found])
    return arrange(
        [
            Piece(line.text, _straighten(line, angle), line.confidence, seen=line.box)
            for line in found
        ]
    )


def _tilt(found: list[_Found]) -> float:
    """By how much most of the text is turned clockwise, in radians; 0 for next to nothing."""
    angles: list[tuple[float, float]] = []
    for line in found:
        if line.quad is not None and len(line.text) >= _LONG_ENOUGH:
            (x0, y0), (x1, y1) = line.quad[0], line.quad[1]
            angles.append((atan2(y1 - y0, x1 - x0), hypot(x1 - x0, y1 - y0)))
    angles.sort()
    half = sum(length for _, length in angles) / 2
    for angle, length in angles:
        half -= length
        if half <= 0:
            return angle if _LEAST_TILT < abs(angle) < _MOST_TILT else 0.0
    return 0.0


def _straighten(line: _Found, angle: float) -> Box:
    """The box of a line once the picture is turned back by `angle` around its origin."""
    corners = line.quad or ((line.box[0], line.box[1]), (line.box[2], line.box[3]))
    turned = [
        (x * cos(angle) + y * sin(angle), y * cos(angle) - x * sin(angle)) for x, y in corners
    ]
    return surround([(x, y, x, y) for x, y in turned])


def _count_turns(found: list[_Found]) -> int:
    """How many quarter turns to the left set most of the text upright."""
    turns: Counter[int] = Counter()
    for line in found:
        if len(line.text) > 1:
            turns[line.turn] += len(line.text)
    turn, weight = turns.most_common(1)[0] if turns else (0, 0)
    return turn // 90 if weight > _AGREED * turns.total() else 0


def _weigh(found: list[_Found]) -> float:
    """How much text was read, and how surely."""
    return sum(line.confidence * len(line.text) for line in found)


def _read_parts(pixels: Pixels, reader: LineReader) -> list[_Found]:
    """What stands in the whole picture; a long strip is read part by part, in full size."""
    axis = 0 if pixels.shape[0] > pixels.shape[1] else 1
    starts = [0]
    if pixels.shape[axis] > _STRIP * pixels.shape[1 - axis]:
        while pixels.shape[axis] - starts[-1] > _PART:
            starts.append(_quiet_place(pixels, axis, starts[-1]))
    found: list[_Found] = []
    for start, end in pairwise([*starts, pixels.shape[axis]]):
        part = pixels[start:end] if axis == 0 else pixels[:, start:end]
        dx, dy = (0, start) if axis == 0 else (start, 0)
        for line in reader.read(np.ascontiguousarray(part)):
            text, (x0, y0, x1, y1) = " ".join(line.text.split()), line.box
            if text and line.confidence >= MIN_CONFIDENCE:
                box = (x0 + dx, y0 + dy, x1 + dx, y1 + dy)
                turn = line.turn if isinstance(line, OcrLine) else 0
                quad = line.quad if isinstance(line, OcrLine) else None
                quad = tuple((x + dx, y + dy) for x, y in quad) if quad else None
                found.append(_Found(text, float(line.confidence), box, turn, quad))
    return found


def _quiet_place(pixels: Pixels, axis: int, start: int) -> int:
    """Where to cut a strip: between two lines of text, so that none is cut."""
    first, last = start + _PART * 3 // 4, start + _PART
    window = pixels[first:last, :, 1] if axis == 0 else pixels[:, first:last, 1].T
    noise = np.abs(np.diff(window.astype(np.int16), axis=1)).sum(axis=1)
    quiet = np.convolve(noise, np.ones(_MARGIN), mode="valid")
    return first + int(quiet.argmin()) + _MARGIN // 2
