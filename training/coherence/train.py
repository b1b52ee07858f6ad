"""Trains `models/weights/coherence.npz`: whether a sentence of a host follows another."""

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.coherence import auc
from models.embeddings import EmbeddedE5
from models.text_classifier import WEIGHTS, center, fold_words
from tools.coherence import Sentence, pair_features, read_sentences
from training.coherence.topics import learn_topics
from training.speech_tags.held_out import tags_held_out
from training.speech_tags.rows import Row, read_rows

C = 0.05
DRAWN = 3
"""Pairs of either wrong kind for each pair that follows."""

Pair = tuple[int, int]
Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Pairs:
    following: list[Pair]
    foreign: list[Pair]
    shuffled: list[Pair]


@dataclass(frozen=True, slots=True)
class _Speech:
    rows: list[Row]
    vectors: Array
    tags: Array


def train() -> None:
    """Print what hands not seen give, by cross-validation, then fit on all and write weights."""
    rows = read_rows()
    plain = EmbeddedE5(threads=2).embed_passages([fold_words(row.text) for row in rows])
    mean = plain.mean(axis=0)
    speech = _Speech(rows, center(plain, mean), tags_held_out(rows, plain, mean))
    hands = sorted({row.hand for row in rows})
    rng = random.Random(0)  # noqa: S311
    found: list[tuple[float, float]] = []
    for hand in hands:
        _, model, sentences = _fit(speech, [h for h in hands if h != hand], rng)
        drawn = _draw(rows, [hand], rng)
        follow, foreign, shuffled = (
            _score(model, sentences, pairs)
            for pairs in (drawn.following, drawn.foreign, drawn.shuffled)
        )
        found.append((auc(follow, foreign), auc(follow, shuffled)))
    foreign, shuffled = np.mean(found, axis=0)
    print(f"hands not seen: AUC against random {foreign:.3f}, against shuffled {shuffled:.3f}")
    topic, model, _ = _fit(speech, hands, rng)
    path = WEIGHTS / "coherence.npz"
    np.savez_compressed(
        path,
        mean=mean.astype(np.float16),
        topic=topic.astype(np.float16),
        weights=model.coef_[0].astype(np.float16),
        bias=model.intercept_.astype(np.float32),
    )
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def _fit(
    speech: _Speech, hands: Sequence[str], rng: random.Random
) -> tuple[Array, Any, list[Sentence]]:
    """The projection and the regression of some hands, and all sentences as they see them."""
    from sklearn.linear_model import LogisticRegression

    segments = [(row.lang, row.segment) if row.hand in hands else None for row in speech.rows]
    topic = learn_topics(speech.vectors, segments)
    texts = [row.text for row in speech.rows]
    sentences = read_sentences(texts, speech.vectors, speech.tags, topic)
    drawn = _draw(speech.rows, hands, rng)
    pairs = [*drawn.following, *drawn.foreign, *drawn.shuffled]
    follows = np.arange(len(pairs)) < len(drawn.following)
    model: Any = LogisticRegression(C=C, max_iter=300, class_weight="balanced")
    model.fit(pair_features([(sentences[a], sentences[b]) for a, b in pairs]), follows)
    return topic, model, sentences


def _score(model: Any, sentences: Sequence[Sentence], pairs: Sequence[Pair]) -> Array:  # noqa: ANN401
    seen = pair_features([(sentences[a], sentences[b]) for a, b in pairs])
    return model.decision_function(seen).astype(np.float32)


def _draw(rows: Sequence[Row], hands: Sequence[str], rng: random.Random) -> _Pairs:
    """Neighbours of a segment; for each, others of another segment and of its own."""
    places: dict[tuple[str, str], list[int]] = {}
    for index, row in enumerate(rows):
        if row.hand in hands:
            places.setdefault((row.lang, row.segment), []).append(index)
    drawn = _Pairs([], [], [])
    for key, own in places.items():
        others = [
            index
            for other, part in places.items()
            if other[0] == key[0] and other != key
            for index in part
        ]
        for at, (first, second) in enumerate(itertools.pairwise(own)):
            drawn.following.append((first, second))
            rest = [index for place, index in enumerate(own) if place not in (at, at + 1)]
            drawn.foreign.extend((first, rng.choice(others)) for _ in range(DRAWN))
            drawn.shuffled.extend((first, rng.choice(rest)) for _ in range(DRAWN))
    return drawn
