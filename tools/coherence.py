"""How well one sentence of a host follows another, from 0 to 1.

A logistic model over what both sentences are about (vectors of multilingual-e5-small, projected so
that talk of one product lies together), what each does and what the other does then (speech tags),
and how the second one opens and refers back; trained on what followed in hosts' speech against what
did not (`training/coherence`).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.recording import SpeechTag
from domain.settings import Settings
from models.embeddings import EmbeddedE5, Embedder
from models.lazy import Lazy
from models.text_classifier import WEIGHTS, center, fold_words
from tools.events.cue_words import is_continuing, is_transition
from tools.questions.reading import content_words
from tools.tagging import Tagger, load_tagger

Array = NDArray[np.float32]

TAGS = tuple(SpeechTag)
_ASKS = re.compile(
    r"[?？]|(?:吗|呢|么|不)[啊呀嘛，,。 ]*$|^(?:who|what|why|how|does|do|is|are|can)\b",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"(?:and|but|so|because|that|it|they|then|which|or|this|these|those|he|she|there|now|yeah|yes"
    r"|no|well|see)\b|[这那它就也都对是不再又他她来好]|而且|所以|然后|因为|但|还有|你看",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d|[一二三四五六七八九十百千]")
_LATIN_CHARS = 60
_HAN_CHARS = 20
_MOST_SHARED = 4
_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a sentence is about, does, and looks like; `topic` is its vector projected."""

    text: str
    vector: Array
    topic: Array
    tags: Array
    signs: Array
    words: frozenset[str]


class Coherence:
    """Scores pairs of sentences; `embedder` has to be the embedded E5."""

    def __init__(
        self, weights: Path, embedder: Callable[[], Embedder], tagger: Callable[[], Tagger]
    ) -> None:
        self._weights = Lazy(lambda: _load(weights))
        self._embedder = embedder
        self._tagger = tagger

    def score(self, pairs: Sequence[tuple[str, str]]) -> Array:
        """For each pair the probability that the second sentence follows the first.

        It is calibrated to speech where half of the pairs follow.
        """
        if not pairs:
            return np.zeros(0, dtype=np.float32)
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        saved = self._weights.get()
        vectors = center(self._embed(texts), saved["mean"])
        tags = [[one.scores[tag] for tag in TAGS] for one in self._tagger().tag(texts)]
        sentences = read_sentences(texts, vectors, np.array(tags, np.float32), saved["topic"])
        read = dict(zip(texts, sentences, strict=True))
        log_odds = [
            pair_features([(read[a], read[b]) for a, b in pairs[start : start + _AT_ONCE]])
            @ saved["weights"]
            + saved["bias"]
            for start in range(0, len(pairs), _AT_ONCE)
        ]
        return (1 / (1 + np.exp(-np.concatenate(log_odds)))).astype(np.float32)

    def _embed(self, texts: Sequence[str]) -> Array:
        return self._embedder().embed_passages([fold_words(text) for text in texts])


def read_sentences(
    texts: Sequence[str], vectors: Array, tags: Array, projection: Array
) -> list[Sentence]:
    """The sentences with what can be told of each alone; `vectors` are centred."""
    topics = vectors @ projection
    topics /= np.maximum(np.linalg.norm(topics, axis=1, keepdims=True), 1e-6)
    return [
        Sentence(text, vector, topic, odds, _signs(text), content_words(text))
        for text, vector, topic, odds in zip(texts, vectors, topics, tags, strict=True)
    ]


def pair_features(pairs: Sequence[tuple[Sentence, Sentence]]) -> Array:
    """`(n, features)`: the looks and acts of two sentences, and both beside one another."""
    rows = [
        np.concatenate(
            [
                a.signs,
                b.signs,
                a.signs * b.signs,
                _beside(a, b),
                a.tags,
                b.tags,
                np.outer(a.tags, b.tags).ravel(),
            ]
        )
        for a, b in pairs
    ]
    return np.stack(rows).astype(np.float32)


def load_coherence(settings: Settings) -> Coherence:
    """The model with the weights of `models/weights`; loaded at its first pair."""
    embedder = Lazy(lambda: EmbeddedE5(threads=settings.threads.embedding))
    tagger = Lazy(lambda: load_tagger(settings))
    return Coherence(WEIGHTS / "coherence.npz", embedder.get, tagger.get)


def _load(path: Path) -> dict[str, Array]:
    with np.load(path, allow_pickle=False) as saved:
        return {name: saved[name].astype(np.float32) for name in saved.files}


def _signs(text: str) -> Array:
    said = text.strip().lower()
    end = said[-1:]
    return np.array(
        [
            len(said) / (_LATIN_CHARS if said.isascii() else _HAN_CHARS),
            float(_ASKS.search(said) is not None),
            float(is_continuing(said)),
            float(is_transition(said)),
            float(_REFERS.match(said) is not None),
            float(end in tuple(".!?。！？…")),
            float(_NUMBER.search(said) is not None),
            float(end in tuple(",，—、")),
        ],
        dtype=np.float32,
    )


def _beside(a: Sentence, b: Sentence) -> Array:
    shared = len(a.words & b.words)
    said, then = a.text.strip().lower(), b.text.strip().lower()
    lengths = float(np.linalg.norm(a.vector) * np.linalg.norm(b.vector))
    return np.array(
        [
            float(a.vector @ b.vector) / max(lengths, 1e-6),
            2 * float(a.topic @ b.topic),
            shared / (1 + min(len(a.words), len(b.words))),
            min(shared, _MOST_SHARED) / _MOST_SHARED,
            float(a.tags @ b.tags),
            float(len(said) > 2 and said[-2:] in then[:8]),
            float(bool(said) and said[:3] == then[:3]),
        ],
        dtype=np.float32,
    )
