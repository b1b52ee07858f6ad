"""A configured OpenAI-compatible endpoint as a backend: retries, limits, and plain errors."""

import asyncio
import json
import random
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from domain.errors import (
    DeadlineExceeded,
    LimitExceeded,
    LivecueError,
    ModelRefused,
    ModelUnavailable,
)
from domain.settings import Endpoint
from models.calls import ModelCall, Reply, TextSink
from models.prompts import PromptLibrary
from models.queue import ModelQueue
from models.wire import TRANSIENT, ChatWire, Dialect, Structured, WireFault

_FIRST_BACKOFF_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 60.0
_NEXT_STRUCTURED: dict[Structured, Structured] = {
    "json_schema": "json_object",
    "json_object": "prompt",
    "prompt": "prompt",
}

Sleep = Callable[[float], Awaitable[None]]
log = structlog.get_logger(__name__)


class RateLimit:
    """At most `per_minute` starts in any 60 seconds; 0 is no limit."""

    def __init__(
        self, per_minute: int, *, clock: Callable[[], float] = time.monotonic, sleep: Sleep
    ) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._sleep = sleep
        self._starts: deque[float] = deque(maxlen=per_minute or None)

    async def wait(self) -> None:
        """Returns when one more request may start, which it then counts."""
        if not self._per_minute:
            return
        while len(self._starts) == self._per_minute:
            rest = self._starts[0] + 60 - self._clock()
            if rest <= 0:
                break
            await self._sleep(rest)
        self._starts.append(self._clock())


class EndpointBackend:
    """An OpenAI-compatible endpoint.

    `name` is the model's name; `prefix` is how its settings begin (`LIVECUE_CHAT`), for hints.
    `dialect` is what has been learnt of the server: one that refuses `json_schema` is asked for
    `json_object` and shown the schema, one that refuses that too is only shown the schema.
    """

    native_tools = True

    def __init__(
        self,
        endpoint: Endpoint,
        prompts: PromptLibrary,
        *,
        prefix: str = "LIVECUE_CHAT",
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        if endpoint.base_url is None or endpoint.model is None:
            missing = "BASE_URL" if endpoint.base_url is None else "MODEL"
            raise ModelUnavailable(
                f"The model endpoint is not fully configured: {prefix}__{missing} is not set.",
                hint=f"Set {prefix}__BASE_URL and {prefix}__MODEL, or neither.",
            )
        self.name = endpoint.model
        self.identity = f"{endpoint.base_url.rstrip('/')}#{endpoint.model}"
        self.queue = ModelQueue(endpoint.max_concurrency)
        self._endpoint = endpoint
        self._prompts = prompts
        self._prefix = prefix
        self._sleep = sleep
        self._rate = RateLimit(endpoint.requests_per_minute, clock=clock, sleep=sleep)
        key = endpoint.api_key.get_secret_value() if endpoint.api_key else "none"
        self._wire = ChatWire(endpoint.base_url, endpoint.model, key, endpoint.timeout_seconds)

    @property
    def dialect(self) -> Dialect:
        """What the server has been found to understand."""
        return self._wire.dialect

    async def send(self, call: ModelCall, *, slot: int, sink: TextSink | None) -> Reply:
        """One reply, after at most `max_retries` repetitions of what may yet succeed."""
        failures = 0
        while True:
            await self._rate.wait()
            try:
                return await self._wire.exchange(self._spelled_out(call), sink=sink)
            except WireFault as fault:
                if self._learn(fault, call):
                    continue
                failures += 1
                wait = _backoff(failures, fault)
                if (
                    fault.kind not in TRANSIENT
                    or failures > self._endpoint.max_retries
                    or wait > _LONGEST_WAIT_SECONDS
                ):
                    raise self._error(fault, failures) from fault
                log.info("model_call_retried", fault=fault.kind, detail=fault.detail, wait=wait)
            await self._sleep(wait)

    async def warm(self, call: ModelCall) -> None:
        """Nothing: an endpoint keeps its own prefix cache."""

    async def aclose(self) -> None:
        """Stops calls and closes connections."""
        await self.queue.aclose()
        await self._wire.aclose()

    def _spelled_out(self, call: ModelCall) -> ModelCall:
        """`call` with its schema shown in the prompt, for a server that takes none."""
        if call.schema is None or self.dialect.structured == "json_schema":
            return call
        shown = self._prompts.render("models/json_only", schema=json.dumps(call.schema))
        return replace(call, messages=(*shown.messages, *call.messages))

    def _learn(self, fault: WireFault, call: ModelCall) -> bool:
        """Whether `fault` taught a dialect in which the request is worth sending again."""
        if fault.status != 400 or fault.kind != "refused":
            return False
        old = self.dialect
        new = old
        if call.schema is not None and re.search("response_format|json|schema", fault.detail):
            new = replace(old, structured=_NEXT_STRUCTURED[old.structured])
        elif "max_completion_tokens" in fault.detail:
            new = replace(old, limit="max_completion_tokens")
        elif "stream_options" in fault.detail:
            new = replace(old, stream_usage=False)
        elif "temperature" in fault.detail:
            new = replace(old, temperature=False)
        if new == old:
            return False
        log.info("model_dialect_learnt", model=self.name, dialect=str(new), said=fault.detail)
        self._wire.dialect = new
        return True

    def _error(self, fault: WireFault, failures: int) -> LivecueError:
        where = f"The model endpoint {self._endpoint.base_url} (model {self.name})"
        tried = f" after {failures} attempts" if failures > 1 else ""
        prefix = self._prefix
        details = {"status": fault.status, "attempts": failures}
        match fault.kind:
            case "key":
                return ModelRefused(
                    f"{where} refused the key: {fault.detail}.",
                    hint=f"Check {prefix}__API_KEY.",
                    details=details,
                )
            case "refused":
                return ModelRefused(
                    f"{where} refused the request ({fault.status}): {fault.detail}.",
                    hint=f"Check {prefix}__MODEL and {prefix}__BASE_URL.",
                    details=details,
                )
            case "too_long":
                return LimitExceeded(
                    f"The prompt is too long for {self.name}: {fault.detail}.",
                    hint=f"Give less material, or set {prefix}__MODEL to a model that reads more.",
                    details=details,
                )
            case "timeout":
                return DeadlineExceeded(
                    f"{where} gave {fault.detail}{tried}.",
                    hint=f"Raise {prefix}__TIMEOUT_SECONDS or use a faster model.",
                    details=details,
                )
            case "busy":
                return ModelUnavailable(
                    f"{where} has no capacity left{tried}: {fault.detail}.",
                    hint=f"Set {prefix}__REQUESTS_PER_MINUTE or lower {prefix}__MAX_CONCURRENCY.",
                    details={**details, "retry_after": fault.retry_after},
                )
            case "malformed":
                return ModelUnavailable(
                    f"{where} does not answer as an OpenAI-compatible server{tried}: "
                    f"{fault.detail}.",
                    hint=f"Check {prefix}__BASE_URL (it usually ends in /v1).",
                    details=details,
                )
            case "unreachable" | "server":
                return ModelUnavailable(
                    f"{where} cannot be reached or failed{tried}: {fault.detail}.",
                    hint=f"Is it up? Check {prefix}__BASE_URL; {prefix}__MAX_RETRIES repeats more.",
                    details=details,
                )


def _backoff(failures: int, fault: WireFault) -> float:
    """Seconds until the next attempt: what the server asked for, else 0.5 s doubling, jittered.

    Full jitter over the upper half keeps callers apart without retrying at once.
    """
    step = _FIRST_BACKOFF_SECONDS * 2 ** (failures - 1)
    jittered = step * random.uniform(0.5, 1.0)  # noqa: S311 (spreads load, hides nothing)
    return jittered if fault.retry_after is None else fault.retry_after + jittered * 0.1
