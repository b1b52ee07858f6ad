import cv2
import numpy as np
import pytest

from domain.errors import InvalidInput
from models.ocr import Image, OcrReader

MUG = (40, 60)
CARE = (40, 140)
PRICE = (460, 60)


def make_label(scale: int = 1) -> Image:
    """720 x 240 pixels times `scale`: two texts in the first row, one in the second."""
    image = np.full((240 * scale, 720 * scale, 3), 255, np.uint8)
    for text, (x, y) in (("Kiln Mug", MUG), ("Price 24.90", PRICE), ("Dishwasher safe", CARE)):
        cv2.putText(
            image,
            text,
            (x * scale, y * scale),
            cv2.FONT_HERSHEY_SIMPLEX,
            1.0 * scale,
            (20, 20, 20),
            2 * scale,
            cv2.LINE_AA,
        )
    return image


@pytest.fixture(scope="module")
def reader() -> OcrReader:
    return OcrReader(threads=2)


@pytest.mark.models
def test_lines_come_in_reading_order_with_their_places(reader: OcrReader):
    lines = reader.read(make_label())
    assert [line.text for line in lines] == ["Kiln Mug", "Price 24.90", "Dishwasher safe"]
    for line, (x, baseline) in zip(lines, (MUG, PRICE, CARE), strict=True):
        x0, y0, x1, y1 = line.box
        assert x0 == pytest.approx(x, abs=12)
        assert y0 < baseline - 10 < y1
        assert x1 <= 720
        assert line.confidence > 0.8


@pytest.mark.models
def test_a_large_image_is_read_and_placed_in_its_own_pixels(reader: OcrReader):
    small, large = reader.read(make_label()), reader.read(make_label(scale=5))
    assert [line.text for line in large] == [line.text for line in small]
    for a, b in zip(small, large, strict=True):
        assert np.array(b.box) / 5 == pytest.approx(np.array(a.box), abs=8)


@pytest.mark.models
def test_a_thin_band_is_read(reader: OcrReader):
    (line,) = reader.read(np.ascontiguousarray(make_label()[100:160]))
    assert line.text == "Dishwasher safe"
    assert 0 <= line.box[1] < line.box[3] <= 60


@pytest.mark.models
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_image_is_read_and_its_turn_told(reader: OcrReader, turn: int):
    image = np.ascontiguousarray(np.rot90(make_label(), -turn // 90))
    lines = reader.read(image)
    assert {line.text for line in lines} == {"Kiln Mug", "Price 24.90", "Dishwasher safe"}
    assert [line.turn for line in lines] == [turn] * 3


@pytest.mark.models
def test_an_image_without_text_has_no_lines(reader: OcrReader):
    assert reader.read(np.full((300, 300, 3), 200, np.uint8)) == []
    assert reader.read(np.zeros((1, 1, 3), np.uint8)) == []


@pytest.mark.models
def test_reading_prints_nothing(reader: OcrReader, capfd: pytest.CaptureFixture[str]):
    OcrReader().read(np.full((64, 64, 3), 200, np.uint8))
    reader.read(make_label())
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (0, 4, 3)])
def test_what_is_no_colour_image_is_refused(shape: tuple[int, ...]):
    with pytest.raises(InvalidInput, match="8-bit BGR"):
        OcrReader().read(np.zeros(shape, np.uint8))
