"""What kind of source a file is, told from its first bytes and its name."""

import re
from pathlib import PurePath
from typing import NamedTuple

from domain.errors import InvalidInput, UnsupportedSource
from domain.evidence import SourceKind
from tools.encodings import declared_encoding, find_encoding
from tools.signatures import Refusal, find_signature

HEAD_BYTES = 65536
"""How much of a file `detect_kind` wants to see."""

READ_KINDS = (
    "text and Markdown (.txt, .md), web pages (.html), price lists (.csv, .tsv, .xlsx), PDF, "
    "photos (.jpg, .png, .webp, .heic, .avif), audio (.mp3, .wav, .m4a, .aac, .ogg, .opus, .flac, "
    ".amr) and video (.mp4, .mov, .mkv, .webm, .avi, .flv, .ts)"
)


class _Text(NamedTuple):
    kind: SourceKind
    media_type: str


_PLAIN = _Text("text", "text/plain")
_HTML = _Text("html", "text/html")
_CSV = _Text("table", "text/csv")
_TSV = _Text("table", "text/tab-separated-values")
_BY_SUFFIX: dict[str, _Text] = {
    ".md": _Text("text", "text/markdown"),
    ".markdown": _Text("text", "text/markdown"),
    ".csv": _CSV,
    ".tsv": _TSV,
    ".tab": _TSV,
    ".html": _HTML,
    ".htm": _HTML,
    ".xhtml": _HTML,
}
_REFUSED_TEXT: tuple[tuple[re.Pattern[str], Refusal], ...] = (
    (re.compile(r"\s*\{\\rtf"), Refusal("an RTF document", "Save it as PDF or plain text.")),
    (
        re.compile(
            r"\s*+(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!doctype svg[^>]*>\s*)*+<svg\b", re.I | re.S
        ),
        Refusal("an SVG drawing", "Save it as PNG or PDF."),
    ),
    (
        re.compile(
            r"(?=.*^content-type:\s*multipart/)(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){3}",
            re.I | re.M | re.S,
        ),
        Refusal("a web archive or a mail", "Save the page as HTML, or its text to a .txt file."),
    ),
    (
        re.compile(r"\s*<\?xml(?!.{0,2000}?<(?:!doctype html|html)\b)", re.I | re.S),
        Refusal("XML data", "Save it as .xlsx, .csv or plain text."),
    ),
)
_REFUSED_SUFFIXES = {
    ".json": Refusal("JSON data", "Export it as .csv or .xlsx."),
    ".jsonl": Refusal("JSON data", "Export it as .csv or .xlsx."),
}
_HTML_START = re.compile(
    r"\s*+(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*+<(?:!doctype html|html|head|body)\b", re.I | re.S
)
_MARKUP_START = re.compile(
    r"\s*+(?:<!--.*?-->\s*)*+<(?:table|meta|title|style|div|section|p)\b", re.I | re.S
)
_STAMP = re.compile(r"\d{1,2}:\d{2}")
_TABLE_LINES = 3


def detect_kind(file: str, head: bytes) -> tuple[SourceKind, str]:
    """The kind and the media type of `file`, whose first `HEAD_BYTES` bytes are `head`.

    Content outranks the name: a photo called `notes.txt` is a photo, and a `.xls` that holds HTML
    or lines cut by tabs, as shop systems export it, is read as what it is. Among texts the name
    decides. Raises InvalidInput for an empty file and UnsupportedSource for a kind that no reader
    takes.
    """
    if re.match(r"(?i)[a-z][a-z0-9+.-]*://", file):
        raise _unsupported(
            file, Refusal("a web address", "Give it as an address, not as the name of a file.")
        )
    if not head.strip(b"\xef\xbb\xbf\xfe\xff \t\r\n\x00"):
        raise InvalidInput(
            f"{file} is empty.", hint="Give a file that has content.", details={"file": file}
        )
    suffix = PurePath(file).suffix.lower()
    found = find_signature(head, suffix)
    if isinstance(found, Refusal):
        raise _unsupported(file, found)
    if found is not None:
        return found.kind, found.media_type
    text = _decode(head)
    if text is None:
        raise _unsupported(file, Refusal("data in no known format", ""))
    return _kind_of_text(file, suffix, text)


def _decode(head: bytes) -> str | None:
    """The text of `head`, None for bytes that are none; its end may cut a character."""
    encoding = find_encoding(head, cut=len(head) >= HEAD_BYTES) or declared_encoding(head)
    if encoding is None:
        return None
    return head.decode(encoding, errors="replace").lstrip("\ufeff")


def _kind_of_text(file: str, suffix: str, text: str) -> tuple[SourceKind, str]:
    if _HTML_START.match(text):
        return _HTML
    named = _BY_SUFFIX.get(suffix)
    for pattern, refusal in _REFUSED_TEXT:
        if pattern.match(text[:4096]):
            raise _unsupported(file, refusal)
    if named is not None:
        return named
    if suffix in _REFUSED_SUFFIXES:
        raise _unsupported(file, _REFUSED_SUFFIXES[suffix])
    if suffix not in (".txt", ".text", ".log", "") and _MARKUP_START.match(text):
        return _HTML
    return _TSV if _is_tabular(text) else _PLAIN


def _is_tabular(text: str) -> bool:
    """Lines cut by tabs into the same number of columns, the first without digits or times."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    if len(lines) > _TABLE_LINES and not text.endswith("\n"):
        lines = lines[:-1]
    tabs = {line.count("\t") for line in lines}
    return (
        len(lines) >= _TABLE_LINES
        and len(tabs) == 1
        and tabs != {0}
        and not re.search(r"\d", lines[0])
        and not any(_STAMP.search(line) for line in lines)
    )


def _unsupported(file: str, refusal: Refusal) -> UnsupportedSource:
    return UnsupportedSource(
        f"{file} is {refusal.what}, which is not read.",
        hint=f"{refusal.mend} Livecue reads {READ_KINDS}.".strip(),
        details={"file": file},
    )
