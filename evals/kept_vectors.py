"""An embedder that embeds a text once, and keeps the vectors between runs of a benchmark."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from models.embeddings import Embedder, Vectors

_FILE = "vectors-{name}.npz"


class KeptVectors:
    """`embedder`, with its vectors kept in memory, and in a file of `home` where one is given."""

    def __init__(self, embedder: Embedder, home: Path | None) -> None:
        self.name = embedder.name
        self._embedder = embedder
        self._path = home / _FILE.format(name=embedder.name) if home else None
        self._known: dict[str, Vectors] = {}
        if self._path is not None and self._path.is_file():
            with np.load(self._path, allow_pickle=False) as saved:
                vectors = saved["vectors"].astype(np.float32)
                self._known = dict(zip(saved["keys"].tolist(), vectors, strict=True))

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._embedder.dim

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is searched for."""
        return self._take("q", texts, self._embedder.embed_queries)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is found."""
        return self._take("p", texts, self._embedder.embed_passages)

    def keep(self) -> None:
        """Write the vectors to the file of `home`."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        vectors = np.stack(list(self._known.values())).astype(np.float16)
        np.savez_compressed(self._path, keys=np.asarray(list(self._known)), vectors=vectors)

    def _take(
        self, kind: str, texts: Sequence[str], embed: Callable[[Sequence[str]], Vectors]
    ) -> Vectors:
        missing = [text for text in dict.fromkeys(texts) if f"{kind}:{text}" not in self._known]
        if missing:
            keys = [f"{kind}:{text}" for text in missing]
            self._known.update(zip(keys, embed(missing), strict=True))
        return np.stack([self._known[f"{kind}:{text}"] for text in texts])
