"""Photos, labels and posters: decoding in a process of its own, OCR, boxes in the file's grid."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from domain.errors import InvalidInput
from domain.evidence import Locator, Passage, Source
from tools.documents.pictures import LONGEST, SHORTEST, Pixels, read_picture
from tools.documents.reading import ReadContext, make_passage
from tools.foreign.boxes import Box
from tools.isolation import run_isolated


def read_photo(source: Source, path: Path, context: ReadContext) -> list[Passage]:
    """A passage for each line of text in a photo (JPEG, PNG, WebP, HEIC, AVIF), in reading order.

    The photo is turned upright by its EXIF orientation, and further where its text says so; boxes
    are in pixels of the file's own grid. Raises LimitExceeded above `image_pixels` (nothing is
    decoded then), InvalidInput for a damaged image and for one without text.
    """
    context.step(source, 0, 1, "pictures")
    photo = _decode(source, path, context)
    passages = [
        make_passage(
            source, line.text, Locator(box=photo.place(line.box)), confidence=line.confidence
        )
        for line in read_picture(photo.pixels, context.ocr())
    ]
    if not passages:
        raise InvalidInput(
            f"No text can be read in {source.file}.",
            hint="Take the photo closer, in better light and in focus, or type its text.",
            details={"file": source.file},
        )
    context.step(source, 1, 1, "pictures")
    return passages


@dataclass(frozen=True, slots=True)
class _Photo:
    """An upright picture and how its pixels lie in the file's grid of `width` x `height`."""

    pixels: Pixels
    orientation: int
    width: int
    height: int

    def place(self, box: Box) -> Box:
        """`box` of the upright picture in the file's grid (EXIF 2.32, Orientation 1-8)."""
        seen_height, seen_width = self.pixels.shape[:2]
        w, h = float(self.width), float(self.height)
        upright_w, upright_h = (h, w) if self.orientation >= 5 else (w, h)
        x0, x1 = (x * upright_w / seen_width for x in (box[0], box[2]))
        y0, y1 = (y * upright_h / seen_height for y in (box[1], box[3]))
        match self.orientation:
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
                turned = (x0, y0, x1, y1)
        left, top, right, bottom = turned
        return (
            round(max(0.0, left), 1),
            round(max(0.0, top), 1),
            round(min(w, right), 1),
            round(min(h, bottom), 1),
        )


def _decode(source: Source, path: Path, context: ReadContext) -> _Photo:
    with TemporaryDirectory(prefix="livecue-") as folder:
        to = Path(folder) / "pixels"
        request: dict[str, Any] = {
            "path": str(path.absolute()),
            "to": str(to),
            "file": source.file,
            "media_type": source.media_type,
            "max_pixels": context.limits.image_pixels,
            "longest": LONGEST,
            "shortest": SHORTEST,
        }
        result = run_isolated(
            "tools.foreign.images:decode_image",
            request,
            file=source.file,
            limits=context.limits,
            cancelled=context.cancelled,
        )
        pixels = np.fromfile(to, dtype=np.uint8)
    return _Photo(
        pixels.reshape(result["seen_height"], result["seen_width"], 3),
        result["orientation"],
        result["width"],
        result["height"],
    )
