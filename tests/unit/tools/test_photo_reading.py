from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from domain.errors import InvalidInput, LimitExceeded
from domain.evidence import Source
from domain.settings import Limits
from tools.documents import DocumentReader
from tools.ocr import Box, read_photo

WIDTH, HEIGHT = 60, 40
MARK: Box = (10, 4, 22, 9)
ORIENTATION = 0x0112


@dataclass(frozen=True)
class Line:
    text: str
    box: Box
    confidence: float = 0.9


@dataclass
class FindsDark:
    """Reads one line: the dark rectangle in the picture that it is shown."""

    shown: list[tuple[int, ...]] = field(default_factory=list[tuple[int, ...]])

    def read(self, image: NDArray[np.uint8], /) -> list[Line]:
        self.shown.append(image.shape)
        rows, columns = np.nonzero(image[:, :, 0] < 128)
        box = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        return [Line("mark", tuple(float(side) for side in box))]  # type: ignore[arg-type]


@dataclass
class Says:
    lines: list[Line]

    def read(self, image: NDArray[np.uint8], /) -> list[Line]:
        return self.lines


def photo(path: Path, orientation: int | None = None, mode: str = "RGB") -> Path:
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    left, top, right, bottom = (int(side) for side in MARK)
    image.paste((0, 0, 0), (left, top, right, bottom))
    exif = Image.Exif()
    if orientation is not None:
        exif[ORIENTATION] = orientation
    image.convert(mode).save(path, exif=exif)
    return path


@pytest.mark.parametrize("orientation", [None, 1, 2, 3, 4, 5, 6, 7, 8])
def test_boxes_are_in_pixels_of_the_file_whatever_exif_says(
    tmp_path: Path, orientation: int | None
) -> None:
    reader = FindsDark()
    path = photo(tmp_path / "label.png", orientation)
    lines = read_photo(path, reader, max_pixels=10_000)
    assert lines[0].box == MARK
    turned = orientation in (5, 6, 7, 8)
    assert reader.shown == [(WIDTH, HEIGHT, 3) if turned else (HEIGHT, WIDTH, 3)]


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "1", "LA"])
def test_every_colour_mode_is_read(tmp_path: Path, mode: str) -> None:
    path = photo(tmp_path / "label.png", mode=mode)
    assert read_photo(path, FindsDark(), max_pixels=10_000)[0].box == MARK


def test_too_many_pixels_are_refused_before_decoding(tmp_path: Path) -> None:
    path = photo(tmp_path / "big.png")
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(LimitExceeded, match=r"big\.png") as caught:
        read_photo(path, FindsDark(), max_pixels=WIDTH * HEIGHT - 1)
    assert "LIVECUE_LIMITS__IMAGE_PIXELS" in caught.value.hint


@pytest.mark.parametrize("keep", [20, 90])
def test_a_damaged_photo_is_named(tmp_path: Path, keep: int) -> None:
    path = photo(tmp_path / "torn.png")
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(InvalidInput, match=r"torn\.png is no readable image"):
        read_photo(path, FindsDark(), max_pixels=10_000)


def test_lines_come_in_reading_order_and_parts_of_a_line_together(tmp_path: Path) -> None:
    reader = Says(
        [
            Line("350 g", (120, 52, 160, 72)),
            Line("Care", (300, 50, 340, 70)),
            Line("Mug", (10, 10, 60, 30)),
            Line("Weight:", (10, 50, 70, 70), confidence=0.8),
            Line("smudge", (10, 90, 60, 110), confidence=0.3),
        ]
    )
    lines = read_photo(photo(tmp_path / "l.png"), reader, max_pixels=10_000)
    assert [line.text for line in lines] == ["Mug", "Weight: 350 g", "Care"]
    assert lines[1].confidence == 0.8


def test_a_photo_without_text_is_a_clear_error(tmp_path: Path) -> None:
    path = photo(tmp_path / "wall.png")
    source = Source(
        source_id="s", file="wall.png", kind="image", media_type="image/png", blob="0", size=1
    )
    reader = DocumentReader(Limits(), lambda: Says([]))
    with pytest.raises(InvalidInput, match=r"No text can be read in wall\.png"):
        reader.read(source, path)
