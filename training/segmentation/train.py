"""Trains `models/weights/segmentation.npz`: whether a product's turn begins with an utterance."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.recording import SpeechTag
from domain.settings import Segmenting
from evals.recording_rows import timed
from evals.segmentation import window_errors
from models.embeddings import EmbeddedE5
from models.text_classifier import WEIGHTS, fold_words
from tools.segmentation import usual_lengths
from tools.segmentation.cutting import choose_borders
from tools.segmentation.evidence import border_features
from training.speech_tags.held_out import tags_held_out
from training.speech_tags.rows import TAGS, Row, read_rows

C = 0.2
BIAS = 2.5
"""Added to what is learnt: of 1 in 30 places to cut at, half are too doubtful by themselves."""
_BROADCASTS = 40
_HELD_OUT = 12


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Segments of one language said one after another, their features and borders."""

    texts: list[str]
    features: NDArray[np.float32]
    borders: list[int]


@dataclass(frozen=True, slots=True)
class _Speech:
    rows: list[Row]
    vectors: NDArray[np.float32]
    scores: list[dict[SpeechTag, float]]


def train() -> None:
    """Print what hands not seen give, by cross-validation, then fit on all and write weights."""
    rows = read_rows()
    vectors = EmbeddedE5(threads=2).embed_passages([fold_words(row.text) for row in rows])
    odds = tags_held_out(rows, vectors, vectors.mean(axis=0))
    scores = [dict(zip(TAGS, map(float, row), strict=True)) for row in odds]
    speech = _Speech(rows, vectors, scores)
    hands = sorted({row.hand for row in rows})
    rng = random.Random(0)  # noqa: S311
    errors: list[tuple[float, float]] = []
    for hand in hands:
        weights, bias = _fit(_join([h for h in hands if h != hand], speech, rng, _BROADCASTS))
        errors += [_cut(one, weights, bias) for one in _join([hand], speech, rng, _HELD_OUT)]
    pk, difference = np.mean(errors, axis=0)
    print(f"hands not seen: Pk {pk:.3f}, WindowDiff {difference:.3f}, {len(errors)} broadcasts")
    weights, bias = _fit(_join(hands, speech, rng, 2 * _BROADCASTS))
    path = WEIGHTS / "segmentation.npz"
    np.savez_compressed(path, weights=weights.astype(np.float32), bias=np.float32(bias))
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def _join(hands: Sequence[str], speech: _Speech, rng: random.Random, count: int) -> list[Broadcast]:
    """Broadcasts of four to six segments of `hands`."""
    places: dict[tuple[str, str], list[int]] = {}
    for index, row in enumerate(speech.rows):
        if row.hand in hands:
            places.setdefault((row.lang, row.segment), []).append(index)
    made: list[Broadcast] = []
    for _ in range(count):
        lang = rng.choice(["en", "zh"])
        parts = rng.sample(
            [one for key, one in places.items() if key[0] == lang], rng.randint(4, 6)
        )
        order = [index for part in parts for index in part]
        ends = np.cumsum([len(part) for part in parts])
        texts = [speech.rows[index].text for index in order]
        found = border_features(
            texts, speech.vectors[order], [speech.scores[index] for index in order]
        )
        made.append(Broadcast(texts, found, ends[:-1].tolist()))
    return made


def _fit(broadcasts: Sequence[Broadcast]) -> tuple[NDArray[np.float64], float]:
    """Logistic regression, written for features as they are."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    seen = np.vstack([one.features[1:] for one in broadcasts])
    begins = np.concatenate(
        [np.isin(np.arange(1, len(one.texts)), one.borders) for one in broadcasts]
    )
    scaler: Any = StandardScaler().fit(seen)
    model: Any = LogisticRegression(C=C, max_iter=1000).fit(scaler.transform(seen), begins)
    weights = model.coef_[0] / scaler.scale_
    return weights, float(model.intercept_[0] - weights @ scaler.mean_) + BIAS


def _cut(one: Broadcast, weights: NDArray[np.float64], bias: float) -> tuple[float, float]:
    said = timed(one.texts)
    starts, end = [row.start_ms for row in said], said[-1].end_ms
    lengths = usual_lengths(starts[0], end, Segmenting())
    borders = choose_borders(one.features @ weights + bias, starts, end, lengths)
    return window_errors(borders, one.borders, len(one.texts))
