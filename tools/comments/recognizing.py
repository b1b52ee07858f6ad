"""The comment under a click, from a frame that was read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from models.ocr import Box, Image, OcrLine
from tools.comments.grouping import INFINITE, Draft
from tools.comments.ink import sample_ink
from tools.comments.layout import Layout, find_comments
from tools.comments.rows import Row, Slope, find_slope, level_row

_BESIDE = 2.6  # em to the left, for avatar and badges
_AFTER = 1.6
_ABOVE = 0.55
_ADJACENT = 3.0  # em between two comments that are neighbours
_LANES = 0.7  # em between two lanes of flying comments
_RIM = 0.13  # em by which OCR boxes reach beyond the ink
_LINE = 20.0  # em that a row of comments may be wide
_WORTHWHILE = 0.6  # of a frame, above which all of it is read
_SURE = 0.22  # em from a comment within which the other side of a gap is not offered


class LineReader(Protocol):
    """What reads lines of text: `models.ocr.OcrReader`."""

    def read(
        self, image: Image, *, upright: bool = False, within: Box | None = None
    ) -> list[OcrLine]:
        """The lines of a BGR image of shape `(height, width, 3)`, or of a part of it."""
        ...


@dataclass(frozen=True, slots=True)
class ReadComment:
    """A comment as it stands on a frame.

    `box` is `(x0, y0, x1, y1)` in pixels of the image, around all `lines`; `user` is None where
    none is shown. `confidence` is the recogniser's mean, 0-1. `area` is the box on the level page,
    which is the image turned so that its writing is upright.
    """

    user: str | None
    text: str
    box: Box
    confidence: float
    lines: tuple[OcrLine, ...]
    area: Box


@dataclass(frozen=True, slots=True)
class FrameReading:
    """A frame's comments from the top, its layout, its slope in degrees, and all lines of OCR."""

    comments: tuple[ReadComment, ...]
    layout: Layout
    angle: float
    lines: tuple[OcrLine, ...]


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was clicked; `user` and `text` are None for nothing.

    Between two comments `text` is the nearer one, and `alternatives` holds both, that one first.
    """

    user: str | None = None
    text: str | None = None
    alternatives: tuple[ReadComment, ...] = ()


def read_frame(
    image: Image,
    ocr: LineReader,
    *,
    previous: FrameReading | None = None,
    within: Box | None = None,
) -> FrameReading:
    """Read the comments of a BGR image of shape `(height, width, 3)`, in about one OCR pass.

    `previous` is the reading of the frame before in the same stream, if there is one. With `within`
    only that part is read; what stands elsewhere is taken to stand as it did before.
    """
    lines = ocr.read(image, upright=True, within=within)
    if within is not None and previous is not None:
        lines += [line for line in previous.lines if not _is_in(line, within)]
    return read_lines(image, lines, previous=previous)


def part_with_comments(reading: FrameReading, width: int, height: int) -> Box | None:
    """The part of the next frame in which the comments of a list will stand, and come in.

    None where all of the frame has to be read: nothing was found, comments fly, it is turned, or
    the part would save little.
    """
    layout = reading.layout
    if layout.kind not in ("inline", "stacked") or reading.angle:
        return None
    left, top, right, bottom = layout.area
    part = (
        max(0.0, left - 4 * layout.em),
        max(0.0, top - 4 * layout.em),
        min(float(width), max(right, left + _LINE * layout.em) + 2 * layout.em),
        min(float(height), bottom + 4 * layout.em),
    )
    share = (part[2] - part[0]) * (part[3] - part[1]) / (width * height)
    return part if share < _WORTHWHILE else None


def _is_in(line: OcrLine, part: Box) -> bool:
    x, y = (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2
    return part[0] <= x <= part[2] and part[1] <= y <= part[3]


def read_lines(
    image: Image, lines: Sequence[OcrLine], *, previous: FrameReading | None = None
) -> FrameReading:
    """The comments among OCR `lines` of the image."""
    slope = find_slope(lines)
    rows = [level_row(line, slope, sample_ink(image, line)) for line in lines if _is_upright(line)]
    height, width = image.shape[:2]
    layout, drafts = find_comments(rows, width, height, previous.layout if previous else None)
    return FrameReading(
        tuple(_comment(d, slope) for d in drafts), layout, slope.angle, tuple(lines)
    )


def _is_upright(line: OcrLine) -> bool:
    return line.turn in (0, 180)


def _comment(draft: Draft, slope: Slope) -> ReadComment:
    rows = draft.rows
    area = (
        min(row.left for row in rows),
        min(row.top for row in rows),
        max(row.right for row in rows),
        max(row.bottom for row in rows),
    )
    corners = [
        slope.tilt((x, y))
        for row in rows
        for x in (row.left, row.right)
        for y in (row.top, row.bottom)
    ]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    signs = sum(len(row.text) for row in rows) or 1
    return ReadComment(
        user=draft.user,
        text=draft.text,
        box=(min(xs), min(ys), max(xs), max(ys)),
        confidence=sum(row.confidence * len(row.text) for row in rows) / signs,
        lines=tuple(dict.fromkeys(line for row in rows for line in row.lines)),
        area=area,
    )


def recognize(frame: FrameReading, x: float, y: float) -> Recognition:
    """The comment at a pixel of the image: one, two when it lies between, or nothing."""
    slope = Slope(frame.angle)
    u, v = slope.level((x, y))
    em = frame.layout.em
    taken = {line for comment in frame.comments for line in comment.lines}
    held = [line for line in frame.lines if _holds(level_row(line, slope), u, v)]
    if held and not any(line in taken for line in held):
        return Recognition()
    beside = [c for c in frame.comments if _is_beside(c, u, em)]
    rim = _RIM * em
    inside = [c for c in beside if c.area[1] + rim <= v <= c.area[3] - rim]
    if inside:
        chosen = min(inside, key=lambda c: (_aside(c, u), abs(v - (c.area[1] + c.area[3]) / 2)))
        return Recognition(chosen.user, chosen.text)
    above = max((c for c in beside if c.area[3] - rim < v), key=lambda c: c.area[3], default=None)
    below = min((c for c in beside if c.area[1] + rim > v), key=lambda c: c.area[1], default=None)
    return _between(above, below, v, em, flying=frame.layout.kind == "flying")


def _between(
    above: ReadComment | None, below: ReadComment | None, v: float, em: float, *, flying: bool
) -> Recognition:
    gaps = [
        (gap, comment)
        for gap, comment in (
            (v - above.area[3] + _RIM * em, above) if above else (INFINITE, None),
            (below.area[1] + _RIM * em - v, below) if below else (INFINITE, None),
        )
        if comment is not None
    ]
    gaps.sort(key=lambda pair: pair[0])
    if not gaps:
        return Recognition()
    away, first = gaps[0]
    if len(gaps) == 2:
        whole = away + gaps[1][0]
        if whole < (_LANES if flying else _ADJACENT) * em and away > min(_SURE * em, whole / 4):
            return Recognition(first.user, first.text, (first, gaps[1][1]))
    return Recognition(first.user, first.text) if away <= _ABOVE * em else Recognition()


def _aside(comment: ReadComment, u: float) -> float:
    return max(comment.area[0] - u, u - comment.area[2], 0.0)


def _is_beside(comment: ReadComment, u: float, em: float) -> bool:
    return comment.area[0] - _BESIDE * em <= u <= comment.area[2] + _AFTER * em


def _holds(row: Row, u: float, v: float) -> bool:
    return row.left <= u <= row.right and row.top <= v <= row.bottom
