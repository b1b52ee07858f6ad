"""Bytes of an RTMP or SRT address, carried by the ffmpeg program as they are.

PyAV's FFmpeg has no SRT, and its RTMP cannot be interrupted from another thread. The program only
speaks the protocol: it passes on the container's own bytes, so that time stamps, jumps and new
tracks are seen here, and what a stranger sends is first parsed in a process that can be killed.
"""

import collections
import contextlib
import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, cast

from domain.errors import FetchFailed, NotAvailable

PROTOCOLS = {"rtmp": "rtmp,tcp", "rtmps": "rtmps,tls,tcp", "srt": "srt"}
"""What ffmpeg may open for each scheme (`-protocol_whitelist`)."""

_LAST_LINES = 20
_POLL_SECONDS = 0.2
_WRONG_KEY = ("Unexpected stream", "App field don't match")
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")


def find_ffmpeg() -> str:
    """The path of the ffmpeg program that comes with imageio-ffmpeg.

    Raises NotAvailable where this installation has none.
    """
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise NotAvailable(
            "RTMP, SRT and the demo need the ffmpeg program, which is not installed.",
            hint="Install the package imageio-ffmpeg.",
        ) from error


class Pump:
    """A running ffmpeg; start it in the thread that reads, with which it ends."""

    def __init__(
        self,
        url: str,
        *,
        name: str,
        listen: bool,
        read_seconds: float,
        first_byte_seconds: float | None,
    ) -> None:
        scheme = url.partition(":")[0]
        self._name = name
        self._first_byte_seconds = first_byte_seconds
        self._read_seconds = read_seconds
        self.began_at: float | None = None
        self.failure: FetchFailed | None = None
        self._said: collections.deque[str] = collections.deque(maxlen=_LAST_LINES)
        self._wrong_key = False
        self._stopped = threading.Event()
        self._process = subprocess.Popen(  # noqa: S603 (an argument list, no shell)
            [
                *(sys.executable, "-I", "-S", str(Path(__file__).with_name("tethered.py"))),
                str(os.getpid()),
                *(find_ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "warning"),
                *("-protocol_whitelist", PROTOCOLS[scheme]),
                *(("-listen", "1") if listen and scheme.startswith("rtmp") else ()),
                *("-f", "data", "-i", url, "-map", "0", "-c", "copy"),
                *("-flush_packets", "1", "-f", "data", "pipe:1"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env={key: os.environ[key] for key in _KEPT if key in os.environ},
            start_new_session=True,
        )
        self._pipe = cast("IO[bytes]", self._process.stdout)
        threading.Thread(target=self._listen_to_log, daemon=True).start()

    def read(self, size: int) -> bytes:
        """At most `size` bytes, as they come; none at the end, of which `failure` tells why."""
        if self.failure is None:
            try:
                return self._read(size)
            except FetchFailed as error:
                self.failure = error
        return b""

    def interrupt(self) -> None:
        """Ends ffmpeg and a read that waits; from any thread."""
        self._stopped.set()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    def close(self) -> None:
        """Ends ffmpeg and waits for it; in the thread that reads."""
        self.interrupt()
        self._process.wait()
        self._pipe.close()

    def _read(self, size: int) -> bytes:
        allowed = self._first_byte_seconds if self.began_at is None else self._read_seconds
        until = None if allowed is None else time.monotonic() + allowed
        while not self._stopped.is_set():
            if self._wrong_key:
                raise self._failure("the sender used another app name or stream key")
            ready, _, _ = select.select([self._pipe], [], [], _POLL_SECONDS)
            if ready:
                data = os.read(self._pipe.fileno(), size)
                if not data and self.began_at is None:
                    raise self._failure(self._last_words())
                self.began_at = self.began_at or time.monotonic()
                return data
            if until is not None and time.monotonic() > until:
                raise self._failure(f"nothing came for {allowed:g} seconds")
        return b""

    def _listen_to_log(self) -> None:
        with cast("IO[bytes]", self._process.stderr) as log:
            for line in log:
                text = line.decode("utf-8", "replace").strip()
                self._said.append(text)
                if any(mark in text for mark in _WRONG_KEY):
                    self._wrong_key = True

    def _last_words(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        said = [line for line in list(self._said) if line]
        return said[0].rpartition("] ")[2][:200] if said else "ffmpeg ended without a word"

    def _failure(self, why: str) -> FetchFailed:
        return FetchFailed(
            f"{self._name} cannot be read: {why}.",
            hint="Check the address, the key, and that the sender is on air.",
            details={"source": self._name},
        )
