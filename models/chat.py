"""The one interface to chat models that agents see; `models.opening` makes one."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar

from pydantic import BaseModel

from domain.scope import Scope
from models.calls import Finish
from models.prompt_file import PromptRef, RenderedPrompt
from models.queue import Priority

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = [
    "ChatModel",
    "Completion",
    "Finish",
    "Parsed",
    "Priority",
    "TextStream",
]

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's text. `cached`: it came from the call journal and no model ran.

    Token counts are the model's own and 0 where it reports none.
    """

    text: str
    model: str
    prompt: PromptRef
    cached: bool
    prompt_tokens: int
    completion_tokens: int
    finish: Finish = "stop"


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """A validated output; `repaired`: the first text did not fit and the model mended it."""

    value: T
    completion: Completion
    repaired: bool = False


class TextStream(Protocol):
    """Text deltas as they come; leaving it early (`aclose`) stops the model."""

    @property
    def completion(self) -> Completion:
        """The whole text; only once the stream is exhausted."""
        ...

    def __aiter__(self) -> AsyncIterator[str]: ...
    async def __anext__(self) -> str: ...
    async def aclose(self) -> None:
        """Ends the call if it still runs."""
        ...


class ChatModel(Protocol):
    """A chat model behind its queue and its journal.

    Every call is looked up in the call journal first and committed to it before it is used.
    Errors: ModelUnavailable, ModelRefused, ModelOutputInvalid, LimitExceeded (prompt too long)
    and DeadlineExceeded when `timeout` seconds, waiting included, were not enough. `sample` tells
    calls apart that shall differ (variants at `temperature` > 0); it is also the seed.
    """

    name: str

    async def complete(
        self,
        prompt: RenderedPrompt,
        *,
        priority: Priority = Priority.BATCH,
        max_tokens: int = 512,
        temperature: float = 0.0,
        sample: int = 0,
        timeout: float | None = None,  # noqa: ASYNC109 (waiting in the queue counts)
    ) -> Completion:
        """Free text."""
        ...

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
        """An `output`, asked for by JSON Schema; ModelOutputInvalid after one repair."""
        ...

    def stream(
        self,
        prompt: RenderedPrompt,
        *,
        priority: Priority = Priority.BATCH,
        max_tokens: int = 512,
        temperature: float = 0.0,
        sample: int = 0,
        timeout: float | None = None,
    ) -> TextStream:
        """Free text as it is written. A journaled call is replayed as a stream of one delta."""
        ...

    async def warm(self, prompt: RenderedPrompt) -> None:
        """Loads the prefix of the product on air, so that the next answer starts at once.

        Does nothing on an endpoint, which keeps its own prefix cache.
        """
        ...

    def langchain(
        self, *, prompt: PromptRef | None = None, priority: Priority = Priority.BATCH
    ) -> "BaseChatModel":
        """A LangChain chat model on the same queue and journal; `bind_tools` works on it.

        `prompt` is what its system message was rendered from, for the journal. Asynchronous only.
        """
        ...

    def within(self, scope: Scope) -> Self:
        """The same model, its journal read and written in the workspace of `scope`."""
        ...

    async def aclose(self) -> None:
        """Ends calls in flight, closes connections and stops the embedded server."""
        ...
