"""The process that opens one foreign file: takes an order, limits itself, runs the task.

It reads one line of JSON (the order) from its standard input and writes lines of JSON:
`{"line": …}` for progress, then one of `{"result": …}`, `{"error": …}` (a LivecueError),
`{"short_of": …}` (`memory` or `disk`), `{"failed": …}` (the parser gave up) and `{"broken": …}`
(no such task).
"""

import ctypes
import errno
import importlib
import json
import os
import resource
import signal
import sys
from typing import IO, Any

from domain.errors import LivecueError

FILE_BYTES = 1 << 30
"""Largest file that a task may write."""

_PR_SET_PDEATHSIG = 1
_NO_MEMORY = ("failed to map segment", "Cannot allocate memory")

_out: list[IO[str]] = []


def send_line(line: dict[str, Any]) -> None:
    """Sends `line` to the `on_line` of `run_isolated`; for tasks."""
    _send({"line": line})


def serve() -> None:
    """Carries out the order that waits at standard input, and ends the process."""
    order = json.loads(sys.stdin.buffer.readline())
    _out.append(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)  # what a C library prints is no answer
    _limit(order)
    _send(_carry_out(order))
    os._exit(0)


def _limit(order: dict[str, Any]) -> None:
    """Sets the limits, and has the kernel end this process with its parent (Linux)."""
    seconds = max(1, round(order["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != order["parent"]:
            os._exit(1)


def _carry_out(order: dict[str, Any]) -> dict[str, Any]:
    try:
        module, _, name = order["task"].partition(":")
        task = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        short_of = _shortage(error)
        return {"short_of": short_of} if short_of else {"broken": str(error)}
    try:
        return {"result": task(order["request"])}
    except LivecueError as error:
        return {"error": {"class": type(error).__name__, **error.as_dict()}}
    except BaseException as error:  # noqa: BLE001 (a parser may raise anything at a foreign file)
        short_of = _shortage(error)
        if short_of:
            return {"short_of": short_of}
        return {"failed": f"{type(error).__name__}: {error}"[:500]}


def _shortage(error: BaseException) -> str | None:
    """What ran out; a library that is loaded late says so in words."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "disk"
    if isinstance(error, MemoryError) or (
        isinstance(error, (ImportError, OSError))
        and any(words in str(error) for words in _NO_MEMORY)
    ):
        return "memory"
    return None


def _send(line: dict[str, Any]) -> None:
    json.dump(line, _out[0])
    _out[0].write("\n")
    _out[0].flush()
