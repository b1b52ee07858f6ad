"""A recording that arrives in pieces, as a browser's MediaRecorder makes them."""

import collections
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from domain.errors import LimitExceeded
from live.sources.connecting import not_media
from live.sources.late_tracks import WatchedBytes
from live.sources.network import open_bytes

if TYPE_CHECKING:
    from av.container import InputContainer

_EBML = b"\x1a\x45\xdf\xa3"
_OGG = b"OggS"
_OGG_FLAGS, _OGG_BEGINS = 5, 0x02  # RFC 3533, 6


class PieceConnector:
    """Opens one recording after the other from the pieces that are pushed."""

    live = True
    bursts = False
    listens = True
    late_track = False
    failure = None

    def __init__(
        self, name: str, *, waiting_bytes: int, on_unreadable: Callable[[str], None]
    ) -> None:
        self.name = name
        self.began_at: float | None = None
        self._most = waiting_bytes
        self._on_unreadable = on_unreadable
        self._waiting = 0
        self._recordings: collections.deque[collections.deque[bytes]] = collections.deque()
        self._changed = threading.Condition()
        self._ended = False
        self._interrupted = False
        self._container: InputContainer | None = None

    def push(self, data: bytes) -> None:
        """Adds a piece; raises LimitExceeded where decoding is too far behind."""
        with self._changed:
            if self._waiting + len(data) > self._most:
                raise LimitExceeded(
                    f"{self._waiting:,} bytes wait to be decoded; no more are taken.",
                    hint="Push more slowly, or raise LIVECUE_STREAMING__PUSHED_WAITING_BYTES.",
                )
            if not self._recordings or begins_recording(data):
                self._recordings.append(collections.deque())
            self._recordings[-1].append(data)
            self._waiting += len(data)
            self._changed.notify_all()

    def end(self) -> None:
        """Says that no more pieces come."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def connect(self) -> "InputContainer | None":
        """The next recording that can be read; None when there is none to come."""
        from av.error import FFmpegError

        while self._await_recording():
            try:
                self._container = open_bytes(WatchedBytes(self))
            except FFmpegError as error:
                self.disconnect()
                self._on_unreadable(not_media(self.name, str(error)).message)
            else:
                return self._container
        return None

    def read(self, size: int) -> bytes:
        """At most `size` bytes of the current recording, none at its end."""
        with self._changed:
            while True:
                pieces = self._recordings[0]
                if self._interrupted:
                    return b""
                if pieces:
                    break
                if self._ended or len(self._recordings) > 1:
                    return b""
                self._changed.wait()
            piece = pieces.popleft()
            if len(piece) > size:
                pieces.appendleft(piece[size:])
                piece = piece[:size]
            self._waiting -= len(piece)
            return piece

    def disconnect(self) -> None:
        """Throws away what is left of the current recording."""
        if self._container is not None:
            self._container.close()
            self._container = None
        with self._changed:
            if self._recordings and self.began_at is not None:
                self._waiting -= sum(map(len, self._recordings.popleft()))
            self.began_at = None

    def interrupt(self) -> None:
        """Ends every wait; from any thread."""
        with self._changed:
            self._interrupted = True
            self._changed.notify_all()

    def _await_recording(self) -> bool:
        with self._changed:
            while not self._recordings and not self._ended and not self._interrupted:
                self._changed.wait()
            if not self._recordings or self._interrupted:
                return False
            self.began_at = time.monotonic()
            return True


def begins_recording(piece: bytes) -> bool:
    """Whether a piece begins with the header of a WebM or Ogg recording."""
    if piece.startswith(_EBML):
        return True
    return (
        piece.startswith(_OGG) and len(piece) > _OGG_FLAGS and bool(piece[_OGG_FLAGS] & _OGG_BEGINS)
    )
