"""The vector index in process: Qdrant's engine on a folder of the home (qdrant-edge).

Nothing here calls `optimize()`: it holds the interpreter for seconds. Searches are exact scans,
fast enough for a catalog; what was deleted takes room until the index is rebuilt.
"""

import json
import os
import shutil
import threading
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from domain.errors import StateConflict
from stores.vectors.port import (
    POINT_ID,
    WORKSPACE,
    Filter,
    Hit,
    IndexMeta,
    IndexStatus,
    Vector,
    VectorPoint,
    check_points,
    check_usable,
    check_vector,
    conditions,
    mismatch,
    point_uuid,
)

if TYPE_CHECKING:
    import qdrant_edge

META_FILE = "meta.json"


class EdgeIndex:
    """An index in `folder`, which one process at a time has open.

    `meta.json` names the folder of the shard in use, so that `clear` switches to an empty shard
    in one step: a crash leaves the old one or the new one.
    """

    def __init__(self, folder: Path, meta: IndexMeta) -> None:
        self.meta = meta
        self.status = IndexStatus.READY
        self.reason = ""
        self._folder = folder
        self._writing = threading.Lock()
        self._shard: qdrant_edge.EdgeShard | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self._open()

    def upsert(self, points: Sequence[VectorPoint]) -> None:
        """Add points or replace those of the same id, and flush."""
        import qdrant_edge

        check_points(points, self.meta.dim)
        if not points:
            return
        self._apply(
            qdrant_edge.UpdateOperation.upsert_points(
                [
                    qdrant_edge.Point(
                        point_uuid(point),
                        point.vector.tolist(),
                        {**point.payload, POINT_ID: point.id},
                    )
                    for point in points
                ]
            )
        )

    def search(
        self, vector: Vector, workspace_id: str, where: Filter | None = None, limit: int = 10
    ) -> list[Hit]:
        """The nearest points of a workspace, the nearest first."""
        import qdrant_edge

        check_vector(vector, self.meta.dim)
        found = self._usable().search(
            qdrant_edge.SearchRequest(
                query=qdrant_edge.Query.Nearest(vector.tolist()),
                limit=limit,
                filter=_conditions(workspace_id, where),
                with_payload=True,
            )
        )
        return [_hit(point) for point in found]

    def delete(self, workspace_id: str, where: Filter | None = None) -> None:
        """Remove the points of a workspace that match, and flush."""
        import qdrant_edge

        self._apply(
            qdrant_edge.UpdateOperation.delete_points_by_filter(_conditions(workspace_id, where))
        )

    def count(self, workspace_id: str, where: Filter | None = None) -> int:
        """How many points of a workspace match."""
        import qdrant_edge

        return self._usable().count(
            qdrant_edge.CountRequest(exact=True, filter=_conditions(workspace_id, where))
        )

    def clear(self) -> None:
        """Drop everything; searches under way end on the old shard."""
        with self._writing:
            self._shard = self._create()
            self._remove_others()

    def close(self) -> None:
        """Flush and release the files."""
        with self._writing:
            shard, self._shard = self._shard, None
            if shard is not None:
                shard.close()

    def _open(self) -> None:
        import qdrant_edge

        try:
            found = json.loads((self._folder / META_FILE).read_text(encoding="utf-8"))
            built = IndexMeta(found["embedder"], found["dim"])
            shard_folder = self._folder / found["shard"]
        except FileNotFoundError:
            self._shard = self._create()
            self._remove_others()
            return
        except (ValueError, KeyError, TypeError) as error:
            self._unusable(IndexStatus.DAMAGED, f"{META_FILE} cannot be read ({error})")
            return
        if built != self.meta:
            self._unusable(IndexStatus.MISMATCH, mismatch(built, self.meta))
            return
        try:
            self._shard = qdrant_edge.EdgeShard.load(str(shard_folder))
        except Exception as error:  # the engine raises nothing narrower
            if "WouldBlock" in str(error):
                raise StateConflict(
                    f"The vector index {self._folder} is open in another process.",
                    hint="One process at a time opens a home: see livecue doctor",
                ) from error
            self._unusable(IndexStatus.DAMAGED, f"its files cannot be read ({error})")

    def _unusable(self, status: IndexStatus, reason: str) -> None:
        self.status = status
        self.reason = reason

    def _create(self) -> "qdrant_edge.EdgeShard":
        import qdrant_edge

        name = f"shard-{uuid.uuid4().hex[:8]}"
        path = self._folder / name
        path.mkdir()
        shard = qdrant_edge.EdgeShard.create(
            str(path),
            qdrant_edge.EdgeConfig(
                vectors=qdrant_edge.EdgeVectorParams(
                    size=self.meta.dim, distance=qdrant_edge.Distance.Cosine
                )
            ),
        )
        shard.update(
            qdrant_edge.UpdateOperation.create_field_index(
                WORKSPACE, qdrant_edge.PayloadSchemaType.Keyword
            )
        )
        shard.flush()
        record = {"embedder": self.meta.embedder, "dim": self.meta.dim, "shard": name}
        temporary = self._folder / f"{META_FILE}.new"
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(record, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._folder / META_FILE)
        self.status = IndexStatus.NEW
        self.reason = ""
        self._current = name
        return shard

    def _remove_others(self) -> None:
        for path in self._folder.glob("shard-*"):
            if path.name != self._current:
                shutil.rmtree(path, ignore_errors=True)

    def _usable(self) -> "qdrant_edge.EdgeShard":
        check_usable(self.status, self.reason)
        shard = self._shard
        if shard is None:
            raise ValueError("the vector index is closed")
        return shard

    def _apply(self, operation: "qdrant_edge.UpdateOperation") -> None:
        with self._writing:
            shard = self._usable()
            shard.update(operation)
            shard.flush()


def _conditions(workspace_id: str, where: Filter | None) -> "qdrant_edge.Filter":
    import qdrant_edge

    return qdrant_edge.Filter(
        must=[
            qdrant_edge.FieldCondition(key, match=qdrant_edge.MatchAny(values))
            for key, values in conditions(workspace_id, where).items()
        ]
    )


def _hit(point: "qdrant_edge.ScoredPoint") -> Hit:
    payload = dict(point.payload or {})
    return Hit(payload.pop(POINT_ID), point.score, payload)
