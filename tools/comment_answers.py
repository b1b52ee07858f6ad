"""Answers to a viewer's comment, composed from the record for a reply."""

import re
from collections.abc import Sequence

from domain.copywriting import CommentAnswer
from domain.product import Fact, ProductDocument
from domain.settings import Answering
from models.embeddings import Embedder
from tools.copy_length import REPLY_CHARS
from tools.extractive import compose_answer, say
from tools.questions.decision import Decision
from tools.questions.reading import QuestionReading
from tools.retrieval import decide
from tools.size_bound import find_size_bound

_ROOM_FOR_OPENING = {"en": 40, "zh": 12}
_BORDER = re.compile(
    r"(?<=[?？!！。;；\n])|(?<=[a-z]\.)\s+"
    r"|,?\s+(?:and|also|plus)\s+(?=(?:how|what|when|where|which|who|is|are|does|do|can|will)\b)",
    re.IGNORECASE,
)
_COMMA = re.compile(r"[，,、]")
_ASKS = re.compile(
    r"[?？]|[吗么呢]\W*$|^\W*(?:is|are|do|does|did|can|could|will|would|any|has|have)\b",
    re.IGNORECASE,
)


def answer_comment(
    comment: str,
    document: ProductDocument,
    embedder: Embedder,
    *,
    lang: str,
    settings: Answering,
    other_goods: Sequence[str] = (),
) -> list[CommentAnswer]:
    """What to reply to `comment` in `lang`: an answer a question, then one promise for the rest.

    Nothing is said that the record does not say. A comment that asks nothing is thanked for.
    `other_goods` are names of further products, which this record says nothing of.
    """
    questions = split_questions(comment)
    room = (REPLY_CHARS[lang] - _ROOM_FOR_OPENING[lang]) // max(1, len(questions))
    answers: dict[tuple[str, ...], CommentAnswer] = {}
    silent: list[str] = []
    for question in questions:
        decision = decide(
            question,
            document,
            embedder,
            min_similarity=settings.min_similarity,
            min_margin=settings.min_margin,
            other_goods=other_goods,
        )
        if decision.status == "unanswerable":
            silent += [question] if _is_asked(question) else []
            continue
        found = _compose(question, _sized(decision, document), document, lang, room)
        answers.setdefault(tuple(found.facts), found)
    said = list(answers.values())
    if silent:
        key = "unanswerable_rest" if said else "unanswerable"
        said.append(CommentAnswer(text=say(key, lang), unanswered=" ".join(silent)))
    return said or [CommentAnswer(text=say("nothing_asked", lang))]


def split_questions(comment: str) -> list[str]:
    """The parts of a comment that may each ask one thing; at a comma only where each part asks."""
    found: list[str] = []
    for part in _parts(_BORDER, comment):
        clauses = _parts(_COMMA, part)
        found += clauses if all(_is_asked(clause) for clause in clauses) else [part]
    return found


def _parts(border: re.Pattern[str], text: str) -> list[str]:
    parts = (part.strip(" ,，、\n") for part in border.split(text))
    return [part for part in parts if re.search(r"\w", part)]


def _is_asked(part: str) -> bool:
    """Whether a part of a comment wants an answer; praise and greetings do not."""
    reading = QuestionReading(part)
    return bool(_ASKS.search(part)) or not reading.yes_no or reading.kind != "open"


def _compose(
    question: str, decision: Decision, document: ProductDocument, lang: str, room: int
) -> CommentAnswer:
    text = compose_answer(decision, lang, currency=document.record.currency, limit=room)
    if decision.status == "conflict" and decision.conflict is not None:
        return CommentAnswer(text=text, facts=[decision.conflict.field], unanswered=question)
    return CommentAnswer(text=text, facts=[fact.field for fact in decision.facts])


def _sized(decision: Decision, document: ProductDocument) -> Decision:
    """The decision with facts that hold for one size alone saying which."""
    bound = find_size_bound(document)

    def say(fact: Fact) -> Fact:
        size = bound.get(fact.field)
        if size is None or size.value in fact.value:
            return fact
        return fact.model_copy(update={"value": f"{fact.value} ({size.value})"})

    return decision.model_copy(update={"facts": tuple(say(fact) for fact in decision.facts)})
