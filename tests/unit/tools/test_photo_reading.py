from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from domain.errors import InvalidInput, JobCancelled, LimitExceeded
from domain.evidence import Passage, Source
from domain.settings import MIB, Limits
from models.asr import Transcriber
from models.ocr import OcrLine, OcrReader
from tests.fakes.heics import write_heic
from tools.documents.photos import read_photo
from tools.documents.pictures import LineReader, read_picture
from tools.documents.reading import ReadContext

Box = tuple[float, float, float, float]

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
        if not len(rows):
            return []
        box = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        return [Line("mark", tuple(float(side) for side in box))]  # type: ignore[arg-type]


@dataclass
class Says:
    lines: list[Line]

    def read(self, image: NDArray[np.uint8], /) -> list[Line]:
        return self.lines


@dataclass
class Turned:
    """Knows which way the text lies: `up` once the picture is as wide as `width`, else turned."""

    width: int
    turn: int
    surer: float = 0.95

    def read(self, image: NDArray[np.uint8], /) -> list[OcrLine]:
        upright = image.shape[1] == self.width
        box = (10.0, 20.0, 110.0, 40.0) if upright else (20.0, 10.0, 40.0, 110.0)
        corner = (0.0, 0.0)
        corners = (corner, corner, corner, corner)
        sure = self.surer if upright else 0.9
        return [OcrLine("Kiln Mug", sure, box, corners, 0 if upright else self.turn)]


def no_speech() -> Transcriber:
    raise AssertionError("a photo does not speak")


def read(path: Path, reader: LineReader, **options: object) -> list[Passage]:
    limits = options.pop("limits", Limits())
    assert isinstance(limits, Limits)
    kinds = {".jpg": "jpeg", ".png": "png", ".webp": "webp", ".heic": "heic", ".avif": "avif"}
    source = Source(
        source_id="s",
        file=path.name,
        kind="image",
        media_type=f"image/{kinds[path.suffix]}",
        blob="0",
        size=1,
    )
    context = ReadContext(limits=limits, ocr=lambda: reader, transcriber=no_speech)
    return read_photo(source, path, context)


def photo(path: Path, orientation: int | None = None, mode: str = "RGB") -> Path:
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    left, top, right, bottom = (int(side) for side in MARK)
    image.paste((0, 0, 0), (left, top, right, bottom))
    exif = Image.Exif()
    if orientation is not None:
        exif[ORIENTATION] = orientation
    image.convert(mode).save(path, exif=exif)
    return path


def blank(size: tuple[int, int] = (WIDTH, HEIGHT)) -> NDArray[np.uint8]:
    return np.full((size[1], size[0], 3), 255, np.uint8)


def texts(lines: list[Line]) -> list[str]:
    return [line.text for line in read_picture(blank(), Says(lines))]


def grid(columns: list[tuple[int, list[str]]], *, pitch: int = 40, wide: int = 9) -> list[Line]:
    return [
        Line(text, (x, 50 + row * pitch, x + wide * len(text), 70 + row * pitch))
        for x, column in columns
        for row, text in enumerate(column)
        if text
    ]


@pytest.mark.parametrize("orientation", [None, 1, 2, 3, 4, 5, 6, 7, 8])
def test_boxes_are_in_pixels_of_the_file_whatever_exif_says(
    tmp_path: Path, orientation: int | None
) -> None:
    reader = FindsDark()
    (passage,) = read(photo(tmp_path / "label.png", orientation), reader)
    assert passage.locator.box == MARK
    turned = orientation in (5, 6, 7, 8)
    assert reader.shown == [(WIDTH, HEIGHT, 3) if turned else (HEIGHT, WIDTH, 3)]


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "1", "LA"])
def test_every_colour_mode_is_read(tmp_path: Path, mode: str) -> None:
    (passage,) = read(photo(tmp_path / "label.png", mode=mode), FindsDark())
    assert passage.locator.box == MARK


def test_sixteen_bits_are_read_as_grey(tmp_path: Path) -> None:
    grey = np.full((HEIGHT, WIDTH), 50_000, np.uint16)
    left, top, right, bottom = (int(side) for side in MARK)
    grey[top:bottom, left:right] = 3_000
    Image.fromarray(grey).save(tmp_path / "deep.png")
    (passage,) = read(tmp_path / "deep.png", FindsDark())
    assert passage.locator.box == MARK


@pytest.mark.parametrize("suffix", [".png", ".webp"])
def test_of_an_animation_the_first_picture_is_read(tmp_path: Path, suffix: str) -> None:
    first = Image.open(photo(tmp_path / "first.png"))
    path = tmp_path / f"moving{suffix}"
    others = [Image.new("RGB", (WIDTH, HEIGHT), "white")] * 2
    first.save(path, save_all=True, append_images=others, lossless=True)
    (passage,) = read(path, FindsDark())
    assert passage.locator.box == MARK


@pytest.mark.parametrize("turns", [0, 1])
def test_heic_is_read_as_its_file_wants_it_shown(tmp_path: Path, turns: int) -> None:
    image = Image.new("RGB", (320, 200), "white")
    image.paste((0, 0, 0), (50, 20, 110, 44))
    path = tmp_path / "phone.heic"
    path.write_bytes(write_heic(image, turns=turns))
    (passage,) = read(path, FindsDark())
    expected = (50, 20, 110, 44) if not turns else (20, 210, 44, 270)
    assert passage.locator.box == pytest.approx(expected, abs=2)


def test_avif_is_read(tmp_path: Path) -> None:
    image = Image.new("RGB", (320, 200), "white")
    image.paste((0, 0, 0), (50, 20, 110, 44))
    image.save(tmp_path / "shop.avif")
    (passage,) = read(tmp_path / "shop.avif", FindsDark())
    assert passage.locator.box == pytest.approx((50, 20, 110, 44), abs=2)


def test_boxes_of_a_photo_that_was_scaled_down_are_the_files(tmp_path: Path) -> None:
    image = Image.new("L", (6000, 5000), "white")
    image.paste(0, (600, 1200, 1500, 1300))
    image.save(tmp_path / "big.png")
    reader = FindsDark()
    (passage,) = read(tmp_path / "big.png", reader)
    assert reader.shown == [(3333, 4000, 3)]
    assert passage.locator.box == pytest.approx((600, 1200, 1500, 1300), abs=2)


def test_too_many_pixels_are_refused_before_decoding(tmp_path: Path) -> None:
    path = photo(tmp_path / "big.png")
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(LimitExceeded, match=r"big\.png") as caught:
        read(path, FindsDark(), limits=Limits(image_pixels=WIDTH * HEIGHT - 1))
    assert "LIVECUE_LIMITS__IMAGE_PIXELS" in caught.value.hint


def test_a_picture_that_bursts_the_memory_takes_nothing_along(tmp_path: Path) -> None:
    Image.new("1", (11_000, 11_000)).save(tmp_path / "bomb.png")
    limits = Limits(image_pixels=200_000_000, reader_memory=256 * MIB)
    with pytest.raises(LimitExceeded, match=r"bomb\.png") as caught:
        read(tmp_path / "bomb.png", FindsDark(), limits=limits)
    assert "LIVECUE_LIMITS__READER_MEMORY" in caught.value.hint


@pytest.mark.parametrize("keep", [20, 90])
def test_a_damaged_photo_is_named(tmp_path: Path, keep: int) -> None:
    path = photo(tmp_path / "torn.png")
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(InvalidInput, match=r"torn\.png is no readable image"):
        read(path, FindsDark())


@pytest.mark.parametrize("keep", [40, 300, -20])
def test_a_damaged_heic_is_named(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "torn.heic"
    path.write_bytes(write_heic(Image.new("RGB", (320, 200), "white"))[:keep])
    with pytest.raises(InvalidInput, match=r"torn\.heic is no readable image"):
        read(path, FindsDark())


def test_what_says_it_is_a_photo_and_is_another_is_named(tmp_path: Path) -> None:
    path = tmp_path / "label.jpg"
    photo(tmp_path / "label.png").rename(path)
    with pytest.raises(InvalidInput, match=r"label\.jpg is no readable image") as caught:
        read(path, FindsDark())
    assert str(tmp_path) not in caught.value.message


def test_a_photo_without_text_is_a_clear_error(tmp_path: Path) -> None:
    path = photo(tmp_path / "wall.png")
    with pytest.raises(InvalidInput, match=r"No text can be read in wall\.png"):
        read(path, Says([]))


def test_a_cancelled_reading_stops(tmp_path: Path) -> None:
    source = Source(
        source_id="s", file="a.png", kind="image", media_type="image/png", blob="0", size=1
    )
    context = ReadContext(
        limits=Limits(), ocr=FindsDark, transcriber=no_speech, cancelled=lambda: True
    )
    with pytest.raises(JobCancelled, match=r"a\.png"):
        read_photo(source, photo(tmp_path / "a.png"), context)


def test_lines_come_in_reading_order_and_parts_of_a_line_together() -> None:
    lines = read_picture(
        blank(),
        Says(
            [
                Line("350 g", (120, 52, 160, 72)),
                Line("Care", (300, 50, 340, 70)),
                Line("Mug", (10, 10, 60, 30)),
                Line("Weight:", (10, 50, 70, 70), confidence=0.8),
                Line("smudge", (10, 90, 60, 110), confidence=0.3),
            ]
        ),
    )
    assert [line.text for line in lines] == ["Mug", "Weight: 350 g", "Care"]
    assert lines[1].confidence == 0.8


def test_a_row_of_a_table_is_one_line() -> None:
    table = grid(
        [
            (20, ["", "Energy", "Fat", "Salt"]),
            (300, ["per 100 g", "1046 kJ", "3.5 g", "0.8 g"]),
            (500, ["per serving", "314 kJ", "1.1 g", "0.2 g"]),
        ]
    )
    assert texts([Line("Nutrition", (20, 5, 120, 30)), *table]) == [
        "Nutrition",
        "per 100 g  per serving",
        "Energy  1046 kJ  314 kJ",
        "Fat  3.5 g  1.1 g",
        "Salt  0.8 g  0.2 g",
    ]


def test_labels_and_values_without_colons_are_rows() -> None:
    table = grid([(20, ["品名", "材质", "颜色"]), (500, ["保温杯", "316不锈钢", "雾蓝"])], wide=20)
    assert texts(table) == ["品名  保温杯", "材质  316不锈钢", "颜色  雾蓝"]


def test_columns_of_prose_are_not_read_across() -> None:
    left = ["Apply a small amount to", "clean skin at night and", "massage gently until dry."]
    right = [
        "Ingredients: aqua, oil of",
        "roses, glycerin, a drop of",
        "parfum, xanthan gum and salt.",
    ]
    assert texts(grid([(20, left), (400, right)], pitch=22)) == [" ".join(left), " ".join(right)]


def test_columns_of_labels_with_values_are_not_read_across() -> None:
    left = ["Weight: 350 g", "Height: 9 cm"]
    right = ["Care: by hand", "Made in: Porto"]
    assert texts(grid([(20, left), (400, right)])) == [*left, *right]


def test_a_tilted_table_keeps_its_rows() -> None:
    table = grid([(20, ["Weight", "Height", "Depth"]), (500, ["350 g", "9 cm", "8 cm"])])
    tilted = [
        Line(
            line.text,
            (
                line.box[0],
                line.box[1] + line.box[0] / 50,
                line.box[2],
                line.box[3] + line.box[0] / 50,
            ),
        )
        for line in table
    ]
    assert texts(tilted) == ["Weight  350 g", "Height  9 cm", "Depth  8 cm"]


@pytest.mark.parametrize(
    ("turn", "expected"), [(90, (160, 10, 180, 110)), (270, (20, 190, 40, 290))]
)
def test_a_picture_on_its_side_is_read_upright(turn: int, expected: Box) -> None:
    """Upright the picture is 300 x 200 pixels and its text at (10, 20, 110, 40)."""
    (line,) = read_picture(blank((200, 300)), Turned(width=300, turn=turn))
    assert line.confidence == 0.95
    assert line.box == expected


def test_the_first_reading_stays_where_turning_makes_it_worse() -> None:
    (line,) = read_picture(blank((200, 300)), Turned(width=300, turn=90, surer=0.6))
    assert line.confidence == 0.9


def test_a_long_strip_is_read_in_parts_and_no_line_is_cut() -> None:
    strip = blank((400, 9000))
    marks = [(y, y + 30) for y in range(20, 8960, 45)]
    for top, bottom in marks:
        strip[top:bottom, 40:200:2] = 0

    class FindsBands:
        def read(self, image: NDArray[np.uint8], /) -> list[Line]:
            assert image.shape[0] <= 2000
            dark = np.append((image[:, 40, 0] < 128).astype(int), 0)
            starts = np.flatnonzero(np.diff(dark, prepend=0) == 1)
            ends = np.flatnonzero(np.diff(dark, prepend=0) == -1)
            return [
                Line("Band", (40, float(top), 200, float(bottom)))
                for top, bottom in zip(starts, ends, strict=True)
            ]

    lines = read_picture(strip, FindsBands())
    assert [(line.box[1], line.box[3]) for line in lines] == marks


@pytest.fixture(scope="module")
def ocr() -> OcrReader:
    return OcrReader(threads=2)


def draw(size: tuple[int, int], lines: list[tuple[int, int, str, int]]) -> Image.Image:
    image = Image.new("RGB", size, (240, 236, 228))
    for x, y, text, height in lines:
        ImageDraw.Draw(image).text(
            (x, y), text, fill=(30, 30, 40), font=ImageFont.load_default(height)
        )
    return image


LABEL = [
    (60, 40, "Kiln Mug", 56),
    (60, 140, "Weight", 30),
    (560, 140, "390 g", 30),
    (60, 200, "Height", 30),
    (560, 200, "9.5 cm", 30),
    (60, 260, "Material", 30),
    (560, 260, "Stoneware", 30),
]


@pytest.mark.models
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_label_is_read_whichever_way_it_was_held(
    tmp_path: Path, ocr: OcrReader, turn: int
) -> None:
    path = tmp_path / "label.jpg"
    draw((900, 600), LABEL).rotate(turn, expand=True).save(path, quality=90)
    passages = read(path, ocr)
    assert [passage.text for passage in passages] == [
        "Kiln Mug",
        "Weight  390 g",
        "Height  9.5 cm",
        "Material  Stoneware",
    ]
    x0, y0, x1, y1 = passages[1].locator.box or (0, 0, 0, 0)
    centre = {0: (350, 157), 90: (157, 550), 180: (550, 443), 270: (443, 350)}[turn]
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx(centre, abs=25)


@pytest.mark.models
def test_small_print_on_a_large_photo_is_read(tmp_path: Path, ocr: OcrReader) -> None:
    small = "Ingredients: water, glycerin 12.5%, niacinamide"
    path = tmp_path / "box.jpg"
    draw((4000, 3000), [(300, 200, "CALM SERUM", 160), (300, 1500, small, 20)]).save(path)
    assert [passage.text for passage in read(path, ocr)] == ["CALM SERUM", small]


@pytest.mark.models
def test_a_very_small_picture_is_read(tmp_path: Path, ocr: OcrReader) -> None:
    path = tmp_path / "thumb.png"
    draw((240, 80), [(8, 8, "Kiln Mug 350 ml", 12), (8, 40, "Dishwasher safe", 12)]).save(path)
    assert [passage.text for passage in read(path, ocr)] == ["Kiln Mug 350 ml", "Dishwasher safe"]
