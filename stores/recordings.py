"""Recordings to be cut, and what each stage has made of their contents."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.recording import Media, Recording, RecordingFile, Stage
from domain.scope import Scope
from stores.clock import Clock, utc_now
from stores.ids import new_id
from stores.sql import Database
from stores.tables import RecordingPartRow, RecordingRow


class RecordingStore:
    """Recordings by workspace.

    What a stage made is kept under the content that it was made of, so that the same bytes are not
    worked on twice, whatever they are called. It goes when the last recording of the content does.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def find_or_create(
        self,
        scope: Scope,
        fingerprint: str,
        file: RecordingFile,
        *,
        products: Sequence[str] = (),
        language: str | None = None,
    ) -> Recording:
        """The recording of this fingerprint, or a new one."""
        now = self._clock()
        query = select(RecordingRow).where(
            RecordingRow.workspace_id == scope.workspace_id,
            RecordingRow.fingerprint == fingerprint,
        )
        with self._database.session() as session:
            row = session.scalars(query).one_or_none()
            if row is None:
                row = RecordingRow(
                    workspace_id=scope.workspace_id,
                    actor=scope.actor,
                    created_at=now,
                    updated_at=now,
                    recording_id=new_id("rec"),
                    fingerprint=fingerprint,
                    file=file.model_dump(mode="json"),
                    products=list(products),
                    language=language,
                    content=None,
                    media=None,
                    results={},
                    job_id=None,
                )
                session.add(row)
            return _recording(row)

    def get(self, scope: Scope, recording_id: str) -> Recording:
        """A recording by its id.

        Raises:
            NotFound: no such recording in the workspace.
        """
        with self._database.reading() as session:
            return _recording(_row(session, scope, recording_id))

    def list(self, scope: Scope, *, limit: int = 100) -> Sequence[Recording]:
        """The newest recordings."""
        query = (
            select(RecordingRow)
            .where(RecordingRow.workspace_id == scope.workspace_id)
            .order_by(RecordingRow.created_at.desc(), RecordingRow.recording_id)
            .limit(limit)
        )
        with self._database.reading() as session:
            return [_recording(row) for row in session.scalars(query)]

    def update(
        self,
        scope: Scope,
        recording_id: str,
        *,
        content: str | None = None,
        media: Media | None = None,
        results: dict[Stage, str] | None = None,
        job_id: str | None = None,
    ) -> Recording:
        """Change what is given; `results` are added to those that are there.

        Raises:
            NotFound: no such recording.
        """
        with self._database.session() as session:
            row = _row(session, scope, recording_id)
            if content is not None:
                row.content = content
            if media is not None:
                row.media = media.model_dump(mode="json")
            if results is not None:
                row.results = {**row.results, **results}
            if job_id is not None:
                row.job_id = job_id
            row.actor = scope.actor
            row.updated_at = self._clock()
            return _recording(row)

    def delete(self, scope: Scope, recording_id: str) -> None:
        """Forget a recording, and what was made of its content if no other has it.

        Raises:
            NotFound: no such recording.
        """
        with self._database.session() as session:
            row = _row(session, scope, recording_id)
            session.delete(row)
            session.flush()
            others = select(RecordingRow.recording_id).where(
                RecordingRow.workspace_id == scope.workspace_id,
                RecordingRow.content == row.content,
            )
            if row.content is not None and session.scalar(others.limit(1)) is None:
                session.execute(
                    delete(RecordingPartRow).where(
                        RecordingPartRow.workspace_id == scope.workspace_id,
                        RecordingPartRow.content == row.content,
                    )
                )

    def find_part(self, scope: Scope, content: str, stage: str, key: str) -> str | None:
        """The blob that a stage made of a content under this key, or None."""
        with self._database.reading() as session:
            row = session.get(RecordingPartRow, (scope.workspace_id, content, stage, key))
            return None if row is None else row.blob

    def keep_part(self, scope: Scope, content: str, stage: str, key: str, blob: str) -> None:
        """Remember the blob that a stage made of a content."""
        with self._database.session() as session:
            session.merge(
                RecordingPartRow(
                    workspace_id=scope.workspace_id,
                    actor=scope.actor,
                    created_at=self._clock(),
                    content=content,
                    stage=stage,
                    key=key,
                    blob=blob,
                )
            )


def _row(session: Session, scope: Scope, recording_id: str) -> RecordingRow:
    row = session.get(RecordingRow, (scope.workspace_id, recording_id))
    if row is None:
        raise NotFound(
            f"There is no recording {recording_id}.",
            hint="List them: GET /api/v1/recordings; or give the file: livecue segments VIDEO",
        )
    return row


def _recording(row: RecordingRow) -> Recording:
    return Recording(
        recording_id=row.recording_id,
        file=RecordingFile.model_validate(row.file),
        products=tuple(row.products),
        language=row.language,
        content=row.content,
        media=None if row.media is None else Media.model_validate(row.media),
        results={Stage(stage): blob for stage, blob in row.results.items()},
        job_id=row.job_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
