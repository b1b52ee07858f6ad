"""What the vector index holds, so that a crash between SQL and index is noticed and mended."""

from dataclasses import dataclass

from sqlalchemy import and_, delete, or_, select

from domain.scope import Scope
from stores.clock import Clock, utc_now
from stores.sql import Database
from stores.tables import IndexStateRow, ProductRow


@dataclass(frozen=True, slots=True)
class IndexLag:
    """A product whose index entries do not match SQL; `version` is what they should hold.

    None means that nothing of it should be in the index (deleted, or not published).
    """

    workspace_id: str
    product_id: str
    version: int | None


class IndexStateStore:
    """The indexed version of each product."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def mark(self, scope: Scope, product_id: str, *, version: int | None, embedder: str) -> None:
        """Note that the index now holds `version` of a product, or nothing of it (None)."""
        with self._database.session() as session:
            row = session.get(IndexStateRow, (scope.workspace_id, product_id))
            if version is None:
                if row is not None:
                    session.delete(row)
                return
            session.merge(
                IndexStateRow(
                    workspace_id=scope.workspace_id,
                    actor=scope.actor,
                    created_at=self._clock(),
                    product_id=product_id,
                    version=version,
                    embedder=embedder,
                )
            )

    def forget_all(self) -> None:
        """Note that the index holds nothing; call it before an empty index is filled."""
        with self._database.session() as session:
            session.execute(delete(IndexStateRow))

    def lagging(self, embedder: str) -> list[IndexLag]:
        """Every product, of all workspaces, that has to be indexed anew or removed."""
        same = and_(
            ProductRow.workspace_id == IndexStateRow.workspace_id,
            ProductRow.product_id == IndexStateRow.product_id,
        )
        behind = (
            select(ProductRow.workspace_id, ProductRow.product_id, ProductRow.published_version)
            .outerjoin(IndexStateRow, same)
            .where(
                ProductRow.published_version.is_not(None),
                or_(
                    IndexStateRow.version.is_(None),
                    IndexStateRow.version != ProductRow.published_version,
                    IndexStateRow.embedder != embedder,
                ),
            )
        )
        left_over = (
            select(
                IndexStateRow.workspace_id,
                IndexStateRow.product_id,
                ProductRow.published_version,
            )
            .outerjoin(ProductRow, same)
            .where(ProductRow.published_version.is_(None))
        )
        with self._database.reading() as session:
            rows = [*session.execute(behind), *session.execute(left_over)]
            return [IndexLag(workspace, product, version) for workspace, product, version in rows]
