"""The products of a broadcast: which one is on air, and which one a question is about."""

import re
from collections import Counter
from collections.abc import Sequence

from domain.product import ProductDocument
from domain.stream import LogEntry
from tools.on_air import Evidence, OnAir, OnAirProduct
from tools.product_names import name_words
from tools.questions.reading import content_words

_PART = re.compile(r"[A-Za-z]{2,}|\d+|[\u3400-\u9fff]{2,}")
_LETTER = re.compile(r"[a-z]")
"""An S is a size, and the end of `that's`."""
_NAME, _VARIANT = 2, 1
"""A word of a product's name tells more than one of its colours or sizes."""


class LineUp:
    """The published records that a broadcast sells from, in the order in which they come on."""

    def __init__(self, documents: Sequence[ProductDocument]) -> None:
        self.documents = tuple(documents)
        self._words = _telling_words(self.documents)
        self._products = [OnAirProduct.from_document(one) for one in self.documents]
        self._evidence = Evidence(self._products)

    def get(self, product_id: str) -> ProductDocument | None:
        """The record of a product of the line-up."""
        return next((one for one in self.documents if one.product_id == product_id), None)

    def find_named(self, text: str) -> ProductDocument | None:
        """The one product that a text names by words that no other of the line-up has."""
        said = name_words(text)
        scores = [
            sum(worth for word, worth in words.items() if word in said) for words in self._words
        ]
        best = max(scores, default=0)
        if best == 0 or scores.count(best) > 1:
            return None
        return self.documents[scores.index(best)]

    def find_on_air(self, entries: Sequence[LogEntry], at_ms: int) -> ProductDocument | None:
        """The product on air at `at_ms`, from what was said and shown until then."""
        if len(self.documents) < 2:
            return self.documents[0] if self.documents else None
        on_air = OnAir(self._products, self._evidence)
        on_air.feed(entries)
        product_id = on_air.product_at(at_ms, as_of_ms=at_ms)
        return None if product_id is None else self.get(product_id)


def without_name(question: str, document: ProductDocument) -> str:
    """A question without what names the goods: who is asked about is settled, only what is not.

    It stays as it is where nothing else would be left.
    """
    rest = question
    for name in (document.record.name, document.record.brand):
        for part in _PART.findall(name or ""):
            pattern = rf"\b{re.escape(part)}\b" if part.isascii() else re.escape(part)
            rest = re.sub(pattern, " ", rest, flags=re.IGNORECASE)
    rest = " ".join(rest.split())
    return rest if content_words(rest) else question


def _telling_words(documents: Sequence[ProductDocument]) -> list[dict[str, int]]:
    """For each product the words that only it has, with what they tell."""
    found: list[dict[str, int]] = []
    for document in documents:
        record = document.record
        named = name_words(f"{record.name or ''} {record.category or ''} {document.product_id}")
        variants = [*record.variants.colours, *record.variants.sizes, *record.variants.stock]
        words = dict.fromkeys(name_words(" ; ".join(variants)), _VARIANT)
        found.append(words | dict.fromkeys(named, _NAME))
    spread = Counter(word for words in found for word in words)
    return [
        {w: worth for w, worth in words.items() if spread[w] == 1 and not _LETTER.fullmatch(w)}
        for words in found
    ]
