"""Model files that the user already has: files or folders named in the settings."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.manifest import ModelFile
from models.transfer import Watch, copy_stream, hash_file


def find_given(file: ModelFile, paths: Sequence[Path], watch: Watch) -> Iterator[Path]:
    """The files under `paths` that have the pinned size and SHA-256; their names do not matter."""
    for path in paths:
        if not path.exists():
            watch.note(f"{path} (LIVECUE_MODEL_SOURCES) does not exist")
        for candidate in _of_size(file, path):
            watch.step(f"{watch.title}: checking {candidate}", file.size)
            if hash_file(candidate, watch.add) == file.sha256:
                yield candidate
            else:
                watch.note(f"{candidate} is not the pinned {file.name}: its SHA-256 differs")


def _of_size(file: ModelFile, path: Path) -> list[Path]:
    found = path.rglob("*") if path.is_dir() else [path]
    return sorted(
        (one for one in found if one.is_file() and one.stat().st_size == file.size),
        key=lambda one: (one.name != file.name, one),
    )


def link(source: Path, target: Path) -> bool:
    """Hard-link `source` as `target`; False where the file systems differ or forbid it."""
    target.unlink(missing_ok=True)
    try:
        os.link(source.resolve(), target)
    except OSError:
        return False
    return True


def copy(source: Path, target: Path, watch: Watch) -> None:
    """Copy `source` to `target` under watch."""
    watch.step(f"{watch.title}: copying {source}", source.stat().st_size)
    with source.open("rb") as reading, target.open("wb") as writing:
        copy_stream(reading, writing, watch.add)
