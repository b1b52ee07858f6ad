from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from domain.errors import InvalidInput, JobCancelled, LimitExceeded, LivecueError
from domain.evidence import Passage, Source
from domain.progress import Progress
from domain.settings import MIB, Limits
from models.asr import Transcriber
from models.ocr import OcrReader
from tests.fakes.pdfs import A4, Content, Lock, Picture, Rule, Text, write_pdf
from tools.documents.pdf import read_pdf
from tools.documents.pictures import LineReader
from tools.documents.reading import ReadContext

Box = tuple[float, float, float, float]
WHITE = Image.new("RGB", (100, 100), "white")
BLANK: list[Content] = []


@dataclass(frozen=True)
class Line:
    text: str
    box: Box
    confidence: float = 0.9


@dataclass
class Says:
    """Finds the same lines on every page; keeps the sizes that it was shown."""

    lines: Sequence[Line] = ()
    shown: list[tuple[int, ...]] = field(default_factory=list[tuple[int, ...]])

    def read(self, image: NDArray[np.uint8], /) -> Sequence[Line]:
        self.shown.append(image.shape)
        return self.lines


def no_speech() -> Transcriber:
    raise AssertionError("a PDF does not speak")


def no_ocr() -> LineReader:
    raise AssertionError("this PDF has text")


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[Passage]]:
    def read_(
        data: bytes,
        ocr: LineReader | None = None,
        events: list[Progress] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        **limits: int,
    ) -> list[Passage]:
        path = tmp_path / "0a1b"
        path.write_bytes(data)
        source = Source(
            source_id="s",
            file="list.pdf",
            kind="pdf",
            media_type="application/pdf",
            blob="0",
            size=len(data),
        )
        context = ReadContext(
            limits=Limits.model_validate(limits),
            ocr=(lambda: ocr) if ocr else no_ocr,
            transcriber=no_speech,
            progress=events.append if events is not None else lambda _event: None,
            cancelled=cancelled,
        )
        return read_pdf(source, path, context)

    return read_


Read = Callable[..., list[Passage]]


def texts(passages: Sequence[Passage]) -> list[str]:
    return [passage.text for passage in passages]


def table(rows: Sequence[Sequence[str]], top: float = 200, pitch: float = 22) -> list[Text]:
    return [
        Text(60 + 120 * column, top + pitch * row, cell)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell
    ]


PRICES = [
    ("Product", "Colour", "Price", "Stock"),
    ("Kiln Mug", "Sage", "$24.90", "120"),
    ("Kiln Bowl", "", "$31.00", "40"),
    ("Kiln Plate, large", "Clay", "$28.50", "0"),
]


def test_lines_come_with_page_and_box_from_the_top_left(read: Read) -> None:
    first, second = read(write_pdf([[Text(60, 100, "Weight: 390 g", 10)], [Text(80, 700, "Clay")]]))
    assert (first.text, first.locator.page, second.locator.page) == ("Weight: 390 g", 1, 2)
    x0, y0, x1, y1 = first.locator.box or (0, 0, 0, 0)
    assert x0 == pytest.approx(60, abs=1)
    assert 88 < y0 < 95
    assert 100 < y1 < 105
    assert 110 < x1 < 130
    assert first.confidence == 1.0


def test_boxes_count_from_the_corner_of_the_page_that_is_shown(read: Read) -> None:
    (plain,) = read(write_pdf([[Text(60, 100, "Clay")]]))
    (moved,) = read(write_pdf([[Text(60, 100, "Clay")]], origin=(300, -70)))
    assert moved.locator.box == pytest.approx(plain.locator.box, abs=0.2)


@pytest.mark.parametrize(("rotate", "turn"), [(90, 90), (180, 180), (270, 270)])
def test_a_turned_page_is_read_as_it_is_shown(read: Read, rotate: int, turn: int) -> None:
    """Text that runs against the page's own turn stands upright on the screen."""
    starts = {90: (100, 500), 180: (500, 700), 270: (400, 200)}
    x, y = starts[rotate]
    step = {90: (20, 0), 180: (0, -20), 270: (-20, 0)}[rotate]
    lines = [
        Text(x, y, "Weight: 390 g", 11, turn),
        Text(x + step[0], y + step[1], "Clay", 11, turn),
    ]
    first, second = read(write_pdf([lines], rotate=rotate))
    assert texts([first, second]) == ["Weight: 390 g", "Clay"]
    (x0, y0, x1, y1), (_, below, _, _) = (
        first.locator.box or (0,) * 4,
        second.locator.box or (0,) * 4,
    )
    assert x1 - x0 > 4 * (y1 - y0)
    assert below - y0 == pytest.approx(20, abs=1)


def test_text_along_the_side_of_a_page_is_read_and_placed(read: Read) -> None:
    page = [Text(60, 100, "Kiln Mug"), Text(30, 600, "Made in Portugal", 11, 90)]
    mug, side = read(write_pdf([page]))
    assert texts([mug, side]) == ["Kiln Mug", "Made in Portugal"]
    x0, y0, x1, y1 = side.locator.box or (0, 0, 0, 0)
    assert y1 == pytest.approx(600, abs=1)
    assert y1 - y0 > 5 * (x1 - x0)
    assert x0 < 30 < x1


def test_a_price_list_gives_rows_with_cells(read: Read) -> None:
    mug, bowl, plate = read(write_pdf([table(PRICES)]))
    assert mug.cells == {"Product": "Kiln Mug", "Colour": "Sage", "Price": "$24.90", "Stock": "120"}
    assert bowl.cells == {"Product": "Kiln Bowl", "Price": "$31.00", "Stock": "40"}
    assert plate.text == "Kiln Plate, large  Clay  $28.50  0"


def test_a_cell_of_two_lines_is_one_cell(read: Read) -> None:
    rows = [PRICES[0], PRICES[1], PRICES[3]]
    more = Text(180, 200 + 40 + 13, "with a clay rim")
    mug, plate = read(write_pdf([[*table(rows, pitch=40), more]]))
    assert mug.cells is not None
    assert mug.cells["Colour"] == "Sage with a clay rim"
    assert plate.cells is not None
    assert plate.cells["Colour"] == "Clay"


def test_a_table_goes_on_over_the_page_without_its_heading(read: Read) -> None:
    rest = [("Kiln Jug", "Sage", "$40.00", "7"), ("Kiln Vase", "Clay", "$52.00", "3")]
    passages = read(write_pdf([table(PRICES), table(rest, top=80)]))
    assert [passage.cells["Price"] for passage in passages if passage.cells] == [
        "$24.90",
        "$31.00",
        "$28.50",
        "$40.00",
        "$52.00",
    ]


def test_a_table_of_properties_gives_labels_with_values(read: Read) -> None:
    rows = [("Weight", "390 g"), ("Material", "Stoneware"), ("Made in", "Portugal")]
    passages = read(write_pdf([table(rows)]))
    assert texts(passages) == ["Weight  390 g", "Material  Stoneware", "Made in  Portugal"]
    assert not any(passage.cells for passage in passages)


def test_two_tables_below_each_other_stay_apart(read: Read) -> None:
    below = [("Weight", "390 g"), ("Height", "9 cm"), ("Depth", "8 cm")]
    passages = read(write_pdf([[*table(PRICES), *table(below, top=340)]]))
    assert [bool(passage.cells) for passage in passages] == [True] * 3 + [False] * 3


CENTRED = [
    *[Text(x, 120, word) for x, word in ((65, "Product"), (190, "Notes"), (430, "Price"))],
    *[Text(65, 150, "Kiln"), Text(65, 164, "Mug"), Text(430, 157, "$24.90")],
    *[Text(190, 143 + 14 * row, f"{word} glaze and") for row, word in enumerate(("Red", "Blue"))],
    Text(190, 171, "a wide foot"),
    *[
        Text(65, 200, "Kiln"),
        Text(65, 214, "Bowl"),
        Text(430, 207, "$31.00"),
        Text(190, 207, "Small"),
    ],
]
ACROSS = [Rule(60, y, 500, y) for y in (105, 130, 180, 225)]


@pytest.mark.parametrize("down", [(), (60, 180, 420, 500)], ids=["lines", "boxes"])
def test_the_rules_of_a_table_tell_its_cells(read: Read, down: tuple[int, ...]) -> None:
    rules = [*ACROSS, *(Rule(x, 105, x, 225) for x in down)]
    above, mug, bowl, below = read(
        write_pdf([[Text(60, 80, "Prices"), *CENTRED, *rules, Text(60, 260, "All with tax")]])
    )
    assert mug.cells == {
        "Product": "Kiln Mug",
        "Notes": "Red glaze and Blue glaze and a wide foot",
        "Price": "$24.90",
    }
    assert bowl.cells == {"Product": "Kiln Bowl", "Notes": "Small", "Price": "$31.00"}
    assert texts([above, below]) == ["Prices", "All with tax"]


def test_a_cell_over_two_rows_counts_for_both(read: Read) -> None:
    rows = [("Product", "Size", "Price"), ("", "M", "$24.90"), ("", "L", "$31.00")]
    words = [*table(rows, top=100, pitch=20), Text(60, 130, "Kiln Mug")]
    across = [Rule(50, y, 420, y) for y in (85, 105, 145)] + [Rule(170, 125, 420, 125)]
    down = [Rule(x, 85, x, 145) for x in (50, 170, 290, 420)]
    medium, large = read(write_pdf([[*words, *across, *down]]))
    assert medium.cells == {"Product": "Kiln Mug", "Size": "M", "Price": "$24.90"}
    assert large.cells == {"Product": "Kiln Mug", "Size": "L", "Price": "$31.00"}


def test_rules_between_paragraphs_draw_no_table(read: Read) -> None:
    words = ["Thrown by hand in small batches in our workshop.", "Fired twice.", "Dishwasher safe."]
    page = [Text(60, 100 + 40 * row, line) for row, line in enumerate(words)]
    rules = [Rule(60, 80 + 40 * row, 500, 80 + 40 * row) for row in range(4)]
    passages = read(write_pdf([[*page, *rules]]))
    assert texts(passages) == words
    assert not any(passage.cells for passage in passages)


def test_a_right_column_that_begins_higher_is_read_after_the_left(read: Read) -> None:
    left = [
        "Apply a small amount to clean",
        "skin at night and in the",
        "morning, until it is dry.",
    ]
    right = [
        "Ingredients: water and oil of",
        "roses, glycerin, a drop of",
        "parfum and xanthan gum.",
    ]
    page = [Text(60, 164 + 14 * row, line) for row, line in enumerate(left)]
    page += [Text(330, 150 + 14 * row, line) for row, line in enumerate(right)]
    assert " ".join(texts(read(write_pdf([page])))) == " ".join([*left, *right])


def test_columns_of_text_are_read_one_after_the_other(read: Read) -> None:
    left = [
        "Apply a small amount to clean",
        "skin at night and in the",
        "morning, until it is dry.",
    ]
    right = [
        "Ingredients: water and oil of",
        "roses, glycerin, a drop of",
        "parfum and xanthan gum.",
    ]
    page = [Text(60, 90, "Calm Serum", 24)]
    page += [Text(60, 150 + 14 * row, line) for row, line in enumerate(left)]
    page += [Text(330, 150 + 14 * row, line) for row, line in enumerate(right)]
    said = " ".join(texts(read(write_pdf([page]))))
    assert said == " ".join(["Calm Serum", *left, *right])


def test_wrapped_sentences_and_parted_words_are_made_whole(read: Read) -> None:
    lines = [
        "A stoneware mug with a lead-free glaze, thrown by hand and dish-",
        "washer safe. Returns are accepted within",
        "30 days. This glaze, which we call lead-",
        "free, is fired twice and",
        "Weight: 390 g",
        "Colours: clay, sage,",
        "River blue, moss",
    ]
    page = [Text(60, 100 + 14 * row, line) for row, line in enumerate(lines)]
    assert texts(read(write_pdf([page]))) == [
        f"{lines[0][:-1]}{lines[1]}",
        "30 days. This glaze, which we call lead-free, is fired twice and",
        "Weight: 390 g",
        "Colours: clay, sage, River blue, moss",
    ]


def test_larger_lines_are_headings(read: Read) -> None:
    page = [Text(60, 80, "Kiln Mug", 22), Text(60, 120, "Thrown by hand in small batches.")]
    assert [passage.heading for passage in read(write_pdf([page]))] == [True, False]


def test_running_heads_and_feet_are_given_once(read: Read) -> None:
    pages = [
        [
            Text(60, 40, "Emberlow 2026", 9),
            Text(60, 200, f"Kiln Mug {number}, the same on each page"),
            Text(60, 300, "Dishwasher safe"),
            Text(280, 815, f"Page {number}", 9),
            Text(560, 815, str(number + 6), 9),
        ]
        for number in (1, 2, 3)
    ]
    said = texts(read(write_pdf(pages)))
    assert said.count("Emberlow 2026") == 1
    assert [text for text in said if text.startswith("Page")] == ["Page 1"]
    assert [text for text in said if text.isdigit()] == ["7"]
    assert said.count("Dishwasher safe") == 3


def test_prices_at_the_head_of_each_page_are_no_running_heads(read: Read) -> None:
    pages = [[Text(60, 40, f"Price: ${price}.00")] for price in (24, 31, 28)]
    assert len(read(write_pdf(pages))) == 3


def test_a_scanned_page_is_read_by_ocr_with_boxes_in_points(read: Read) -> None:
    ocr = Says([Line("Weight: 390 g", (200, 100, 400, 150), 0.8)])
    pages = [[Text(60, 100, "Kiln Mug, as told in so many words")], [Picture(WHITE)]]
    _, scan = read(write_pdf(pages, size=(360, 720)), ocr)
    assert ocr.shown == [(2000, 1000, 3)]
    assert scan.locator.page == 2
    assert scan.locator.box == pytest.approx((72, 36, 144, 54), abs=0.2)
    assert scan.confidence == 0.8


def test_a_scan_with_a_stamped_line_is_read_by_ocr(read: Read) -> None:
    ocr = Says([Line("Kiln Mug", (200, 100, 400, 150))])
    page = [Picture(WHITE), Text(60, 820, "Scanned 2026-09-01 10:22")]
    assert texts(read(write_pdf([page]), ocr)) == ["Kiln Mug"]


def test_text_on_a_picture_is_read_as_text(read: Read) -> None:
    words = [Text(60, 100 + 20 * row, "Thrown by hand in small batches.") for row in range(5)]
    assert len(read(write_pdf([[Picture(WHITE), *words]]))) == 5


def test_text_without_meaning_is_read_by_ocr(read: Read) -> None:
    ocr = Says([Line("Kiln Mug", (200, 100, 400, 150))])
    words = [Text(60, 100 + 20 * row, "Thrown by hand in small batches.") for row in range(5)]
    assert texts(read(write_pdf([words], meaningless=True), ocr)) == ["Kiln Mug"]


def test_a_table_on_a_scan_gives_cells(read: Read) -> None:
    lines = [
        Line(
            cell,
            (
                100 + 300 * column,
                200 + 60 * row,
                100 + 300 * column + 14 * len(cell),
                230 + 60 * row,
            ),
        )
        for row, cells in enumerate(PRICES)
        for column, cell in enumerate(cells)
        if cell
    ]
    mug, *_ = read(write_pdf([[Picture(WHITE)]]), Says(lines))
    assert mug.cells == {"Product": "Kiln Mug", "Colour": "Sage", "Price": "$24.90", "Stock": "120"}


def test_blank_pages_are_not_looked_at(read: Read) -> None:
    words = [Text(60, 100, "Kiln Mug, thrown by hand")]
    assert len(read(write_pdf([BLANK, words, BLANK]))) == 1


@pytest.mark.parametrize("size", [(144_000, 144_000), (3, 14_400), (2, 2)])
def test_no_page_is_rendered_beyond_the_limit(read: Read, size: tuple[float, float]) -> None:
    ocr = Says([Line("Kiln Mug", (0, 0, 1, 1))])
    read(write_pdf([[Picture(WHITE)]], size=size), ocr, image_pixels=1_000_000)
    assert sum(height * width for height, width, _ in ocr.shown) <= 1_000_000
    assert max(max(shape) for shape in ocr.shown) <= 4000


@pytest.mark.parametrize(
    ("data", "limits", "kind", "says"),
    [
        (write_pdf([BLANK] * 10_000), {}, LimitExceeded, ("10,000 pages", "PDF_PAGES")),
        (
            write_pdf([[Picture(WHITE)]] * 3),
            {"ocr_pages": 2},
            LimitExceeded,
            ("3 pages", "OCR_PAGES"),
        ),
        (
            write_pdf([[Text(60, 100, "many words " * 9)]]),
            {"source_chars": 50},
            LimitExceeded,
            ("50 characters", "SOURCE_CHARS"),
        ),
        (
            write_pdf([[Text(60, 100, "Clay")]], lock=Lock(b"secret", b"owner")),
            {},
            InvalidInput,
            ("password", "Remove the password"),
        ),
        (write_pdf([[Text(60, 100, "Clay")]])[:500], {}, InvalidInput, ("damaged", "anew")),
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, {}, InvalidInput, ("damaged", "anew")),
        (write_pdf([]), {}, InvalidInput, ("list.pdf", "anew")),
        (write_pdf([BLANK]), {}, InvalidInput, ("No text", "type the text")),
    ],
    ids=["pages", "scans", "chars", "locked", "cut", "garbage", "empty", "blank"],
)
def test_what_cannot_be_read_is_named_with_the_mend(
    read: Read, data: bytes, limits: dict[str, int], kind: type[LivecueError], says: tuple[str, str]
) -> None:
    with pytest.raises(kind, match=r"list\.pdf") as caught:
        read(data, Says(), **limits)
    assert says[0] in caught.value.message
    assert says[1] in caught.value.hint


def test_a_lock_without_a_password_opens(read: Read) -> None:
    data = write_pdf([[Text(60, 100, "Clay, thrown by hand")]], lock=Lock(b"", b"owner"))
    assert texts(read(data)) == ["Clay, thrown by hand"]


def test_a_picture_that_bursts_the_memory_takes_nothing_along(read: Read) -> None:
    data = write_pdf([[Picture(Image.new("RGB", (9000, 9000)))]])
    with pytest.raises(LivecueError, match=r"list\.pdf"):
        read(data, Says(), reader_memory=160 * MIB)


def test_each_page_is_told(read: Read) -> None:
    events: list[Progress] = []
    read(write_pdf([[Text(60, 100, f"Kiln Mug {n}, by hand")] for n in range(3)]), events=events)
    assert [(event.done, event.total) for event in events] == [(1, 3), (2, 3), (3, 3)]


def test_a_cancel_stops_between_pages(read: Read) -> None:
    events: list[Progress] = []
    with pytest.raises(JobCancelled, match=r"list\.pdf"):
        read(
            write_pdf([[Picture(WHITE)]] * 6),
            Says([Line("Kiln Mug", (0, 0, 90, 20))]),
            events=events,
            cancelled=lambda: any(event.unit == "scanned pages" for event in events),
        )
    assert len([event for event in events if event.unit == "scanned pages"]) == 1


def scan(*, turn: float = 0) -> bytes:
    """A page of a price list as a scanner sees it, at 150 dots per inch."""
    page = Image.new("RGB", (1240, 1754), (246, 244, 240))
    for row, cells in enumerate(PRICES):
        for column, cell in enumerate(cells):
            ImageDraw.Draw(page).text(
                (140 + 270 * column, 300 + 60 * row), cell, (40, 40, 40), ImageFont.load_default(26)
            )
    page = page.rotate(
        turn, expand=turn % 90 == 0, fillcolor=(246, 244, 240), resample=Image.Resampling.BICUBIC
    )
    size = (A4[1], A4[0]) if turn in (90, 270) else A4
    return write_pdf([[Picture(page)]], size=size)


@pytest.mark.models
@pytest.mark.parametrize("turn", [0, 1.5, 90, 180])
def test_a_scanned_price_list_is_read_with_its_cells(read: Read, turn: float) -> None:
    mug, bowl, plate = read(scan(turn=turn), OcrReader(threads=2))
    assert mug.cells == {"Product": "Kiln Mug", "Colour": "Sage", "Price": "$24.90", "Stock": "120"}
    assert bowl.cells == {"Product": "Kiln Bowl", "Price": "$31.00", "Stock": "40"}
    assert plate.cells is not None
    assert plate.cells["Price"] == "$28.50"
    x0, y0, x1, y1 = mug.locator.box or (0, 0, 0, 0)
    middle = (181, 323) if turn == 90 else (323, 661) if turn == 180 else (272, 181)
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx(middle, abs=10)
