"""Tags of utterances by models that have seen nothing of their hand."""

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.text_classifier import center
from training.speech_tags.rows import Row, as_targets

_HIDDEN = 128
_EPOCHS = 30


def tags_held_out(
    rows: Sequence[Row], vectors: NDArray[np.float32], mean: NDArray[np.float32]
) -> NDArray[np.float32]:
    """`(n, 21)` probabilities, for what is trained on tags as they are told and not as they are.

    A network over the vectors stands for the tagger, which would take an hour to learn five times.
    """
    from sklearn.neural_network import MLPClassifier

    seen, targets = center(vectors, mean), as_targets(list(rows))
    hands = np.array([row.hand for row in rows])
    found = np.zeros_like(targets)
    for hand in sorted(set(hands.tolist())):
        model = MLPClassifier(
            (_HIDDEN,), alpha=0.3, learning_rate_init=3e-3, max_iter=_EPOCHS, random_state=0
        )
        with _unconverged():
            model.fit(seen[hands != hand], targets[hands != hand])
        found[hands == hand] = model.predict_proba(seen[hands == hand])
    return found


def _unconverged() -> "warnings.catch_warnings[None]":
    """It is stopped early on purpose."""
    return warnings.catch_warnings(action="ignore")
