"""Files by their content: each is kept once for a workspace, under its SHA-256."""

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from domain.errors import InvalidInput, LimitExceeded, NotFound, StorageFull
from domain.scope import Scope
from stores.ids import checked_id

RESERVE_BYTES = 256 * 1024 * 1024

_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHECK_EVERY_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class BlobRef:
    """A stored file: the SHA-256 of its bytes (lower-case hex) and their number."""

    sha256: str
    size: int


class BlobWriter:
    """Takes bytes as they come; `BlobStore.writing` hands one out and finishes it."""

    def __init__(
        self,
        file: IO[bytes],
        name: str,
        limit: int | None,
        setting: str | None,
        store: "BlobStore",
    ) -> None:
        self._file = file
        self._name = name
        self._limit = limit
        self._setting = setting
        self._store = store
        self._hash = hashlib.sha256()
        self._size = 0
        self._checked = 0

    @property
    def ref(self) -> BlobRef:
        """What was written so far."""
        return BlobRef(sha256=self._hash.hexdigest(), size=self._size)

    def write(self, data: bytes) -> None:
        """Append bytes.

        Raises:
            LimitExceeded: more than `limit` bytes came.
            StorageFull: the disk has no room for them.
        """
        self._size += len(data)
        if self._limit is not None and self._size > self._limit:
            raise _too_large(
                f"{self._name} is larger than {self._limit} bytes.",
                self._name, self._limit, self._setting,
            )  # fmt: skip
        if self._size - self._checked >= _CHECK_EVERY_BYTES:
            self._store.check_room(len(data))
            self._checked = self._size
        self._hash.update(data)
        self._file.write(data)


class BlobStore:
    """A folder of blobs, `<root>/<workspace>/<first two digits>/<sha256>`.

    A blob appears whole or not at all, also after a crash. Writes stop while `reserve_bytes` of
    the disk are still free, so that the databases beside it can go on.
    """

    def __init__(self, root: Path, *, reserve_bytes: int = RESERVE_BYTES) -> None:
        self._root = root
        self._incoming = root / ".incoming"
        self._reserve = reserve_bytes

    @contextmanager
    def writing(
        self,
        scope: Scope,
        *,
        name: str = "The file",
        limit: int | None = None,
        setting: str | None = None,
        size: int = 0,
    ) -> Generator[BlobWriter]:
        """Write a blob piece by piece; it is stored when the block ends without an error.

        Args:
            scope: the workspace that it belongs to.
            name: how an error speaks of it.
            limit: the most bytes that may come; None for no limit.
            setting: the environment variable that sets the limit, for an error to name.
            size: the bytes expected, where known, to stop early when there is no room.

        Raises:
            LimitExceeded: more than `limit` bytes came.
            StorageFull: the disk has no room.
        """
        folder = self._folder(scope)
        if limit is not None and size > limit:
            raise _too_large(
                f"{name} is {size} bytes, more than the limit of {limit}.", name, limit, setting
            )
        with self._full_disk_named():
            self._incoming.mkdir(parents=True, exist_ok=True)
            self.check_room(size)
            descriptor, temporary = tempfile.mkstemp(dir=self._incoming)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    writer = BlobWriter(file, name, limit, setting, self)
                    yield writer
                    file.flush()
                    os.fsync(file.fileno())
                self._move_in(Path(temporary), folder, writer.ref)
            finally:
                Path(temporary).unlink(missing_ok=True)

    def put_bytes(self, scope: Scope, data: bytes, *, name: str = "The file") -> BlobRef:
        """Store bytes."""
        with self.writing(scope, name=name, size=len(data)) as writer:
            writer.write(data)
        return writer.ref

    def path(self, scope: Scope, sha256: str) -> Path:
        """Where the blob lies, for readers that want a file; it must not be changed.

        Raises:
            NotFound: the workspace does not hold it.
        """
        place = self._place(self._folder(scope), sha256)
        if not place.is_file():
            raise NotFound(
                f"There is no stored file {sha256[:12]}….", hint="Add the source file again."
            )
        return place

    def read_bytes(self, scope: Scope, sha256: str) -> bytes:
        """The blob's bytes, all at once.

        Raises:
            NotFound: the workspace does not hold it.
        """
        return self.path(scope, sha256).read_bytes()

    def remove(self, scope: Scope, sha256: str) -> None:
        """Remove a blob that nothing refers to any more; one that is not there is left so."""
        self._place(self._folder(scope), sha256).unlink(missing_ok=True)

    def remove_partial(self) -> int:
        """Remove what killed writers left unfinished, and return how many; call it at start-up."""
        partial = list(self._incoming.glob("*"))
        for path in partial:
            path.unlink(missing_ok=True)
        return len(partial)

    def check_room(self, size: int) -> None:
        """Raise `StorageFull` unless `size` bytes fit and the reserve stays free."""
        free = shutil.disk_usage(self._root).free
        if free - size < self._reserve:
            raise self._full(free)

    def _folder(self, scope: Scope) -> Path:
        return self._root / checked_id(scope.workspace_id, "workspace id")

    def _place(self, folder: Path, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise InvalidInput(
                f"{sha256[:80]!r} is not the key of a stored file.",
                hint="A key is a SHA-256: 64 lower-case hexadecimal digits.",
            )
        return folder / sha256[:2] / sha256

    def _move_in(self, temporary: Path, folder: Path, ref: BlobRef) -> None:
        place = self._place(folder, ref.sha256)
        if place.is_file():
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(place)
        directory = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    @contextmanager
    def _full_disk_named(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise self._full(shutil.disk_usage(self._root).free) from error

    def _full(self, free: int) -> StorageFull:
        return StorageFull(
            f"The disk of {self._root} is full: {free} bytes are free.",
            hint="Free some space, or move LIVECUE_HOME to a larger disk.",
            details={"free_bytes": free, "reserve_bytes": self._reserve},
        )


def _too_large(message: str, name: str, limit: int, setting: str | None) -> LimitExceeded:
    mend = f", or raise {setting}" if setting else ""
    return LimitExceeded(
        message,
        hint=f"Send a smaller file{mend}.",
        details={"file": name, "limit_bytes": limit},
    )
