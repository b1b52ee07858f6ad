"""OCR lines as rows of one level page: de-skewed, measured in em, split at wide gaps and joined."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np

from models.ocr import OcrLine, Point
from tools.comments.ink import Ink

_HEIGHT_IN_EM = 1.35  # of an OCR box, measured over four faces
_PLAINLY = 1.25
_LOOSE = re.compile(r"[：，。！？、；（）【】“”…]")  # full-width marks bring gaps of their own
_NARROW, _BROAD = frozenset("iljtfrI.,:;'|!()[]`\" "), frozenset("mwMW@%")


def width_of(sign: str) -> float:
    """The advance of a sign in em, as sans faces have it on average."""
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.0
    if sign in _NARROW:
        return 0.3
    if sign in _BROAD:
        return 0.86
    return 0.65 if sign.isupper() else 0.56


@lru_cache(maxsize=1024)
def measure(text: str) -> float:
    """The width of `text` in em."""
    return sum(width_of(sign) for sign in text)


def is_wide(sign: str) -> bool:
    """Whether a sign is of a script written without blanks (Chinese, Japanese, full width)."""
    return unicodedata.east_asian_width(sign) in "WF"


@dataclass(frozen=True)
class Row:
    """A line of text on the level page; `left`, `right`, `top`, `bottom` in pixels.

    `edges` holds the left edge of every sign of `text` and the right edge of the last, in parts of
    the width; `seams` the signs before which two OCR lines were joined. `ink` is None for a line
    that was not looked at. `lines` are the OCR lines that it stands on.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    confidence: float
    lines: tuple[OcrLine, ...]
    edges: tuple[float, ...]
    ink: Ink | None = None
    seams: frozenset[int] = frozenset()

    @cached_property
    def em(self) -> float:
        """The size of the writing in pixels, by its width; by its height where it is short."""
        by_height = (self.bottom - self.top) / _HEIGHT_IN_EM
        wide = measure(self.text)
        if wide < 3:
            return by_height
        by_width = (self.right - self.left) / wide
        return float(np.clip(by_width, 0.7 * by_height, 1.25 * by_height))

    @property
    def middle(self) -> float:
        """The height of the middle of the row."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Slope:
    """By how much the writing of a frame is turned; `angle` in degrees, clockwise."""

    angle: float

    def level(self, point: Point) -> Point:
        """A point of the image on the level page, which shares the image's origin."""
        radians = math.radians(self.angle)
        x, y = point
        return (
            x * math.cos(radians) + y * math.sin(radians),
            y * math.cos(radians) - x * math.sin(radians),
        )

    def tilt(self, point: Point) -> Point:
        """A point of the level page on the image: the reverse of `level`."""
        return Slope(-self.angle).level(point)


def find_slope(lines: Sequence[OcrLine]) -> Slope:
    """The median angle of the lines long enough to have one, the longer counting for more."""
    found: list[tuple[float, float]] = []
    for line in lines:
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = line.quad
        across, down = math.hypot(bx - ax, by - ay), math.hypot(dx - ax, dy - ay)
        if line.turn in (0, 180) and across > 3 * down:
            angle = math.degrees(math.atan2((by - ay) + (cy - dy), (bx - ax) + (cx - dx)))
            found.append((angle, across))
    if not found:
        return Slope(0.0)
    found.sort()
    half, passed = sum(weight for _, weight in found) / 2, 0.0
    for angle, weight in found:
        passed += weight
        if passed >= half:
            return Slope(angle if abs(angle) > 0.6 else 0.0)
    return Slope(0.0)


def level_row(line: OcrLine, slope: Slope, ink: Ink | None = None) -> Row:
    """An OCR line on the level page."""
    a, b, c, d = (slope.level(point) for point in line.quad)
    text = unicodedata.normalize("NFC", line.text)
    return Row(
        text=text,
        left=(a[0] + d[0]) / 2,
        right=(b[0] + c[0]) / 2,
        top=(a[1] + b[1]) / 2,
        bottom=(c[1] + d[1]) / 2,
        confidence=line.confidence,
        lines=(line,),
        edges=_edges(text, ink),
        ink=ink,
    )


def _edges(text: str, ink: Ink | None) -> tuple[float, ...]:
    """Where signs stand along a line: by their usual widths, between the blanks that are seen."""
    widths = [width_of(sign) for sign in text]
    usual = _stretch(widths, 0.0, 1.0)
    blanks = [at for at, sign in enumerate(text) if sign == " "]
    gaps = _blank_gaps(ink, len(blanks)) if ink is not None and blanks else []
    if not gaps or _LOOSE.search(text):
        return usual
    em = 1 / (sum(widths) or 1.0)
    if any(
        abs((start + end) / 2 - usual[at]) > 3 * em
        for at, (start, end) in zip(blanks, gaps, strict=True)
    ):
        return usual
    edges: list[float] = []
    begin, left = 0, 0.0
    for at, (start, end) in zip([*blanks, len(text)], [*gaps, (1.0, 1.0)], strict=True):
        edges.extend(_stretch(widths[begin:at], left, start)[:-1])
        if at < len(text):
            edges.append(start)
        begin, left = at + 1, end
    return (*edges, 1.0)


def _stretch(widths: Sequence[float], left: float, right: float) -> tuple[float, ...]:
    total = sum(widths) or 1.0
    edges = [left]
    for width in widths:
        edges.append(edges[-1] + width / total * (right - left))
    return tuple(edges)


def _blank_gaps(ink: Ink, count: int) -> list[tuple[float, float]]:
    """The `count` widest stretches without ink, if they are plainly wider than the others."""
    gaps = sorted(ink.gaps(), key=lambda gap: gap[0] - gap[1])
    if len(gaps) < count:
        return []
    wide, narrow = gaps[:count], gaps[count:]
    if narrow and wide[-1][1] - wide[-1][0] < _PLAINLY * (narrow[0][1] - narrow[0][0]):
        return []
    n = len(ink.amount)
    return sorted((start / n, end / n) for start, end in wide)


def cut_row(row: Row, at: int) -> tuple[Row, Row]:
    """The row in two before its sign number `at`, blanks at the cut dropped."""
    return _slice(row, 0, at), _slice(row, at, len(row.text))


def _slice(row: Row, start: int, end: int) -> Row:
    while start < end and row.text[start].isspace():
        start += 1
    while end > start and row.text[end - 1].isspace():
        end -= 1
    low, high = row.edges[start], row.edges[end]
    wide = row.right - row.left
    ink = row.ink
    if ink is not None:
        n = len(ink.amount)
        first = min(int(low * n), n - 1)
        ink = ink.part(first, max(first + 1, round(high * n)))
    return Row(
        text=row.text[start:end],
        left=row.left + low * wide,
        right=row.left + high * wide,
        top=row.top,
        bottom=row.bottom,
        confidence=row.confidence,
        lines=row.lines,
        edges=tuple((edge - low) / ((high - low) or 1) for edge in row.edges[start : end + 1]),
        ink=ink,
        seams=frozenset(seam - start for seam in row.seams if start < seam < end),
    )


def join_rows(left: Row, right: Row) -> Row:
    """Two neighbours on one row as one; the gap between them becomes a blank."""
    low, high = left.left, max(right.right, left.right + 1)
    start = max(right.left, left.right)

    def place(row: Row, begin: float) -> list[float]:
        return [(begin + edge * (row.right - begin) - low) / (high - low) for edge in row.edges]

    ink = None
    if left.ink is not None and right.ink is not None:
        unit = (left.right - left.left) / len(left.ink.amount)
        ink = left.ink.joined(right.ink, blank=round((start - left.right) / max(unit, 1e-3)))
    first, second = place(left, left.left), place(right, start)
    total = max(1, len(left.text) + len(right.text))
    sure = (left.confidence * len(left.text) + right.confidence * len(right.text)) / total
    shift = len(left.text) + 1
    return Row(
        text=f"{left.text} {right.text}",
        left=low,
        right=high,
        top=min(left.top, right.top),
        bottom=max(left.bottom, right.bottom),
        confidence=sure,
        lines=left.lines + right.lines,
        edges=(*first, *second),
        ink=ink,
        seams=left.seams | {shift} | {seam + shift for seam in right.seams},
    )


def join_text(parts: Sequence[str]) -> str:
    """Wrapped lines as one text: a blank between words, none next to Chinese."""
    kept = [part.strip() for part in parts if part.strip()]
    if not kept:
        return ""
    text = kept[0]
    for before, after in pairwise(kept):
        text += after if is_wide(before[-1]) or is_wide(after[0]) else f" {after}"
    return text
