"""Files that were sent in and wait to be used."""

from dataclasses import dataclass
from datetime import datetime

from domain.errors import NotFound
from domain.scope import Scope
from stores.blobs import BlobRef
from stores.clock import Clock, utc_now
from stores.ids import new_id
from stores.sql import Database
from stores.tables import UploadRow


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: its given name, media type and the SHA-256 of its bytes."""

    upload_id: str
    file: str
    media_type: str
    blob: str
    size: int
    created_at: datetime


class UploadStore:
    """Uploads by workspace."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def add(self, scope: Scope, file: str, media_type: str, blob: BlobRef) -> Upload:
        """Note that `blob` was sent under the name `file`."""
        upload = Upload(
            upload_id=new_id("file"),
            file=file,
            media_type=media_type,
            blob=blob.sha256,
            size=blob.size,
            created_at=self._clock(),
        )
        with self._database.session() as session:
            session.add(
                UploadRow(
                    workspace_id=scope.workspace_id,
                    actor=scope.actor,
                    created_at=upload.created_at,
                    upload_id=upload.upload_id,
                    file=upload.file,
                    media_type=upload.media_type,
                    blob=upload.blob,
                    size=upload.size,
                )
            )
        return upload

    def get(self, scope: Scope, upload_id: str) -> Upload:
        """An upload by its id.

        Raises:
            NotFound: no such upload.
        """
        with self._database.reading() as session:
            row = session.get(UploadRow, (scope.workspace_id, upload_id))
            if row is None:
                raise NotFound(
                    f"There is no uploaded file {upload_id}.",
                    hint="Send the file first: POST /api/v1/uploads",
                )
            return Upload(
                upload_id=row.upload_id,
                file=row.file,
                media_type=row.media_type,
                blob=row.blob,
                size=row.size,
                created_at=row.created_at,
            )
