import pytest

from domain.errors import InvalidInput, UnsupportedSource
from tools.sources import detect_kind

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00"
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "


@pytest.mark.parametrize(
    ("file", "head", "expected"),
    [
        ("notes.txt", b"Live price: 20", ("text", "text/plain")),
        ("README.MD", b"# Mug", ("text", "text/markdown")),
        ("chat", "直播价".encode(), ("text", "text/plain")),
        ("old.txt", "直播价399元".encode("gb18030"), ("text", "text/plain")),
        ("wide.txt", "Mug".encode("utf-16"), ("text", "text/plain")),
        ("prices.CSV", b"name,price\n", ("table", "text/csv")),
        ("prices.tsv", b"name\tprice\n", ("table", "text/tab-separated-values")),
        ("label.jpg", JPEG, ("image", "image/jpeg")),
        ("label.png", PNG, ("image", "image/png")),
        ("label.webp", WEBP, ("image", "image/webp")),
        ("really-a-photo.txt", JPEG, ("image", "image/jpeg")),
    ],
)
def test_kind_is_told_from_content_and_name(
    file: str, head: bytes, expected: tuple[str, str]
) -> None:
    assert detect_kind(file, head) == expected


@pytest.mark.parametrize(
    ("file", "head", "what"),
    [
        ("spec.pdf", b"%PDF-1.7", "PDF"),
        ("prices.xlsx", b"PK\x03\x04\x14\x00", "office document"),
        ("page.html", b"<p>hello", "web page"),
        ("page.txt", b"<!DOCTYPE html><html>", "web page"),
        ("https://shop.example/mug", b"x", "web address"),
        ("voice.wav", b"RIFF\x10\x00\x00\x00WAVEfmt ", "audio"),
        ("voice.mp3", b"ID3\x04", "audio"),
        ("clip.mp4", b"\x00\x00\x00 ftypisom", "video"),
        ("anim.gif", b"GIF89a", "GIF"),
        ("photo.heic", b"\x00\x00\x00\x18ftypheic", "HEIF"),
        ("data.json", b"{}", ".json"),
        ("noise.txt", bytes(range(1, 40)), "no known format"),
        ("noise.csv", b"a,b\x00c", "no known format"),
    ],
)
def test_other_kinds_are_refused_by_name(file: str, head: bytes, what: str) -> None:
    with pytest.raises(UnsupportedSource) as caught:
        detect_kind(file, head)
    assert file in caught.value.message
    assert what in caught.value.message
    assert ".csv" in caught.value.hint
    assert ".jpg" in caught.value.hint


@pytest.mark.parametrize("head", [b"", b"  \n\t ", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_named(head: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"blank\.txt is empty"):
        detect_kind("blank.txt", head)
