"""The characters of a PDF's page, put together to stretches of text; in the isolated process."""

import ctypes
import importlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import pi
from typing import Any

from tools.foreign.boxes import Box, turn_box

_DEVICE = 1 << 29  # PDFium maps to whole numbers of 32 bits
_STEP = 1000  # points over which a direction is measured
_CELL_GAP, _WORD_GAP = 0.5, 0.18  # in heights of a character
_TALLEST = 400  # points; beyond that a font lies about its height
_LIGATURES = re.compile("[\ufb00-\ufb06]")
_NO_SPACE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")
_MEANINGLESS = {"Cc", "Cn", "Co", "Cs"}


@dataclass(slots=True)
class Char:
    """A character; `box` on the page as it is shown, `turn` in quarter turns clockwise.

    `unknown` marks one whose font does not tell what it means.
    """

    text: str
    box: Box
    turn: int
    unknown: bool = False


def read_chars(page: Any, text: Any) -> Iterator[Char]:  # noqa: ANN401
    """The characters that a page shows, in the order in which it draws them."""
    pdfium: Any = importlib.import_module("pypdfium2.raw")
    width, height = page.get_size()
    show = Shown(page)
    rotation = page.get_rotation() // 90
    loose = pdfium.FS_RECTF()
    sides = [ctypes.c_double() for _ in range(4)]
    high = ""
    for index in range(int(text.count_chars())):
        code: int = pdfium.FPDFText_GetUnicode(text, index)
        char = high + chr(code) if 0 < code <= 0x10FFFF else ""
        high = char if 0xD800 <= code < 0xDC00 else ""
        if high:
            continue
        char = char.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if char in ("\x02", "\ufffe"):
            char = "-"  # PDFium's mark of a hyphen at the end of a line
        if char.isspace() or char in ("", "\u200b", "\ufeff"):
            drawn = pdfium.FPDFText_IsGenerated(text, index) == 0 and char == " "
            yield Char(" " if drawn else "", (0, 0, 0, 0), 0)
            continue
        pdfium.FPDFText_GetLooseCharBox(text, index, loose)
        box = show(loose.left, loose.top, loose.right, loose.bottom)
        if not 0 < box[3] - box[1] < _TALLEST or box[2] <= box[0]:
            pdfium.FPDFText_GetCharBox(text, index, *sides)
            left, right, bottom, top = (side.value for side in sides)
            box = show(left, top, right, bottom)
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if not (0 <= x <= width and 0 <= y <= height):
            continue
        angle = pdfium.FPDFText_GetCharAngle(text, index)
        turn = (round(angle / (pi / 2)) + rotation) % 4 if angle >= 0 else 0
        unknown = (
            pdfium.FPDFText_HasUnicodeMapError(text, index) == 1
            or char == "\ufffd"
            or unicodedata.category(char[0]) in _MEANINGLESS
        )
        yield Char(char, box, turn, unknown)


class Shown:
    """From a page's own coordinates to the page as it is shown."""

    def __init__(self, page: Any) -> None:  # noqa: ANN401
        self._page = page
        width, height = page.get_size()
        self._grid = min(1000.0, _DEVICE / max(width, height, 1.0))
        self._size = max(1, round(width * self._grid)), max(1, round(height * self._grid))
        self._origin = self._map(0, 0)
        self._x_axis = self._direction(_STEP, 0)
        self._y_axis = self._direction(0, _STEP)

    def __call__(self, left: float, top: float, right: float, bottom: float) -> Box:
        """The box of two corners given in the page's own coordinates."""
        corners = [
            (
                self._origin[0] + x * self._x_axis[0] + y * self._y_axis[0],
                self._origin[1] + x * self._x_axis[1] + y * self._y_axis[1],
            )
            for x, y in ((left, top), (right, bottom))
        ]
        (x0, y0), (x1, y1) = corners
        return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

    def _map(self, x: float, y: float) -> tuple[float, float]:
        pdfium: Any = importlib.import_module("pypdfium2.raw")
        to_x, to_y = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(self._page, 0, 0, *self._size, 0, x, y, to_x, to_y)
        return to_x.value / self._grid, to_y.value / self._grid

    def _direction(self, x: float, y: float) -> tuple[float, float]:
        to_x, to_y = self._map(x, y)
        return (to_x - self._origin[0]) / _STEP, (to_y - self._origin[1]) / _STEP


@dataclass(slots=True)
class _Span:
    """A stretch of text along one line; `box` in the frame in which its text is upright."""

    turn: int
    box: Box
    text: str = ""


@dataclass
class Spans:
    """Puts characters together, in the order in which the page draws them."""

    width: float
    height: float
    done: list[_Span] = field(default_factory=list[_Span])
    _spaced: bool = False
    _drawn: bool = False

    def space(self, char: Char) -> None:
        """A space was drawn, or PDFium takes a gap for one; `char` has no text then."""
        self._spaced = True
        self._drawn = self._drawn or bool(char.text)

    def add(self, char: Char) -> None:
        """Goes on with the last span, or begins one."""
        size = (self.width, self.height)
        box = turn_box(char.box, size, char.turn)
        last = self.done[-1] if self.done else None
        if last is None or not _goes_on(last, char.turn, box):
            last = _Span(char.turn, box)
            self.done.append(last)
        elif self._is_space(last, box, char.text):
            last.text += " "
        last.text += char.text
        last.box = (
            min(last.box[0], box[0]),
            min(last.box[1], box[1]),
            max(last.box[2], box[2]),
            max(last.box[3], box[3]),
        )
        self._spaced = self._drawn = False

    def _is_space(self, last: _Span, box: Box, text: str) -> bool:
        gap = (box[0] - last.box[2]) / max(1.0, box[3] - box[1])
        if _NO_SPACE.match(text) or _NO_SPACE.match(last.text[-1]):
            return self._drawn or gap > 2 * _WORD_GAP
        return self._spaced or gap > _WORD_GAP

    def finish(self) -> list[list[Any]]:
        """The spans with boxes on the page as it is shown."""
        spans: list[list[Any]] = []
        for span in self.done:
            size = (self.height, self.width) if span.turn % 2 else (self.width, self.height)
            box = turn_box(span.box, size, -span.turn)
            text = _LIGATURES.sub(lambda m: unicodedata.normalize("NFKC", m[0]), span.text)
            text = text.replace("\u00ad", "")
            if text.strip():
                spans.append([text, *(round(side, 1) for side in box), span.turn])
        return spans


def _goes_on(last: _Span, turn: int, box: Box) -> bool:
    """Whether a character stands in the line of `last`, not far behind it."""
    height = max(1.0, box[3] - box[1])
    lower = min(height, last.box[3] - last.box[1])
    overlap = min(box[3], last.box[3]) - max(box[1], last.box[1])
    gap = box[0] - last.box[2]
    return turn == last.turn and overlap >= lower / 2 and -height <= gap <= _CELL_GAP * height
