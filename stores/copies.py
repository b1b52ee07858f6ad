"""Finished copy, by product."""

from sqlalchemy import and_, or_, select

from domain.copywriting import Copy
from domain.errors import NotFound
from domain.scope import Scope
from stores.sql import Database
from stores.tables import CopyRow


class CopyStore:
    """Copy by workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, scope: Scope, copy: Copy) -> None:
        """Keep a piece of copy; saving the same `copy_id` again replaces it."""
        with self._database.session() as session:
            session.merge(
                CopyRow(
                    workspace_id=scope.workspace_id,
                    actor=scope.actor,
                    created_at=copy.created_at,
                    copy_id=copy.copy_id,
                    product_id=copy.product_id,
                    product_version=copy.product_version,
                    document=copy.model_dump(mode="json"),
                )
            )

    def get(self, scope: Scope, copy_id: str) -> Copy:
        """A piece of copy by its id.

        Raises:
            NotFound: no such copy.
        """
        with self._database.reading() as session:
            row = session.get(CopyRow, (scope.workspace_id, copy_id))
            if row is None:
                raise NotFound(
                    f"There is no copy {copy_id}.", hint="Write one with: livecue copy PRODUCT"
                )
            return Copy.model_validate(row.document)

    def list(
        self,
        scope: Scope,
        product_id: str | None = None,
        *,
        limit: int | None = None,
        after: Copy | None = None,
    ) -> list[Copy]:
        """Copy of one product, or of all, the newest first; `after` is the last of the page before.

        Of copies from the same moment the one with the smaller id comes first.
        """
        query = select(CopyRow.document).where(CopyRow.workspace_id == scope.workspace_id)
        if product_id is not None:
            query = query.where(CopyRow.product_id == product_id)
        if after is not None:
            at = after.created_at
            later = and_(CopyRow.created_at == at, CopyRow.copy_id > after.copy_id)
            query = query.where(or_(CopyRow.created_at < at, later))
        query = query.order_by(CopyRow.created_at.desc(), CopyRow.copy_id).limit(limit)
        with self._database.reading() as session:
            return [Copy.model_validate(document) for document in session.scalars(query)]
