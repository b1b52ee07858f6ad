"""Pieces of product material, as they were given."""

from collections.abc import Sequence

from domain.errors import NotFound
from domain.evidence import Source
from domain.scope import Scope
from stores.clock import Clock, utc_now
from stores.sql import Database
from stores.tables import SourceRow


class SourceStore:
    """Sources by workspace; their bytes are blobs."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def save(self, scope: Scope, sources: Sequence[Source]) -> None:
        """Keep sources; one of the same id is replaced."""
        now = self._clock()
        with self._database.session() as session:
            for source in sources:
                session.merge(
                    SourceRow(
                        workspace_id=scope.workspace_id,
                        actor=scope.actor,
                        created_at=now,
                        **source.model_dump(),
                    )
                )

    def get(self, scope: Scope, source_id: str) -> Source:
        """A source by its id.

        Raises:
            NotFound: no such source.
        """
        with self._database.reading() as session:
            row = session.get(SourceRow, (scope.workspace_id, source_id))
            if row is None:
                raise NotFound(
                    f"There is no source {source_id}.", hint="Sources come from `product add`."
                )
            return _source(row)


def _source(row: SourceRow) -> Source:
    return Source.model_validate({name: getattr(row, name) for name in Source.model_fields})
