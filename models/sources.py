"""Where model files are fetched from; here the publisher's hub, package parts in `wheels`.

A source leaves files in a folder and vouches for nothing: the store hashes what it gets.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import httpx

from domain.errors import ModelFileCorrupt, ModelUnavailable
from models.manifest import HubRepo, ModelFile
from models.transfer import Watch, size_or_zero

HUB = "https://huggingface.co"
_ATTEMPTS = 3


class FetchSource(Protocol):
    """A place to fetch files from; `work` is a folder that outlives a killed process."""

    label: str

    def offers(self, file: ModelFile) -> bool:
        """True when the source holds `file`."""
        ...

    def bytes_needed(self, files: Sequence[ModelFile], work: Path) -> int:
        """Bytes that fetching `files` will write at most, all of them on the disk at once."""
        ...

    def fetch(self, files: Sequence[ModelFile], work: Path, ready: Path, watch: Watch) -> None:
        """Leave every file in `ready` under its own name, or raise."""
        ...


class HubSource:
    """Fetches files over HTTPS from the model hub, resuming with `Range`."""

    def __init__(self, repo: HubRepo, *, address: str = HUB, timeout_seconds: float = 30) -> None:
        self.label = f"the model hub ({repo.repo})"
        self._base = f"{address.rstrip('/')}/{repo.repo}/resolve/{repo.revision}"
        self._timeout = timeout_seconds

    def offers(self, file: ModelFile) -> bool:
        """True: a repository is named only where it holds all files."""
        return True

    def bytes_needed(self, files: Sequence[ModelFile], work: Path) -> int:
        """What is not yet here of the files."""
        return sum(max(0, f.size - size_or_zero(work / f"{f.name}.hub")) for f in files)

    def fetch(self, files: Sequence[ModelFile], work: Path, ready: Path, watch: Watch) -> None:
        """Download each file, going on from the bytes that are already here."""
        with httpx.Client(
            follow_redirects=True,
            timeout=httpx.Timeout(self._timeout, connect=min(10, self._timeout)),
            headers={"Accept-Encoding": "identity"},
        ) as client:
            for file in files:
                part = work / f"{file.name}.hub"
                watch.step(f"{watch.title}: fetching {file.name}", file.size, source=self.label)
                self._download(client, file, part, watch)
                part.replace(ready / file.name)

    def _download(self, client: httpx.Client, file: ModelFile, part: Path, watch: Watch) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._stream(client, file, part, watch)
            except httpx.HTTPError as error:
                status = (
                    error.response.status_code if isinstance(error, httpx.HTTPStatusError) else None
                )
                if attempt == _ATTEMPTS or (status is not None and status < 500):
                    raise ModelUnavailable(
                        f"{self.label} did not give {file.name}: "
                        f"{status or str(error) or type(error).__name__}",
                        hint="check the connection, or give the file with LIVECUE_MODEL_SOURCES",
                    ) from error
                watch.check()
                time.sleep(attempt)
            else:
                return

    def _stream(self, client: httpx.Client, file: ModelFile, part: Path, watch: Watch) -> None:
        have = size_or_zero(part)
        if have == file.size:
            return
        if have > file.size:
            part.unlink()
            have = 0
        headers = {"Range": f"bytes={have}-"} if have else {}
        with client.stream("GET", f"{self._base}/{file.name}", headers=headers) as response:
            response.raise_for_status()
            resumed = response.status_code == 206 and response.headers.get(
                "content-range", ""
            ).startswith(f"bytes {have}-")
            done = have if resumed else 0
            with part.open("ab" if resumed else "wb") as target:
                for chunk in response.iter_raw():
                    done += len(chunk)
                    if done > file.size:
                        part.unlink()
                        raise ModelFileCorrupt(
                            f"{self.label} sends more than the {file.size} bytes of {file.name}",
                            hint="the publisher changed the file: give the pinned one with "
                            "LIVECUE_MODEL_SOURCES",
                        )
                    target.write(chunk)
                    watch.at(done)
        if done < file.size:
            raise httpx.ReadError(f"the connection ended after {done} of {file.size} bytes")
