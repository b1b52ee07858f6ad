"""What kind of source a file is, told from its first bytes and its name."""

import re
from pathlib import PurePath

from domain.errors import InvalidInput, UnsupportedSource
from domain.evidence import SourceKind

HEAD_BYTES = 4096
"""How much of a file `detect_kind` wants to see."""

READ_KINDS = "text and Markdown (.txt, .md), price lists (.csv, .tsv), photos (.jpg, .png, .webp)"

_TEXT_TYPES: dict[str, tuple[SourceKind, str]] = {
    ".txt": ("text", "text/plain"),
    ".text": ("text", "text/plain"),
    ".log": ("text", "text/plain"),
    "": ("text", "text/plain"),
    ".md": ("text", "text/markdown"),
    ".markdown": ("text", "text/markdown"),
    ".csv": ("table", "text/csv"),
    ".tsv": ("table", "text/tab-separated-values"),
}
_OTHER_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"ID3", "an audio file"),
    (b"OggS", "an audio file"),
    (b"fLaC", "an audio file"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"FLV\x01", "a video"),
    (b"\x1f\x8b", "a compressed archive"),
)
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.I | re.S)
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13, 27}
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def detect_kind(file: str, head: bytes) -> tuple[SourceKind, str]:
    """The kind and the media type of `file`, whose first `HEAD_BYTES` bytes are `head`.

    Content outranks the name, so a photo called `notes.txt` is a photo. Raises InvalidInput for an
    empty file and UnsupportedSource for a kind that no reader takes.
    """
    if re.match(r"(?i)[a-z][a-z0-9+.-]*://", file):
        raise _unsupported(file, "a web address", "Save the page's text to a .txt file.")
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        raise InvalidInput(f"{file} is empty.", hint="Give a file that has content.")
    if image := _image_type(head):
        return "image", image
    if other := _other_kind(head):
        raise _unsupported(file, other)
    suffix = PurePath(file).suffix.lower()
    if suffix in (".html", ".htm", ".xhtml") or _HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise _unsupported(file, "a web page", "Save the page's text to a .txt file.")
    if not head.startswith(_UTF16_MARKS) and sum(byte in _CONTROL for byte in head):
        raise _unsupported(file, "data in no known format")
    if suffix not in _TEXT_TYPES:
        raise _unsupported(file, f"of the type `{suffix}`")
    return _TEXT_TYPES[suffix]


def _image_type(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    return None


def _other_kind(head: bytes) -> str | None:
    for signature, kind in _OTHER_SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith(b"RIFF"):
        return "a video" if head[8:11] == b"AVI" else "an audio file"
    if head[4:8] == b"ftyp":
        if head[8:12] in (b"heic", b"heix", b"mif1", b"avif"):
            return "a HEIF or AVIF image"
        return "an audio file" if head[8:11] == b"M4A" else "a video"
    return None


def _unsupported(file: str, what: str, hint: str = "") -> UnsupportedSource:
    return UnsupportedSource(
        f"{file} is {what}, which is not read.",
        hint=f"{hint} Livecue reads {READ_KINDS}.".strip(),
        details={"file": file},
    )
