"""How likely a passage answers a question."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.lexicon import find_fields, find_terms
from models.embeddings import Embedder
from tools.questions.reading import QuestionReading, covered


class AnswerRanker:
    """Judges by shared words, concepts and meaning."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def odds(
        self, question: str, passages: Sequence[str], contexts: Sequence[str] | None = None
    ) -> NDArray[np.float32]:
        """The probability of each passage; `contexts` are what was said right before each."""
        del contexts
        reading = QuestionReading(question)
        query = self._embedder.embed_queries([question])[0]
        meant = self._embedder.embed_passages(list(passages)) @ query
        asked = {(t.cls, t.concept) for t in find_terms(question)}
        asked |= {("field", t.concept) for t in find_fields(question)}
        found: list[float] = []
        for text, cosine in zip(passages, meant, strict=True):
            said = {(t.cls, t.concept) for t in find_terms(text)}
            said |= {("field", t.concept) for t in find_fields(text)}
            shared = len(asked & said) / max(len(asked), 1)
            words = covered(reading.content, text)
            score = 12 * (float(cosine) - 0.86) + 2.0 * words + 1.5 * shared - 1.2
            found.append(1 / (1 + np.exp(-score)))
        return np.array(found, np.float32)
