"""The embedded LLM as a backend: its server, its slots, and one more try when it died."""

import re
from contextlib import suppress
from dataclasses import replace
from typing import Any

from domain.errors import (
    DeadlineExceeded,
    LimitExceeded,
    LivecueError,
    ModelRefused,
    ModelUnavailable,
)
from domain.settings import Settings
from models.calls import ModelCall, Reply, TextSink
from models.chat import ModelFiles
from models.embedded_server import EmbeddedServer, RunningServer
from models.queue import ModelQueue
from models.wire import ChatWire, WireFault

_CONTROL_TOKEN = re.compile(r"<\|(?=[\w ]*\|?>)")


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
        """One generation in `slot`; repeated once on a new server if the server died under it."""
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
        """Reads the prompt of `call` into slot 0 and generates nothing to speak of."""
        await self.send(call, slot=0, sink=None)

    async def aclose(self) -> None:
        """Stops calls, connections and the server."""
        await self.queue.aclose()
        await self._close_wire()
        await self.server.aclose()

    async def _attempt(self, call: ModelCall, slot: int, sink: TextSink | None) -> Reply:
        async with self.server.using() as server:
            try:
                return await (await self._wire_to(server)).exchange(
                    call, sink=sink, extra={"id_slot": slot, "cache_prompt": True}
                )
            except WireFault as fault:
                if fault.kind in ("unreachable", "malformed", "timeout"):
                    await self.server.discard(server)
                raise

    async def _wire_to(self, server: RunningServer) -> ChatWire:
        if self._wire is None or self._wire[0] != server:
            await self._close_wire()
            wire = ChatWire(
                server.base_url,
                self.name,
                server.api_key,
                self._llm.request_seconds,
                use_proxy=False,
            )
            self._wire = (server, wire)
        return self._wire[1]

    async def _close_wire(self) -> None:
        if self._wire is not None:
            _, wire = self._wire
            self._wire = None
            with suppress(RuntimeError):
                await wire.aclose()

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


def _defused(call: ModelCall) -> ModelCall:
    def safe(message: dict[str, Any]) -> dict[str, Any]:
        content = message.get("content")
        if not isinstance(content, str):
            return message
        return {**message, "content": _CONTROL_TOKEN.sub("‹|", content)}

    return replace(call, messages=tuple(safe(message) for message in call.messages))
