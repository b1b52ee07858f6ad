"""Which blobs the database still speaks of."""

from collections.abc import Collection

from sqlalchemy import select

from domain.scope import Scope
from stores.sql import Database
from stores.tables import ReadingRow, RecordingPartRow, SourceRow, UploadRow

_AT_ONCE = 500


class BlobUses:
    """What of a workspace's blobs sources, readings and uploads refer to.

    Keyframes of streams are told by `StreamStore.keyframes`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_used(self, scope: Scope, blobs: Collection[str]) -> frozenset[str]:
        """Those of `blobs` (SHA-256) that a row refers to."""
        wanted = sorted(blobs)
        columns = (
            SourceRow.blob,
            UploadRow.blob,
            ReadingRow.blob,
            ReadingRow.passages,
            RecordingPartRow.blob,
        )
        used: set[str] = set()
        with self._database.reading() as session:
            for start in range(0, len(wanted), _AT_ONCE):
                part = wanted[start : start + _AT_ONCE]
                for column in columns:
                    query = select(column).where(
                        column.class_.workspace_id == scope.workspace_id, column.in_(part)
                    )
                    used.update(session.scalars(query))
        return frozenset(used)
