"""The text on the screen of a video: frames that differ, read once, lines followed over time."""

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np

from domain.evidence import Source
from tools.documents.pictures import PictureLine, Pixels, read_picture
from tools.documents.reading import ReadContext
from tools.foreign.boxes import Box
from tools.isolation import run_isolated

SAME_LINE = 0.8
"""Share of characters by which two readings are one line: OCR errs in one of ten on bad frames."""

_SURE = 0.75
_SHORT = 4
_SURER = 0.9
_GROWS_FOR = 3.0
_BARE_NUMBER = re.compile(r"[\d:.\s]+")
_TICKS = 4
_MEETS = 0.5


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """A line of text on the screen; `second` and `last` are when it is first and last seen.

    `box` is (x0, y0, x1, y1) in pixels of the video as it is played, turned upright.
    """

    second: float
    last: float
    text: str
    confidence: float
    box: Box
    seen: int = 1


def read_screen(
    source: Source, path: Path, media: dict[str, Any], folder: Path, context: ReadContext
) -> list[ScreenLine]:
    """The lines of text on the screen of the video at `path`, each once, as first seen.

    `media` is what `tools.foreign.media.probe` found. Only frames that differ are read
    (`tools.foreign.frames`). The surest reading of a line is kept; a line that is written letter
    by letter counts when it is whole. Lines that say another number are other lines. A short line
    that was read once, and not surely, is noise; so is a clock or counter that runs in its place.
    `folder` is for files that are deleted with it.
    """
    total = max(1, round(media["seconds"]))

    def tell(_line: dict[str, float]) -> None:
        context.step(source, 0, total, "seconds of picture")

    picked = run_isolated(
        "tools.foreign.frames:pick_frames",
        {
            "path": str(path),
            "file": source.file,
            "folder": str(folder),
            "seconds": media["seconds"],
            "picture": media["picture"],
            "max_frames": context.limits.video_frames,
        },
        file=source.file,
        limits=context.limits,
        cancelled=context.cancelled,
        on_line=tell,
    )
    frames: list[dict[str, Any]] = picked["frames"]
    lines: list[ScreenLine] = []
    for done, frame in enumerate(frames):
        context.step(source, done, len(frames), "frames")
        for line in read_picture(_load(Path(frame["path"])), context.ocr()):
            _follow(lines, _placed(line, frame))
    context.step(source, len(frames), len(frames), "frames")
    return [line for line in lines if not _is_noise(line) and not _ticks(line, lines)]


def letters_of(text: str) -> str:
    """What of a line is compared: letters and digits, in lower case."""
    return re.sub(r"[\W_]+", "", text.lower())


def numbers_of(text: str) -> list[str]:
    """The numbers in a line, as written."""
    return re.findall(r"\d+(?:[.,]\d+)*", text)


def _load(path: Path) -> Pixels:
    from PIL import Image

    with Image.open(path, formats=("JPEG",)) as image:
        return np.ascontiguousarray(np.asarray(image, dtype=np.uint8)[:, :, ::-1])


def _placed(line: PictureLine, frame: dict[str, Any]) -> ScreenLine:
    x0, y0, x1, y1 = (round(side * frame["scale"], 1) for side in line.box)
    second: float = frame["second"]
    return ScreenLine(second, second, line.text, line.confidence, (x0, y0, x1, y1))


def _follow(lines: list[ScreenLine], found: ScreenLine) -> None:
    """Adds a line, or takes it for one that was seen before."""
    for index in range(len(lines) - 1, -1, -1):
        known = lines[index]
        if known.last == found.second and known.seen == 1 and known.second == found.second:
            continue  # in the same frame
        if _is_same(known, found):
            better = found if found.confidence > known.confidence else known
            lines[index] = replace(
                better, second=known.second, last=found.second, seen=known.seen + 1, box=known.box
            )
            return
        if _grew(known, found):
            lines[index] = replace(found, second=known.second, seen=known.seen + 1)
            return
    lines.append(found)


def _is_same(known: ScreenLine, found: ScreenLine) -> bool:
    a, b = letters_of(known.text), letters_of(found.text)
    if not a or not b:
        return known.text == found.text
    if numbers_of(known.text) != numbers_of(found.text):
        return False
    return a == b or (
        min(len(a), len(b)) >= _SHORT and SequenceMatcher(None, a, b).ratio() >= SAME_LINE
    )


def _grew(known: ScreenLine, found: ScreenLine) -> bool:
    """Whether the line is written out while one looks on."""
    a, b = letters_of(known.text), letters_of(found.text)
    return (
        found.second - known.last <= _GROWS_FOR
        and len(a) < len(b)
        and b.startswith(a)
        and _overlap(known.box, found.box) >= _MEETS
    )


def _overlap(a: Box, b: Box) -> float:
    """Share of the smaller box that the other covers."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / min((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))


def _is_noise(line: ScreenLine) -> bool:
    letters = letters_of(line.text)
    if len(letters) < 2 and not letters.isdigit():
        return True
    needed = _SURER if letters.isascii() and letters.isalpha() and len(letters) < 3 else _SURE
    return line.seen == 1 and line.confidence < needed and len(letters) <= _SHORT


def _ticks(line: ScreenLine, lines: list[ScreenLine]) -> bool:
    """Whether bare numbers follow one another in the line's place."""
    if not _BARE_NUMBER.fullmatch(line.text):
        return False
    others = (one for one in lines if _BARE_NUMBER.fullmatch(one.text))
    return sum(_overlap(one.box, line.box) >= _MEETS for one in others) >= _TICKS
