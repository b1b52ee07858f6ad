"""The rows of the model-call journal: what a model said to exactly this call."""

from sqlalchemy import select

from domain.scope import Scope
from stores.clock import Clock, utc_now
from stores.sql import Database
from stores.tables import ModelCallRow


class CallStore:
    """Responses by the key of their call; a workspace sees its own only."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def get(self, key: str, scope: Scope = Scope()) -> str | None:
        """The response to a journaled call, or None."""
        with self._database.reading() as session:
            return session.scalar(
                select(ModelCallRow.response).where(
                    ModelCallRow.workspace_id == scope.workspace_id, ModelCallRow.key == key
                )
            )

    def put(
        self,
        key: str,
        response: str,
        *,
        model: str,
        prompt: str,
        prompt_tokens: int = 0,
        completion_tokens: int = 0,
        duration_ms: int = 0,
        scope: Scope = Scope(),
    ) -> str:
        """Commit a response and return the one that counts.

        The first one wins: where two equal calls were in flight, both go on with the same text.

        Args:
            key: the hash of all that decides the response.
            response: what the model said.
            model: the model's name.
            prompt: the prompt's identity, `id@version+hash`.
            prompt_tokens: tokens read.
            completion_tokens: tokens written.
            duration_ms: how long the call took.
            scope: the workspace and who acts.
        """
        with self._database.session() as session:
            row = session.get(ModelCallRow, (scope.workspace_id, key))
            if row is None:
                row = ModelCallRow(
                    workspace_id=scope.workspace_id,
                    actor=scope.actor,
                    created_at=self._clock(),
                    key=key,
                    model=model,
                    prompt=prompt,
                    response=response,
                    prompt_tokens=prompt_tokens,
                    completion_tokens=completion_tokens,
                    duration_ms=duration_ms,
                )
                session.add(row)
            return row.response
