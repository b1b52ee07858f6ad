"""Weighing what the record says against what the host said until the moment of a question."""

import re
from collections.abc import Collection, Sequence

from domain.product import Fact
from domain.quantities import find_quantities, same_quantity
from tools.live_facts import is_back, is_gone
from tools.live_facts.cues import plain_words, says
from tools.live_record import said_fact
from tools.memory.statements import Statement
from tools.questions.decision import BY_WORDS, Decision
from tools.questions.reading import QuestionReading, covered
from tools.questions.refusals import REFUSALS
from tools.questions.similarity import passage_text

_CHANGING = frozenset({"price", "promotion", "gift", "stock", "shipping"})
"""What changes in the course of a show: here the host's newest word counts, not the record."""
_ASKS_SAID = re.compile(
    r"\b(?:(?:did|have|were|was) (?:you|u|they|the host|he|she) (?:\w+ ){0,2}"
    r"(?:say|said|saying|tell|"
    r"told|telling|mention(?:ed)?|talk(?:ing)?|show(?:n|ed)?)|(?:you|u|the host) (?:just )?(?:said|"
    r"mentioned|told|were saying)|what was (?:that|it) about)\b"
    r"|(?:刚才|刚刚|之前|前面|一开始)[^。？?]{0,6}(?:说|讲|提)|(?:你|主播|您)(?:们)?(?:刚才?|之前|前面)?(?:说|讲|提)",
    re.IGNORECASE,
)
_SAYS_NO = re.compile(
    r"^\W*(?:no|nope|not|never|unfortunately)\b|^\W*(?:没有|不行|不能|不可以|不是|别)",
    re.IGNORECASE,
)
_STILL = re.compile(r"\bstill\b|还(?!是|要)", re.IGNORECASE)
_JUST_NO = re.compile(r"\W*(?:no|nope|不行|不能|不可以|没有|不是)\W*", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:not|no|never|nothing|none|cannot|without|don['’]t|doesn['’]t|didn['’]t|isn['’]t|aren['’]t|"
    r"won['’]t|can['’]t|gone|no more|ran out|run out)\b|[不没别勿](?!错|管|过是|仅|光|只是)|无法"
    r"|[送卖拍抢][完光]",
    re.IGNORECASE,
)
_ASKED_FOR = 0.4
"""Who asks what the host said presumes that it was said: so much of the odds is enough."""
_SO_MUCH_LESS, _FAR = 0.65, 1.45
"""A statement that is so much likelier than all else needs so much less of the odds."""
_SURER = 0.25
"""The host's words replace what the record says where they are so much surer to answer."""
_MOSTLY = 0.5
"""A clause that shares so many of a question's words answers it by yes or no."""
_CLAUSE = re.compile(r"[^,;，；、:：—]+")


def asks_what_was_said(question: str) -> bool:
    """Whether a question is about the host's own words: `what did you say about the lid?`."""
    return _ASKS_SAID.search(question) is not None


def weigh(
    question: str,
    decided: Decision,
    statements: Sequence[Statement],
    stream_id: str,
    *,
    least: float,
    changed: Collection[str] = (),
) -> Decision:
    """The record's decision, or one that rests on a statement of at least the odds `least`.

    An open conflict of the record stays one. A live change, which the record holds already at the
    paths `changed`, wins.
    """
    if decided.status == "conflict" or decided.reason in REFUSALS:
        return decided
    asks_said = asks_what_was_said(question)
    least *= _ASKED_FOR if asks_said else 1.0
    if decided.status == "unanswerable" and _stands_out(statements, decided.similarity):
        least *= _SO_MUCH_LESS
    best = statements[0] if statements and statements[0].odds >= least else None
    if best is None:
        return with_polarity(question, decided)
    if decided.status == "unanswerable" or asks_said:
        return _from_statement(question, decided, best, stream_id)
    if (
        decided.kind in _CHANGING
        and not changed
        and _changes(decided.kind, best.text, decided.facts)
    ):
        return _from_statement(question, decided, best, stream_id)
    if changed or decided.reason not in BY_WORDS or decided.kind in _CHANGING:
        return decided
    if best.odds >= (decided.similarity or 0.0) + _SURER:
        return _from_statement(question, decided, best, stream_id)
    spoken = said_fact(best.seq, best.quote or best.text, best.at_ms, stream_id)
    decided = with_polarity(question, decided)
    return decided.model_copy(update={"facts": (*decided.facts, spoken)})


def _stands_out(statements: Sequence[Statement], fact_odds: float | None) -> bool:
    """Whether the first statement is far likelier to answer than any other and any fact."""
    if not statements or fact_odds is None:
        return False
    others = max([fact_odds, *(one.odds for one in statements[1:])])
    return statements[0].odds >= _FAR * others


def with_polarity(question: str, decided: Decision) -> Decision:
    """A decision for a fact that was chosen by its odds, with the yes or no that its words give."""
    if decided.reason != "likely" or not decided.yes_no or decided.polarity is not None:
        return decided
    told = " ; ".join(passage_text(fact) for fact in decided.facts)
    return decided.model_copy(update={"polarity": _polarity(QuestionReading(question), told)})


def _from_statement(
    question: str, decided: Decision, statement: Statement, stream_id: str
) -> Decision:
    reading = QuestionReading(question)
    quote = statement.quote or statement.text
    fact = said_fact(statement.seq, quote, statement.at_ms, stream_id)
    return Decision(
        status="answerable",
        kind=decided.kind,
        facts=(fact,),
        asked=decided.asked or tuple(term.text for term in reading.terms),
        yes_no=reading.yes_no,
        polarity=_polarity_of(decided.kind, reading, statement.text) if reading.yes_no else None,
        reason="said on air",
        similarity=round(statement.odds, 4),
    )


def _changes(kind: str, text: str, facts: Sequence[Fact]) -> bool:
    """Whether a sentence states something of `kind` that none of the facts has."""
    known = find_quantities(" ; ".join(fact.value for fact in facts))
    amounts = [
        quantity
        for quantity in find_quantities(plain_words(text))
        if not any(quantity.value == one.value or same_quantity(quantity, one) for one in known)
    ]
    if kind == "price":
        return any((q.dimension or "").startswith("currency:") for q in amounts)
    if kind == "stock":
        return is_gone(text) or is_back(text)
    if kind == "shipping":
        return any(q.dimension in ("time", "business_time") for q in amounts) or says(
            "promise_ship", text
        )
    return says("offer", plain_words(text))


def _polarity_of(kind: str, reading: QuestionReading, text: str) -> bool | None:
    """As `_polarity`; of stock, what has gone or come back tells by itself."""
    if kind == "stock" and is_gone(text) != is_back(text):
        return is_back(text)
    if _STILL.search(reading.text) and says("supersedes", plain_words(text)):
        return False
    if kind == "gift" and not reading.particulars:
        return True
    return _polarity(reading, text)


def _polarity(reading: QuestionReading, text: str) -> bool | None:
    """The yes or no that a statement gives; None where its words have to speak for themselves."""
    if _SAYS_NO.search(text):
        return False
    clauses = [match.group() for match in _CLAUSE.finditer(text)]
    if any(_JUST_NO.fullmatch(clause) for clause in clauses):
        return False
    about = [clause for clause in clauses if covered(reading.content, clause) >= _MOSTLY]
    asks_denial = _DENIES.search(re.sub(r"(.)[不没]\1|有没有|是否", "", reading.text)) is not None
    denials = {_DENIES.search(clause) is not None for clause in about}
    return None if len(denials) != 1 or asks_denial else not denials.pop()
