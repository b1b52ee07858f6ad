"""The vector index: a port and its adapters (in process, on a server, in memory)."""

from stores.vectors.opening import open_vectors
from stores.vectors.port import (
    Filter,
    Hit,
    IndexMeta,
    IndexStatus,
    VectorIndex,
    VectorPoint,
)

__all__ = [
    "Filter",
    "Hit",
    "IndexMeta",
    "IndexStatus",
    "VectorIndex",
    "VectorPoint",
    "open_vectors",
]
