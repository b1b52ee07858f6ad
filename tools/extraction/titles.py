"""The name of the goods in a web page's own title."""

import re
from collections.abc import Sequence

from domain.evidence import Passage
from domain.extraction import ExtractedFact
from tools.extraction.facts import make_fact
from tools.quotes import fold_text

_SEPARATOR = re.compile(r"\s+[-–—|·:]\s+|[|｜_【】]")
_LONGEST_NAME = 80


def read_title(passages: Sequence[Passage]) -> list[ExtractedFact]:
    """The name that a page's title and one of its headings agree on, else nothing.

    A shop's page is titled `Sabine Wrap Dress – Oatfield Row` and headed `Sabine Wrap Dress`.
    """
    headings = [p for p in passages if p.kind == "html" and p.heading and p.aside is None]
    if not headings:
        return []
    title, *rest = headings
    parts = {fold_text(part) for part in _SEPARATOR.split(title.text) if part and part.strip()}
    for heading in rest:
        text = fold_text(heading.text)
        if len(heading.text) <= _LONGEST_NAME and (text in parts or text == fold_text(title.text)):
            return [make_fact("name", heading.text, heading.evidence(), origin="pattern")]
    return []
