"""Opening foreign files in a process of their own, with limits.

Code written in C parses PDFs, photos, media and archives that strangers made. A hostile or broken
file may crash it, hang it or make it eat memory; in a process of its own it takes nothing along.
The process has bounds on memory, CPU time and written bytes, and a bare environment without keys.
It is no sandbox: code that takes it over runs as the same user, and can read the home and the
network.

Tasks belong into `tools/foreign/`: a task's package is imported with it, and to import
`tools.documents` takes longer than to read most files.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NoReturn, cast

from domain import errors
from domain.errors import InvalidInput, JobCancelled, LimitExceeded, LivecueError, StorageFull
from domain.progress import never
from domain.settings import Limits

Line = dict[str, Any]

PROCESSES = max(2, min(4, os.cpu_count() or 1))
"""How many such processes run at once; with `reader_memory` this bounds the memory of them all."""
WALL_FACTOR = 4
"""Seconds on the clock per second of CPU time allowed: others may be using the cores."""
LINE_BYTES = 64 << 20
"""Longest line that is taken from a task."""

_POLL_SECONDS = 0.1
_ROOT = Path(__file__).resolve().parent.parent
_OPEN_ANEW = "Open it in a viewer, save it anew, and try again."
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")
_LEAN = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}

_ERRORS = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, LivecueError)
}
_slots = threading.BoundedSemaphore(PROCESSES)


def run_isolated(
    task: str,
    request: dict[str, Any],
    *,
    file: str,
    limits: Limits,
    cancelled: Callable[[], bool] = never,
    seconds: float | None = None,
    on_line: Callable[[Line], None] | None = None,
) -> Line:
    """What `task` (`"module:function"`, one dict to another) returns for `request`.

    Requests, results and progress lines are JSON; bulk data goes through files in a folder that
    the request names. The task may take `seconds` of CPU time (`limits.reader_seconds` by default),
    `WALL_FACTOR` times that on the clock, and `limits.reader_memory` bytes of address space
    (enforced on Linux). `on_line` gets what the task sends by `tools.foreign.process.send_line`, in
    the calling thread, its own time not counted; what it raises ends the task. At most `PROCESSES`
    tasks run at once, others wait: do not call this from within `on_line`.

    Errors name `file`. A LivecueError that the task raises comes back as its own class. Raises
    LimitExceeded where a limit ends the task, InvalidInput where the file crashes it or garbles
    what it says, StorageFull, and JobCancelled once `cancelled` says so.
    """
    allowed = limits.reader_seconds if seconds is None else seconds
    order = {
        "task": task,
        "request": request,
        "memory": limits.reader_memory,
        "seconds": allowed,
        "parent": os.getpid(),
    }
    with _slot(file, cancelled):
        child = _Child(order, file, cancelled)
        try:
            outcome = child.talk(on_line)
            code = child.wait() if outcome is None else 0
        finally:
            child.kill()
    if outcome is None:
        raise _death(code, file, limits, allowed)
    if not isinstance(outcome.get("result"), dict):
        _raise(outcome, task, file, limits)
    return outcome["result"]


class _Child:
    """The process, its deadline, and what it says."""

    def __init__(self, order: Line, file: str, cancelled: Callable[[], bool]) -> None:
        self._file = file
        self._cancelled = cancelled
        self._seconds = float(order["seconds"])
        self._late_at = time.monotonic() + WALL_FACTOR * self._seconds
        self._process = subprocess.Popen(
            (sys.executable, "-m", "tools.foreign"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _KEPT if name in os.environ} | _LEAN,
            start_new_session=True,
        )
        self._stdin = cast("IO[bytes]", self._process.stdin)
        self._stdout = cast("IO[bytes]", self._process.stdout)
        try:
            self._give(order)
        except BaseException:
            self.kill()
            raise

    def _give(self, order: Line) -> None:
        try:
            with self._stdin as pipe:
                pipe.write(json.dumps(order).encode() + b"\n")
        except BrokenPipeError:
            return  # it died at once; its exit code tells why

    def talk(self, on_line: Callable[[Line], None] | None) -> Line | None:
        """The last word of the process, None when it died without one."""
        for line in self._lines():
            if "line" not in line:
                return line
            if on_line is not None:
                before = time.monotonic()
                on_line(line["line"])
                self._late_at += time.monotonic() - before
        return None

    def _lines(self) -> Generator[Line]:
        pending = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self._stdout, selectors.EVENT_READ)
            while True:
                if self._cancelled():
                    raise _cancellation(self._file)
                if time.monotonic() > self._late_at:
                    raise _too_slow(self._file, self._seconds)
                if not selector.select(timeout=_POLL_SECONDS):
                    continue
                data = os.read(self._stdout.fileno(), 1 << 20)
                if not data:
                    return
                searched = len(pending)
                pending += data
                while (end := pending.find(b"\n", searched)) >= 0:
                    yield _parse(pending[:end], self._file)
                    del pending[: end + 1]
                    searched = 0
                if len(pending) > LINE_BYTES:
                    raise LimitExceeded(
                        f"{self._file} holds more than can be read at once.",
                        hint="Split it into several files.",
                        details={"file": self._file},
                    )

    def wait(self) -> int | None:
        """The exit code, None when the process does not end in time."""
        try:
            return self._process.wait(timeout=max(1.0, self._late_at - time.monotonic()))
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        """Ends the process with whatever it started."""
        if self._process.poll() is None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                self._process.kill()
        self._process.wait()
        self._stdout.close()


def _parse(said: bytearray, file: str) -> Line:
    """A line of a task, which a hostile file may have taken over."""
    try:
        line = json.loads(said)
    except (ValueError, RecursionError) as error:
        raise _garbled(file, f"{type(error).__name__}: {error}") from error
    if not isinstance(line, dict):
        raise _garbled(file, "a line that is no object")
    return cast("Line", line)


@contextmanager
def _slot(file: str, cancelled: Callable[[], bool]) -> Generator[None]:
    while not _slots.acquire(timeout=_POLL_SECONDS):
        if cancelled():
            raise _cancellation(file)
    try:
        yield
    finally:
        _slots.release()


def _raise(outcome: Line, task: str, file: str, limits: Limits) -> NoReturn:
    match outcome:
        case {
            "error": {
                "class": str(name),
                "message": str(message),
                "hint": str(hint),
                "details": dict(),
            }
        }:
            raise _ERRORS.get(name, InvalidInput)(
                message, hint=hint, details=outcome["error"]["details"]
            )
        case {"short_of": "memory"}:
            raise _too_large(file, limits)
        case {"short_of": "disk"}:
            raise StorageFull(
                f"The disk is too full to read {file}.",
                hint="Free space in the folder for temporary files (TMPDIR), and try again.",
                details={"file": file},
            )
        case {"failed": reason}:
            raise InvalidInput(
                f"{file} cannot be read: it is damaged, or not what its name says.",
                hint=_OPEN_ANEW,
                details={"file": file, "reason": reason},
            )
        case {"broken": reason}:
            raise RuntimeError(f"{task} cannot be run: {reason}")
        case _:
            raise _garbled(file, "no result")


def _garbled(file: str, reason: str) -> InvalidInput:
    return InvalidInput(
        f"{file} cannot be read: opening it garbles what its reader says.",
        hint=_OPEN_ANEW,
        details={"file": file, "reason": reason},
    )


def _death(code: int | None, file: str, limits: Limits, allowed: float) -> LivecueError:
    """What an end without a last word means."""
    if code is None or code == -signal.SIGXCPU:
        return _too_slow(file, allowed)
    if code == -signal.SIGKILL:  # not by us: the machine is out of memory
        return _too_large(file, limits)
    how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return InvalidInput(
        f"{file} cannot be read: opening it crashes its reader ({how}).",
        hint=f"{_OPEN_ANEW} If it is sound but large, raise LIVECUE_LIMITS__READER_MEMORY.",
        details={"file": file, "reason": how},
    )


def _too_large(file: str, limits: Limits) -> LimitExceeded:
    return LimitExceeded(
        f"{file} needs more than {limits.reader_memory:,} bytes of memory to be read.",
        hint="Split it or scale it down, or raise LIVECUE_LIMITS__READER_MEMORY.",
        details={"file": file},
    )


def _too_slow(file: str, allowed: float) -> LimitExceeded:
    return LimitExceeded(
        f"{file} takes more than {allowed:g} seconds of computing to be read.",
        hint="Split it, or raise LIVECUE_LIMITS__READER_SECONDS.",
        details={"file": file},
    )


def _cancellation(file: str) -> JobCancelled:
    return JobCancelled(f"reading {file} was cancelled", hint="`livecue jobs resume` reads it anew")
