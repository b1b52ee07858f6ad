"""The embedded LLM server as its parent sees it: started on first need, watched, stopped."""

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from domain.errors import ModelUnavailable
from domain.pool import in_pool
from domain.settings import EmbeddedLlm
from models.llama_process import LlamaConfig, LlamaReport

_ROOT = Path(__file__).resolve().parent.parent
_STOP_SECONDS = 5.0
_HEALTH_SECONDS = 5.0
_LAST_WORDS_SECONDS = 3.0
_TAIL_LINES = 5
_TAIL_BYTES = 8192


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that answers: `base_url` ends in `/v1`; `process` is its pid."""

    base_url: str
    api_key: str
    process: int


class EmbeddedServer:
    """Runs one `models.llama_process` at a time, for whoever is `using` it.

    `model` gives the model file when a start needs it (and raises if there is none). `command`
    speaks the protocol of that module. One event loop.
    """

    def __init__(
        self,
        model: Callable[[], Path],
        *,
        llm: EmbeddedLlm,
        threads: int,
        log: Path,
        command: Sequence[str] = (sys.executable, "-m", "models.llama_process"),
    ) -> None:
        self._model = model
        self._llm = llm
        self._threads = threads
        self._log = log
        self._command = command
        self._lock = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._running: RunningServer | None = None
        self._starting: asyncio.Task[RunningServer] | None = None
        self._users = 0
        self._idle: asyncio.TimerHandle | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def running(self) -> RunningServer | None:
        """The server if it is up, else None."""
        alive = self._process is not None and self._process.returncode is None
        return self._running if alive else None

    @asynccontextmanager
    async def using(self) -> AsyncGenerator[RunningServer]:
        """A server that is up, started if need be; it is not stopped for idleness meanwhile.

        A user who is cancelled while it starts does not stop the start: the next one needs it.
        Raises ModelUnavailable when it cannot be started.
        """
        self._users += 1
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        try:
            yield self.running or await self._started()
        finally:
            self._users -= 1
            self._watch_idleness()

    async def answers(self, server: RunningServer) -> bool:
        """Whether `server` passes its health check, within a few seconds."""
        port = urlsplit(server.base_url).port
        assert port is not None  # noqa: S101 (as written in `_launch`)
        try:
            async with asyncio.timeout(_HEALTH_SECONDS):
                await _await_health(port)
        except (OSError, TimeoutError):
            return False
        return True

    async def discard(self, server: RunningServer) -> None:
        """Stops `server` for good, which did not answer; the next user starts another."""
        async with self._lock:
            if self._running is server:
                await self._stop()

    async def aclose(self) -> None:
        """Stops the server and starts no other."""
        self._closed = True
        if self._idle is not None:
            self._idle.cancel()
        if self._starting is not None:
            self._starting.cancel()
        async with self._lock:
            await self._stop()

    async def _started(self) -> RunningServer:
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._start())
            self._starting.add_done_callback(self._start_ended)
        try:
            return await asyncio.shield(self._starting)
        except asyncio.CancelledError:
            if self._closed and self._starting.cancelled():
                raise _closed() from None
            raise

    def _start_ended(self, task: asyncio.Task[RunningServer]) -> None:
        if not task.cancelled():
            task.exception()
        self._watch_idleness()

    def _watch_idleness(self) -> None:
        if self._users == 0 and self._idle is None and self.running and not self._closed:
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(self._llm.idle_seconds, self._stop_idle)

    def _stop_idle(self) -> None:
        async def stop() -> None:
            async with self._lock:
                if self._users == 0:
                    await self._stop()

        self._idle = None
        self._stopping = asyncio.create_task(stop())

    async def _start(self) -> RunningServer:
        async with self._lock:
            if self.running is not None:
                return self.running
            await self._stop()
            return await self._launch()

    async def _launch(self) -> RunningServer:
        if self._closed:
            raise _closed()
        api_key = secrets.token_urlsafe(32)
        config = LlamaConfig(
            model=await in_pool(self._model),
            log=self._log,
            api_key=api_key,
            context_tokens=self._llm.context_tokens,
            slots=self._llm.slots,
            threads=self._threads,
            parent=os.getpid(),
        )
        try:
            async with asyncio.timeout(self._llm.start_seconds):
                self._process = process = await asyncio.create_subprocess_exec(
                    *self._command,
                    cwd=_ROOT,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.DEVNULL,
                )
                port = await self._handshake(process, config)
                await _await_health(port)
        except TimeoutError as error:
            await self._stop()
            raise ModelUnavailable(
                f"The embedded model was not ready after {self._llm.start_seconds:g} s.",
                hint="Free memory or raise LIVECUE_LLM__START_SECONDS.",
                details={"log": str(self._log)},
            ) from error
        except (OSError, ValueError) as error:
            await self._stop()
            raise self._unloadable(config, f"{type(error).__name__}: {error}") from error
        except BaseException:
            await self._stop()
            raise
        self._running = RunningServer(f"http://127.0.0.1:{port}/v1", api_key, process.pid)
        return self._running

    async def _handshake(self, process: asyncio.subprocess.Process, config: LlamaConfig) -> int:
        assert process.stdin is not None  # noqa: S101 (both are pipes, as asked for above)
        assert process.stdout is not None  # noqa: S101
        with suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(config.model_dump_json().encode() + b"\n")
            await process.stdin.drain()
        line = await process.stdout.readline()
        report = LlamaReport.model_validate_json(line) if line else LlamaReport()
        if report.port is not None:
            return report.port
        with suppress(TimeoutError):  # what it says last reaches the log when it ends
            await asyncio.wait_for(process.wait(), _LAST_WORDS_SECONDS)
        raise self._unloadable(
            config, report.error or f"it ended with exit code {await process.wait()}"
        )

    def _unloadable(self, config: LlamaConfig, reason: str) -> ModelUnavailable:
        return ModelUnavailable(
            f"The embedded model {config.model.name} cannot be loaded: {reason}.",
            hint="Run `livecue doctor`; `livecue models pull chat` replaces a damaged file.",
            details={"log": str(self._log), "log_tail": _tail(self._log)},
        )

    async def _stop(self) -> None:
        process, self._process, self._running = self._process, None, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def _closed() -> ModelUnavailable:
    return ModelUnavailable("The embedded model was closed.", hint="Start Livecue again.")


async def _await_health(port: int) -> None:
    """Until `GET /health` answers 200; the caller bounds the time."""
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(b"GET /health HTTP/1.0\r\n\r\n")
            await writer.drain()
            if b" 200 " in await reader.readline():
                return
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
        await asyncio.sleep(0.1)


def _tail(log: Path) -> str:
    """The last lines of a log, where the reason stands."""
    if not log.is_file():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _TAIL_BYTES))
        lines = file.read().decode(errors="replace").splitlines()
    return "\n".join(lines[-_TAIL_LINES:])
