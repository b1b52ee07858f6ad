"""Given answers; those that left a question open are the unanswered queue."""

from collections.abc import Sequence

from sqlalchemy import select

from domain.answer import Answer, AnswerStatus
from domain.errors import NotFound
from domain.scope import Scope
from stores.sql import Database
from stores.tables import AnswerRow

UNANSWERED: tuple[AnswerStatus, ...] = ("abstained", "escalated")


class AnswerStore:
    """Answers by workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, scope: Scope, answer: Answer) -> None:
        """Keep an answer; saving the same `answer_id` again replaces it."""
        with self._database.session() as session:
            session.merge(
                AnswerRow(
                    workspace_id=scope.workspace_id,
                    actor=scope.actor,
                    created_at=answer.created_at,
                    answer_id=answer.answer_id,
                    product_id=answer.product_id,
                    status=answer.status,
                    document=answer.model_dump(mode="json"),
                )
            )

    def get(self, scope: Scope, answer_id: str) -> Answer:
        """An answer by its id.

        Raises:
            NotFound: no such answer.
        """
        with self._database.reading() as session:
            row = session.get(AnswerRow, (scope.workspace_id, answer_id))
            if row is None:
                raise NotFound(
                    f"There is no answer {answer_id}.", hint="Answers come from `livecue ask`."
                )
            return Answer.model_validate(row.document)

    def list(
        self,
        scope: Scope,
        *,
        status: AnswerStatus | Sequence[AnswerStatus] | None = None,
        product_id: str | None = None,
        limit: int | None = None,
    ) -> list[Answer]:
        """Answers, the newest first; `status=UNANSWERED` is the queue of open questions."""
        query = select(AnswerRow.document).where(AnswerRow.workspace_id == scope.workspace_id)
        if status is not None:
            wanted = (status,) if isinstance(status, str) else status
            query = query.where(AnswerRow.status.in_(wanted))
        if product_id is not None:
            query = query.where(AnswerRow.product_id == product_id)
        query = query.order_by(AnswerRow.created_at.desc(), AnswerRow.answer_id).limit(limit)
        with self._database.reading() as session:
            return [Answer.model_validate(document) for document in session.scalars(query)]
