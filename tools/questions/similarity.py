"""Choosing facts by shared words and by meaning, where no field look-up settles the question.

Cosines of multilingual-e5-small crowd between 0.75 and 0.95, and a Chinese pair lies about 0.05
above an English or mixed one, so an absolute threshold does not part answers from misses. What
does is how far the best fact stands out from the record's other facts.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.product import Fact, ProductDocument
from models.embeddings import Embedder
from tools.questions.reading import QuestionReading, covered

_SKIPPED = ("name", "brand", "category", "currency", "variants.stock", "list_price", "live_price")
_CACHED_PASSAGES = 4096
_COMES_WITH = re.compile(r"\bcomes? with\b|\bis there an? \w+ (?:in|with)\b", re.IGNORECASE)
"""Asks for a thing in the box, which nothing but its name tells."""

_MIN_COVERED = 0.5
_MIN_STANDOUT = 2.3
"""Standard deviations above the mean of the record's facts."""
_MIN_FACTS = 4
"""Below this many facts, standing out from the others means nothing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A fact, how alike it is, and how it was chosen (`words` or `meaning`)."""

    facts: tuple[Fact, ...]
    similarity: float
    how: str


def passage_text(fact: Fact) -> str:
    """What is embedded for a fact: `weight: 280 g`."""
    label = fact.field.rpartition(".")[2].partition("[")[0].replace("_", " ")
    if fact.field.startswith(("specs.", "variants.stock.")):
        label = fact.field.split(".", 1)[1].removeprefix("stock.")
    return f"{label}: {fact.value}"


class PassageVectors:
    """Embeddings of facts, kept in memory; bounded, safe for several threads."""

    def __init__(self, size: int = _CACHED_PASSAGES) -> None:
        self._size = size
        self._vectors: OrderedDict[tuple[str, str], NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def embed(self, embedder: Embedder, texts: Sequence[str]) -> NDArray[np.float32]:
        """`(n, dim)` vectors of passages; only what is new is computed."""
        keys = [(embedder.name, text) for text in texts]
        with self._lock:
            known = {key: self._vectors[key] for key in keys if key in self._vectors}
        missing = list(dict.fromkeys(key for key in keys if key not in known))
        if missing:
            rows = embedder.embed_passages([text for _, text in missing])
            known |= dict(zip(missing, rows, strict=True))
        with self._lock:
            for key in keys:
                self._vectors[key] = known[key]
                self._vectors.move_to_end(key)
            while len(self._vectors) > self._size:
                self._vectors.popitem(last=False)
        return np.stack([known[key] for key in keys])


_PASSAGES = PassageVectors()


def warm_passages(document: ProductDocument, embedder: Embedder) -> None:
    """Embed the record's facts ahead of the first question."""
    texts = [passage_text(fact) for fact in _candidates(document)]
    if texts:
        _PASSAGES.embed(embedder, texts)


def choose_similar(
    reading: QuestionReading,
    document: ProductDocument,
    embedder: Embedder,
    *,
    min_similarity: float,
    min_margin: float,
) -> Choice | None:
    """The fact that answers, or None when none stands out by words or by meaning."""
    facts = _candidates(document)
    if not facts or not reading.content:
        return None
    texts = [passage_text(fact) for fact in facts]
    if wants_unnamed(reading, texts):
        return None
    query = embedder.embed_queries([reading.text])[0]
    scores = _PASSAGES.embed(embedder, texts) @ query
    shares = np.array([covered(reading.content, text) for text in texts])
    spread = float(scores.std()) or 1.0
    standout = (scores - scores.mean()) / spread
    named = np.array([covered(reading.content, text.partition(":")[0]) for text in texts])
    worded = np.flatnonzero((shares >= _MIN_COVERED) & (standout > 0))
    if worded.size:
        best = int(max(worded, key=lambda i: shares[i] + named[i] + float(scores[i])))
        return Choice((facts[best],), float(scores[best]), "words")
    order = np.argsort(-scores)
    best = int(order[0])
    margin = float(scores[best] - scores[order[1]]) if len(facts) > 1 else 0.0
    if (
        len(facts) >= _MIN_FACTS
        and scores[best] >= min_similarity
        and margin >= min_margin
        and standout[best] >= _MIN_STANDOUT
    ):
        return Choice((facts[best],), float(scores[best]), "meaning")
    return None


def wants_unnamed(reading: QuestionReading, texts: Sequence[str]) -> bool:
    """Whether a thing in the box is asked for that no text names (`does it come with a spoon`)."""
    if not reading.content or _COMES_WITH.search(reading.text) is None:
        return False
    folded = reading.text.casefold()
    thing = frozenset({max(reading.content, key=folded.rfind)})
    return not any(covered(thing, text) > 0 for text in texts)


def rank_similar(
    reading: QuestionReading, facts: Sequence[Fact], embedder: Embedder, keep: int
) -> tuple[Fact, ...]:
    """The `keep` facts nearest to the question, in the record's order."""
    if len(facts) <= keep:
        return tuple(facts)
    texts = [passage_text(fact) for fact in facts]
    query = embedder.embed_queries([reading.text])[0]
    scores = _PASSAGES.embed(embedder, texts) @ query
    shares = np.array([covered(reading.content, text) for text in texts])
    chosen = sorted(np.argsort(-(scores + shares))[:keep])
    return tuple(facts[int(index)] for index in chosen)


def _candidates(document: ProductDocument) -> list[Fact]:
    return [fact for fact in document.facts() if not fact.field.startswith(_SKIPPED)]
