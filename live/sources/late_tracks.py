"""Noticing a track that begins only after a live stream was opened.

PyAV fixes the tracks when it opens a container. Until both kinds are there, the bytes are looked
at on their way in: FLV tags (Adobe FLV 10.1, annex E.4.1) and PES headers in MPEG-TS packets
(ISO/IEC 13818-1, 2.4.3).
"""

from typing import Protocol

_FLV_HEADER = 9
_FLV_TAG = 11
_FLV_TRAILER = 4
_FLV_KINDS = {8: "sound", 9: "picture"}
_TS_PACKET = 188
_TS_SYNC = 0x47
_PES_START = b"\x00\x00\x01"
_PES_SOUND = frozenset([*range(0xC0, 0xE0), 0xBD, 0xFD])
_PES_PICTURE = frozenset(range(0xE0, 0xF0))


class Bytes(Protocol):
    """A stream of bytes that is read once."""

    def read(self, size: int) -> bytes:
        """At most `size` bytes, none at the end."""
        ...


class WatchedBytes:
    """Passes on the bytes of FLV or MPEG-TS, and watches what tracks come by."""

    def __init__(self, source: Bytes) -> None:
        self._source = source
        self._rest = b""
        self._skip = 0
        self._format: str | None = None
        self._seen: set[str] = set()
        self._known: frozenset[str] | None = None

    @property
    def late(self) -> bool:
        """Whether a track began after `mark_opened`."""
        return self._known is not None and self._seen > self._known

    def mark_opened(self) -> None:
        """Says that the container is open: what came so far is known to it."""
        self._known = frozenset(self._seen)

    def read(self, size: int) -> bytes:
        """At most `size` bytes, none at the end."""
        data = self._source.read(size)
        if len(self._seen) < len(_FLV_KINDS):
            self._look(data)
        return data

    def _look(self, data: bytes) -> None:
        if self._skip >= len(data):
            self._skip -= len(data)
            return
        self._rest += data[self._skip :]
        self._skip = 0
        if self._format is None and len(self._rest) > _FLV_HEADER:
            self._format = "flv" if self._rest.startswith(b"FLV") else "mpegts"
            if self._format == "flv":
                self._rest = self._rest[_FLV_HEADER + _FLV_TRAILER :]
        if self._format == "flv":
            self._look_at_tags()
        elif self._format == "mpegts":
            self._look_at_packets()

    def _look_at_tags(self) -> None:
        while len(self._rest) >= _FLV_TAG:
            kind = _FLV_KINDS.get(self._rest[0] & 0x1F)
            if kind is not None:
                self._seen.add(kind)
            end = _FLV_TAG + int.from_bytes(self._rest[1:4]) + _FLV_TRAILER
            if end > len(self._rest):
                self._skip = end - len(self._rest)
                self._rest = b""
                return
            self._rest = self._rest[end:]

    def _look_at_packets(self) -> None:
        place = 0
        while place + _TS_PACKET <= len(self._rest):
            if self._rest[place] != _TS_SYNC:
                place += 1
                continue
            self._look_at_packet(self._rest[place : place + _TS_PACKET])
            place += _TS_PACKET
        self._rest = self._rest[place:]

    def _look_at_packet(self, packet: bytes) -> None:
        starts_unit = packet[1] & 0x40
        has_field, has_payload = packet[3] & 0x20, packet[3] & 0x10
        if not (starts_unit and has_payload):
            return
        payload = packet[5 + packet[4] if has_field else 4 :]
        if payload.startswith(_PES_START) and len(payload) > len(_PES_START):
            stream = payload[len(_PES_START)]
            if stream in _PES_SOUND:
                self._seen.add("sound")
            elif stream in _PES_PICTURE:
                self._seen.add("picture")
