"""Moving bytes under watch: progress, cancel, hashes, and a full disk told as such."""

import errno
import hashlib
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from domain.errors import JobCancelled, StorageFull
from domain.progress import Progress, ProgressSink

CHUNK = 1024 * 1024
_EVERY_SECONDS = 0.25


class Watch:
    """Tells a sink about one model's transfer, and asks whether to go on.

    `step` opens a stage with its own byte count; `add` and `at` move it and raise `JobCancelled`
    once the caller has cancelled. Events are held back to four a second.
    """

    def __init__(
        self, model: str, title: str, sink: ProgressSink, cancelled: Callable[[], bool]
    ) -> None:
        self.title = title
        self._model = model
        self._sink = sink
        self._cancelled = cancelled
        self._message = title
        self._data: dict[str, object] = {}
        self._done = 0
        self._total: int | None = None
        self._told = 0.0

    def step(self, message: str, total: int | None = None, **data: object) -> None:
        """Start a stage of `total` bytes and say so."""
        self._message, self._total, self._data, self._done = message, total, data, 0
        self.check()
        self._tell()

    def note(self, message: str) -> None:
        """Say something that is not a stage."""
        self._sink(Progress(stage="models", message=message, data={"model": self._model}))

    def add(self, count: int) -> None:
        """`count` more bytes are done."""
        self.at(self._done + count)

    def at(self, done: int, **data: object) -> None:
        """`done` bytes of this stage are done; `data` adds to what the events carry."""
        self._done = done
        self._data |= data
        self.check()
        if time.monotonic() - self._told >= _EVERY_SECONDS or done == self._total:
            self._tell()

    def check(self) -> None:
        """Raise `JobCancelled` when the caller has cancelled."""
        if self._cancelled():
            raise JobCancelled(
                f"fetching {self.title} was cancelled",
                hint=f"`livecue models pull {self._model}` goes on where it stopped",
            )

    def _tell(self) -> None:
        self._told = time.monotonic()
        self._sink(
            Progress(
                stage="models",
                message=self._message,
                done=None if self._total is None else self._done,
                total=self._total,
                unit=None if self._total is None else "bytes",
                data={"model": self._model, **self._data},
            )
        )


def hash_file(path: Path, add: Callable[[int], None] | None = None) -> str:
    """SHA-256 of a file in hex; `add` is told each chunk's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            if add:
                add(len(chunk))
    return digest.hexdigest()


def copy_stream(source: IO[bytes], target: IO[bytes], add: Callable[[int], None]) -> None:
    """Copy to the end in chunks."""
    while chunk := source.read(CHUNK):
        target.write(chunk)
        add(len(chunk))


def size_or_zero(path: Path) -> int:
    """A file's size in bytes; 0 where there is none (it may go while we look)."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def readable_bytes(count: int) -> str:
    """`1.12 GB`, `350 MB`: decimal units, as disks are sold."""
    if count >= 1_000_000_000:
        return f"{count / 1_000_000_000:.2f} GB"
    if count >= 1_000_000:
        return f"{count / 1_000_000:.0f} MB"
    return f"{count} bytes"


def no_space(folder: Path, title: str, need: int | None, free: int) -> StorageFull:
    """The error for a folder without room; `need` is unknown when the disk filled up meanwhile."""
    wants = "" if need is None else f" {title} needs {readable_bytes(need)};"
    return StorageFull(
        f"too little disk in {folder} for {title}:{wants} {readable_bytes(free)} are free",
        hint="free some space, or point LIVECUE_MODELS to a folder on a larger disk",
        details={"folder": str(folder), "need_bytes": need, "free_bytes": free},
    )


@contextmanager
def telling_full_disk(
    folder: Path, title: str, free_bytes: Callable[[Path], int]
) -> Generator[None]:
    """Turn the operating system's "no space left" into `StorageFull`."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise no_space(folder, title, None, free_bytes(folder)) from error
