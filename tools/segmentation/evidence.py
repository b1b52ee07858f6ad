"""What speaks for a product's turn to begin with an utterance, as numbers.

Meaning and words before a place are compared with those behind it in windows of several lengths, as
in TextTiling (Hearst 1997) with sentence vectors beside words, and the speech tags around it are
read off: hosts take leave of one thing, greet whoever has come in and name the next.
"""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.recording import SpeechTag
from tools.events.cue_words import is_continuing, is_transition
from tools.questions.reading import content_words

Array = NDArray[np.float32]

_WINDOWS = (3, 6, 12, 20)
_WORD_WINDOWS = (6, 14)
_BLOCK = 16
"""Utterances in a stretch by which words are told that belong to one part of a recording."""
_AROUND: dict[SpeechTag, range] = {
    SpeechTag.TRANSITION: range(-3, 3),
    SpeechTag.GREETING: range(-2, 3),
    SpeechTag.PRODUCT_INTRO: range(-2, 4),
}
_ACROSS = (
    SpeechTag.CALL_TO_ACTION,
    SpeechTag.PRICE_PROMO,
    SpeechTag.AFTER_SALES,
    SpeechTag.PAIN_POINT,
    SpeechTag.SPECIFICATION,
    SpeechTag.QA_REPLY,
    SpeechTag.GIFT_BONUS,
    SpeechTag.MATERIAL_CRAFT,
)
_SIDE = 5


def border_features(
    texts: Sequence[str], vectors: Array, scores: Sequence[dict[SpeechTag, float]]
) -> Array:
    """`(n, features)`: for each utterance what speaks for a turn to begin with it.

    `vectors` are the embeddings of the texts, one a row, `scores` their tags' probabilities.
    """
    odds = {tag: np.array([one.get(tag, 0.0) for one in scores]) for tag in SpeechTag}
    columns = [*_contrasts(vectors), *_word_contrasts(texts)]
    for tag, places in _AROUND.items():
        columns += [_moved(odds[tag], place) for place in places]
    columns += [_across(odds[tag]) for tag in _ACROSS]
    columns.append(np.array([float(is_transition(text)) for text in texts]))
    columns.append(np.array([float(is_continuing(text)) for text in texts]))
    return np.stack(columns, axis=1).astype(np.float32)


def _contrasts(vectors: Array) -> list[NDArray[np.float64]]:
    """The cosine of the mean vectors on either side, for each window."""
    centred = vectors - vectors.mean(axis=0)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)
    sums = np.vstack([np.zeros((1, centred.shape[1])), np.cumsum(centred, axis=0)])
    at = np.arange(len(centred))
    found: list[NDArray[np.float64]] = []
    for window in _WINDOWS:
        left = sums[at] - sums[np.maximum(at - window, 0)]
        right = sums[np.minimum(at + window, len(at))] - sums[at]
        lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
        found.append((left * right).sum(axis=1) / np.maximum(lengths, 1e-6))
    return found


def _word_contrasts(texts: Sequence[str]) -> list[NDArray[np.float64]]:
    """The same of words, each weighing what it tells about where in the recording one is."""
    words = [content_words(text) for text in texts]
    blocks = [
        frozenset[str]().union(*words[start : start + _BLOCK])
        for start in range(0, len(words), _BLOCK)
    ]
    spread = Counter(word for block in blocks for word in block)
    weight = {word: math.log((len(blocks) + 1) / count) for word, count in spread.items()}
    return [
        np.array([_word_cosine(words, weight, at, window) for at in range(len(words))])
        for window in _WORD_WINDOWS
    ]


def _word_cosine(
    words: Sequence[frozenset[str]], weight: dict[str, float], at: int, window: int
) -> float:
    left = Counter(word for one in words[max(0, at - window) : at] for word in one)
    right = Counter(word for one in words[at : at + window] for word in one)
    shared = sum(left[w] * right[w] * weight[w] ** 2 for w in left.keys() & right.keys())
    length = math.prod(
        math.sqrt(sum((count * weight[word]) ** 2 for word, count in side.items()))
        for side in (left, right)
    )
    return shared / length if length else 0.0


def _moved(values: NDArray[np.float64], place: int) -> NDArray[np.float64]:
    """The value `place` utterances later, 0 beyond either end."""
    moved = np.zeros_like(values)
    if place >= 0:
        moved[: max(0, len(values) - place)] = values[place:]
    else:
        moved[-place:] = values[:place]
    return moved


def _across(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much more of a tag there is in the utterances before than from here on."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(len(values))
    before = sums[at] - sums[np.maximum(at - _SIDE, 0)]
    return before - (sums[np.minimum(at + _SIDE, len(at))] - sums[at])
