"""Workbooks: merged cells, displayed numbers, hidden parts, several sheets, and hostile files."""

import zipfile
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from domain.errors import InvalidInput, LimitExceeded
from domain.evidence import Passage
from domain.progress import Progress
from domain.settings import Limits
from tests.fakes.reading import source_of, text_context
from tests.fakes.workbooks import make_workbook, put_rows
from tools.documents.tables import read_table
from tools.foreign.number_formats import show_value

pytestmark = pytest.mark.slow


def read(
    tmp_path: Path,
    data: bytes,
    *,
    limits: Limits | None = None,
    told: list[str] | None = None,
) -> list[Passage]:
    path = tmp_path / "blob"
    path.write_bytes(data)

    def note(progress: Progress) -> None:
        if told is not None:
            told.append(progress.message)

    source = source_of("prices.xlsx", data)
    return read_table(source, path, text_context(limits, progress=note))


def rows(passages: list[Passage]) -> list[tuple[int | None, dict[str, str]]]:
    return [(p.locator.row, p.cells) for p in passages if p.cells]


def test_merged_cells_two_rows_of_heading_and_displayed_numbers(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        put_rows(
            sheet,
            [
                ["Autumn list, valid from 2026-09-01", None, None, None, None],
                [None],
                ["Product", "Price (USD)", None, "Discount", "From"],
                [None, "Tag", "Flash", None, None],
                ["Kiln Mug", 28, 19.9, 0.3, date(2026, 9, 14)],
                [None, 30, 21, 0.3, datetime(2026, 9, 14, 20, 0)],
                ["All prices incl. tax."],
            ],
        )
        for merged in ("A1:E1", "A3:A4", "B3:C3", "D3:D4", "E3:E4", "A5:A6"):
            sheet.merge_cells(merged)
        for cell in ("B5", "C5", "B6", "C6"):
            sheet[cell].number_format = "0.00"
        sheet["D5"].number_format = sheet["D6"].number_format = "0%"

    passages = read(tmp_path, make_workbook(fill))
    assert rows(passages) == [
        (
            5,
            {
                "Product": "Kiln Mug",
                "Tag Price (USD)": "28.00",
                "Flash Price (USD)": "19.90",
                "Discount": "30%",
                "From": "2026-09-14",
            },
        ),
        (
            6,
            {
                "Product": "Kiln Mug",
                "Tag Price (USD)": "30.00",
                "Flash Price (USD)": "21.00",
                "Discount": "30%",
                "From": "2026-09-14 20:00",
            },
        ),
    ]
    assert [(p.locator.row, p.text, p.heading) for p in passages if not p.cells] == [
        (1, "Autumn list, valid from 2026-09-01", True),
        (7, "All prices incl. tax.", False),
    ]
    assert {p.locator.sheet for p in passages} == {"Sheet"}
    assert passages[1].text == "Kiln Mug | 28.00 | 19.90 | 30% | 2026-09-14"


def test_sheets_are_told_apart_and_hidden_parts_are_said(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        first = book.active
        first.title = "礼盒"
        put_rows(first, [["品名", "成本", "直播价"], ["坚果礼盒", 88, 169], ["旧款", 50, 99]])
        first.row_dimensions[3].hidden = True
        first.column_dimensions["B"].hidden = True
        put_rows(book.create_sheet("说明"), [["全国包邮，新疆补运费15元。"]])
        hidden = book.create_sheet("供应商")
        put_rows(hidden, [["品名", "价"], ["x", 1]])
        hidden.sheet_state = "hidden"

    told: list[str] = []
    passages = read(tmp_path, make_workbook(fill), told=told)
    assert [(p.locator.sheet, p.locator.row, p.text, p.heading) for p in passages] == [
        ("礼盒", None, "礼盒", True),
        ("礼盒", 2, "坚果礼盒 | 169", False),
        ("说明", None, "说明", True),
        ("说明", 1, "全国包邮，新疆补运费15元。", False),
    ]
    assert passages[1].cells == {"品名": "坚果礼盒", "直播价": "169"}
    assert any("供应商" in message and "hidden" in message for message in told)
    assert any("1 hidden rows and 1 hidden columns" in message for message in told)


def test_formulas_give_their_stored_results(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        put_rows(book.active, [["Item", "Price"], ["Mug", 20], ["Bowl", "=B2*2"]])

    told: list[str] = []
    passages = read(tmp_path, make_workbook(fill), told=told)
    assert rows(passages)[0] == (2, {"Item": "Mug", "Price": "20"})
    assert any("1 formulas have no stored result" in message for message in told)


def test_a_stray_cell_far_away_costs_nothing(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        put_rows(book.active, [["Item", "Price"], ["Mug", 20]])
        book.active["B1048576"] = "end"

    passages = read(tmp_path, make_workbook(fill), limits=Limits(reader_seconds=10))
    assert [p.locator.row for p in passages] == [2, 1048576]


def test_limits(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        put_rows(book.active, [["Item", "Price"], *([f"Mug {n}", n] for n in range(1, 50))])

    data = make_workbook(fill)
    cases = [
        (Limits(table_rows=10), "TABLE_ROWS"),
        (Limits(source_chars=100), "SOURCE_CHARS"),
        (Limits(source_bytes=len(data) // 8), "SOURCE_BYTES"),
    ]
    for limits, setting in cases:
        with pytest.raises(LimitExceeded, match=r"prices\.xlsx") as caught:
            read(tmp_path, data, limits=limits)
        assert f"LIVECUE_LIMITS__{setting}" in caught.value.hint


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * (80 << 20))
    with pytest.raises(LimitExceeded, match="unpacks to"):
        read(tmp_path, stream.getvalue(), limits=Limits(source_bytes=4 << 20))


def test_damaged_workbooks_are_named(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        put_rows(book.active, [["Item", "Price"], *(["Mug", n] for n in range(500))])

    whole = make_workbook(fill)
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook")
    for data in (whole[: len(whole) // 2], stream.getvalue()):
        with pytest.raises(InvalidInput, match=r"prices\.xlsx"):
            read(tmp_path, data)


def test_an_empty_workbook_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no rows"):
        read(tmp_path, make_workbook(lambda book: None))


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (19.9, "0.00", "19.90"),
        (1299, "#,##0.00", "1,299.00"),
        (0.125, "0.0%", "12.5%"),
        (19.9, '"¥"#,##0.00', "¥19.90"),
        (19.9, r"\¥#,##0.00;\¥\-#,##0.00", "¥19.90"),
        (199, '0.00"元"', "199.00元"),
        (28, '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)', "$28.00"),
        (42, "000000", "000042"),
        (6901234567890, "General", "6901234567890"),
        (0.1 + 0.2, "General", "0.3"),
        (12.5, "0.##", "12.5"),
        (12, '0"ml"', "12ml"),
        (2.675, "0.00", "2.68"),
        (1.5, "# ?/?", "1.5"),
        (True, "General", "TRUE"),
        (float("inf"), "0.00", "Infinity"),
        (float("nan"), "0.00", "NaN"),
        (1e27, "#,##0.00", "1" + "0" * 27),
        (1.5, "0." + "0" * 30, "1.5"),
        (datetime(2026, 9, 1), "yyyy-mm-dd", "2026-09-01"),
    ],
)
def test_numbers_are_shown_as_the_sheet_shows_them(
    value: object, number_format: str, shown: str
) -> None:
    assert show_value(value, number_format) == shown
