"""Binary formats by the signatures that open them."""

import re
from typing import NamedTuple

from domain.evidence import SourceKind

_PHOTO = "Save it as JPEG or PNG."
_UNPACK = "Unpack it and add the folder."
_TO_XLSX = "Save it as .xlsx, without a password."
_TO_PDF = "Save it as PDF."
_TO_MP3 = "Save it as .mp3 or .m4a."
_TO_MP4 = "Save it as .mp4."


class Kind(NamedTuple):
    """A format that is read."""

    kind: SourceKind
    media_type: str


class Refusal(NamedTuple):
    """A format that is not read: what it is, and what to do about it."""

    what: str
    mend: str


XLSX = Kind("table", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")

_OPENINGS: tuple[tuple[bytes, Kind | Refusal], ...] = (
    (b"%PDF-", Kind("pdf", "application/pdf")),
    (b"\xff\xd8\xff", Kind("image", "image/jpeg")),
    (b"\x89PNG\r\n\x1a\n", Kind("image", "image/png")),
    (b"ID3", Kind("audio", "audio/mpeg")),
    (b"fLaC", Kind("audio", "audio/flac")),
    (b"#!AMR", Kind("audio", "audio/amr")),
    (b"FLV\x01", Kind("video", "video/x-flv")),
    (b"GIF87a", Refusal("a GIF image", _PHOTO)),
    (b"GIF89a", Refusal("a GIF image", _PHOTO)),
    (b"II*\x00", Refusal("a TIFF image", _PHOTO)),
    (b"MM\x00*", Refusal("a TIFF image", _PHOTO)),
    (b"8BPS", Refusal("a Photoshop file", _PHOTO)),
    (b"\x00\x00\x01\x00", Refusal("an icon", _PHOTO)),
    (b"Rar!\x1a\x07", Refusal("a RAR archive", _UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", Refusal("a 7z archive", _UNPACK)),
    (b"\x1f\x8b", Refusal("a compressed archive", _UNPACK)),
    (b"BZh", Refusal("a compressed archive", _UNPACK)),
    (b"\xfd7zXZ\x00", Refusal("a compressed archive", _UNPACK)),
    (b"\x28\xb5\x2f\xfd", Refusal("a compressed archive", _UNPACK)),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Refusal("a Windows Media file", _TO_MP4)),
    (b"FORM", Refusal("an AIFF audio file", _TO_MP3)),
    (b"caff", Refusal("a CAF audio file", _TO_MP3)),
    (b"\x00\x00\x01\xba", Refusal("an MPEG-1 or MPEG-2 video", _TO_MP4)),
    (b"SQLite format 3\x00", Refusal("a database", "Export it as .csv or .xlsx.")),
    (b"MZ", Refusal("a program", "")),
    (b"\x7fELF", Refusal("a program", "")),
)
_RIFF: dict[bytes, Kind] = {
    b"WEBP": Kind("image", "image/webp"),
    b"WAVE": Kind("audio", "audio/wav"),
    b"AVI ": Kind("video", "video/x-msvideo"),
}
_HEIF_BRANDS = frozenset(
    [b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1"]
)
_AVIF_BRANDS = frozenset([b"avif", b"avis"])
_AUDIO_BRANDS = frozenset([b"M4A ", b"M4B ", b"M4P "])
_AUDIO_SUFFIXES = (".m4a", ".m4b", ".mka", ".weba", ".aac")
_QUICKTIME_ATOMS = frozenset([b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"])
_ZIP_ENTRY = re.compile(rb"PK\x03\x04.{22}(?P<name_size>.{2}).{2}", re.S)
_OFFICE_SUFFIXES = (".xlsx", ".xlsm", ".xltx")
_MPEG_PACKET = 188
_M2TS_PACKET = 192


def find_signature(head: bytes, suffix: str) -> Kind | Refusal | None:
    """What the first bytes of a file say it is, None where they are no signature.

    `suffix` (`.m4a`) is asked only where one signature opens several kinds.
    """
    for opening, found in _OPENINGS:
        if head.startswith(opening) and not (opening.isalnum() and _is_wordy(head)):
            return found
    if head.startswith(b"PK\x03\x04"):
        return _read_archive(head, suffix)
    if head.startswith(b"PK\x05\x06"):
        return Refusal("an empty ZIP archive", "")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _read_old_office(head, suffix)
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12]) or Refusal("a RIFF file", _TO_MP3)
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return Refusal("a BMP image", _PHOTO)
    return _read_media(head, suffix)


def _is_wordy(head: bytes) -> bool:
    """A text may begin with the letters of a signature (`FORMAT`, `MZ-1200`)."""
    return not any(byte < 9 or byte >= 0x7F for byte in head[:256])


def _read_media(head: bytes, suffix: str) -> Kind | Refusal | None:
    if head[4:8] == b"ftyp":
        return _read_boxes(head, suffix)
    if head[4:8] in _QUICKTIME_ATOMS and not head[:1].isalpha():
        return Kind("video", "video/quicktime")
    if head.startswith(b"OggS"):
        is_video = b"theora" in head[:512]
        return Kind("video", "video/ogg") if is_video else Kind("audio", "audio/ogg")
    if head.startswith(b"\x1aE\xdf\xa3"):
        container = "webm" if b"webm" in head[:256] else "x-matroska"
        kind: SourceKind = "audio" if suffix in _AUDIO_SUFFIXES else "video"
        return Kind(kind, f"{kind}/{container}")
    if _repeats(head, 0, _MPEG_PACKET) or _repeats(head, 4, _M2TS_PACKET):
        return Kind("video", "video/mp2t")
    if head[0] == 0xFF and len(head) > 3:
        if head[1] & 0xF6 == 0xF0:
            return Kind("audio", "audio/aac")
        if _is_mpeg_frame(head):
            return Kind("audio", "audio/mpeg")
    return None


def _is_mpeg_frame(head: bytes) -> bool:
    """Sync, layer II or III, bit rate and sampling rate in use (ISO/IEC 11172-3, 2.4.1.3)."""
    return (
        head[1] & 0xE0 == 0xE0
        and head[1] & 0x18 != 0x08
        and head[1] & 0x06 in (0x02, 0x04)
        and head[2] & 0xF0 not in (0x00, 0xF0)
        and head[2] & 0x0C != 0x0C
    )


def _read_boxes(head: bytes, suffix: str) -> Kind:
    """ISO base media: the brands of the `ftyp` box (ISO/IEC 14496-12, 4.3)."""
    size = min(max(int.from_bytes(head[:4], "big"), 16), 256)
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, size, 4))]
    if brands[0] in _AVIF_BRANDS or (brands[0] in _HEIF_BRANDS and _AVIF_BRANDS & {*brands}):
        return Kind("image", "image/avif")
    if brands[0] in _HEIF_BRANDS:
        return Kind("image", "image/heic" if brands[0].startswith(b"he") else "image/heif")
    if brands[0] in _AUDIO_BRANDS or suffix in _AUDIO_SUFFIXES:
        return Kind("audio", "audio/mp4")
    return Kind("video", "video/quicktime" if brands[0] == b"qt  " else "video/mp4")


def _repeats(head: bytes, offset: int, packet: int) -> bool:
    """MPEG transport stream: the sync byte 47 at the start of each packet (ISO/IEC 13818-1)."""
    marks = head[offset : offset + 4 * packet : packet]
    return len(marks) == 4 and set(marks) == {0x47}


def _read_archive(head: bytes, suffix: str) -> Kind | Refusal:
    """A ZIP archive by the names of its first entries: an office document, or just an archive."""
    names = [
        head[match.end() : match.end() + int.from_bytes(match["name_size"], "little")]
        for match in _ZIP_ENTRY.finditer(head)
    ]
    folders = {name.partition(b"/")[0] for name in names if b"/" in name}
    if b"xl/workbook.bin" in names:
        return Refusal("a binary workbook (.xlsb)", _TO_XLSX)
    if b"xl" in folders:
        return XLSX
    if b"word" in folders:
        return Refusal("a Word document", f"{_TO_PDF} Or save its text as .txt.")
    if b"ppt" in folders:
        return Refusal("a presentation", _TO_PDF)
    if names[:1] == [b"mimetype"]:
        what = "spreadsheet" if b"opendocument.spreadsheet" in head[:128] else "text"
        mend = _TO_XLSX if what == "spreadsheet" else _TO_PDF
        return Refusal(f"an OpenDocument {what}", mend)
    if b"[Content_Types].xml" in names or {b"_rels", b"docProps"} & folders:
        return XLSX if suffix in _OFFICE_SUFFIXES else Refusal("an office document", _TO_PDF)
    return Refusal("a ZIP archive", _UNPACK)


def _read_old_office(head: bytes, suffix: str) -> Refusal:
    """A compound file: an old office document, or an encrypted new one (MS-OFFCRYPTO 2.3.4)."""
    if "EncryptedPackage".encode("utf-16-le") in head or suffix in _OFFICE_SUFFIXES:
        return Refusal("an office document with a password", _TO_XLSX)
    if suffix in (".xls", ".xlt", ".et") or "Workbook".encode("utf-16-le") in head:
        return Refusal("an old workbook (.xls)", _TO_XLSX)
    if suffix == ".msg":
        return Refusal("an Outlook mail", "Save its text to a .txt file.")
    return Refusal(
        "an old office document (.doc, .ppt)", f"{_TO_PDF} A workbook: save it as .xlsx."
    )
