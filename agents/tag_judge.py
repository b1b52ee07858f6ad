"""A model's word on the speech tags that the classifier leaves open."""

import asyncio
from collections.abc import Sequence

from domain.errors import DeadlineExceeded, ModelOutputInvalid, ModelRefused, ModelUnavailable
from domain.outputs import TagVerdict
from domain.recording import SpeechTag, TagScores
from models.chat import ChatModel
from models.prompts import PromptLibrary
from tools.tagging import UNSURE

_TOKENS = 120
_AT_ONCE = 4
_SECONDS = 20.0


class TagJudge:
    """Asks `model` about unsure tags, at most four texts at once, if `asks_model` says so.

    The embedded model is never asked: it is slower than the classifier and no better.
    """

    def __init__(self, model: ChatModel, prompts: PromptLibrary, *, asks_model: bool) -> None:
        self._model = model
        self._prompts = prompts
        self._asks_model = asks_model

    async def settle(self, texts: Sequence[str], found: Sequence[TagScores]) -> list[TagScores]:
        """`found` with the open tags of each text decided, and `by` naming the model.

        A text stays as it was where nothing is open, or the model is away or says nothing usable;
        none is asked after it was away once.
        """
        if not self._asks_model:
            return list(found)
        asking = _Asking(self._model, self._prompts)
        pairs = zip(texts, found, strict=True)
        return list(await asyncio.gather(*(asking.settle(text, one) for text, one in pairs)))


class _Asking:
    """The questions of one call."""

    def __init__(self, model: ChatModel, prompts: PromptLibrary) -> None:
        self._model = model
        self._prompts = prompts
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._is_away = False

    async def settle(self, text: str, found: TagScores) -> TagScores:
        low, high = UNSURE
        unsure = [tag for tag, score in found.scores.items() if low <= score < high]
        if not unsure:
            return found
        settled = [tag for tag in found.tags if tag not in unsure]
        async with self._slots:
            decided = None if self._is_away else await self._ask(text, unsure, settled)
        if decided is None:
            return found
        carried = {*settled, *(tag for tag in decided if tag in unsure)}
        return TagScores(
            tags=tuple(sorted(carried, key=lambda tag: -found.scores[tag])),
            scores=found.scores,
            by=self._model.name,
        )

    async def _ask(
        self, text: str, unsure: Sequence[SpeechTag], settled: Sequence[SpeechTag]
    ) -> list[SpeechTag] | None:
        prompt = self._prompts.render(
            "tagging/decide",
            text=text,
            open=[str(tag) for tag in unsure],
            carried=[str(tag) for tag in settled],
        )
        try:
            parsed = await self._model.parse(
                prompt, TagVerdict, max_tokens=_TOKENS, timeout=_SECONDS
            )
        except (ModelRefused, ModelOutputInvalid):
            return None
        except (ModelUnavailable, DeadlineExceeded):
            self._is_away = True
            return None
        return parsed.value.tags
