"""How well one sentence of a host follows another, from 0 to 1.

A small network over what both sentences are about (vectors of multilingual-e5-small), what each
does (speech tags) and how the second one opens and refers back; trained on hosts' speech, on what
followed against what did not (`training/coherence`).
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
from models.text_classifier import WEIGHTS, center
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


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a sentence is about, does, and looks like."""

    text: str
    vector: Array
    tags: Array
    signs: Array
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class CoherenceWeights:
    """The network: projections of vectors and tags, a hidden layer and a way around it."""

    mean: Array
    first: Array
    second: Array
    first_tags: Array
    first_tags_bias: Array
    second_tags: Array
    second_tags_bias: Array
    hidden: Array
    hidden_bias: Array
    outer: Array
    around: Array
    bias: Array

    @classmethod
    def load(cls, path: Path) -> "CoherenceWeights":
        """From an `.npz` with an array for each field."""
        with np.load(path, allow_pickle=False) as saved:
            return cls(**{name: saved[name].astype(np.float32) for name in cls.__slots__})


class Coherence:
    """Scores pairs of sentences; `embedder` has to be the embedded E5."""

    def __init__(
        self, weights: Path, embedder: Callable[[], Embedder], tagger: Callable[[], Tagger]
    ) -> None:
        self._weights = Lazy(lambda: CoherenceWeights.load(weights))
        self._embedder = embedder
        self._tagger = tagger

    def score(self, pairs: Sequence[tuple[str, str]]) -> Array:
        """For each pair the probability that the second sentence follows the first.

        It is calibrated to speech where half of the pairs follow.
        """
        if not pairs:
            return np.zeros(0, dtype=np.float32)
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        weights = self._weights.get()
        vectors = center(self._embedder().embed_passages(texts), weights.mean)
        tags = [[one.scores[tag] for tag in TAGS] for one in self._tagger().tag(texts)]
        read = dict(zip(texts, read_sentences(texts, vectors, np.array(tags)), strict=True))
        log_odds = weigh([(read[a], read[b]) for a, b in pairs], weights)
        return (1 / (1 + np.exp(-log_odds))).astype(np.float32)


def read_sentences(
    texts: Sequence[str], vectors: Array, tags: NDArray[np.floating]
) -> list[Sentence]:
    """The sentences with what can be told of each alone; `vectors` are centred."""
    rows = zip(texts, vectors, tags.astype(np.float32), strict=True)
    return [Sentence(t, vector, odds, _signs(t), content_words(t)) for t, vector, odds in rows]


def pair_features(pairs: Sequence[tuple[Sentence, Sentence]]) -> Array:
    """What the looks of two sentences, and both beside one another, tell."""
    return np.stack(
        [np.concatenate([a.signs, b.signs, a.signs * b.signs, _beside(a, b)]) for a, b in pairs]
    ).astype(np.float32)


def weigh(pairs: Sequence[tuple[Sentence, Sentence]], weights: CoherenceWeights) -> Array:
    """The log-odds of pairs."""
    first = np.stack([a.vector for a, _ in pairs])
    second = np.stack([b.vector for _, b in pairs])
    does = np.stack([a.tags for a, _ in pairs])
    then = np.stack([b.tags for _, b in pairs])
    about = 4 * (first @ weights.first) * (second @ weights.second)
    acts = np.tanh(does @ weights.first_tags + weights.first_tags_bias)
    acts *= np.tanh(then @ weights.second_tags + weights.second_tags_bias)
    seen = np.hstack([about, acts, does, then, pair_features(pairs)])
    hidden = _gelu(seen @ weights.hidden + weights.hidden_bias)
    return seen @ weights.around + hidden @ weights.outer + weights.bias


def load_coherence(settings: Settings) -> Coherence:
    """The model with the weights of `models/weights`; loaded at its first pair."""
    embedder = Lazy(lambda: EmbeddedE5(threads=settings.threads.embedding))
    tagger = Lazy(lambda: load_tagger(settings))
    return Coherence(WEIGHTS / "coherence.npz", embedder.get, tagger.get)


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
    return np.array(
        [
            float(a.vector @ b.vector) / 9,
            shared / (1 + min(len(a.words), len(b.words))),
            min(shared, _MOST_SHARED) / _MOST_SHARED,
            float(a.tags @ b.tags),
            float(len(said) > 2 and said[-2:] in then[:8]),
            float(bool(said) and said[:3] == then[:3]),
        ],
        dtype=np.float32,
    )


def _gelu(values: Array) -> Array:
    """The tanh form (Hendrycks and Gimpel 2016, arXiv:1606.08415)."""
    return 0.5 * values * (1 + np.tanh(0.7978845608 * (values + 0.044715 * values**3)))
