"""The chat model that agents hold: a backend behind its queue and the call journal."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from pydantic import BaseModel, ValidationError

from domain.errors import ModelOutputInvalid
from domain.scope import Scope
from models.calls import CallJournal, CallRows, Flight, ModelCall, Reply, TextSink
from models.chat import Completion, Parsed
from models.completion_stream import CompletionStream
from models.output_schema import output_schema
from models.prompts import PromptLibrary, PromptRef, RenderedPrompt
from models.queue import ModelQueue, Priority, deadline

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

T = TypeVar("T", bound=BaseModel)
_SHOWN_ERRORS = 5


class Backend(Protocol):
    """What runs a call: the embedded server or an endpoint.

    `identity` stands for the model in journal keys; `native_tools`: it takes `ModelCall.tools`.
    """

    name: str
    identity: str
    queue: ModelQueue
    native_tools: bool

    async def send(self, call: ModelCall, *, slot: int, sink: TextSink | None) -> Reply:
        """The reply; typed errors only."""
        ...

    async def warm(self, call: ModelCall) -> None:
        """Loads the prefix of the product on air; holds nothing else up."""
        ...

    async def aclose(self) -> None:
        """Stops everything."""
        ...


class JournaledChat:
    """A `ChatModel` (see there)."""

    def __init__(
        self,
        backend: Backend,
        rows: CallRows,
        prompts: PromptLibrary,
        scope: Scope = Scope(),
        journal: CallJournal | None = None,
    ) -> None:
        self.name = backend.name
        self._backend = backend
        self._rows = rows
        self._prompts = prompts
        self._scope = scope
        self._journal = journal or CallJournal(rows, backend.identity, backend.name)

    def within(self, scope: Scope) -> Self:
        """The same model with its journal in the workspace of `scope`."""
        return type(self)(self._backend, self._rows, self._prompts, scope, self._journal)

    async def complete(
        self,
        prompt: RenderedPrompt,
        *,
        priority: Priority = Priority.BATCH,
        max_tokens: int = 512,
        temperature: float = 0.0,
        sample: int = 0,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> Completion:
        """Free text."""
        call = _call(prompt, max_tokens, temperature, sample)
        async with deadline(timeout, "The model call"):
            reply, cached = await self.ask(call, priority=priority)
        return self.completion(prompt.ref, reply, cached=cached)

    async def parse(
        self,
        prompt: RenderedPrompt,
        output: type[T],
        *,
        priority: Priority = Priority.BATCH,
        max_tokens: int = 512,
        temperature: float = 0.0,
        sample: int = 0,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> Parsed[T]:
        """An `output`; a text that does not fit is shown its faults once."""
        call = _call(prompt, max_tokens, temperature, sample)
        call = replace(call, schema=output_schema(output))
        async with deadline(timeout, "The model call"):
            reply, cached = await self.ask(call, priority=priority)
            try:
                value = _validated(reply, output)
                return Parsed(value, self.completion(prompt.ref, reply, cached=cached))
            except ValidationError as error:
                self._refuse_cut(reply, call, output)
                repair = self._repair(call, reply, error)
            reply, cached = await self.ask(repair, priority=priority)
        try:
            value = _validated(reply, output)
        except ValidationError as error:
            self._refuse_cut(reply, call, output)
            raise ModelOutputInvalid(
                f"{self.name} did not give a valid {output.__name__} for prompt {prompt.ref}, "
                f"nor when shown its faults: {_faults(error)}",
                hint="Use a larger model (LIVECUE_CHAT__MODEL), or simplify the prompt.",
                details={"text": reply.text[:2000]},
            ) from error
        completion = self.completion(prompt.ref, reply, cached=cached)
        return Parsed(value, completion, repaired=True)

    def stream(
        self,
        prompt: RenderedPrompt,
        *,
        priority: Priority = Priority.BATCH,
        max_tokens: int = 512,
        temperature: float = 0.0,
        sample: int = 0,
        timeout: float | None = None,
    ) -> CompletionStream:
        """Free text as it is written."""
        call = _call(prompt, max_tokens, temperature, sample)
        return CompletionStream(
            lambda: self.fly(call, priority=priority, streamed=True),
            self.land,
            lambda reply, cached: self.completion(prompt.ref, reply, cached=cached),
            timeout=timeout,
        )

    async def warm(self, prompt: RenderedPrompt) -> None:
        """Loads the prompt's prefix into the slot of the product on air."""
        await self._backend.warm(_call(prompt, 1, 0.0, 0))

    def langchain(
        self, *, prompt: PromptRef | None = None, priority: Priority = Priority.BATCH
    ) -> "BaseChatModel":
        """The LangChain face, tools included."""
        from models.embedded_tools import ToolCallingChat

        return ToolCallingChat(
            chat=self,
            prompts=self._prompts,
            prompt=prompt,
            priority=priority,
            native_tools=self._backend.native_tools,
        )

    async def aclose(self) -> None:
        """Stops the backend, for every view of it."""
        await self._backend.aclose()

    def fly(self, call: ModelCall, *, priority: Priority, streamed: bool = False) -> Flight:
        """Begins or joins `call`; every `fly` needs its `land`."""
        return self._journal.join(
            self._scope, call, self._make, priority=priority, streamed=streamed
        )

    def land(self, flight: Flight) -> None:
        """Leaves a call; without anyone left it is stopped."""
        self._journal.leave(flight)

    async def ask(self, call: ModelCall, *, priority: Priority) -> tuple[Reply, bool]:
        """The reply to `call` and whether it came from the journal."""
        flight = self.fly(call, priority=priority)
        try:
            return await flight.reply(), flight.cached
        finally:
            self.land(flight)

    async def _make(self, flight: Flight) -> Reply:
        flight.ticket = self._backend.queue.submit(
            lambda slot: self._backend.send(flight.call, slot=slot, sink=flight.sink),
            priority=flight.priority,
        )
        try:
            return await flight.ticket.result
        finally:
            flight.ticket.cancel()

    def _repair(self, call: ModelCall, reply: Reply, error: ValidationError) -> ModelCall:
        asked = self._prompts.render(
            "models/repair", faults=_faults(error), schema=json.dumps(call.schema)
        )
        wrong = {"role": "assistant", "content": reply.text}
        return replace(
            call,
            prompt=f"{call.prompt} {asked.ref}",
            messages=(*call.messages, wrong, *asked.messages),
        )

    def _refuse_cut(self, reply: Reply, call: ModelCall, output: type[BaseModel]) -> None:
        if reply.finish == "length":
            raise ModelOutputInvalid(
                f"{self.name} was cut off at {call.max_tokens} tokens while writing "
                f"{output.__name__} for prompt {call.prompt}.",
                hint="Give it less material at once, or ask with a higher max_tokens.",
                details={"text": reply.text[:2000]},
            )

    def completion(self, ref: PromptRef, reply: Reply, *, cached: bool) -> Completion:
        """`reply` to the prompt `ref` as callers see it."""
        return Completion(
            text=reply.text,
            model=self.name,
            prompt=ref,
            cached=cached,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            finish=reply.finish,
        )


def _call(prompt: RenderedPrompt, max_tokens: int, temperature: float, sample: int) -> ModelCall:
    messages: tuple[dict[str, Any], ...] = tuple(dict(message) for message in prompt.messages)
    return ModelCall(
        str(prompt.ref), messages, max_tokens=max_tokens, temperature=temperature, sample=sample
    )


def _validated(reply: Reply, output: type[T]) -> T:
    """The reply as `output`; a Markdown code fence around the JSON is allowed."""
    text = reply.text.strip()
    if text.startswith("```"):
        text = text.removeprefix("```json").removeprefix("```").removesuffix("```")
    return output.model_validate_json(text)


def _faults(error: ValidationError) -> str:
    """What is wrong, a line for each fault, without the input echoed."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    return "\n".join(
        f"{'.'.join(str(part) for part in fault['loc']) or 'text'}: {fault['msg']}"
        for fault in faults[:_SHOWN_ERRORS]
    )
