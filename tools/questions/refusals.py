"""Questions that this record must not answer, however well one of its facts would fit."""

from collections.abc import Sequence

from domain.lexicon import find_claims, find_terms
from domain.product import ProductDocument
from tools.extraction.directives import TO_ASSISTANT, find_directive
from tools.questions.decision import Decision
from tools.questions.reading import QuestionReading, content_words, covered

AN_ORDER, OTHER_GOODS, ABSOLUTE = (
    "an order, no question",
    "about other goods",
    "asks to confirm an absolute claim",
)
REFUSALS = frozenset({AN_ORDER, OTHER_GOODS, ABSOLUTE})
"""Reasons of decisions not to answer, whatever record or host say."""

_ABSOLUTE = frozenset({"best", "first", "unique", "perfect", "forever"})


def find_refusal(
    reading: QuestionReading, document: ProductDocument, other_goods: Sequence[str] = ()
) -> Decision | None:
    """An abstention, with its reason, or None where the record may be asked.

    Refused are orders to the assistant, questions about other goods, and requests to confirm an
    absolute claim (is it the number one?) that the record does not make.
    """
    if find_directive(reading.text) == TO_ASSISTANT:
        return _refused(reading, AN_ORDER)
    own = _text_of(document)
    named = [*other_goods, *(aside.product for aside in document.set_aside if aside.product)]
    if any(_is_about(reading, name, own) for name in named):
        return _refused(reading, OTHER_GOODS)
    claims = [c.text for c in find_claims(reading.text) if c.concept in _ABSOLUTE]
    if reading.yes_no and any(claim.casefold() not in own.casefold() for claim in claims):
        return _refused(reading, ABSOLUTE)
    return None


def _is_about(reading: QuestionReading, name: str, own: str) -> bool:
    """Whether the question uses a word of `name` that this record knows nothing of."""
    foreign = {word for word in content_words(name) if covered(frozenset({word}), own) == 0}
    foreign -= {word for term in find_terms(name) for word in content_words(term.text)}
    return any(covered(frozenset({word}), reading.text) for word in foreign)


def _text_of(document: ProductDocument) -> str:
    return " ".join(f"{fact.field} {fact.value}" for fact in document.facts())


def _refused(reading: QuestionReading, reason: str) -> Decision:
    return Decision(status="unanswerable", kind=reading.kind, yes_no=reading.yes_no, reason=reason)
