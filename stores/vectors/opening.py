"""Which adapter serves the vector index: the settings decide."""

from pathlib import Path
from typing import Protocol

from domain.settings import Settings
from stores.vectors.port import IndexMeta, VectorIndex


class EmbedderInfo(Protocol):
    """What is to be known of an embedder: its name, and the dimension of its vectors."""

    @property
    def name(self) -> str:
        """The embedder's identity."""
        ...

    @property
    def dim(self) -> int:
        """The dimension of its vectors."""
        ...


def open_vectors(settings: Settings, folder: Path, embedder: EmbedderInfo) -> VectorIndex:
    """The index on the server at `QDRANT_URL` where that is set, else in `folder`.

    Look at its `status` before use: an index that is `new`, `mismatch` or `damaged` is to be
    filled anew from SQL.

    Raises:
        StateConflict: another process has `folder` open.
        StoreUnavailable: the server cannot be reached or refuses.
    """
    meta = IndexMeta(embedder.name, embedder.dim)
    if settings.qdrant_url is not None:
        from stores.vectors.server import ServerIndex, connect

        key = settings.qdrant_api_key
        client = connect(settings.qdrant_url, key.get_secret_value() if key else None)
        return ServerIndex(client, meta)
    from stores.vectors.edge import EdgeIndex

    return EdgeIndex(folder, meta)
