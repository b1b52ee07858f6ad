"""Idempotency keys: a POST that is sent twice does its work once."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete

from domain.errors import StateConflict
from domain.scope import Scope
from stores.clock import Clock, utc_now
from stores.sql import Database
from stores.tables import IdempotencyRow


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """What the first request with a key was answered: HTTP status and JSON body."""

    status: int
    body: dict[str, Any]


class IdempotencyStore:
    """Answers by workspace, route and key."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def begin(self, scope: Scope, route: str, key: str, request_hash: str) -> StoredResponse | None:
        """Take the key for a request, or return what the first request with it was answered.

        Raises:
            StateConflict: the key was used for another request, or the first one is at work.
        """
        with self._database.session() as session:
            row = session.get(IdempotencyRow, (scope.workspace_id, route, key))
            if row is None:
                session.add(
                    IdempotencyRow(
                        workspace_id=scope.workspace_id,
                        actor=scope.actor,
                        created_at=self._clock(),
                        route=route,
                        key=key,
                        request_hash=request_hash,
                    )
                )
                return None
            if row.request_hash != request_hash:
                raise StateConflict(
                    f"The idempotency key {key} was used for another request.",
                    hint="Send a fresh key with a changed request.",
                )
            if row.status is None:
                raise StateConflict(
                    f"The request with the idempotency key {key} is still at work.",
                    hint="Send it again in a moment to get its answer.",
                )
            return StoredResponse(status=row.status, body=row.response or {})

    def complete(self, scope: Scope, route: str, key: str, response: StoredResponse) -> None:
        """Keep the answer for every later request with the key."""
        with self._database.session() as session:
            row = session.get_one(IdempotencyRow, (scope.workspace_id, route, key))
            row.status = response.status
            row.response = response.body

    def abandon(self, scope: Scope, route: str, key: str) -> None:
        """Give the key back after a failure, so that the request may be tried again."""
        with self._database.session() as session:
            session.execute(
                delete(IdempotencyRow).where(
                    IdempotencyRow.workspace_id == scope.workspace_id,
                    IdempotencyRow.route == route,
                    IdempotencyRow.key == key,
                    IdempotencyRow.status.is_(None),
                )
            )

    def abandon_all(self) -> int:
        """Give back every key whose request a killed process left open; call it at start-up."""
        with self._database.session() as session:
            deleted = session.execute(
                delete(IdempotencyRow)
                .where(IdempotencyRow.status.is_(None))
                .returning(IdempotencyRow.key)
            )
            return len(deleted.all())
