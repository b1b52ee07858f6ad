"""A vector index in memory: exact, for small sets and for tests."""

import threading
from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from stores.vectors.port import (
    WORKSPACE,
    Filter,
    Hit,
    IndexMeta,
    IndexStatus,
    Vector,
    VectorPoint,
    check_points,
    check_vector,
    conditions,
)


class MemoryIndex:
    """Points in a dictionary, compared one matrix product a search."""

    def __init__(self, meta: IndexMeta) -> None:
        self.meta = meta
        self.status = IndexStatus.NEW
        self.reason = ""
        self._points: dict[tuple[str, str], VectorPoint] = {}
        self._lock = threading.Lock()

    def upsert(self, points: Sequence[VectorPoint]) -> None:
        """Add points or replace those of the same id."""
        check_points(points, self.meta.dim)
        with self._lock:
            for point in points:
                unit = VectorPoint(point.id, _unit(point.vector), dict(point.payload))
                self._points[point.payload[WORKSPACE], point.id] = unit

    def search(
        self, vector: Vector, workspace_id: str, where: Filter | None = None, limit: int = 10
    ) -> list[Hit]:
        """The nearest points of a workspace, the nearest first."""
        check_vector(vector, self.meta.dim)
        points = self._matching(workspace_id, where)
        if not points:
            return []
        scores = np.stack([point.vector for point in points]) @ _unit(vector)
        ranked = sorted(zip(scores.tolist(), points, strict=True), key=lambda found: -found[0])
        return [Hit(point.id, score, dict(point.payload)) for score, point in ranked[:limit]]

    def delete(self, workspace_id: str, where: Filter | None = None) -> None:
        """Remove the points of a workspace that match."""
        wanted = conditions(workspace_id, where)
        with self._lock:
            for key, point in list(self._points.items()):
                if _matches(point.payload, wanted):
                    del self._points[key]

    def count(self, workspace_id: str, where: Filter | None = None) -> int:
        """How many points of a workspace match."""
        return len(self._matching(workspace_id, where))

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._points.clear()

    def close(self) -> None:
        """Nothing is held open."""

    def _matching(self, workspace_id: str, where: Filter | None) -> list[VectorPoint]:
        wanted = conditions(workspace_id, where)
        with self._lock:
            return [point for point in self._points.values() if _matches(point.payload, wanted)]


def _matches(payload: dict[str, Any], wanted: dict[str, list[str] | list[int]]) -> bool:
    return all(
        any(_same(item, value) for item in _values(payload.get(key)) for value in values)
        for key, values in wanted.items()
    )


def _same(item: object, value: object) -> bool:
    return type(item) is type(value) and item == value


def _values(value: object) -> list[object]:
    if isinstance(value, list | tuple):
        return list(cast("Sequence[object]", value))
    return [value]


def _unit(vector: Vector) -> Vector:
    length = float(np.linalg.norm(vector))
    return vector if length == 0 else (vector / length).astype(np.float32)
