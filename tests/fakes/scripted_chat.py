"""A chat model that answers from a script, and remembers what it was asked."""

from dataclasses import dataclass, field
from typing import Self, TypeVar

from langchain_core.language_models import BaseChatModel
from pydantic import BaseModel

from domain.errors import LivecueError
from domain.scope import Scope
from models.chat import Completion, Parsed, Priority, TextStream
from models.prompts import PromptRef, RenderedPrompt

T = TypeVar("T", bound=BaseModel)


@dataclass
class ScriptedChat:
    """Answers calls of `complete` and `parse` in order; an error in the script is raised."""

    script: list[str | BaseModel | LivecueError] = field(
        default_factory=list[str | BaseModel | LivecueError]
    )
    asked: list[RenderedPrompt] = field(default_factory=list[RenderedPrompt])
    name: str = "scripted"

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
        answer = self._next(prompt)
        text = answer.model_dump_json() if isinstance(answer, BaseModel) else answer
        return Completion(text, self.name, prompt.ref, False, 0, 0)

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
        completion = await self.complete(prompt)
        return Parsed(output.model_validate_json(completion.text), completion)

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
        raise AssertionError("nothing is streamed in this test")

    async def warm(self, prompt: RenderedPrompt) -> None:
        self.asked.append(prompt)

    def langchain(
        self, *, prompt: PromptRef | None = None, priority: Priority = Priority.BATCH
    ) -> BaseChatModel:
        raise AssertionError("no LangChain model in this test")

    def within(self, scope: Scope) -> Self:
        return self

    async def aclose(self) -> None:
        self.script.clear()

    def _next(self, prompt: RenderedPrompt) -> str | BaseModel:
        self.asked.append(prompt)
        assert self.script, "the model was asked more often than the test expects"
        answer = self.script.pop(0)
        if isinstance(answer, LivecueError):
            raise answer
        return answer
