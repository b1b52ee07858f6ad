"""Tasks of every temper, to be run in the isolated process."""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from domain.errors import UnsupportedSource
from tools.foreign.process import send_line


def echo(request: dict[str, Any]) -> dict[str, Any]:
    """Gives back what it got, with what it knows of its surroundings."""
    return {"got": request, "variables": sorted(os.environ), "pid": os.getpid()}


def count(request: dict[str, Any]) -> dict[str, Any]:
    """Sends a line for each number."""
    for number in range(request["to"]):
        send_line({"number": number})
    return {"counted": request["to"]}


def print_noise(_request: dict[str, Any]) -> dict[str, Any]:
    """Writes to its standard output, as C libraries do."""
    os.write(1, b'{"result": {"forged": true}}\n')
    return {"forged": False}


def refuse(request: dict[str, Any]) -> dict[str, Any]:
    """Raises an error of ours."""
    raise UnsupportedSource(f"{request['file']} is odd", hint="mend it", details={"why": "odd"})


def fail(_request: dict[str, Any]) -> dict[str, Any]:
    """Raises what a parser raises."""
    raise KeyError("no such stream")


def crash(_request: dict[str, Any]) -> dict[str, Any]:
    """Reads address 0."""
    return {"read": ctypes.string_at(0)}


def leave(_request: dict[str, Any]) -> dict[str, Any]:
    """Exits as some libraries do on an error."""
    os._exit(3)


def spin(_request: dict[str, Any]) -> dict[str, Any]:
    """Computes without end."""
    while True:
        pass


def sleep(request: dict[str, Any]) -> dict[str, Any]:
    """Hangs, with a child that would outlive it; writes both ids first."""
    child = os.fork()
    if child:
        Path(request["ids"]).write_text(f"{os.getpid()} {child}")
    time.sleep(600)
    return {}


def eat(request: dict[str, Any]) -> dict[str, Any]:
    """Takes memory."""
    return {"took": len(bytearray(request["bytes"]))}


def starve(_request: dict[str, Any]) -> dict[str, Any]:
    """Ends as the kernel ends a process when the machine is out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def flood(_request: dict[str, Any]) -> dict[str, Any]:
    """Sends one line without end."""
    sys.setswitchinterval(1)
    while True:
        os.write(3, b"x" * (1 << 20))


def garble(request: dict[str, Any]) -> dict[str, Any]:
    """Says what no task says, as memory that was written over does."""
    os.write(3, bytes.fromhex(request["hex"]))
    return {}
