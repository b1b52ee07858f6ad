"""Reading the text off a photo: safe opening, upright turning, reading order, exact boxes."""

from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Protocol

import numpy as np

from domain.errors import InvalidInput, LimitExceeded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PIL.Image import Image

Box = tuple[float, float, float, float]

MIN_CONFIDENCE = 0.5
"""RapidOCR's own default for `text_score`: below it a line is noise more often than text."""

_ORIENTATION = 0x0112  # EXIF 2.32, tag Orientation
_SAME_ROW = 0.5  # share of the lower height by which two boxes must overlap to stand in one row
_WORD_GAP = 1.2  # in line heights; a wider gap parts two columns


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

    def read(self, image: "NDArray[np.uint8]", /) -> "Sequence[RecognizedLine]":
        """Every line of text in `image`."""
        ...


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """A line of text in a photo.

    `box` is (x0, y0, x1, y1) in pixels of the file's own grid, before EXIF turns it upright.
    """

    text: str
    confidence: float
    box: Box


@dataclass(frozen=True, slots=True)
class _Picture:
    pixels: "NDArray[np.uint8]"
    orientation: int
    width: int
    height: int


def read_photo(
    path: Path, reader: LineReader, *, file: str | None = None, max_pixels: int
) -> list[PhotoLine]:
    """The lines of text in the photo at `path`, in reading order.

    The photo is turned upright by its EXIF orientation before it is read; boxes are turned back.
    Parts of one printed line are joined. `file` is the name that errors use. Raises LimitExceeded
    above `max_pixels` (nothing is decoded then) and InvalidInput for a damaged image.
    """
    picture = _open(path, file or path.name, max_pixels)
    lines = [
        PhotoLine(" ".join(line.text.split()), float(line.confidence), line.box)
        for line in reader.read(picture.pixels)
        if line.text.strip() and line.confidence >= MIN_CONFIDENCE
    ]
    return [
        PhotoLine(line.text, line.confidence, _turn_back(line.box, picture))
        for row in _rows(lines)
        for line in _join(row)
    ]


def _open(path: Path, file: str, max_pixels: int) -> _Picture:
    from PIL import Image, ImageOps, UnidentifiedImageError

    too_large = LimitExceeded(
        f"{file} has more than {max_pixels:,} pixels.",
        hint="Scale it down, or raise LIVECUE_LIMITS__IMAGE_PIXELS.",
        details={"file": file},
    )
    try:
        with Image.open(path, formats=("JPEG", "PNG", "WEBP")) as image:
            width, height = image.size
            if width * height > max_pixels:
                raise too_large
            image.load()
            orientation = int(image.getexif().get(_ORIENTATION, 1))
            upright = ImageOps.exif_transpose(image)
            pixels = np.asarray(_flatten(upright), dtype=np.uint8)[:, :, ::-1]
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise InvalidInput(
            f"{file} is no readable image: {error}.",
            hint="Open it in a viewer, save it anew as JPEG or PNG, and try again.",
            details={"file": file},
        ) from error
    return _Picture(np.ascontiguousarray(pixels), orientation, width, height)


def _flatten(image: "Image") -> "Image":
    """RGB on white, so that text on a transparent ground can be read."""
    from PIL import Image

    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    rgba = image.convert("RGBA")
    ground = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
    return Image.alpha_composite(ground, rgba).convert("RGB")


def _turn_back(box: Box, picture: _Picture) -> Box:
    """`box` of the upright picture in the pixel grid of the file (EXIF 2.32, Orientation 1-8)."""
    x0, y0, x1, y1 = box
    w, h = float(picture.width), float(picture.height)
    match picture.orientation:
        case 2:
            turned = (w - x1, y0, w - x0, y1)
        case 3:
            turned = (w - x1, h - y1, w - x0, h - y0)
        case 4:
            turned = (x0, h - y1, x1, h - y0)
        case 5:
            turned = (y0, x0, y1, x1)
        case 6:
            turned = (y0, h - x1, y1, h - x0)
        case 7:
            turned = (w - y1, h - x1, w - y0, h - x0)
        case 8:
            turned = (w - y1, x0, w - y0, x1)
        case _:
            turned = box
    left, top, right, bottom = turned
    return (
        round(max(0.0, left), 1),
        round(max(0.0, top), 1),
        round(min(w, right), 1),
        round(min(h, bottom), 1),
    )


def _rows(lines: list[PhotoLine]) -> list[list[PhotoLine]]:
    """Lines that stand side by side, from top to bottom, each row from left to right.

    A photo taken at an angle tilts its rows, so a line is compared with its nearest neighbour in
    the row and not with the row's first box.
    """
    rows: list[list[PhotoLine]] = []
    for line in sorted(lines, key=lambda item: item.box[1] + item.box[3]):
        row = next((row for row in rows if any(_beside(line, other) for other in row)), None)
        if row is None:
            rows.append([line])
        else:
            row.append(line)
    rows.sort(key=lambda row: median(line.box[1] + line.box[3] for line in row))
    return [sorted(row, key=lambda line: line.box[0]) for row in rows]


def _beside(a: PhotoLine, b: PhotoLine) -> bool:
    overlap = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
    lower = min(a.box[3] - a.box[1], b.box[3] - b.box[1])
    apart = a.box[2] <= b.box[0] + lower / 2 or b.box[2] <= a.box[0] + lower / 2
    return apart and overlap >= _SAME_ROW * lower


def _join(row: list[PhotoLine]) -> list[PhotoLine]:
    """The parts of one printed line as one: a small gap, or a label waiting for its value."""
    joined: list[PhotoLine] = []
    for line in row:
        last = joined[-1] if joined else None
        height = line.box[3] - line.box[1]
        if last and (
            line.box[0] - last.box[2] <= _WORD_GAP * height or last.text.endswith((":", "："))
        ):
            joined[-1] = PhotoLine(
                f"{last.text} {line.text}",
                min(last.confidence, line.confidence),
                (
                    min(last.box[0], line.box[0]),
                    min(last.box[1], line.box[1]),
                    max(last.box[2], line.box[2]),
                    max(last.box[3], line.box[3]),
                ),
            )
        else:
            joined.append(line)
    return joined
