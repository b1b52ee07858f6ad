"""The QA responder: phrases an answer from facts that code has chosen, and verifies every word."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime

from agents.answer_phraser import AnswerPhraser, CheckText, Phrased, Spoken, known_facts
from domain.answer import Answer, AnswerMethod, AnswerStatus, Ask, Citation
from domain.evidence import Evidence
from domain.language import join_sentence
from domain.product import ProductDocument
from domain.settings import Answering
from models.chat import ChatModel
from models.pace import Pace
from models.prompts import PromptLibrary
from tools.extractive import compose_answer, say
from tools.grounding import find_unsupported
from tools.phrasings import Phrasings, Wish
from tools.questions.decision import SAID, Decision, Moment


class QaResponder:
    """Answers one viewer at a time from one record; it holds no tool that changes anything."""

    def __init__(
        self,
        model: ChatModel,
        prompts: PromptLibrary,
        settings: Answering,
        *,
        pace: Pace | None = None,
        phrasings: Phrasings | None = None,
    ) -> None:
        """`pace` is the model's, `phrasings` are the workspace's; its own by default."""
        kept = phrasings if phrasings is not None else Phrasings()
        self._phraser = AnswerPhraser(model, prompts, settings, pace or Pace(), kept)

    async def warm(self, document: ProductDocument) -> None:
        """Load the record of the product on air, so that the next answer starts at once."""
        await self._phraser.warm(document)

    async def phrase_wished(self, check: Callable[[Wish], CheckText]) -> bool:
        """Phrase an answer that went out unphrased, for who asks next; False where none is."""
        return await self._phraser.phrase_wished(check)

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

        What was phrased before goes out at once, verified anew. Else the model phrases within
        `first_sentence_ms`, unless it has been late lately; a draft behind all clicks and in more
        time. What is late, ungrounded, against what code decided, off the question's language or
        prohibited (`check`) is replaced by the extractive answer, and `Answer.method` and
        `Answer.rejected` say so. What has two parts, asked or told (by record and host), is
        answered by the extractive answer. Without a document, or where nothing answers,
        the answer is an abstention that promises to check.
        """
        spoken = Spoken()
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
            wanted = Phrased(ask.question, document, decisions[0], lang)
            async for sentence in self._phraser.phrase(wanted, spoken, check, ahead=ask.drafted):
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
            drafted=ask.drafted or spoken.ready,
            created_at=asked_at,
        )

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
        known = [fact for decision in decisions for fact in known_facts(decision, document)]
        unsupported = find_unsupported(mended, known)
        if mended and not unsupported and not (await check(mended)).violating:
            return mended, "extractive"
        return say("unclear", lang), "abstention"

    def _extract(self, decisions: Sequence[Decision], document: ProductDocument, lang: str) -> str:
        limit = self._phraser.limit(lang) // len(decisions)
        currency = document.record.currency
        text = ""
        for decision in decisions:
            text += join_sentence(
                text, compose_answer(decision, lang, currency=currency, limit=limit)
            )
        return text


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
