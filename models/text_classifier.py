"""Small text classifiers that we train ourselves: logistic regression over words and meaning.

A text is told by the character and word n-grams that it holds, hashed (Weinberger et al. 2009,
arXiv:0902.2206), and by its vector of multilingual-e5-small. The weights are a few dozen KiB of
numpy arrays in `models/weights/`; `training/` makes them.
"""

import itertools
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.embeddings import Embedder, as_embedded

WEIGHTS = Path(__file__).parent / "weights"
DENSE_SCALE = 3.0
"""What a centred vector of length 1 weighs against n-grams of length 1, by cross-validation."""

_WORD = re.compile(r"\w+")
_WORD_OR_SIGN = re.compile(r"\w+|[?!]")

Features = tuple[NDArray[np.int64], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Grams:
    """How n-grams are hashed: into `buckets` of each kind, characters up to `longest` at a time.

    `weight` is the length of either kind's features; with `signs` question and exclamation marks
    count as words. 16,384 buckets gave no better figures on the
    2,900 clauses of product material, 65,536 did on 12,000 sentences.
    """

    buckets: int = 4096
    longest: int = 3
    weight: float = 1.0
    signs: bool = False


class Classifier(Protocol):
    """Gives texts the probability of each of its `labels`."""

    labels: tuple[str, ...]

    def classify(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """`(n, len(labels))` probabilities, one row a text."""
        ...


class TextClassifier:
    """The probability of each of `labels` for texts; `embedder` has to be the embedded E5.

    Labels of which one holds share the probability; those of weights that are `independent` have
    one each.
    """

    def __init__(self, weights: Path, embedder: Embedder) -> None:
        with np.load(weights, allow_pickle=False) as saved:
            self.labels: tuple[str, ...] = tuple(saved["labels"].tolist())
            self._sparse = saved["sparse"].astype(np.float32)
            self._dense = saved["dense"].astype(np.float32)
            self._mean = saved["mean"].astype(np.float32)
            self._bias = saved["bias"].astype(np.float32)
            self._independent = bool(saved["independent"])
            signs = "signs" in saved and bool(saved["signs"])
            self._grams = Grams(len(self._sparse) // 2, int(saved["longest"]), signs=signs)
        self._embedder = embedder

    def classify(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """`(n, len(labels))` calibrated probabilities, one row a text."""
        if not texts:
            return np.zeros((0, len(self.labels)), dtype=np.float32)
        folded = [fold_words(text) for text in texts]
        scores = center(self._embedder.embed_passages(folded), self._mean) @ self._dense
        for row, text in enumerate(folded):
            buckets, values = hash_grams(text, self._grams)
            scores[row] += values @ self._sparse[buckets]
        scores += self._bias
        if self._independent:
            return 1 / (1 + np.exp(-scores))
        scores -= scores.max(axis=1, keepdims=True)
        odds = np.exp(scores)
        return odds / odds.sum(axis=1, keepdims=True)


def load_classifier(name: str, embedder: Embedder, *, threads: int = 1) -> TextClassifier:
    """The classifier `name` of `models/weights/`; an `embedder` other than E5 is not used."""
    return TextClassifier(WEIGHTS / f"{name}.npz", as_embedded(embedder, threads=threads))


def fold_words(text: str) -> str:
    """`text` as the classifier reads it: one width, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def hash_grams(text: str, grams: Grams) -> Features:
    """The buckets of a folded text's n-grams and their weights.

    Characters are taken from one to `grams.longest` at a time within words and their borders, words
    one and two at a time. The sign of a bucket is hashed too, so that collisions cancel out on
    average.
    """
    words = (_WORD_OR_SIGN if grams.signs else _WORD).findall(text)
    chars = Counter(
        padded[at : at + size]
        for padded in (f" {word} " for word in words)
        for size in range(1, grams.longest + 1)
        for at in range(max(1, len(padded) - size + 1))
    )
    pairs = Counter([*words, *(f"{a} {b}" for a, b in itertools.pairwise(words))])
    buckets: list[int] = []
    values: list[float] = []
    for offset, counts in ((0, chars), (grams.buckets, pairs)):
        length = sum(count * count for count in counts.values()) ** 0.5 / grams.weight or 1.0
        for gram, count in counts.items():
            hashed = zlib.crc32(gram.encode())
            buckets.append(offset + hashed % grams.buckets)
            values.append((1 if hashed & 0x8000_0000 else -1) * count / length)
    return np.asarray(buckets, dtype=np.int64), np.asarray(values, dtype=np.float32)


def center(vectors: NDArray[np.float32], mean: NDArray[np.float32]) -> NDArray[np.float32]:
    """E5's vectors lie in a narrow cone: taken from their mean, each `DENSE_SCALE` long."""
    apart = vectors - mean
    lengths = np.linalg.norm(apart, axis=1, keepdims=True)
    return (DENSE_SCALE * apart / np.maximum(lengths, 1e-6)).astype(np.float32)
