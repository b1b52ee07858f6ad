"""One exchange with an OpenAI-compatible server, and what can go wrong in it.

`response_format` and the token limit travel in `extra_body`: given as arguments, the client would
switch to its own parsing of the reply, which raises on a cut or malformed text that we want to
see, and would rename the limit to a field that many servers ignore.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from models.calls import Finish, ModelCall, Reply, TextSink, ToolCall

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from langchain_openai import ChatOpenAI
    from openai import APIStatusError

FaultKind = Literal[
    "unreachable", "timeout", "busy", "server", "key", "refused", "too_long", "malformed"
]
Structured = Literal["json_schema", "json_object", "prompt"]
TRANSIENT: frozenset[FaultKind] = frozenset(
    {"unreachable", "timeout", "busy", "server", "malformed"}
)
"""Faults after which the same request may yet succeed."""


class WireFault(Exception):
    """An exchange failed; `retry_after` (seconds) is the server's own wish."""

    def __init__(
        self,
        kind: FaultKind,
        detail: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind: FaultKind = kind
        self.detail = detail
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True)
class Dialect:
    """What a server understands beyond the common ground.

    `structured`: how it is asked for JSON; `limit`: its name for the token limit.
    """

    structured: Structured = "json_schema"
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True
    stream_usage: bool = True


@dataclass
class ChatWire:
    """A connection to the model `model` at `base_url`; `timeout` (seconds) bounds one exchange."""

    base_url: str
    model: str
    api_key: str
    timeout: float
    use_proxy: bool = True
    dialect: Dialect = field(default_factory=Dialect)
    _client: "ChatOpenAI | None" = None

    async def exchange(
        self,
        call: ModelCall,
        *,
        sink: TextSink | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Sends `call` once; raises WireFault. With a `sink` the text is streamed into it.

        Cancelling closes the connection, which is how a server learns to stop.
        """
        import openai

        try:
            async with asyncio.timeout(self.timeout):
                return _read(await self._send(call, sink, {**self._body(call), **(extra or {})}))
        except (openai.APITimeoutError, TimeoutError) as error:
            raise WireFault("timeout", f"no complete reply within {self.timeout:g} s") from error
        except openai.APIStatusError as error:
            raise _status_fault(error) from error
        except openai.APIConnectionError as error:
            raise WireFault("unreachable", str(error.__cause__ or error)) from error
        except openai.APIError as error:
            raise WireFault("server", error.message) from error
        except (ValueError, TypeError, AttributeError, LookupError) as error:
            raise WireFault("malformed", f"{type(error).__name__}: {error}") from error

    async def _send(
        self, call: ModelCall, sink: TextSink | None, body: dict[str, Any]
    ) -> "AIMessage":
        options: dict[str, Any] = {"extra_body": body}
        if call.tools:
            options["tools"] = list(call.tools)
            if call.tool_choice is not None:
                options["tool_choice"] = call.tool_choice
        client = self._open()
        messages = cast("Any", list(call.messages))
        if sink is None:
            return await client.ainvoke(messages, **options)
        sink.restart()
        whole: Any = None
        stream = client.astream(messages, stream_usage=self.dialect.stream_usage, **options)
        async for chunk in stream:
            whole = chunk if whole is None else whole + chunk
            if text := chunk.text:
                sink.write(text)
        if whole is None:
            raise ValueError("an empty stream")
        return whole

    def _body(self, call: ModelCall) -> dict[str, Any]:
        body: dict[str, Any] = {self.dialect.limit: call.max_tokens}
        if self.dialect.temperature:
            body["temperature"] = call.temperature
        if call.temperature > 0:
            body["seed"] = call.sample
        if call.schema is not None and self.dialect.structured == "json_schema":
            schema = {"name": "output", "schema": dict(call.schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif call.schema is not None and self.dialect.structured == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body

    def _open(self) -> "ChatOpenAI":
        if self._client is None:
            from langchain_openai import ChatOpenAI
            from openai import DefaultAsyncHttpxClient
            from pydantic import SecretStr

            self._client = ChatOpenAI(
                base_url=self.base_url,
                model=self.model,
                api_key=SecretStr(self.api_key),
                max_retries=0,
                timeout=self.timeout,
                stream_chunk_timeout=None,
                use_responses_api=False,
                http_async_client=DefaultAsyncHttpxClient(
                    trust_env=self.use_proxy, timeout=self.timeout
                ),
            )
        return self._client

    async def aclose(self) -> None:
        """Closes the connections."""
        if self._client is not None:
            await self._client.root_async_client.close()
            self._client = None


def _read(message: "AIMessage") -> Reply:
    finish = message.response_metadata.get("finish_reason")
    if finish is None:
        raise ValueError("a reply without finish_reason (cut off?)")
    usage = cast("dict[str, int]", message.usage_metadata or {})
    if message.invalid_tool_calls:
        raise ValueError(f"a tool call that is no JSON: {message.invalid_tool_calls[0]['args']}")
    return Reply(
        text=message.text,
        finish=_FINISH.get(finish, "stop"),
        tool_calls=tuple(
            ToolCall(id=call["id"] or f"call_{index}", name=call["name"], arguments=call["args"])
            for index, call in enumerate(message.tool_calls)
        ),
        prompt_tokens=usage.get("input_tokens", 0),
        completion_tokens=usage.get("output_tokens", 0),
    )


_FINISH: dict[str, Finish] = {"length": "length", "tool_calls": "tool_calls"}


def _status_fault(error: "APIStatusError") -> WireFault:
    status = error.status_code
    detail = _detail(error)
    kind: FaultKind
    if status in (401, 403):
        kind = "key"
    elif status == 429:
        kind = "busy"
    elif status == 408 or status >= 500:
        kind = "server"
    elif status in (400, 413) and any(word in detail for word in _TOO_LONG):
        kind = "too_long"
    else:
        kind = "refused"
    return WireFault(
        kind, detail, status=status, retry_after=_seconds(error.response.headers.get("retry-after"))
    )


_TOO_LONG = ("context size", "context length", "context_length", "too long", "context window")


def _detail(error: "APIStatusError") -> str:
    """The server's own words, short: its error message, or the start of whatever it sent."""
    body = error.body
    if isinstance(body, dict):
        return str(cast("dict[str, object]", body).get("message") or json.dumps(body))[:500]
    return " ".join(str(error.response.text).split())[:200]


def _seconds(retry_after: str | None) -> float | None:
    """`Retry-After` as seconds; its other form, an HTTP date, counts from now (RFC 9110 10.2.3)."""
    if retry_after is None:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except ValueError:
        return None
