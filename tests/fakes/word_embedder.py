"""An embedder without a model: texts are alike as far as they share words or characters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

_UNIT = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")


@dataclass
class WordEmbedder:
    """Hashes words into a vector; `embedded` lists the passages that were computed."""

    name: str = "words"
    dim: int = 4096
    embedded: list[str] = field(default_factory=list[str])

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._embed(text) for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        return self.embed_queries(texts)

    def _embed(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self.dim, dtype=np.float32)
        for word in _UNIT.findall(text.lower()):
            vector[crc32(word.encode()) % self.dim] += 1
        return vector / max(float(np.linalg.norm(vector)), 1e-6)
