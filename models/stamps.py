"""Which files of a folder were verified: a hash once, then size and modification time."""

import json
from contextlib import suppress
from pathlib import Path

from models.manifest import ModelFile
from models.transfer import Watch, hash_file


class Stamps:
    """The record of verified files in `<folder>/.verified.json`, keyed by file name.

    In a folder that cannot be written nothing is remembered, and files are hashed at every use.
    """

    def __init__(self, folder: Path) -> None:
        self._record = folder / ".verified.json"

    def hold(self, path: Path, file: ModelFile) -> bool:
        """True when `path` is still the file that was verified as `file`."""
        return self._read().get(file.name) == _stamp(path, file)

    def check(self, path: Path, file: ModelFile, watch: Watch) -> bool:
        """Compare `path` with the pinned size and SHA-256, and remember the outcome."""
        stamp = _stamp(path, file)
        good = path.stat().st_size == file.size
        if good:
            watch.step(f"{watch.title}: verifying {file.name}", file.size)
            good = hash_file(path, watch.add) == file.sha256
        record = self._read()
        record.pop(file.name, None)
        if good:
            record[file.name] = stamp
        with suppress(PermissionError):
            written = self._record.with_suffix(".new")
            written.write_text(json.dumps(record, indent=1), encoding="utf-8")
            written.replace(self._record)
        return good

    def _read(self) -> dict[str, str]:
        try:
            return json.loads(self._record.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}


def _stamp(path: Path, file: ModelFile) -> str:
    stat = path.stat()
    return f"{file.sha256} {stat.st_size} {stat.st_mtime_ns}"
