"""What PLD-VHD's score weighs beside the signals, fitted on films that neither was fitted on."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tools.highlights.scoring import smoothed

Row = NDArray[np.float32]


def fit_factor(logits: Sequence[Row], distinctions: Sequence[Row], truths: Sequence[Row]) -> Row:
    """`(factor, mean, deviation)` of PLD-VHD's score, by logistic regression over films by second.

    `logits` are of the signals' score on films that its weights have not seen. A factor below 0 is
    taken for 0: a map that is higher where nothing is shown is no help.
    """
    from sklearn.linear_model import LogisticRegression

    seen = np.concatenate([smoothed(row) for row in distinctions])
    mean, deviation = float(seen.mean()), float(seen.std()) + 1e-6
    rows = np.stack([np.concatenate(logits), (seen - mean) / deviation], axis=1)
    model = LogisticRegression(C=1.0).fit(rows, np.concatenate(truths))
    of_signals, of_pld = model.coef_[0]
    return np.array([max(0.0, of_pld / max(of_signals, 1e-3)), mean, deviation], np.float32)
