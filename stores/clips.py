"""Clips: what was arranged, its timeline, and the files that were rendered from it."""

from collections.abc import Callable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.clip import Clip
from domain.errors import NotFound, StateConflict
from domain.scope import Scope
from stores.clock import Clock, utc_now
from stores.sql import Database
from stores.tables import ClipRow


class ClipStore:
    """Clips by workspace."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def put(self, scope: Scope, clip: Clip) -> Clip:
        """Store a clip as it is, in the place of one of the same id."""
        now = self._clock()
        stored = clip.model_copy(update={"actor": scope.actor, "updated_at": now})
        with self._database.session() as session:
            session.merge(
                ClipRow(
                    workspace_id=scope.workspace_id,
                    actor=scope.actor,
                    created_at=clip.created_at,
                    clip_id=clip.clip_id,
                    recording_id=clip.recording_id,
                    job_id=clip.job_id,
                    document=stored.model_dump(mode="json"),
                    updated_at=now,
                )
            )
        return stored

    def get(self, scope: Scope, clip_id: str) -> Clip:
        """A clip by its id.

        Raises:
            NotFound: no such clip in the workspace.
        """
        with self._database.reading() as session:
            return Clip.model_validate(_row(session, scope, clip_id).document)

    def list(
        self,
        scope: Scope,
        *,
        recording_id: str | None = None,
        job_id: str | None = None,
        limit: int = 100,
    ) -> Sequence[Clip]:
        """The newest clips, of a recording or a job if one is named; variants in their order."""
        query = select(ClipRow).where(ClipRow.workspace_id == scope.workspace_id)
        if recording_id is not None:
            query = query.where(ClipRow.recording_id == recording_id)
        if job_id is not None:
            query = query.where(ClipRow.job_id == job_id)
        query = query.order_by(ClipRow.created_at.desc(), ClipRow.clip_id).limit(limit)
        with self._database.reading() as session:
            return [Clip.model_validate(row.document) for row in session.scalars(query)]

    def change(
        self,
        scope: Scope,
        clip_id: str,
        edit: Callable[[Clip], Clip],
        *,
        version: int | None = None,
    ) -> Clip:
        """Store what `edit` makes of a clip; nothing comes between reading and writing.

        Raises:
            NotFound: no such clip.
            StateConflict: its timeline has another version than the one that was seen.
        """
        now = self._clock()
        with self._database.session() as session:
            row = _row(session, scope, clip_id)
            clip = Clip.model_validate(row.document)
            if version is not None and clip.timeline.version != version:
                raise StateConflict(
                    f"The timeline of {clip_id} has version {clip.timeline.version} by now;"
                    f" you changed {version}.",
                    hint="Read it again and repeat the change.",
                )
            changed = edit(clip).model_copy(update={"actor": scope.actor, "updated_at": now})
            row.document = changed.model_dump(mode="json")
            row.job_id = changed.job_id
            row.actor = scope.actor
            row.updated_at = now
            return changed

    def delete(self, scope: Scope, clip_id: str) -> None:
        """Forget a clip.

        Raises:
            NotFound: no such clip.
        """
        with self._database.session() as session:
            _row(session, scope, clip_id)
            session.execute(
                delete(ClipRow).where(
                    ClipRow.workspace_id == scope.workspace_id, ClipRow.clip_id == clip_id
                )
            )


def _row(session: Session, scope: Scope, clip_id: str) -> ClipRow:
    row = session.get(ClipRow, (scope.workspace_id, clip_id))
    if row is None:
        raise NotFound(f"There is no clip {clip_id}.", hint="List them: livecue clips list")
    return row
