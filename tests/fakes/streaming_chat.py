"""A chat model that streams a scripted text, piece by piece."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from domain.errors import LivecueError
from models.chat import Completion, Priority, TextStream
from models.prompts import RenderedPrompt
from tests.fakes.scripted_chat import ScriptedChat


@dataclass
class StreamingChat(ScriptedChat):
    """Streams `pieces`, waiting `pause` seconds before each; an error among them is raised.

    Calls have to be of `priority`.
    """

    pieces: list[str | LivecueError] = field(default_factory=list[str | LivecueError])
    pause: float = 0.0
    closed: int = 0
    priority: Priority = Priority.ANSWER

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
        assert priority is self.priority
        self.asked.append(prompt)
        return _Stream(self, prompt)


class _Stream:
    def __init__(self, chat: StreamingChat, prompt: RenderedPrompt) -> None:
        self._chat = chat
        self._prompt = prompt
        self._pieces = self._play()

    @property
    def completion(self) -> Completion:
        text = "".join(piece for piece in self._chat.pieces if isinstance(piece, str))
        return Completion(text, self._chat.name, self._prompt.ref, False, 0, 0)

    def __aiter__(self) -> "_Stream":
        return self

    async def __anext__(self) -> str:
        return await anext(self._pieces)

    async def aclose(self) -> None:
        self._chat.closed += 1
        await self._pieces.aclose()

    async def _play(self) -> AsyncGenerator[str]:
        for piece in self._chat.pieces:
            await asyncio.sleep(self._chat.pause)
            if isinstance(piece, LivecueError):
                raise piece
            yield piece
