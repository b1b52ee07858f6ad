"""BM25 within the candidates of one question: the baseline of retrieval."""

import math
import re
from collections import Counter
from collections.abc import Sequence

K1, B = 1.2, 0.75
"""The usual parameters (Robertson and Zaragoza 2009, The Probabilistic Relevance Framework)."""

_WORD = re.compile(r"[a-z0-9]+")


def rank_bm25(question: str, texts: Sequence[str]) -> list[float]:
    """The BM25 score of each text; how rare a word is, is counted among `texts` alone."""
    documents = [Counter(_WORD.findall(text.lower())) for text in texts]
    lengths = [sum(document.values()) for document in documents]
    average = sum(lengths) / len(lengths) if any(lengths) else 1.0
    held = Counter(word for document in documents for word in document)
    asked = _WORD.findall(question.lower())

    def weigh(word: str) -> float:
        return math.log(1 + (len(texts) - held[word] + 0.5) / (held[word] + 0.5))

    return [
        sum(
            weigh(word) * document[word] * (K1 + 1)
            / (document[word] + K1 * (1 - B + B * length / average))
            for word in asked
            if word in document
        )
        for document, length in zip(documents, lengths, strict=True)
    ]  # fmt: skip
