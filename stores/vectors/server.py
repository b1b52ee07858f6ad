"""The vector index on a Qdrant server, when `QDRANT_URL` is set (qdrant-client)."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from domain.errors import StoreUnavailable
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
    from qdrant_client import QdrantClient
    from qdrant_client.models import Filter as Conditions

COLLECTION = "livecue"
TIMEOUT_SECONDS = 10
BATCH = 256


def connect(url: str, api_key: str | None = None) -> "QdrantClient":
    """A client of the server at `url`; nothing is sent yet."""
    from qdrant_client import QdrantClient

    return QdrantClient(
        url=url, api_key=api_key, timeout=TIMEOUT_SECONDS, check_compatibility=False
    )


class ServerIndex:
    """An index in one collection, whose metadata names the embedder.

    Raises:
        StoreUnavailable: from every method, when the server cannot be reached or refuses.
    """

    def __init__(
        self, client: "QdrantClient", meta: IndexMeta, collection: str = COLLECTION
    ) -> None:
        self.meta = meta
        self.status = IndexStatus.READY
        self.reason = ""
        self._client = client
        self._collection = collection
        with _reaching():
            self._open()

    def upsert(self, points: Sequence[VectorPoint]) -> None:
        """Add points or replace those of the same id, and wait until they are stored."""
        from qdrant_client.models import PointStruct

        check_usable(self.status, self.reason)
        check_points(points, self.meta.dim)
        with _reaching():
            for start in range(0, len(points), BATCH):
                self._client.upsert(
                    self._collection,
                    [
                        PointStruct(
                            id=str(point_uuid(point)),
                            vector=point.vector.tolist(),
                            payload={**point.payload, POINT_ID: point.id},
                        )
                        for point in points[start : start + BATCH]
                    ],
                    wait=True,
                )

    def search(
        self, vector: Vector, workspace_id: str, where: Filter | None = None, limit: int = 10
    ) -> list[Hit]:
        """The nearest points of a workspace, the nearest first."""
        check_usable(self.status, self.reason)
        check_vector(vector, self.meta.dim)
        with _reaching():
            found = self._client.query_points(
                self._collection,
                query=vector.tolist(),
                query_filter=_conditions(workspace_id, where),
                limit=limit,
                with_payload=True,
            )
        return [_hit(point.score, point.payload) for point in found.points]

    def delete(self, workspace_id: str, where: Filter | None = None) -> None:
        """Remove the points of a workspace that match."""
        from qdrant_client.models import FilterSelector

        check_usable(self.status, self.reason)
        with _reaching():
            self._client.delete(
                self._collection,
                FilterSelector(filter=_conditions(workspace_id, where)),
                wait=True,
            )

    def count(self, workspace_id: str, where: Filter | None = None) -> int:
        """How many points of a workspace match."""
        check_usable(self.status, self.reason)
        with _reaching():
            found = self._client.count(
                self._collection, count_filter=_conditions(workspace_id, where), exact=True
            )
        return found.count

    def clear(self) -> None:
        """Drop the collection and make it anew."""
        with _reaching():
            self._client.delete_collection(self._collection)
            self._create()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _open(self) -> None:
        if not self._client.collection_exists(self._collection):
            self._create()
            return
        found = self._client.get_collection(self._collection).config.metadata or {}
        built = IndexMeta(str(found.get("embedder", "an unknown embedder")), found.get("dim", 0))
        if built != self.meta:
            self.status = IndexStatus.MISMATCH
            self.reason = mismatch(built, self.meta)

    def _create(self) -> None:
        from qdrant_client.models import (
            Distance,
            KeywordIndexParams,
            KeywordIndexType,
            VectorParams,
        )

        self._client.create_collection(
            self._collection,
            vectors_config=VectorParams(size=self.meta.dim, distance=Distance.COSINE),
            metadata={"embedder": self.meta.embedder, "dim": self.meta.dim},
        )
        self._client.create_payload_index(
            self._collection,
            WORKSPACE,
            KeywordIndexParams(type=KeywordIndexType.KEYWORD, is_tenant=True),
            wait=True,
        )
        self.status = IndexStatus.NEW
        self.reason = ""


@contextmanager
def _reaching() -> Generator[None]:
    from qdrant_client.http.exceptions import ApiException, UnexpectedResponse

    try:
        yield
    except UnexpectedResponse as error:
        raise StoreUnavailable(
            f"The Qdrant server refused a request with status {error.status_code}.",
            hint="Check QDRANT_URL and QDRANT_API_KEY, and the server's log.",
        ) from error
    except ApiException as error:
        raise StoreUnavailable(
            f"The Qdrant server cannot be reached: {error}.",
            hint="Check QDRANT_URL and that the server is up; without QDRANT_URL the index "
            "is kept in the home.",
        ) from error


def _conditions(workspace_id: str, where: Filter | None) -> "Conditions":
    from qdrant_client.models import FieldCondition, MatchAny
    from qdrant_client.models import Filter as Conditions

    return Conditions(
        must=[
            FieldCondition(key=key, match=MatchAny(any=values))
            for key, values in conditions(workspace_id, where).items()
        ]
    )


def _hit(score: float, payload: dict[str, Any] | None) -> Hit:
    content = dict(payload or {})
    return Hit(content.pop(POINT_ID), score, content)
