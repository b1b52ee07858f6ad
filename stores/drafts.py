"""Answers that lie ready for what many ask in a stream, with what each was drafted from."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from domain.answer import Answer
from domain.scope import Scope
from stores.sql import Database
from stores.tables import DraftRow


@dataclass(frozen=True, slots=True)
class Basis:
    """What was known when an answer was drafted.

    The version of the record, and the number in the stream's log of the last live fact about the
    product (0 for none).
    """

    product_id: str
    product_version: int
    live_seq: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer for a cluster of questions; one a cluster."""

    cluster_id: str
    basis: Basis
    answer: Answer


class DraftStore:
    """Drafts by workspace and stream; they go with their stream."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, scope: Scope, stream_id: str, draft: Draft) -> None:
        """Keep a draft in the place of an earlier one of its cluster."""
        with self._database.session() as session:
            session.merge(
                DraftRow(
                    workspace_id=scope.workspace_id,
                    actor=scope.actor,
                    created_at=draft.answer.created_at,
                    stream_id=stream_id,
                    cluster_id=draft.cluster_id,
                    product_id=draft.basis.product_id,
                    product_version=draft.basis.product_version,
                    live_seq=draft.basis.live_seq,
                    document=draft.answer.model_dump(mode="json"),
                )
            )

    def list(self, scope: Scope, stream_id: str) -> Sequence[Draft]:
        """The drafts of a stream, the oldest first."""
        query = (
            select(DraftRow)
            .where(DraftRow.workspace_id == scope.workspace_id, DraftRow.stream_id == stream_id)
            .order_by(DraftRow.created_at, DraftRow.cluster_id)
        )
        with self._database.reading() as session:
            return [_draft(row) for row in session.scalars(query)]

    def withdraw(self, scope: Scope, stream_id: str, cluster_id: str) -> None:
        """Drop the draft of a cluster, where there is one."""
        with self._database.session() as session:
            session.execute(
                delete(DraftRow).where(
                    DraftRow.workspace_id == scope.workspace_id,
                    DraftRow.stream_id == stream_id,
                    DraftRow.cluster_id == cluster_id,
                )
            )


def _draft(row: DraftRow) -> Draft:
    return Draft(
        cluster_id=row.cluster_id,
        basis=Basis(row.product_id, row.product_version, row.live_seq),
        answer=Answer.model_validate(row.document),
    )
