"""OCR: PP-OCRv6 small (detector, direction classifier, recogniser) on ONNX Runtime."""

import queue
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.errors import InvalidInput, ModelUnavailable
from domain.settings import Settings
from models.lazy import Lazy

Box = tuple[float, float, float, float]
Point = tuple[float, float]
Image = NDArray[np.uint8]

MAX_SIDE = 2000
"""Longest side in pixels that the detector sees: RapidOCR's own `max_side_len`."""

_DETECTOR_SIDE = 736
_LEAST_SIDE = 160
_SMALL = 20  # height in pixels; larger crops gained nothing by being cut in full size
_TALL = 1.5  # RapidOCR's own, in `get_rotate_crop_image`
_THIN = 0.5
_MIN_CONFIDENCE = 0.5
_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
}


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A line of text on an image.

    `box` is `(x0, y0, x1, y1)` and `quad` the four corners from the top left clockwise, both in
    pixels of the image as it was given, origin at the top left. `confidence` is the recogniser's
    mean character probability, 0.5-1. `turn` is by how many degrees the line is turned clockwise
    from upright: 0, 90, 180 or 270.
    """

    text: str
    confidence: float
    box: Box
    quad: tuple[Point, Point, Point, Point]
    turn: int = 0


class OcrReader:
    """Reads lines of text; loaded at the first call, safe to call from several threads.

    `engines` is how many images are read at once, each with `threads` threads.
    """

    name = "PP-OCRv6-small"

    def __init__(self, *, threads: int = 1, engines: int = 1) -> None:
        self._idle: queue.Queue[Lazy[Any]] = queue.Queue()
        for _ in range(engines):
            self._idle.put(Lazy(lambda: _load_engine(threads)))

    def read(
        self, image: Image, *, upright: bool = False, within: Box | None = None
    ) -> list[OcrLine]:
        """The lines of a BGR image of shape `(height, width, 3)`, in reading order.

        An image larger than `MAX_SIDE` is scaled down for the detector, not for the recogniser;
        places are in pixels of the original all the same. A line is read whichever way it is
        turned, unless the image is known to be `upright`: the direction classifier takes some short
        lines for upside down. Only what stands `within` a part of the image is read, if one is
        given, at the scale at which all of it would be.
        """
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
            raise InvalidInput(
                f"OCR takes 8-bit BGR images of shape (height, width, 3), not {image.dtype} "
                f"{image.shape}",
                hint="decode the image in colour",
            )
        with self._engine() as engine:
            if within is None:
                lines = _read_lines(engine, image, upright=upright)
            else:
                lines = _read_part(engine, image, within, upright=upright)
        return _in_reading_order(lines)

    @contextmanager
    def _engine(self) -> Generator[Any]:
        engine = self._idle.get()
        try:
            yield engine.get()
        finally:
            self._idle.put(engine)


class _View(NamedTuple):
    pixels: Image
    scale_x: float
    scale_y: float


def _fit(image: Image) -> _View:
    """Scale down what is large; pad what is thin.

    The detector scales an image up until its shorter side has 736 pixels, so that a thin band
    would cost more than the whole frame.
    """
    import cv2

    height, width = image.shape[:2]
    scale = min(1.0, MAX_SIDE / max(height, width))
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    seen_height, seen_width = image.shape[:2]
    longest = max(seen_height, seen_width)
    if min(seen_height, seen_width) < _THIN * longest:
        least = min(_DETECTOR_SIDE, longest)
        down, right = max(0, least - seen_height), max(0, least - seen_width)
        ground = [float(value) for value in np.median(image, axis=(0, 1))]
        padded = cv2.copyMakeBorder(image, 0, down, 0, right, cv2.BORDER_CONSTANT, value=ground)
        image = np.asarray(padded, dtype=np.uint8)
    return _View(np.ascontiguousarray(image), width / seen_width, height / seen_height)


def _read_lines(engine: Any, image: Image, *, upright: bool) -> list[OcrLine]:  # noqa: ANN401
    """RapidOCR's three steps, with the recogniser's crops cut from the image in full size."""
    from rapidocr.main import RapidOCRError
    from rapidocr.utils.process_img import map_boxes_to_original

    view = _fit(image)
    seen, changes = engine.preprocess_img(view.pixels)
    try:
        crops, found = engine.detect_and_crop(seen, changes)
    except RapidOCRError:  # its way to say that there is no text
        return []
    corners = map_boxes_to_original(found.boxes, changes, *view.pixels.shape[:2])
    height, width = image.shape[:2]
    quads = np.clip(corners * (view.scale_x, view.scale_y), 0, (width, height)).astype(np.float32)
    if max(view.scale_x, view.scale_y) > 1:
        crops = [_cut(image, quad, crop) for quad, crop in zip(quads, crops, strict=True)]
    is_reversed = [False] * len(crops)
    if not upright:
        crops, directions = engine.cls_and_rotate(crops)
        threshold = engine.text_cls.cls_thresh
        is_reversed = [label == "180" and sure > threshold for label, sure in directions.cls_res]
    texts = engine.recognize_txt(crops)
    return [
        _line(text.strip(), float(score), quad, _turn(quad, turned))
        for text, score, quad, turned in zip(
            texts.txts, texts.scores, quads, is_reversed, strict=True
        )
        if text.strip() and score >= _MIN_CONFIDENCE
    ]


def _read_part(engine: Any, image: Image, part: Box, *, upright: bool) -> list[OcrLine]:  # noqa: ANN401
    """The lines of a part; their places are those on the whole image."""
    height, width = image.shape[:2]
    x0, y0 = max(0, int(part[0])), max(0, int(part[1]))
    x1, y1 = min(width, round(part[2])), min(height, round(part[3]))
    if x1 <= x0 or y1 <= y0:
        return []
    piece = np.ascontiguousarray(image[y0:y1, x0:x1])
    usual = engine.text_det.limit_side_len
    share = min(piece.shape[:2]) / min(height, width)
    engine.text_det.limit_side_len = max(_LEAST_SIDE, round(usual * share))
    try:
        lines = _read_lines(engine, piece, upright=upright)
    finally:
        engine.text_det.limit_side_len = usual
    return [_moved(line, x0, y0) for line in lines]


def _moved(line: OcrLine, right: int, down: int) -> OcrLine:
    x0, y0, x1, y1 = line.box
    a, b, c, d = ((x + right, y + down) for x, y in line.quad)
    box = (x0 + right, y0 + down, x1 + right, y1 + down)
    return replace(line, box=box, quad=(a, b, c, d))


def _cut(image: Image, quad: NDArray[np.float32], crop: Image) -> Image:
    """The crop of `quad` from the whole image, where that shows more than the scaled `crop`."""
    from rapidocr.utils.process_img import get_rotate_crop_image

    sides = np.linalg.norm(quad - np.roll(quad, -1, axis=0), axis=1)
    if min(crop.shape[:2]) >= _SMALL or sides.min() < 1:
        return crop
    return np.asarray(get_rotate_crop_image(image, quad.copy()), dtype=np.uint8)


def _turn(quad: NDArray[np.float32], reversed_: bool) -> int:
    """RapidOCR turns what is tall anticlockwise, then what is upside down by 180 degrees."""
    across = max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[2] - quad[3]))
    down = max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2]))
    return (90 if int(down) >= _TALL * int(across) else 0) + (180 if reversed_ else 0)


def _line(text: str, confidence: float, corners: NDArray[np.float32], turn: int) -> OcrLine:
    quad = [(float(x), float(y)) for x, y in corners]
    xs, ys = [x for x, _ in quad], [y for _, y in quad]
    return OcrLine(
        text=text,
        confidence=confidence,
        box=(min(xs), min(ys), max(xs), max(ys)),
        quad=(quad[0], quad[1], quad[2], quad[3]),
        turn=turn,
    )


def _in_reading_order(lines: Sequence[OcrLine]) -> list[OcrLine]:
    """Rows from the top, each from the left; a line is in a row when its middle lies within it."""
    rows: list[list[OcrLine]] = []
    for line in sorted(lines, key=lambda one: one.box[1] + one.box[3]):
        middle = (line.box[1] + line.box[3]) / 2
        if rows and rows[-1][0].box[1] <= middle <= rows[-1][0].box[3]:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda one: one.box[0])]


def bundled_models() -> dict[str, Path]:
    """The ONNX files inside the `rapidocr` package, by the role that it gives them."""
    package = find_spec("rapidocr")
    if package is None or package.origin is None:
        raise ModelUnavailable("the rapidocr package is not installed", hint="run `make run` again")
    folder = Path(package.origin).parent / "models"
    missing = [name for name in _MODELS.values() if not (folder / name).is_file()]
    if missing:
        raise ModelUnavailable(
            f"the rapidocr package lacks {', '.join(missing)}", hint="install rapidocr 3.10"
        )
    return {role: folder / name for role, name in _MODELS.items()}


def _load_engine(threads: int) -> Any:  # noqa: ANN401
    from rapidocr import RapidOCR

    params: dict[str, object] = {
        "Global.log_level": "critical",
        "Global.text_score": _MIN_CONFIDENCE,
        "Global.max_side_len": 2 * MAX_SIDE,
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    params |= {f"{role}.model_path": str(path) for role, path in bundled_models().items()}
    return RapidOCR(params=params)


def load_ocr(settings: Settings) -> OcrReader:
    """The OCR reader that the settings ask for; nothing is loaded before its first call."""
    return OcrReader(threads=settings.threads.ocr)
