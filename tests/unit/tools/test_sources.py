"""What a file is: its content decides, whatever its name says."""

import time
import zipfile
from io import BytesIO

import pytest

from domain.errors import InvalidInput, UnsupportedSource
from tests.fakes.workbooks import make_workbook
from tools.sources import HEAD_BYTES, detect_kind

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00"
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "
WAV = b"RIFF\x10\x00\x00\x00WAVEfmt "
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT = ("text", "text/plain")
HTML = ("html", "text/html")


def archive(*names: str) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return stream.getvalue()


def box(brand: str, *others: str) -> bytes:
    brands = "".join(others).encode()
    return (16 + len(brands)).to_bytes(4, "big") + b"ftyp" + brand.encode() + bytes(4) + brands


@pytest.mark.parametrize(
    ("file", "head", "expected"),
    [
        ("notes.txt", b"Live price: 20", TEXT),
        ("README.MD", b"# Mug", ("text", "text/markdown")),
        ("chat", "直播价".encode(), TEXT),
        ("notes.docx", b"Live price: 20", TEXT),
        ("format.txt", b"FORMAT: MZ-1200, II*", TEXT),
        ("mz.txt", b"MZ-1200 is the model", TEXT),
        ("old.txt", "直播价399元".encode("gb18030"), TEXT),
        ("tw.txt", "品名：真絲睡衣，直播間到手價".encode("big5"), TEXT),
        ("uk.txt", "Price £19.90, naïve café".encode("cp1252"), TEXT),
        ("wide.txt", "Mug".encode("utf-16"), TEXT),
        ("wide.txt", "直播价：399元\n尺寸 M".encode("utf-16-le"), TEXT),
        ("wide.txt", "Live price: 20".encode("utf-16-be"), TEXT),
        ("prices.CSV", b"name,price\n", ("table", "text/csv")),
        ("prices.csv", "品名\t价\n杯\t2\n".encode("utf-16"), ("table", "text/csv")),
        ("prices.tsv", b"name\tprice\n", ("table", "text/tab-separated-values")),
        ("export.xls", b"name\tprice\na\t1\nb\t2\n", ("table", "text/tab-separated-values")),
        ("log.txt", b"10:02\tAnn\tHi\n10:03\tBo\tYo\n10:04\tAnn\tBye\n", TEXT),
        ("page.html", b"<p>hello", HTML),
        ("page.txt", b"<!-- saved -->\n<!DOCTYPE html><html>", HTML),
        ("page", b"<?xml version='1.0'?><!DOCTYPE html PUBLIC ''><html>", HTML),
        ("export.xls", b"<table><tr><td>Mug</td></tr></table>", HTML),
        ("label.jpg", JPEG, ("image", "image/jpeg")),
        ("label.png", PNG, ("image", "image/png")),
        ("label.webp", WEBP, ("image", "image/webp")),
        ("really-a-photo.txt", JPEG, ("image", "image/jpeg")),
        ("IMG.HEIC", box("heic", "mif1", "heic"), ("image", "image/heic")),
        ("IMG.jpg", box("mif1", "mif1", "heic"), ("image", "image/heif")),
        ("a.avif", box("avif", "mif1"), ("image", "image/avif")),
        ("a.avif", box("mif1", "avif"), ("image", "image/avif")),
        ("spec.pdf", b"%PDF-1.7", ("pdf", "application/pdf")),
        ("spec.jpg", b"%PDF-1.7", ("pdf", "application/pdf")),
        ("voice.mp3", b"ID3\x04", ("audio", "audio/mpeg")),
        ("voice.mp3", b"\xff\xfb\x90\x64", ("audio", "audio/mpeg")),
        ("voice.wav", WAV, ("audio", "audio/wav")),
        ("voice.m4a", box("M4A ", "isom"), ("audio", "audio/mp4")),
        ("voice.m4a", box("isom", "mp42"), ("audio", "audio/mp4")),
        ("voice.aac", b"\xff\xf1\x50\x80", ("audio", "audio/aac")),
        ("voice.opus", b"OggS\x00\x02" + bytes(22) + b"OpusHead", ("audio", "audio/ogg")),
        ("voice.flac", b"fLaC\x00\x00\x00\x22", ("audio", "audio/flac")),
        ("voice.amr", b"#!AMR\n", ("audio", "audio/amr")),
        ("clip.mp4", box("isom"), ("video", "video/mp4")),
        ("clip.mov", box("qt  "), ("video", "video/quicktime")),
        ("old.mov", b"\x00\x00\x10\x00moov", ("video", "video/quicktime")),
        ("clip.mkv", b"\x1aE\xdf\xa3\x01\x42\x82\x88matroska", ("video", "video/x-matroska")),
        ("clip.webm", b"\x1aE\xdf\xa3\x01\x42\x82\x84webm", ("video", "video/webm")),
        ("clip.avi", b"RIFF\x10\x00\x00\x00AVI LIST", ("video", "video/x-msvideo")),
        ("clip.flv", b"FLV\x01\x05", ("video", "video/x-flv")),
        ("clip.ts", (b"G" + bytes(187)) * 5, ("video", "video/mp2t")),
    ],
)
def test_kind_is_told_from_content_and_name(
    file: str, head: bytes, expected: tuple[str, str]
) -> None:
    assert detect_kind(file, head) == expected


def test_workbooks_are_told_by_their_entries() -> None:
    whole = make_workbook(lambda book: None)
    names = ("docProps/app.xml", "_rels/.rels", "docProps/core.xml")
    assert detect_kind("prices.zip", whole[:HEAD_BYTES]) == ("table", XLSX)
    assert detect_kind("p.bin", archive("[Content_Types].xml", "xl/workbook.xml"))[1] == XLSX
    assert detect_kind("p.xlsx", archive(*names)) == ("table", XLSX)


def test_a_long_text_may_be_cut_within_a_character() -> None:
    for encoding in ("utf-8", "gb18030", "utf-16-le"):
        head = ("直播价，" * HEAD_BYTES).encode(encoding)[:HEAD_BYTES]
        if encoding == "utf-16-le":
            head = ("价 1\n" * HEAD_BYTES).encode(encoding)[:HEAD_BYTES]
        assert detect_kind("long.txt", head) == TEXT


@pytest.mark.parametrize(
    ("file", "head", "what", "mend"),
    [
        ("prices.xls", OLE, "old workbook", ".xlsx"),
        ("prices.xlsx", OLE, "password", "without a password"),
        ("x.bin", OLE + "EncryptedPackage".encode("utf-16-le"), "password", "without a password"),
        ("letter.doc", OLE, "old office document", "PDF"),
        ("letter.docx", archive("[Content_Types].xml", "word/document.xml"), "Word", "PDF"),
        ("talk.pptx", archive("ppt/presentation.xml"), "presentation", "PDF"),
        ("p.xlsb", archive("xl/workbook.bin"), "binary workbook", ".xlsx"),
        ("all.zip", archive("mug/label.jpg"), "ZIP archive", "add the folder"),
        ("all.rar", b"Rar!\x1a\x07\x01\x00", "RAR", "add the folder"),
        ("all.7z", b"7z\xbc\xaf\x27\x1c", "7z", "add the folder"),
        ("all.tgz", b"\x1f\x8b\x08", "compressed", "add the folder"),
        ("anim.gif", b"GIF89a\x01\x00\x01\x00", "GIF", "JPEG or PNG"),
        ("scan.tiff", b"II*\x00\x08", "TIFF", "JPEG or PNG"),
        ("scan.bmp", b"BM\x36\x00\x00\x00\x00\x00\x00\x00", "BMP", "JPEG or PNG"),
        ("logo.svg", b"<?xml version='1.0'?><svg xmlns=''>", "SVG", "PNG"),
        ("data.json", b'{"a": 1}', "JSON", ".csv"),
        ("feed.xml", b"<?xml version='1.0'?><Workbook>", "XML", ".xlsx"),
        ("letter.rtf", b"{\\rtf1 Hi", "RTF", "PDF"),
        (
            "page.mht",
            b"From: <x>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\ttype=x\n\n",
            "web archive",
            "HTML",
        ),
        ("voice.wma", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media", ".mp4"),
        ("https://shop.example/mug", b"x", "web address", "address"),
        ("noise.txt", bytes(range(1, 40)), "no known format", ""),
        ("noise.csv", b"a,b\x00c", "no known format", ""),
        ("korean.txt", "라이브 가격은 39,900원입니다 소재는 면".encode("euc-kr"), "no known", ""),
    ],
)
def test_other_kinds_are_refused_with_the_mend(
    file: str, head: bytes, what: str, mend: str
) -> None:
    with pytest.raises(UnsupportedSource) as caught:
        detect_kind(file, head)
    assert file in caught.value.message
    assert what in caught.value.message
    assert mend in caught.value.hint.partition("Livecue reads")[0]
    assert ".csv" in caught.value.hint
    assert ".xlsx" in caught.value.hint


@pytest.mark.parametrize("head", [b"", b"  \n\t ", b"\xef\xbb\xbf\n", b"\xff\xfe", b"\x00" * 50])
def test_an_empty_file_is_named(head: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"blank\.txt is empty"):
        detect_kind("blank.txt", head)


@pytest.mark.parametrize("file", ["page.xml", "page.txt", "page.html", "page"])
@pytest.mark.parametrize("piece", [b"<!-- -->", b"<!--", b"<?xml ?><!-- -->", b" ", b"<!-- --> <q"])
def test_a_head_of_comments_is_told_at_once(file: str, piece: bytes) -> None:
    head = b"<!-- -->" + (piece * HEAD_BYTES)[: HEAD_BYTES - 16] + b"word"
    start = time.perf_counter()
    kind, _ = detect_kind(file, head)
    assert time.perf_counter() - start < 0.5
    assert kind == ("html" if file == "page.html" else "text")


def test_comments_before_a_page_and_a_drawing_are_passed_over() -> None:
    comments = "<!-- a -->\n" * 300
    assert detect_kind("saved.txt", f"{comments}<html><p>Mug".encode()) == HTML
    with pytest.raises(UnsupportedSource, match="SVG"):
        detect_kind("logo", f"<!-- a -->\n<!-- b --><svg>{comments}".encode())
