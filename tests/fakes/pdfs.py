"""A tiny PDF writer: text at places, pictures, turned pages, RC4 locks."""

import hashlib
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

A4 = (595, 842)
_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_FILE_ID = b"0123456789abcdef"
_PERMISSIONS = -4


@dataclass(frozen=True)
class Text:
    """Helvetica text; (x, y) is the start of its baseline from the page's top left, in points.

    `turn` is in degrees anticlockwise.
    """

    x: float
    y: float
    text: str
    size: float = 11
    turn: int = 0


@dataclass(frozen=True)
class Picture:
    """A picture that fills the page."""

    image: Image.Image


@dataclass(frozen=True)
class Rule:
    """A line from (x0, y0) to (x1, y1) from the page's top left, in points."""

    x0: float
    y0: float
    x1: float
    y1: float


Content = Text | Picture | Rule


@dataclass(frozen=True)
class Lock:
    """The standard security handler with 40 bits; the user's password may be empty."""

    user: bytes
    owner: bytes


def write_pdf(
    pages: Sequence[Sequence[Content]],
    *,
    size: tuple[float, float] = A4,
    rotate: int = 0,
    origin: tuple[float, float] = (0, 0),
    lock: Lock | None = None,
    meaningless: bool = False,
) -> bytes:
    """A PDF of `pages`; `origin` is the media box's lower left corner.

    With `meaningless` the font maps its codes to no Unicode, as some exporters do.
    """
    key = _file_key(lock) if lock else None
    objects: list[bytes] = [b"", b"", _font(meaningless)]
    kids: list[int] = []
    for page in pages:
        pictures = [item.image for item in page if isinstance(item, Picture)]
        names: list[bytes] = []
        for picture in pictures:
            number = len(objects) + 1
            data = _seal(zlib.compress(picture.convert("RGB").tobytes()), number, key)
            objects.append(
                b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB"
                b"/BitsPerComponent 8/Filter/FlateDecode/Length %d>>stream\n%b\nendstream"
                % (*picture.size, len(data), data)
            )
            names.append(b"/I%d %d 0 R" % (number, number))
        drawing = b"".join(
            b"q %f 0 0 %f %f %f cm %b Do Q\n" % (*size, *origin, name.split()[0]) for name in names
        )
        for item in page:
            if isinstance(item, Text):
                drawing += _draw(item, size[1], origin)
            elif isinstance(item, Rule):
                ends = (item.x0, size[1] - item.y0, item.x1, size[1] - item.y1)
                drawing += b"%f %f m %f %f l S\n" % ends
        number = len(objects) + 1
        data = _seal(drawing, number, key)
        objects.append(b"<</Length %d>>stream\n%b\nendstream" % (len(data), data))
        box = (*origin, origin[0] + size[0], origin[1] + size[1])
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[%f %f %f %f]/Rotate %d/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>/XObject<<%b>>>>>>"
            % (*box, rotate, number, b" ".join(names))
        )
        kids.append(len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    trailer = b"/Root 1 0 R/ID[<%b><%b>]" % ((_FILE_ID.hex().encode(),) * 2)
    if lock and key:
        objects.append(_lock_entry(lock, key))
        trailer += b"/Encrypt %d 0 R" % len(objects)
    return _assemble(objects, trailer)


def _assemble(objects: Sequence[bytes], trailer: bytes) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places: list[int] = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d%b>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, start)
    return bytes(out)


def _font(meaningless: bool) -> bytes:
    if not meaningless:
        return b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    names = b"".join(b"/g%d" % code for code in range(32, 127))
    return (
        b"<</Type/Font/Subtype/Type1/BaseFont/ABCDEF+Odd/FirstChar 32/LastChar 126"
        b"/Widths[%b]/Encoding<</Type/Encoding/Differences[32%b]>>>>" % (b"600 " * 95, names)
    )


def _draw(item: Text, height: float, origin: tuple[float, float]) -> bytes:
    x, y = item.x + origin[0], height - item.y + origin[1]
    cos, sin = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[item.turn]
    text = item.text.encode("cp1252")
    for special in (b"\\", b"(", b")"):
        text = text.replace(special, b"\\" + special)
    place = b"%d %d %d %d %f %f" % (cos, sin, -sin, cos, x, y)
    return b"BT /F1 %f Tf %b Tm (%b) Tj ET\n" % (item.size, place, text)


def _pad(password: bytes) -> bytes:
    return (password + _PADDING)[:32]


def _owner_entry(lock: Lock) -> bytes:
    return _rc4(hashlib.md5(_pad(lock.owner)).digest()[:5], _pad(lock.user))  # noqa: S324


def _file_key(lock: Lock) -> bytes:
    """PDF 1.4, 3.5.2, algorithm 3.2."""
    data = _pad(lock.user) + _owner_entry(lock) + struct.pack("<i", _PERMISSIONS) + _FILE_ID
    return hashlib.md5(data).digest()[:5]  # noqa: S324


def _lock_entry(lock: Lock, key: bytes) -> bytes:
    return b"<</Filter/Standard/V 1/R 2/O<%b>/U<%b>/P %d>>" % (
        _owner_entry(lock).hex().encode(),
        _rc4(key, _PADDING).hex().encode(),
        _PERMISSIONS,
    )


def _seal(data: bytes, number: int, key: bytes | None) -> bytes:
    if key is None:
        return data
    salt = struct.pack("<I", number)[:3] + b"\0\0"
    return _rc4(hashlib.md5(key + salt).digest()[:10], data)  # noqa: S324


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
