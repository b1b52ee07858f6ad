"""The QA responder: phrases an answer from facts that code has chosen, and verifies every word."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from domain.answer import Answer, AnswerMethod, AnswerStatus, Ask, Citation
from domain.compliance import ComplianceReport
from domain.errors import LivecueError
from domain.evidence import Evidence
from domain.language import join_sentence
from domain.product import Fact, ProductDocument
from domain.settings import Answering
from models.chat import ChatModel, Priority
from models.prompts import PromptLibrary, RenderedPrompt
from tools.extractive import compose_answer, lead, say
from tools.grounding import find_unsupported
from tools.questions.decision import SAID, Decision, Moment
from tools.questions.phrasing import find_fault, split_sentences
from tools.questions.similarity import passage_text

CheckText = Callable[[str], Awaitable[ComplianceReport]]

_PROMPT = "qa_responder/answer"
_LANGUAGES: dict[str, Literal["English", "Chinese"]] = {"en": "English", "zh": "Chinese"}
_MAX_TOKENS = 96
_RECORD_CHARS = 4000
_DRAFT_SECONDS = 15.0
"""The wait for the first sentence of an answer that nobody waits for."""
_WHOLE_ANSWER = 6.0
"""The whole answer may take this many times the wait for its first sentence."""


@dataclass(slots=True)
class _Spoken:
    """What has gone out, and what was held back."""

    sentences: list[str] = field(default_factory=list[str])
    rejected: list[str] = field(default_factory=list[str])
    prompts: list[str] = field(default_factory=list[str])

    @property
    def text(self) -> str:
        text = ""
        for sentence in self.sentences:
            text += join_sentence(text, sentence)
        return text


class QaResponder:
    """Answers one viewer at a time from one record; it holds no tool that changes anything."""

    def __init__(self, model: ChatModel, prompts: PromptLibrary, settings: Answering) -> None:
        self._model = model
        self._prompts = prompts
        self._settings = settings

    async def warm(self, document: ProductDocument) -> None:
        """Load the record of the product on air, so that the next answer starts at once."""
        await self._model.warm(self._render("", document, (), "en", ""))

    async def respond(
        self,
        ask: Ask,
        *,
        document: ProductDocument | None,
        decisions: Sequence[Decision],
        lang: str,
        answer_id: str,
        asked_at: datetime,
        as_of_ms: int | None = None,
        candidates: Sequence[str] = (),
        check: CheckText | None = None,
    ) -> AsyncIterator[str | Answer]:
        """Verified sentences as they come, then the whole Answer.

        The model phrases within `first_sentence_ms`, a draft behind all clicks and in more time;
        what is late, ungrounded, against what code decided, off the question's language or
        prohibited (`check`) is replaced by the extractive answer, and `Answer.method` and
        `Answer.rejected` say so. What has two parts, asked or told (by record and host), is
        answered by the extractive answer. Without a document, or where nothing answers,
        the answer is an abstention that promises to check.
        """
        spoken = _Spoken()
        status, method = _outcome(document, decisions)
        if document is None or method == "abstention":
            key = "unanswerable" if document is not None else _which(candidates)
            spoken.sentences.append(say(key, lang, candidates))
            yield spoken.text
        elif status == "escalated" or len(decisions) > 1 or _has_two_sources(decisions[0]):
            text, method = await self._fall_back(decisions, document, lang, check)
            status = status if method == "extractive" else "abstained"
            spoken.sentences.append(text)
            yield text
        else:
            phrased = self._phrase(ask, decisions[0], document, lang, spoken, check)
            async for sentence in phrased:
                spoken.sentences.append(sentence)
                yield sentence
            method = "model"
            if not spoken.sentences:
                text, method = await self._fall_back(decisions, document, lang, check)
                status = "grounded" if method == "extractive" else "abstained"
                spoken.sentences.append(text)
                yield text
        cited = () if method == "abstention" else [c for d in decisions for c in _citations(d)]
        yield Answer(
            answer_id=answer_id,
            question=ask.question,
            lang=lang,
            product_id=document.product_id if document else None,
            product_version=document.version if document else None,
            text=spoken.text,
            status=status,
            method=method,
            citations=list(dict.fromkeys(cited)),
            rejected=spoken.rejected,
            prompts=spoken.prompts,
            stream_id=ask.stream_id,
            at_ms=as_of_ms,
            cluster_id=ask.cluster_id,
            comment_seq=ask.comment_seq,
            drafted=ask.drafted,
            created_at=asked_at,
        )

    async def _phrase(
        self,
        ask: Ask,
        decision: Decision,
        document: ProductDocument,
        lang: str,
        spoken: _Spoken,
        check: CheckText | None,
    ) -> AsyncGenerator[str]:
        """Sentences of the model that pass; ends at the first that does not."""
        opening = lead(decision.kind, decision.polarity, lang).strip(" ，.")
        prompt = self._render(ask.question, document, decision.facts, lang, opening)
        spoken.prompts.append(str(prompt.ref))
        known = _known(decision, document)
        limit = self._limit(lang)
        sent = ""
        wait = _DRAFT_SECONDS if ask.drafted else self._settings.first_sentence_ms / 1000
        priority = Priority.DRAFT if ask.drafted else Priority.ANSWER
        async for sentence in self._sentences(prompt, wait, priority, spoken):
            fault = find_fault(sentence, decision, known, ask.question, lang, first=not sent)
            if fault is None and check is not None and (await check(sentence)).violating:
                fault = "prohibited"
            if fault is None and len(sent) + len(sentence) > limit:
                fault = f"longer than {limit} characters"
            if fault is not None:
                spoken.rejected.append(f"{sentence} ({fault})")
                return
            sent = join_sentence(sent, sentence)
            yield sentence

    async def _sentences(
        self, prompt: RenderedPrompt, wait: float, priority: Priority, spoken: _Spoken
    ) -> AsyncGenerator[str]:
        """The model's sentences; none after the deadline or an error, which `rejected` names."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + wait
        longest = clock() + wait * _WHOLE_ANSWER
        stream = self._model.stream(
            prompt, priority=priority, max_tokens=_MAX_TOKENS, temperature=0.0
        )
        buffer = ""
        try:
            while True:
                try:
                    delta = await asyncio.wait_for(anext(stream), max(0.0, deadline - clock()))
                except StopAsyncIteration:
                    break
                finished, buffer = split_sentences(buffer + delta)
                for sentence in finished:
                    deadline = longest
                    yield sentence
            if buffer.strip():
                yield buffer.strip()
        except TimeoutError:
            spoken.rejected.append(f"{buffer.strip()} (late: after {wait * 1000:.0f} ms)".strip())
        except LivecueError as error:
            spoken.rejected.append(f"({error.code}: {error.message})")
        finally:
            await stream.aclose()

    async def _fall_back(
        self,
        decisions: Sequence[Decision],
        document: ProductDocument,
        lang: str,
        check: CheckText | None,
    ) -> tuple[str, AnswerMethod]:
        """The extractive answer, mended where the record's own words are prohibited on air."""
        text = self._extract(decisions, document, lang)
        if check is None:
            return text, "extractive"
        report = await check(text)
        if not report.violating:
            return text, "extractive"
        mended = report.rewrite.strip()
        known = [fact for decision in decisions for fact in _known(decision, document)]
        unsupported = find_unsupported(mended, known)
        if mended and not unsupported and not (await check(mended)).violating:
            return mended, "extractive"
        return say("unclear", lang), "abstention"

    def _extract(self, decisions: Sequence[Decision], document: ProductDocument, lang: str) -> str:
        limit = self._limit(lang) // len(decisions)
        currency = document.record.currency
        text = ""
        for decision in decisions:
            text += join_sentence(
                text, compose_answer(decision, lang, currency=currency, limit=limit)
            )
        return text

    def _limit(self, lang: str) -> int:
        settings = self._settings
        return settings.max_chinese_chars if lang == "zh" else settings.max_latin_chars

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


def _outcome(
    document: ProductDocument | None, decisions: Sequence[Decision]
) -> tuple[AnswerStatus, AnswerMethod]:
    """What code alone settles: an abstention, an escalation, or an answer to phrase."""
    told = [one for one in decisions if one.status != "unanswerable" and _citations(one)]
    if document is None or not told:
        return "abstained", "abstention"
    if any(one.status == "conflict" for one in told):
        return "escalated", "extractive"
    return "grounded", "extractive"


def _has_two_sources(decision: Decision) -> bool:
    """Whether the record tells a part, and the host the rest: in one sentence one gets lost."""
    return 0 < len(decision.said) < len(decision.facts)


def _known(decision: Decision, document: ProductDocument) -> list[Fact]:
    """What a phrased answer may draw on: the chosen facts and what the goods are called."""
    named = (document.fact(path) for path in ("name", "brand", "category", "currency"))
    return list(dict.fromkeys([*decision.facts, *(fact for fact in named if fact)]))


def _which(candidates: Sequence[str]) -> str:
    return "which_product" if candidates else "no_product"


def _citations(decision: Decision) -> tuple[Citation, ...]:
    """One citation a fact; both sides of a conflict."""
    if decision.status == "conflict" and decision.conflict is not None:
        conflict = decision.conflict
        return tuple(
            _cite(conflict.field, value.evidence[0], None)
            for value in conflict.values
            if value.evidence
        )
    return tuple(
        _cite(fact.field, fact.evidence[0], decision.moments.get(fact.field))
        for fact in decision.facts
        if fact.evidence
    )


def _cite(path: str, evidence: Evidence, moment: Moment | None) -> Citation:
    return Citation(
        fact=None if path.startswith(SAID) else path,
        event=moment.event if moment else None,
        at_ms=moment.at_ms if moment else None,
        said_in=moment.said_in if moment else None,
        keyframe=moment.keyframe if moment else None,
        quote=evidence.quote,
        source=evidence.source,
        file=evidence.file,
        locator=evidence.locator,
    )
