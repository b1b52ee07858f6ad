"""Until when a live price holds, where the sentence that states the price says it."""

import re
from collections.abc import Sequence

from domain.extraction import ExtractedFact
from tools.extraction.facts import found_in
from tools.extraction.sentences import Sentence

_END = re.compile(
    r"\b(?:until|till) (?:(?:the|this|our) )?(?:(?:live )?(?:stream|show|broadcast)|live|sale"
    r"|offer) (?:ends?|closes?|finish(?:es)?|stops?|is over)\b"
    r"|(?:到|直到|截止到?|截至)(?:下播|直播结束|今晚直播结束)(?:为止|前)?",
    re.IGNORECASE,
)


def find_price_terms(sentence: Sentence, prices: Sequence[ExtractedFact]) -> list[ExtractedFact]:
    """The end of the live price in `prices` as a promotion (`until the stream ends`), if told."""
    if not any(fact.field == "live_price" for fact in prices):
        return []
    return [found_in(sentence, "promotion", match[0]) for match in _END.finditer(sentence.text)]
