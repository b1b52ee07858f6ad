"""A tiny HEIC writer: one HEVC picture in the boxes of ISO/IEC 23008-12."""

import importlib
import struct
from fractions import Fraction
from typing import Any

import numpy as np
from PIL import Image

_PARAMETER_SETS = (32, 33, 34)


def write_heic(image: Image.Image, *, turns: int = 0) -> bytes:
    """`image` (even sides) as HEIC; `turns` quarter turns to the left are asked of the viewer."""
    units = _encode(image)
    sets = [unit for unit in units if _kind(unit) in _PARAMETER_SETS]
    slices = [unit for unit in units if _kind(unit) < 32]
    data = b"".join(struct.pack(">I", len(unit)) + unit for unit in slices)
    properties = [
        _box(b"hvcC", _configure(sets)),
        _box(b"ispe", struct.pack(">III", 0, *image.size)),
        _box(b"irot", bytes([turns])),
    ]
    file_type = _box(b"ftyp", b"heic\0\0\0\0mif1heic")
    meta = _meta(properties, 0, len(data))
    meta = _meta(properties, len(file_type) + len(meta) + 8, len(data))
    return file_type + meta + _box(b"mdat", data)


def _encode(image: Image.Image) -> list[bytes]:
    av: Any = importlib.import_module("av")
    codec = av.CodecContext.create("libx265", "w")
    codec.width, codec.height = image.size
    codec.pix_fmt = "yuv420p"
    codec.time_base = Fraction(1, 25)
    codec.options = {"x265-params": "log-level=none:info=0:keyint=1", "crf": "10"}
    frame = av.VideoFrame.from_ndarray(np.asarray(image.convert("RGB")), format="rgb24")
    packets = [*codec.encode(frame.reformat(format="yuv420p")), *codec.encode(None)]
    stream = b"".join(bytes(packet) for packet in packets).replace(b"\0\0\0\1", b"\0\0\1")
    return stream.split(b"\0\0\1")[1:]


def _kind(unit: bytes) -> int:
    return unit[0] >> 1 & 0x3F


def _configure(sets: list[bytes]) -> bytes:
    """HEVCDecoderConfigurationRecord, ISO/IEC 14496-15, 8.3.3; the profile from the SPS."""
    profile = next(unit for unit in sets if _kind(unit) == 33)[3:15]
    record = b"\1" + profile + b"\xf0\0\xfc\xfd\xf8\xf8\0\0\x0f" + bytes([len(sets)])
    for unit in sets:
        record += bytes([0x80 | _kind(unit)]) + struct.pack(">HH", 1, len(unit)) + unit
    return record


def _meta(properties: list[bytes], offset: int, length: int) -> bytes:
    handler = _box(b"hdlr", bytes(8) + b"pict" + bytes(13))
    primary = _box(b"pitm", struct.pack(">IH", 0, 1))
    entry = _box(b"infe", struct.pack(">IHH", 2 << 24, 1, 0) + b"hvc1\0")
    items = _box(b"iinf", struct.pack(">IH", 0, 1) + entry)
    place = _box(b"iloc", struct.pack(">IBBHHHHII", 0, 0x44, 0, 1, 1, 0, 1, offset, length))
    links = bytes([len(properties), *(0x80 | index + 1 for index in range(len(properties)))])
    association = _box(b"ipma", struct.pack(">IIH", 0, 1, 1) + links)
    container = _box(b"ipco", b"".join(properties))
    return _box(
        b"meta",
        bytes(4) + handler + primary + place + items + _box(b"iprp", container + association),
    )


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body
