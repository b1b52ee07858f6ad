"""The embedded LLM server's process: `python -m models.llama_process`.

It reads one line of JSON (`LlamaConfig`) from its standard input, loads the model, answers with one
line of JSON on its standard output (`{"port": N}` or `{"error": "…"}`) and serves the
OpenAI-compatible API on loopback until its standard input closes. The parent holds the other end
of that pipe, so the server is gone with the parent however that ends.
"""

import ctypes
import importlib
import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TextIO
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

BATCH_TOKENS = 64
"""Prompt tokens computed in one go. Within a batch no call can be stopped and none can begin:
64 tokens hold a click up for less than a second on two cores, for 3 % of prompt speed (measured in
processor seconds against 512)."""
PREFIX_CACHE_MIB = 512
"""Memory for prefixes that were pushed out of a slot (about 20 MiB for 700 tokens)."""
BEHIND = 10
"""Niceness below the server's own: it shares the processor with what hears and reads a stream."""
WAIT_POLICY = "passive"
"""How OpenMP's threads wait for each other. Measured with 2 threads on 2 cores, tokens a second
written (the prompt in brackets), spinning against asleep: beside a second such server 0.8 to 4.0
(6 to 22) against 4.7 to 7.2 (27 to 33), beside a busy process 0.9 to 4.7 (8 to 30) against 5.6 to
6.7 (29 to 35), alone 13.5 (64) against 10.4 (62). `cpuparams.poll` makes no difference: this build
of ggml runs on OpenMP's own pool."""
LOG_BYTES = 4 << 20
"""A log that has grown beyond this is set aside as `<name>.1` when the next server starts."""
_PR_SET_PDEATHSIG = 1


class LlamaConfig(BaseModel):
    """What the parent tells the server; `context_tokens` are shared by all `slots`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Path
    log: Path
    api_key: str
    context_tokens: int
    slots: int
    threads: int
    parent: int


def main() -> None:
    """Serves until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    config = LlamaConfig.model_validate_json(sys.stdin.readline())
    _die_with(config.parent)
    report = _take_output(config.log)
    threading.Thread(target=_leave_at_eof, daemon=True).start()
    try:
        server = _load(config)
    except Exception as error:  # noqa: BLE001 (whatever the runtime raises is the parent's to tell)
        _tell(report, LlamaReport(error=f"{type(error).__name__}: {error}"))
        os._exit(1)
    _tell(report, LlamaReport(port=urlsplit(server.listening_address).port))
    threading.Event().wait()


class LlamaReport(BaseModel):
    """What the server tells the parent: its port, or why it has none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: int | None = None
    error: str | None = None


class _Server(Protocol):
    listening_address: str


def _load(config: LlamaConfig) -> _Server:
    """Loads the model and serves it for as long as the result is held.

    Its threads wait asleep, which OpenMP must know before the library is loaded; by default they
    spin and starve each other where the processor is shared. Where it is, a live stream goes first,
    and what the record says already goes before what a model makes of it.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", WAIT_POLICY)
    os.nice(BEHIND)
    xllamacpp: Any = importlib.import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = str(config.model)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [config.api_key]
    params.n_ctx = config.context_tokens
    params.n_parallel = config.slots
    params.n_batch = params.n_ubatch = BATCH_TOKENS
    params.cache_ram_mib = PREFIX_CACHE_MIB
    params.cpuparams.n_threads = config.threads
    params.cpuparams_batch.n_threads = config.threads
    params.ui = False
    return xllamacpp.Server(params)


def _die_with(parent: int) -> None:
    """Has the kernel kill this process with its parent (Linux); the pipe does so elsewhere."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _take_output(log: Path) -> TextIO:
    """Keeps the pipe to the parent for the report and adds all other output to `log`.

    What the server before this one said last is kept: it may tell why that one died.
    """
    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.is_file() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))
    with log.open("ab") as file:
        file.write(f"--- {datetime.now(UTC):%FT%TZ} process {os.getpid()}\n".encode())
        file.flush()
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    return report


def _leave_at_eof() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _tell(report: TextIO, message: LlamaReport) -> None:
    report.write(message.model_dump_json(exclude_none=True) + "\n")
    report.flush()
    report.close()


if __name__ == "__main__":
    main()
