"""Telling a media file that was cut off from a whole one."""

import struct
from pathlib import Path
from typing import TYPE_CHECKING

from domain.errors import InvalidInput

if TYPE_CHECKING:
    from av.container import InputContainer

_EXACT = frozenset({"matroska,webm", "flac", "flv"})
"""FFmpeg's names of formats whose header states a duration; others estimate one."""

_NEARLY_ALL = 0.95
_SPARE_SECONDS = 2.0
_SPARE_PACKETS = 4
_HEAD = 4096
_ID3_HEAD = 10
_ID3_SHIFTS = (21, 14, 7, 0)  # ID3v2: four bytes of seven bits
_OPEN_ENDED = 0x7FFFFFFF  # the size in a RIFF header when the writer could not go back


def refuse_cut_off(
    container: "InputContainer", path: str, file: str, packets: dict[int, int], seconds: float
) -> None:
    """Raises InvalidInput where `file` states more than it holds.

    `packets` counts those found by the index of their stream, `seconds` is how long they play. MP4
    and AVI list their packets, Matroska, FLAC, FLV and MP3 with a Xing header state a duration,
    WAV a size. A file that states less than it holds, or nothing, passes.
    """
    for index, found in packets.items():
        if found < _NEARLY_ALL * container.streams[index].frames - _SPARE_PACKETS:
            raise _cut_off(file)
    stated = (container.duration or 0) / 1_000_000
    exact = container.format.name in _EXACT or (
        container.format.name == "mp3" and _states_frames(Path(path))
    )
    if exact and seconds < _NEARLY_ALL * stated - _SPARE_SECONDS:
        raise _cut_off(file)
    if container.format.name == "wav" and _lacks_bytes(Path(path)):
        raise _cut_off(file)


def _states_frames(path: Path) -> bool:
    """Whether an MP3 begins with a Xing, Info or VBRI header, after its ID3 tag if it has one."""
    with path.open("rb") as stream:
        head = stream.read(_ID3_HEAD)
        if head.startswith(b"ID3") and len(head) == _ID3_HEAD:
            bits = zip(head[6:], _ID3_SHIFTS, strict=True)
            size = sum((byte & 0x7F) << shift for byte, shift in bits)
            stream.seek(_ID3_HEAD + size)
            head = b""
        head += stream.read(_HEAD)
    return any(mark in head for mark in (b"Xing", b"Info", b"VBRI"))


def _lacks_bytes(path: Path) -> bool:
    with path.open("rb") as stream:
        head = stream.read(8)
    if len(head) < 8 or not head.startswith(b"RIFF"):
        return False
    (size,) = struct.unpack("<I", head[4:])
    return size < _OPEN_ENDED and path.stat().st_size < _NEARLY_ALL * size


def _cut_off(file: str) -> InvalidInput:
    return InvalidInput(
        f"{file} is cut off: it holds less than it states.",
        hint="Copy or download it again, and try again.",
        details={"file": file},
    )
