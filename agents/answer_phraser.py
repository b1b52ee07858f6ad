"""Phrases an answer by the model, sentence by sentence, and lets nothing through unverified."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Literal

from domain.compliance import ComplianceReport
from domain.errors import LivecueError
from domain.language import join_sentence
from domain.product import Fact, ProductDocument
from domain.settings import Answering
from models.chat import ChatModel, Priority
from models.pace import Pace
from models.prompts import PromptLibrary, RenderedPrompt
from tools.extractive import lead, say_when
from tools.phrasings import Phrasing, Phrasings, Wish
from tools.questions.decision import Decision
from tools.questions.phrasing import find_fault, split_sentences
from tools.questions.similarity import passage_text

CheckText = Callable[[str], Awaitable[ComplianceReport]]

_PROMPT = "qa_responder/answer"
_LANGUAGES: dict[str, Literal["English", "Chinese"]] = {"en": "English", "zh": "Chinese"}
_MAX_TOKENS = 96
_RECORD_CHARS = 4000
_AHEAD_SECONDS = 240.0
"""The wait for the first sentence of an answer that nobody waits for."""
_WHOLE_ANSWER = 6.0
"""The whole answer may take this many times the wait for its first sentence."""


@dataclass(slots=True)
class Spoken:
    """What has gone out, and what was held back.

    `ready` where it was phrased before, `missed` where the model was late or failed.
    """

    sentences: list[str] = field(default_factory=list[str])
    rejected: list[str] = field(default_factory=list[str])
    prompts: list[str] = field(default_factory=list[str])
    ready: bool = False
    missed: bool = False

    @property
    def text(self) -> str:
        """The sentences as one text."""
        text = ""
        for sentence in self.sentences:
            text += join_sentence(text, sentence)
        return text


@dataclass(frozen=True, slots=True)
class Phrased:
    """What is to be phrased: a question, and what code decided about it."""

    question: str
    document: ProductDocument
    decision: Decision
    lang: str

    def fault(self, sentence: str, *, first: bool) -> str | None:
        """Why a sentence may not be said, or None."""
        known = known_facts(self.decision, self.document)
        return find_fault(sentence, self.decision, known, self.question, self.lang, first=first)


class AnswerPhraser:
    """The model's part of an answer; `pace` and `phrasings` outlive the answer."""

    def __init__(
        self,
        model: ChatModel,
        prompts: PromptLibrary,
        settings: Answering,
        pace: Pace,
        phrasings: Phrasings,
    ) -> None:
        self._model = model
        self._prompts = prompts
        self._settings = settings
        self._pace = pace
        self._phrasings = phrasings

    async def warm(self, document: ProductDocument) -> None:
        """Load a record into the model's prefix."""
        await self._model.warm(self._render("", document, (), "en", ""))

    async def phrase(
        self, wanted: Phrased, spoken: Spoken, check: CheckText | None, *, ahead: bool
    ) -> AsyncGenerator[str]:
        """Verified sentences: those that lie ready, else the model's as they come; maybe none.

        `ahead`: nobody waits. Else a model that has been late lately is not waited for; `rejected`
        says so, and the phrasing is wished for.
        """
        async for told in self._ready(wanted, spoken, check):
            yield told
        if spoken.ready:
            return
        limit = self._settings.first_sentence_ms / 1000
        if not ahead and not self._pace.is_likely(limit):
            spoken.rejected.append("(passed over: the model has been late lately)")
            self._wish(wanted)
            return
        said: list[str] = []
        wait, priority = (_AHEAD_SECONDS, Priority.DRAFT) if ahead else (limit, Priority.ANSWER)
        prompt = self._prompt(wanted)
        spoken.prompts.append(str(prompt.ref))
        with self._pace.asking():
            sentences = self._sentences(prompt, wait, priority, spoken)
            async for sentence, told in self._verified(sentences, wanted, spoken, check):
                said.append(sentence)
                yield told
        if said:
            self._keep(wanted, Phrasing(tuple(said), str(prompt.ref)))
        elif not spoken.missed:
            self._keep(wanted, None)
        elif not ahead:
            self._wish(wanted)

    async def phrase_wished(self, check: Callable[[Wish], CheckText]) -> bool:
        """Phrase what was wished for last; False where nothing was."""
        wish = self._phrasings.take_wish()
        if wish is None:
            return False
        wanted = Phrased(wish.question, wish.document, wish.decision, wish.lang)
        async for _ in self.phrase(wanted, Spoken(), check(wish), ahead=True):
            pass
        return True

    async def _ready(
        self, wanted: Phrased, spoken: Spoken, check: CheckText | None
    ) -> AsyncGenerator[str]:
        """What was phrased before, where it may be said to this question too."""
        found = self._phrasings.find(wanted.decision, wanted.document.product_id, wanted.lang)
        if found is None:
            return
        async for _, told in self._verified(_each(found.sentences), wanted, spoken, check):
            if not spoken.ready:
                spoken.ready = True
                spoken.prompts.append(found.prompt)
            yield told

    async def _verified(
        self,
        sentences: AsyncGenerator[str],
        wanted: Phrased,
        spoken: Spoken,
        check: CheckText | None,
    ) -> AsyncGenerator[tuple[str, str]]:
        """Each sentence that passes, and as it goes out; ends at the first that does not.

        What rests on the host's words tells when they were said.
        """
        limit, sent = self.limit(wanted.lang), ""
        try:
            async for sentence in sentences:
                fault = wanted.fault(sentence, first=not sent)
                if fault is None and check is not None and (await check(sentence)).violating:
                    fault = "prohibited"
                told = sentence if sent else say_when(sentence, wanted.decision, wanted.lang)
                if fault is None and len(sent) + len(told) > limit:
                    fault = f"longer than {limit} characters"
                if fault is not None:
                    spoken.rejected.append(f"{sentence} ({fault})")
                    return
                sent = join_sentence(sent, told)
                yield sentence, told
        finally:
            await sentences.aclose()

    async def _sentences(
        self, prompt: RenderedPrompt, wait: float, priority: Priority, spoken: Spoken
    ) -> AsyncGenerator[str]:
        """The model's sentences; none after the deadline or an error, which `rejected` names."""
        clock = asyncio.get_running_loop().time
        began = clock()
        deadline, longest = began + wait, began + wait * _WHOLE_ANSWER
        stream = self._model.stream(
            prompt, priority=priority, max_tokens=_MAX_TOKENS, temperature=0.0
        )
        buffer = ""
        first: float | None = None
        cached = False
        try:
            while True:
                try:
                    delta = await asyncio.wait_for(anext(stream), max(0.0, deadline - clock()))
                except StopAsyncIteration:
                    cached = stream.completion.cached
                    break
                finished, buffer = split_sentences(buffer + delta)
                for sentence in finished:
                    first = first if first is not None else clock() - began
                    deadline = longest
                    yield sentence
            if buffer.strip():
                first = first if first is not None else clock() - began
                yield buffer.strip()
        except TimeoutError:
            first, spoken.missed = inf if first is None else first, True
            spoken.rejected.append(f"{buffer.strip()} (late: after {wait * 1000:.0f} ms)".strip())
        except LivecueError as error:
            first, spoken.missed = inf if first is None else first, True
            spoken.rejected.append(f"({error.code}: {error.message})")
        finally:
            if first is not None and not cached:
                self._pace.note(first)
            await stream.aclose()

    def limit(self, lang: str) -> int:
        """The most characters of an answer."""
        settings = self._settings
        return settings.max_chinese_chars if lang == "zh" else settings.max_latin_chars

    def _keep(self, wanted: Phrased, phrasing: Phrasing | None) -> None:
        product_id = wanted.document.product_id
        self._phrasings.keep(wanted.decision, product_id, wanted.lang, phrasing)

    def _wish(self, wanted: Phrased) -> None:
        self._phrasings.wish(Wish(wanted.question, wanted.document, wanted.decision, wanted.lang))

    def _prompt(self, wanted: Phrased) -> RenderedPrompt:
        decision = wanted.decision
        opening = lead(decision.kind, decision.polarity, wanted.lang).strip(" ，.")
        return self._render(wanted.question, wanted.document, decision.facts, wanted.lang, opening)

    def _render(
        self,
        question: str,
        document: ProductDocument,
        facts: Sequence[Fact],
        lang: str,
        opening: str,
    ) -> RenderedPrompt:
        record = "\n".join(passage_text(fact) for fact in document.facts())
        return self._prompts.render(
            _PROMPT,
            record=record[:_RECORD_CHARS],
            question=question,
            facts=[passage_text(fact) for fact in facts],
            language=_LANGUAGES.get(lang, "English"),
            opening=opening,
        )


def known_facts(decision: Decision, document: ProductDocument) -> list[Fact]:
    """What a phrased answer may draw on: the chosen facts and what the goods are called."""
    named = (document.fact(path) for path in ("name", "brand", "category", "currency"))
    return list(dict.fromkeys([*decision.facts, *(fact for fact in named if fact)]))


async def _each(sentences: Sequence[str]) -> AsyncGenerator[str]:
    for sentence in sentences:
        yield sentence
