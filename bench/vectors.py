"""The embedded vector engine against the in-memory adapter, the simplest that is right."""

import tempfile
from pathlib import Path

import numpy as np

from bench.figure import Figure, median_seconds
from stores.vectors import IndexMeta, VectorIndex, VectorPoint
from stores.vectors.edge import EdgeIndex
from stores.vectors.memory import MemoryIndex

POINTS = 20_000
DIM = 384
QUERIES = 50
BATCH = 500
WORKSPACE = "bench"


def measure() -> list[Figure]:
    """Time to add one point and to answer one query, among 20,000 points of 384 numbers."""
    chance = np.random.default_rng(7)
    vectors = chance.standard_normal((POINTS, DIM), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    points = [
        VectorPoint(f"p{number}", vector, {"workspace_id": WORKSPACE})
        for number, vector in enumerate(vectors)
    ]
    meta = IndexMeta(embedder="bench", dim=DIM)
    with tempfile.TemporaryDirectory(prefix="livecue-bench-") as folder:
        edge, memory = EdgeIndex(Path(folder) / "index", meta), MemoryIndex(meta)
        edge_add, memory_add = _add(edge, points), _add(memory, points)
        edge_find, memory_find = _find(edge, vectors), _find(memory, vectors)
        edge.close()
    return [
        Figure("vector index: add one point, on disk", edge_add, "in memory", memory_add),
        Figure(f"vector index: query {POINTS:,} points", edge_find, "in memory", memory_find),
    ]


def _add(index: VectorIndex, points: list[VectorPoint]) -> float:
    def add_all() -> None:
        for start in range(0, POINTS, BATCH):
            index.upsert(points[start : start + BATCH])

    return median_seconds(add_all, 1) / POINTS


def _find(index: VectorIndex, vectors: np.ndarray) -> float:
    index.search(vectors[0], WORKSPACE)
    queries = iter(vectors[:: POINTS // QUERIES])
    return median_seconds(lambda: index.search(next(queries), WORKSPACE), QUERIES)
