"""What was read out of each content before, so that the same bytes are read once."""

from domain.scope import Scope
from stores.clock import Clock, utc_now
from stores.sql import Database
from stores.tables import ReadingRow


class ReadingStore:
    """The blob of passages that a content gave, by workspace, content and reader."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def get(self, scope: Scope, blob: str, reader: str) -> str | None:
        """The blob of the passages that `reader` found in the content `blob`, or None."""
        with self._database.reading() as session:
            row = session.get(ReadingRow, (scope.workspace_id, blob, reader))
            return row.passages if row else None

    def put(self, scope: Scope, blob: str, reader: str, passages: str) -> None:
        """Remember that `reader` found `passages` in the content `blob`."""
        with self._database.session() as session:
            session.merge(
                ReadingRow(
                    workspace_id=scope.workspace_id,
                    actor=scope.actor,
                    created_at=self._clock(),
                    blob=blob,
                    reader=reader,
                    passages=passages,
                )
            )
