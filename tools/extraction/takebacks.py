"""Corrections that name the wrong figure beside the right one (`it's 26.50, not 24.90`)."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from domain.extraction import ExtractedFact, FactField
from domain.product import plain_number
from tools.extraction.facts import found_in
from tools.extraction.sentences import Sentence

_FIGURE = r"[$€£¥￥]?\d[\d,]*(?:\.\d+)?"
_PATTERNS = tuple(
    re.compile(
        pattern.replace("NEW", rf"(?P<new>{_FIGURE})").replace("OLD", rf"(?P<old>{_FIGURE})")
    )
    for pattern in (
        r"NEW\W{0,3}(?:[a-z]+ ){0,2}not OLD",
        r"not OLD\W{1,3}(?:but|it(?:'|’)?s|it is)(?: now)? NEW",
        r"OLD (?:was|is) (?:wrong|a typo|old)\W{1,3}(?:it(?:'|’)?s |now )?NEW",
        r"不是\s*OLD[^\d，。]{0,4}[，,]?\s*(?:而?是|应该?是)\s*NEW",
        r"OLD[^\d，。]{0,3}(?:写|打|说|发|报)错了?[，,]?\s*(?:应该?)?是\s*NEW",
        r"(?:从|由)\s*OLD[^\d，。]{0,3}(?:改|调)(?:成|为|到)\s*NEW",
    )
)
_FIELDS: tuple[FactField, ...] = ("list_price", "live_price", "stock")


def find_takebacks(
    sentences: Sequence[Sentence], facts: Sequence[ExtractedFact]
) -> list[ExtractedFact]:
    """Facts that `sentences` put in the place of one of `facts` by naming its figure.

    The right figure goes where the wrong one was read: the same price, or the stock of the same
    variant, of the same product. A figure that nothing states is nobody's correction.
    """
    found: list[ExtractedFact] = []
    for sentence in sentences:
        if sentence.is_question:
            continue
        for pattern in _PATTERNS:
            for match in pattern.finditer(sentence.text):
                old, new = _number(match["old"]), _number(match["new"])
                if old is None or new is None or old == new:
                    continue
                found += [
                    found_in(
                        sentence, fact.field, plain_number(float(new)), key=fact.key
                    ).model_copy(update={"product": fact.product, "correction": True})
                    for fact in facts
                    if fact.field in _FIELDS and _number(fact.value) == old
                ]
    return list({(fact.field, fact.key, fact.value): fact for fact in found}.values())


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.lstrip("$€£¥￥").replace(",", ""))
    except InvalidOperation:
        return None
