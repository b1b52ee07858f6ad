"""The ffmpeg program: run to its end, or read from, by argument lists alone."""

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO, cast

from domain.errors import InvalidInput, JobCancelled, NotAvailable, StorageFull
from domain.progress import never

Cancelled = Callable[[], bool]

_POLL_SECONDS = 0.02
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")
_TOLD = 8_000


def find_ffmpeg() -> str:
    """The path of the ffmpeg program that comes with imageio-ffmpeg.

    Raises:
        NotAvailable: this installation has none.
    """
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise NotAvailable(
            "Clips are cut by the ffmpeg program, which is not installed.",
            hint="Install the package imageio-ffmpeg.",
        ) from error


@lru_cache(maxsize=1)
def ffmpeg_version() -> str:
    """What the program calls itself: a clip's pieces are kept for one version."""
    said = subprocess.run(  # noqa: S603
        [find_ffmpeg(), "-version"], capture_output=True, check=True, env=_environment()
    )
    return said.stdout.decode("utf-8", "replace").splitlines()[0].split(" Copyright")[0]


def run_ffmpeg(
    arguments: Sequence[str],
    *,
    what: str,
    cwd: Path | None = None,
    cancelled: Cancelled = never,
    level: str = "error",
) -> str:
    """Run ffmpeg to its end; gives what it said at the log `level`.

    `what` names the work in errors. File names that filters read are taken relative to `cwd`, so
    that no path has to be written into a filter graph.

    Raises:
        JobCancelled: `cancelled` said so; the process has ended.
        StorageFull: the disk is full.
        InvalidInput: ffmpeg cannot do it with these files.
    """
    command = [find_ffmpeg(), "-nostdin", "-hide_banner", "-v", level, "-nostats", "-y", *arguments]
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=told,
            cwd=cwd,
            env=_environment(),
        )
        try:
            while True:
                try:
                    process.wait(_POLL_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    if cancelled():
                        raise cancelled_error() from None
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
        said = _read_end(told)
    if process.returncode:
        raise _failed(what, process.returncode, said)
    return said


@contextmanager
def reading(
    arguments: Sequence[str], *, what: str, cancelled: Cancelled = never
) -> Generator[IO[bytes]]:
    """What ffmpeg writes to `pipe:1`, as it comes.

    Raises:
        JobCancelled: `cancelled` said so.
        InvalidInput: ffmpeg cannot do it with these files.
    """
    command = [find_ffmpeg(), "-nostdin", "-hide_banner", "-v", "error", *arguments]
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=told,
            env=_environment(),
        )
        ended = threading.Event()
        watch = threading.Thread(target=_watch, args=(process, ended, cancelled), daemon=True)
        watch.start()
        pipe = cast("IO[bytes]", process.stdout)
        broke_off = True
        try:
            yield pipe
            broke_off = False
        finally:
            ended.set()
            watch.join()
            pipe.close()
            if broke_off:
                process.kill()
            process.wait()
        if cancelled():
            raise cancelled_error()
        if process.returncode not in (0, -signal.SIGPIPE):
            raise _failed(what, process.returncode, _read_end(told))


def cancelled_error() -> JobCancelled:
    """The error of cutting that was cancelled."""
    return JobCancelled(
        "Cutting the clip was cancelled.",
        hint="Start it again; the pieces that are finished are kept.",
    )


def _watch(
    process: "subprocess.Popen[bytes]", ended: threading.Event, cancelled: Cancelled
) -> None:
    while not ended.is_set() and process.poll() is None:
        if cancelled():
            process.kill()
            return
        time.sleep(_POLL_SECONDS)


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT if name in os.environ}


def _read_end(told: IO[bytes]) -> str:
    told.seek(0, os.SEEK_END)
    told.seek(max(0, told.tell() - _TOLD))
    return told.read().decode("utf-8", "replace").strip()


def _failed(what: str, code: int, said: str) -> Exception:
    if "No space left on device" in said:
        return StorageFull(
            f"The disk is full: {what} could not be written.",
            hint="Free some space, then start it again; the pieces that are finished are kept.",
        )
    last = said.splitlines()[-1] if said else f"it ended with {code}"
    return InvalidInput(
        f"ffmpeg could not do {what}: {last}",
        hint="Play the recording; if it does not play to its end, save it anew and try again.",
        details={"ffmpeg": said[-2000:]},
    )
