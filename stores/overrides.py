"""What persons allowed against a rule, and what they took back; nothing is forgotten."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import or_, select

from domain.compliance import Override
from domain.errors import NotFound
from domain.scope import Scope
from stores.sql import Database
from stores.tables import OverrideRow


class OverrideStore:
    """Overrides by workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, scope: Scope, override: Override, is_same: Callable[[Override], bool]
    ) -> Override:
        """Keep a decision, unless one in force says the same for the same goods; the one kept."""
        query = select(OverrideRow).where(
            OverrideRow.workspace_id == scope.workspace_id,
            OverrideRow.rule == override.rule,
            OverrideRow.product_id.is_not_distinct_from(override.product_id),
            OverrideRow.withdrawn_at.is_(None),
        )
        with self._database.session() as session:
            for known in map(_override, session.scalars(query)):
                if is_same(known):
                    return known
            session.add(
                OverrideRow(workspace_id=scope.workspace_id, **override.model_dump(mode="python"))
            )
        return override

    def withdraw(self, scope: Scope, override_id: str) -> Override:
        """End an override and note who did; once ended it stays as it is.

        Raises:
            NotFound: no such override.
        """
        with self._database.session() as session:
            row = session.get(OverrideRow, (scope.workspace_id, override_id))
            if row is None:
                raise NotFound(
                    f"There is no override {override_id}.",
                    hint="List them with: livecue overrides list",
                )
            if row.withdrawn_at is None:
                row.withdrawn_at = datetime.now(UTC)
                row.withdrawn_by = scope.actor
            return _override(row)

    def in_force(self, scope: Scope, product_id: str | None = None) -> list[Override]:
        """The overrides that hold for a product: the general ones and, last, its own."""
        own = OverrideRow.product_id.is_(None)
        if product_id is not None:
            own = or_(own, OverrideRow.product_id == product_id)
        query = select(OverrideRow).where(
            OverrideRow.workspace_id == scope.workspace_id, OverrideRow.withdrawn_at.is_(None), own
        )
        with self._database.reading() as session:
            found = [_override(row) for row in session.scalars(query)]
        return sorted(found, key=lambda o: (o.product_id is not None, o.created_at, o.override_id))

    def list(self, scope: Scope, *, withdrawn: bool = False) -> list[Override]:
        """All overrides in force, with `withdrawn` those that ended too; the newest first."""
        query = select(OverrideRow).where(OverrideRow.workspace_id == scope.workspace_id)
        if not withdrawn:
            query = query.where(OverrideRow.withdrawn_at.is_(None))
        query = query.order_by(OverrideRow.created_at.desc(), OverrideRow.override_id)
        with self._database.reading() as session:
            return [_override(row) for row in session.scalars(query)]


def _override(row: OverrideRow) -> Override:
    return Override.model_validate({name: getattr(row, name) for name in Override.model_fields})
