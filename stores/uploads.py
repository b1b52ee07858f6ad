"""Files that were sent in and wait to be used."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from domain.errors import NotFound
from domain.scope import Scope
from stores.blobs import BlobRef
from stores.clock import Clock, utc_now
from stores.ids import new_id
from stores.sql import Database
from stores.tables import UploadRow

LONGEST_NAME = 200
"""Characters of a file's name that are kept; a longer one is cut before its suffix."""

_UNSEEN = frozenset(["Cc", "Cf", "Cs", "Co", "Zl", "Zp"])
_DRIVE = re.compile(r"^(?:[A-Za-z]:)?[\\/]*")


def clean_file_name(file: str) -> str:
    """A file's name as the label that it is: it never becomes a path of ours.

    It is NFC without control, bidirectional and other unseen characters, its blanks single.
    Backslashes are slashes; a drive, a leading slash, `.` and `..` are left out, folders stay. A
    name of nothing else is `unnamed`.
    """
    words = unicodedata.normalize("NFC", file)
    words = "".join(" " if c in "\r\n\t" else c for c in words)
    words = "".join(c for c in words if unicodedata.category(c) not in _UNSEEN)
    parts = [" ".join(part.split()) for part in re.split(r"[\\/]", _DRIVE.sub("", words.strip()))]
    name = "/".join(part for part in parts if part not in ("", ".", ".."))
    if len(name) > LONGEST_NAME:
        stem, dot, suffix = name.rpartition(".")
        kept = f"{dot}{suffix}" if stem and len(suffix) <= 10 else ""
        name = f"{name[: LONGEST_NAME - len(kept) - 1]}…{kept}"
    return name or "unnamed"


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
        """Note that `blob` was sent under the name `file` (see `clean_file_name`)."""
        upload = Upload(
            upload_id=new_id("file"),
            file=clean_file_name(file),
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
