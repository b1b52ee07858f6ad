"""The home: the folder that holds all state, and the lock that gives it one owner.

The kernel drops the lock with the process, also after `kill -9`; the file's content is believed
only while the lock is held.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from domain.errors import HomeBusy, InvalidInput

LOCK_FILE = "owner.lock"

_POLL_SECONDS = 0.1
# A reader of the lock file holds a shared lock for an instant; an owner outlasts this.
_READERS_SECONDS = 0.5
_RECORD_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that owns a home; `address` is where it serves, if it does."""

    pid: int
    address: str | None
    command: str
    started_at: datetime


class HomeLock:
    """The ownership of a home, until it is released or the process ends."""

    def __init__(self, path: Path, descriptor: int, owner: Owner) -> None:
        self.path = path
        self._descriptor: int | None = descriptor
        self._owner = owner

    @property
    def owner(self) -> Owner:
        """What others read about this process."""
        return self._owner

    def release(self) -> None:
        """Give the home up; a second call does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def acquire_home(
    path: Path,
    *,
    address: str | None = None,
    command: str = "livecue",
    wait_seconds: float = 0,
    on_wait: Callable[[Owner | None], None] | None = None,
) -> HomeLock:
    """Become the owner of the home at `path`, which is created (mode 0700) when missing.

    Args:
        path: the home.
        address: where this process serves, for others to talk to.
        command: what this process was called for, in words for people.
        wait_seconds: how long to wait for another owner to finish.
        on_wait: called once when there is another owner, with what is known of it.

    Raises:
        HomeBusy: another process owned the home all that time.
        InvalidInput: the home cannot be written.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise InvalidInput(
            f"The home {path} cannot be written: {error.strerror}.",
            hint="Mend its permissions, or point LIVECUE_HOME at another folder.",
        ) from error
    try:
        _lock(descriptor, path, wait_seconds, on_wait)
        owner = Owner(os.getpid(), address, command, datetime.now(UTC))
        _write_owner(descriptor, owner)
    except BaseException:
        os.close(descriptor)
        raise
    return HomeLock(path, descriptor, owner)


def read_owner(path: Path) -> Owner | None:
    """The live owner of the home at `path`; None when nobody holds its lock.

    None too where the lock cannot be read: to own such a home fails with the reason.
    """
    try:
        descriptor = os.open(path / LOCK_FILE, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    try:
        deadline = time.monotonic() + _READERS_SECONDS
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                owner = _parse(os.pread(descriptor, _RECORD_BYTES, 0))
                # A new owner locks first and writes then: until it has, the file tells of the last.
                if owner is not None and _is_alive(owner.pid):
                    return owner
                if time.monotonic() > deadline:
                    return owner
                time.sleep(_POLL_SECONDS / 10)
            else:
                return None
    finally:
        os.close(descriptor)


def _lock(
    descriptor: int,
    path: Path,
    wait_seconds: float,
    on_wait: Callable[[Owner | None], None] | None,
) -> None:
    start = time.monotonic()
    told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waited = time.monotonic() - start
            if waited >= max(wait_seconds, _READERS_SECONDS):
                raise _busy(path, read_owner(path)) from None
            if not told and on_wait is not None and waited >= _READERS_SECONDS:
                on_wait(read_owner(path))
                told = True
            time.sleep(_POLL_SECONDS if waited > _READERS_SECONDS else _POLL_SECONDS / 50)
        else:
            return


def _busy(path: Path, owner: Owner | None) -> HomeBusy:
    if owner is None:
        return HomeBusy(
            f"The home {path} is in use by another process.", hint="Try again in a moment."
        )
    return HomeBusy(
        f"The home {path} is in use by `{owner.command}` (process {owner.pid}).",
        hint="Wait until it is done, stop it, or point LIVECUE_HOME at another folder.",
        details={"pid": owner.pid, "command": owner.command, "address": owner.address},
    )


def _write_owner(descriptor: int, owner: Owner) -> None:
    record = asdict(owner) | {"started_at": owner.started_at.isoformat()}
    text = json.dumps(record, ensure_ascii=False)
    if len(text.encode()) >= _RECORD_BYTES:
        text = json.dumps(record | {"command": owner.command[:100]})
    # One write of fixed length: a reader sees the old record or the new one, no mixture.
    os.pwrite(descriptor, text.encode().ljust(_RECORD_BYTES - 1) + b"\n", 0)


def _parse(record: bytes) -> Owner | None:
    try:
        found = json.loads(record)
    except ValueError:
        return None
    return Owner(
        pid=int(found["pid"]),
        address=found["address"],
        command=str(found["command"]),
        started_at=datetime.fromisoformat(found["started_at"]),
    )


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
