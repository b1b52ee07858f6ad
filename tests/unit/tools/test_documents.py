"""Texts into passages: lines, wrapped sentences, chats, tables, encodings; and the dispatch."""

import time
from pathlib import Path

import pytest

from domain.errors import InvalidInput, LimitExceeded, UnsupportedSource
from domain.evidence import Passage, Source, SourceKind
from domain.settings import Limits
from tests.fakes.reading import text_context
from tools.documents import DocumentReader


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
    return DocumentReader(text_context(limits)).read(source, path)


def test_each_line_is_a_passage_with_its_number(tmp_path: Path) -> None:
    passages = read(tmp_path, "# Mug\n\nLive price: $20\r\n  - wide handle\n")
    assert [(p.text, p.locator.line, p.heading) for p in passages] == [
        ("# Mug", 1, True),
        ("Live price: $20", 3, False),
        ("- wide handle", 4, False),
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


CHATS = {
    "wechat": "林姐  10:21\n{a}\n\nsam  10:22\n{b}\n\n林姐  10:24\nok\n",
    "whatsapp android": "05/10/2026, 16:41 - Ann: {a}\n05/10/2026, 16:42 - bo: {b}\n"
    "05/10/2026, 16:44 - Ann: ok\n",
    "whatsapp ios": "[05/10/2026, 16:41:02] Ann: {a}\n[05/10/2026, 16:42:02] bo: {b}\n"
    "[05/10/2026, 16:44:10] Ann: ok\n",
    "telegram": "Ann, [05.10.2026 16:41]\n{a}\n\nbo, [05.10.2026 16:42]\n{b}\n\n"
    "Ann, [05.10.2026 16:44]\nok\n",
    "qq": "2026-10-05 16:41:02 Ann(123)\n{a}\n\n2026-10-05 16:42:02 bo(9)\n{b}\n\n"
    "2026-10-05 16:44:02 Ann(123)\nok\n",
    "dingtalk": "Ann 2026/10/05 16:41\n{a}\nbo 2026/10/05 16:42\n{b}\nAnn 2026/10/05 16:44\nok\n",
    "name above": "Ann\n2026-10-05 16:41\n{a}\nbo\n2026-10-05 16:42\n{b}\n"
    "ann\n2026-10-05 16:44\nok",
    "am and pm": "Ann 4:41 PM\n{a}\nbo 4:42 PM\n{b}\nAnn 4:44 PM\nok\n",
}


@pytest.mark.parametrize("style", CHATS)
def test_words_of_two_people_are_never_put_together(tmp_path: Path, style: str) -> None:
    first = "the tall mug holds three hundred and fifty millilitres and comes in moss"
    second = "and the price is thirty dollars for everybody who asks for it on the day"
    text = CHATS[style].format(a=first, b=second)
    passages = read(tmp_path, text)
    assert not any(first in p.text and second in p.text for p in passages)
    assert [p.text for p in passages] == [line.strip() for line in text.splitlines() if line]


def test_a_markdown_table_gives_rows_with_cells(tmp_path: Path) -> None:
    text = "Prices\n\n| Item | Live price |\n|---|---:|\n| Mug | $20 |\n| Bowl | $34 |\n\nThanks"
    passages = read(tmp_path, text)
    assert [(p.locator.line, p.cells, p.table) for p in passages] == [
        (1, None, None),
        (5, {"Item": "Mug", "Live price": "$20"}, 1),
        (6, {"Item": "Bowl", "Live price": "$34"}, 1),
        (8, None, None),
    ]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "直播价399元"),
        ("utf-8-sig", "直播价399元"),
        ("utf-16", "直播价399元"),
        ("utf-16-le", "直播价399元\n尺寸：M"),
        ("utf-16-be", "直播价399元\n尺寸：M"),
        ("utf-32", "直播价399元"),
        ("gb18030", "直播价399元"),
        ("big5", "直播價399元，材質：不鏽鋼"),
        ("shift_jis", "ライブ価格は3980円です"),
        ("cp1252", "Größe 12, £19.90 – “soft” naïve café"),
    ],
)
def test_encodings(tmp_path: Path, encoding: str, text: str) -> None:
    read_back = "\n".join(p.text for p in read(tmp_path, text.encode(encoding)))
    assert read_back == text


@pytest.mark.parametrize(
    "data",
    [
        b"Mug \xff\xff\xff price",
        "라이브 가격은 39,900원입니다 소재는 면".encode("euc-kr"),
        "ライブ価格は3980円です素材は綿".encode("euc-jp"),
        "Цена в эфире 399 руб".encode("cp1251"),
        "Cena na żywo 39 zł, kubek śliwkowy".encode("cp1250"),
        "Mug".encode("utf-16")[:-1],
    ],
    ids=["bytes", "euc-kr", "euc-jp", "cp1251", "cp1250", "cut"],
)
def test_an_encoding_that_is_not_sure_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"odd\.txt") as caught:
        read(tmp_path, data, file="odd.txt")
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
    with pytest.raises(UnsupportedSource, match=r"talk\.txt"):
        read(tmp_path, b"hello", file="talk.txt", kind="person")


def test_a_price_list_goes_to_the_reader_of_tables(tmp_path: Path) -> None:
    passages = read(tmp_path, "Item,Live price\nMug,20\n", file="p.csv", kind="table")
    assert [p.cells for p in passages] == [{"Item": "Mug", "Live price": "20"}]


@pytest.mark.parametrize("line", [" " * 100_000 + "x", "| " + "-" * 100_000, " |" + "- " * 50_000])
def test_a_long_line_of_blanks_and_dashes_is_read_at_once(tmp_path: Path, line: str) -> None:
    start = time.perf_counter()
    passages = read(tmp_path, f"a | b\n{line}\n{'--- |' * 9}{line}\nMug\n")
    assert time.perf_counter() - start < 1
    assert passages[-1].text == "Mug"
