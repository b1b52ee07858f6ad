from pathlib import Path

import pytest

from domain.errors import InvalidInput, LimitExceeded, UnsupportedSource
from domain.evidence import Passage, Source, SourceKind
from domain.settings import Limits
from tools.documents import DocumentReader
from tools.ocr import LineReader


def no_ocr() -> LineReader:
    raise AssertionError("no photo in this test")


def read(
    tmp_path: Path,
    data: str | bytes,
    *,
    file: str = "notes.txt",
    kind: SourceKind = "text",
    limits: Limits | None = None,
) -> list[Passage]:
    content = data.encode() if isinstance(data, str) else data
    path = tmp_path / "blob"
    path.write_bytes(content)
    source = Source(
        source_id="s1", file=file, kind=kind, media_type="x", blob="0", size=len(content)
    )
    return DocumentReader(limits or Limits(), no_ocr).read(source, path)


def test_each_line_is_a_passage_with_its_number(tmp_path: Path) -> None:
    passages = read(tmp_path, "# Mug\n\nLive price: $20\r\n  - wide handle\n")
    assert [(p.text, p.locator.line) for p in passages] == [
        ("# Mug", 1),
        ("Live price: $20", 3),
        ("- wide handle", 4),
    ]
    assert {p.file for p in passages} == {"notes.txt"}


def test_a_wrapped_sentence_is_one_passage_at_its_first_line(tmp_path: Path) -> None:
    text = (
        "It was made for people who carry their coffee all day\nand hate spills.\nMicrowave safe."
    )
    passages = read(tmp_path, text)
    assert [(p.text, p.locator.line) for p in passages] == [
        ("It was made for people who carry their coffee all day\nand hate spills.", 1),
        ("Microwave safe.", 3),
    ]


def test_a_markdown_table_gives_rows_with_cells(tmp_path: Path) -> None:
    text = "Prices\n\n| Item | Live price |\n|---|---:|\n| Mug | $20 |\n| Bowl | $34 |\n\nThanks"
    passages = read(tmp_path, text)
    assert [(p.locator.line, p.cells) for p in passages] == [
        (1, None),
        (5, {"Item": "Mug", "Live price": "$20"}),
        (6, {"Item": "Bowl", "Live price": "$34"}),
        (8, None),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, "直播价399元".encode(encoding))[0].text == "直播价399元"


def test_bytes_that_are_no_text_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"odd\.txt") as caught:
        read(tmp_path, b"Mug \xff\xff\xff price", file="odd.txt")
    assert "UTF-8" in caught.value.hint


def test_limits_name_the_file_and_the_setting(tmp_path: Path) -> None:
    cases = [
        (Limits(source_bytes=3), "SOURCE_BYTES"),
        (Limits(source_chars=3), "SOURCE_CHARS"),
    ]
    for limits, setting in cases:
        with pytest.raises(LimitExceeded, match=r"notes\.txt") as caught:
            read(tmp_path, "four", limits=limits)
        assert f"LIVECUE_LIMITS__{setting}" in caught.value.hint


def test_a_kind_without_a_reader_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedSource, match=r"talk\.wav"):
        read(tmp_path, b"RIFF", file="talk.wav", kind="audio")


def test_a_price_list_gives_a_passage_a_row(tmp_path: Path) -> None:
    text = 'Item,Note,Live price (CNY)\nMug,"wide, heavy",20\n\nBowl,,34\n'
    passages = read(tmp_path, text, file="p.csv", kind="table")
    assert [(p.locator.row, p.cells) for p in passages] == [
        (2, {"Item": "Mug", "Note": "wide, heavy", "Live price (CNY)": "20"}),
        (4, {"Item": "Bowl", "Live price (CNY)": "34"}),
    ]
    assert passages[0].text == 'Mug,"wide, heavy",20'
    assert passages[0].text in text


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in (("品名", "直播价"), ("杯", "20"), ("碗", "3")))
    assert read(tmp_path, text, kind="table")[0].cells == {"品名": "杯", "直播价": "20"}


def test_a_table_without_a_heading_names_columns_by_number(tmp_path: Path) -> None:
    assert read(tmp_path, "Mug,20\nBowl,34\n", kind="table")[1].cells == {
        "column 1": "Bowl",
        "column 2": "34",
    }


def test_a_quoted_cell_may_span_lines(tmp_path: Path) -> None:
    passages = read(tmp_path, 'Item,Note\nMug,"two\nlines"\nBowl,x\n', kind="table")
    assert [p.locator.row for p in passages] == [2, 3]
    assert passages[0].text == 'Mug,"two\nlines"'


def test_table_limits_and_empty_tables(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded) as caught:
        read(tmp_path, "a,b\n" + "Mug,1\n" * 3, kind="table", limits=Limits(table_rows=2))
    assert "LIVECUE_LIMITS__TABLE_ROWS" in caught.value.hint
    with pytest.raises(InvalidInput, match="no rows"):
        read(tmp_path, "Item,Price\n", kind="table")
