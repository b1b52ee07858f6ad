"""The lines of a text file, also of one that is still being written."""

import threading
from collections.abc import Iterator
from pathlib import Path

_BLOCK = 65536
_BOM = b"\xef\xbb\xbf"
BYTES_PER_CHAR = 4  # UTF-8 at most; JSON's escapes of CJK take six, in lines that are half as long


class TextBlocks:
    """Blocks of bytes as they are there; when following, until `stopped` is set.

    A file that becomes shorter is read from its new beginning, as `tail -F` does.
    """

    def __init__(
        self, path: Path, *, follow: bool, poll_seconds: float, stopped: threading.Event
    ) -> None:
        self._path = path
        self._follow = follow
        self._poll = poll_seconds
        self._stopped = stopped

    def __iter__(self) -> Iterator[bytes]:
        """Blocks; an empty one each time that a followed file has nothing new."""
        with self._path.open("rb") as file:
            while not self._stopped.is_set():
                block = file.read(_BLOCK)
                if block:
                    yield block
                elif not self._follow:
                    return
                else:
                    if self._path.exists() and self._path.stat().st_size < file.tell():
                        file.seek(0)
                        continue
                    yield b""
                    self._stopped.wait(self._poll)


def split_lines(
    blocks: Iterator[bytes], most_chars: int
) -> Iterator[tuple[int, str | None] | None]:
    """Numbered lines without their ends (LF, CRLF); None for a pause of the file.

    The text of a line is None where it is longer than `most_chars` allows; bytes that are no UTF-8
    become U+FFFD. A last line without an end counts once the file is over.
    """
    most = most_chars * BYTES_PER_CHAR
    number, rest, skipping = 1, b"", False
    for block in blocks:
        if not block:
            yield None
            continue
        *whole, rest_of_block = block.split(b"\n")
        for piece in whole:
            line, rest = rest + piece, b""
            yield number, None if skipping or len(line) > most else _decode(line, number)
            number, skipping = number + 1, False
        rest += rest_of_block
        if len(rest) > most:
            rest, skipping = b"", True
    if rest or skipping:
        yield number, None if skipping else _decode(rest, number)


def _decode(line: bytes, number: int) -> str:
    if number == 1:
        line = line.removeprefix(_BOM)
    return line.rstrip(b"\r").decode("utf-8", "replace")
