"""The straight lines that a PDF's page draws, as borders of tables; in the isolated process."""

import ctypes
import importlib
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Any

from tools.foreign.boxes import Box
from tools.foreign.pdf_text import Shown

_OBJECTS, _SEGMENTS, _RULES = 20_000, 2_000, 4_000  # looked at on one page: art has more
_SHORTEST = 6.0  # points
_STRAIGHT = 0.5  # points off the axis
_HAIR = 2.5  # points; a filled box no wider is a rule


def read_rules(page: Any) -> list[Box]:  # noqa: ANN401
    """Level and upright rules and edges of boxes as lines of no width, on the page as shown."""
    pdfium: Any = importlib.import_module("pypdfium2.raw")
    show = Shown(page)
    rules: list[Box] = []
    for thing in islice(page.get_objects(max_depth=1), _OBJECTS):
        if thing.type == pdfium.FPDF_PAGEOBJ_PATH:
            rules += _rules_of(pdfium, thing, show)
        if len(rules) > _RULES:
            return []
    return rules


def _rules_of(pdfium: Any, path: Any, show: Shown) -> Iterator[Box]:  # noqa: ANN401
    left, bottom, right, top = path.get_bounds()
    x0, y0, x1, y1 = show(left, top, right, bottom)
    if y1 - y0 <= _HAIR or x1 - x0 <= _HAIR:
        yield from _rule(x0, y0, x1, y1)
        return
    count = pdfium.FPDFPath_CountSegments(path)
    if not 0 < count <= _SEGMENTS:
        return
    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    start: tuple[float, float] | None = None
    points: list[tuple[tuple[float, float], bool]] = []
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        place = matrix.on_point(x.value, y.value)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = place
        points.append((place, kind == pdfium.FPDF_SEGMENT_LINETO))
        if start is not None and pdfium.FPDFPathSegment_GetClose(segment):
            points.append((start, True))
    for (a, _), (b, drawn) in pairwise(points):
        if drawn:
            yield from _rule(*show(a[0], a[1], b[0], b[1]))


def _rule(x0: float, y0: float, x1: float, y1: float) -> Iterator[Box]:
    """The line in the middle of a thin box, when it is level or upright and not too short."""
    wide, high = x1 - x0, y1 - y0
    if wide >= _SHORTEST and high <= max(_STRAIGHT, _HAIR * (wide > 4 * high)):
        y = round((y0 + y1) / 2, 1)
        yield (round(x0, 1), y, round(x1, 1), y)
    elif high >= _SHORTEST and wide <= max(_STRAIGHT, _HAIR * (high > 4 * wide)):
        x = round((x0 + x1) / 2, 1)
        yield (x, round(y0, 1), x, round(y1, 1))
