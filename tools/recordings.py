"""Opening a recording that is to be cut: the file that was meant, what it is, how it plays."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from domain.errors import InvalidInput, JobCancelled, NotFound, StateConflict
from domain.product import ProductDocument
from domain.progress import Progress, ProgressSink, discard, never
from domain.recording import Highlight, Media, Recording, RecordingFile
from domain.scope import Scope
from domain.settings import Limits, Recordings
from models.transfer import hash_file
from stores.blobs import BlobStore
from stores.uploads import Upload
from tools.isolation import run_isolated

LONGER = 5
"""So much longer than a source of a product may a recording take to be opened or decoded."""

_IS_CUT = 0.5
_MOST_NAMES = 40
"""As many as the recogniser's prompt holds."""


class Opened(NamedTuple):
    """The SHA-256 of a recording's bytes, and how it is played."""

    content: str
    media: Media


def file_at(path: str) -> RecordingFile:
    """The file at an absolute path of this machine.

    Raises:
        InvalidInput: the path is not absolute, or names no file that can be read.
        NotFound: nothing is there.
    """
    place = Path(path)
    if not place.is_absolute():
        raise InvalidInput(f"{path} is no absolute path.", hint="Give the whole path of the file.")
    if not place.exists():
        raise NotFound(f"There is no file {place.name}.", hint=f"Check the path: {path}")
    if not place.is_file():
        raise InvalidInput(f"{place.name} is no file.", hint="Give the path of one video file.")
    try:
        with place.open("rb"):
            stat = place.stat()
    except OSError as error:
        raise InvalidInput(
            f"{place.name} cannot be read: {error.strerror}.", hint="Check its permissions."
        ) from error
    return RecordingFile(
        name=place.name, path=str(place), size=stat.st_size, modified_ns=stat.st_mtime_ns
    )


def file_of(upload: Upload) -> RecordingFile:
    """The file that was sent in."""
    return RecordingFile(name=upload.file, blob=upload.blob, size=upload.size)


def find_path(scope: Scope, recording: Recording, blobs: BlobStore) -> Path:
    """Where the recording can be read.

    Raises:
        NotFound: it is not there any more.
        StateConflict: another file is in its place.
    """
    file = recording.file
    if file.blob is not None:
        return blobs.path(scope, file.blob)
    path = Path(file.path or "")
    if not path.is_file():
        raise NotFound(
            f"The recording {file.name} is gone.", hint=f"Put it back in its place: {path}"
        )
    stat = path.stat()
    if (stat.st_size, stat.st_mtime_ns) != (file.size, file.modified_ns):
        raise StateConflict(
            f"The file {file.name} was changed since it was given.",
            hint="Give it again: it is a new recording.",
        )
    return path


def open_recording(
    path: Path,
    file: RecordingFile,
    *,
    settings: Recordings,
    limits: Limits,
    progress: ProgressSink = discard,
    cancelled: Callable[[], bool] = never,
) -> Opened:
    """What the recording at `path` is, from its bytes and its packets.

    Raises:
        InvalidInput: it is damaged, cut off, encrypted, or lacks sound or picture.
        LimitExceeded: it is longer or larger than the settings allow.
        JobCancelled: `cancelled` said so.
    """
    found = run_isolated(
        "tools.foreign.recording:probe_recording",
        {
            "path": str(path),
            "file": file.name,
            "max_seconds": settings.max_seconds,
            "max_seconds_setting": "LIVECUE_RECORDINGS__MAX_SECONDS",
            "max_pixels": limits.image_pixels,
        },
        file=file.name,
        limits=limits,
        cancelled=cancelled,
        seconds=LONGER * limits.reader_seconds,
    )
    done = 0

    def add(size: int) -> None:
        nonlocal done
        if cancelled():
            raise JobCancelled(
                f"opening {file.name} was cancelled", hint="`livecue jobs resume` opens it anew"
            )
        done += size
        message = f"reading {file.name}"
        progress(Progress(stage="open", message=message, done=done, total=file.size, unit="bytes"))

    return Opened(file.blob or hash_file(path, add), Media.model_validate(found["media"]))


def find_cuts(highlights: Sequence[Highlight]) -> list[int]:
    """The moments, to the second, in which a shot ends."""
    return [one.start_ms for one in highlights if one.signals.get("cut", 0.0) >= _IS_CUT]


def collect_names(line_up: Sequence[ProductDocument]) -> list[str]:
    """Names of products and brands as they are spelt, for the ear; those first that come first."""
    names = (name for d in line_up for name in (d.record.name, d.record.brand) if name)
    return list(dict.fromkeys(names))[:_MOST_NAMES]
