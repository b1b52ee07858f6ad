"""The embedded LLM as a backend: its server, its slots, and one more try when it died."""

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from domain.errors import (
    DeadlineExceeded,
    LimitExceeded,
    LivecueError,
    ModelRefused,
    ModelUnavailable,
)
from domain.settings import Settings
from models.calls import ModelCall, Reply, TextSink
from models.embedded_server import EmbeddedServer, RunningServer
from models.manifest import ModelSpec
from models.queue import ModelQueue
from models.wire import ChatWire, WireFault

_CONTROL_TOKEN = re.compile(r"<\|(?=[\w ]*\|?>)")


class ModelFiles(Protocol):
    """What is needed of the model store."""

    def path(self, name: str, /) -> Path:
        """The verified file of a model; ModelUnavailable or ModelFileCorrupt if it is not there."""
        ...

    def spec(self, name: str, /) -> ModelSpec:
        """What the manifest says of it."""
        ...


class EmbeddedBackend:
    """The pinned chat model behind `EmbeddedServer`.

    Slot 0 takes ANSWER work only and so keeps the prefix of the product on air; as all slots
    share the processor, an answer also stops whatever else is generated. The model's control
    tokens are defused in every message: the server would take them for the real thing, and a
    comment that holds `<|im_start|>system` would speak as the system.
    """

    native_tools = False

    def __init__(
        self, settings: Settings, files: ModelFiles, *, server: EmbeddedServer | None = None
    ) -> None:
        spec = files.spec("chat")
        self._llm = settings.llm
        self.name = spec.files[0].name.removesuffix(".gguf")
        self.identity = f"sha256:{spec.files[0].sha256}"
        self.queue = ModelQueue(settings.llm.slots, on_air=True)
        self.server = server or EmbeddedServer(
            lambda: files.path("chat"),
            llm=settings.llm,
            threads=settings.threads.llm,
            log=settings.home_path / "logs" / "llm.log",
        )
        self._wire: tuple[RunningServer, ChatWire] | None = None

    async def send(self, call: ModelCall, *, slot: int, sink: TextSink | None) -> Reply:
        """One generation in `slot`; repeated once if its reply was broken or its server died.

        A server that still answers its health check is kept: other calls and warm prefixes are
        in it.
        """
        safe = _defused(call)
        try:
            return await self._attempt(safe, slot, sink)
        except WireFault as fault:
            if fault.kind not in ("unreachable", "malformed"):
                raise self._error(fault) from fault
        try:
            return await self._attempt(safe, slot, sink)
        except WireFault as fault:
            raise self._error(fault) from fault

    async def warm(self, call: ModelCall) -> None:
        """Reads the prompt of `call` into slot 0, while nobody waits for an answer."""
        await self.queue.warm(lambda slot: self.send(call, slot=slot, sink=None))

    async def aclose(self) -> None:
        """Stops calls, connections and the server."""
        await self.queue.aclose()
        wire, self._wire = self._wire, None
        await _close(wire)
        await self.server.aclose()

    async def _attempt(self, call: ModelCall, slot: int, sink: TextSink | None) -> Reply:
        async with self.server.using() as server:
            try:
                return await (await self._wire_to(server)).exchange(
                    call, sink=sink, extra={"id_slot": slot, "cache_prompt": True}
                )
            except WireFault as fault:
                if fault.kind == "unreachable" or (
                    fault.kind in ("malformed", "timeout") and not await self.server.answers(server)
                ):
                    await self.server.discard(server)
                raise

    async def _wire_to(self, server: RunningServer) -> ChatWire:
        if self._wire is not None and self._wire[0] == server:
            return self._wire[1]
        wire = ChatWire(
            server.base_url,
            self.name,
            server.api_key,
            self._llm.request_seconds,
            use_proxy=False,
        )
        old, self._wire = self._wire, (server, wire)
        await _close(old)
        return wire

    def _error(self, fault: WireFault) -> LivecueError:
        match fault.kind:
            case "timeout":
                return DeadlineExceeded(
                    f"The embedded model did not finish: {fault.detail}.",
                    hint="Ask for less, or raise LIVECUE_LLM__REQUEST_SECONDS.",
                )
            case "too_long":
                return LimitExceeded(
                    f"The prompt is too long for the embedded model: {fault.detail}.",
                    hint="Give less material, or raise LIVECUE_LLM__CONTEXT_TOKENS "
                    "(shared by LIVECUE_LLM__SLOTS).",
                )
            case "refused" | "key":
                return ModelRefused(
                    f"The embedded model refused the request: {fault.detail}.",
                    hint="See the log that `livecue doctor` names.",
                )
            case _:
                return ModelUnavailable(
                    f"The embedded model's server failed twice in a row: {fault.detail}.",
                    hint="See the log that `livecue doctor` names; is there enough free memory?",
                )


async def _close(wire: tuple[RunningServer, ChatWire] | None) -> None:
    if wire is not None:
        with suppress(RuntimeError):
            await wire[1].aclose()


def _defused(call: ModelCall) -> ModelCall:
    def safe(message: dict[str, Any]) -> dict[str, Any]:
        content = message.get("content")
        if not isinstance(content, str):
            return message
        return {**message, "content": _CONTROL_TOKEN.sub("‹|", content)}

    return replace(call, messages=tuple(safe(message) for message in call.messages))
