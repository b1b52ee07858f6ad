"""How well scores rank moments: average precision, and precision of the best fifth."""

import numpy as np
from numpy.typing import ArrayLike


def average_precision(truth: ArrayLike, scores: ArrayLike) -> float:
    """The mean precision at each true moment, best score first; of equals the earlier first.

    Taken for each video by itself, as on YouTube Highlights and TVSum.
    """
    right, values = np.asarray(truth, bool), np.asarray(scores, float)
    order = np.argsort(-values, kind="stable")
    hits = right[order]
    found = np.cumsum(hits)
    ranks = np.arange(1, hits.size + 1)
    return float((found / ranks)[hits].mean()) if hits.any() else 0.0


def precision_at_top(truth: ArrayLike, scores: ArrayLike, part: float = 0.2) -> float:
    """The share of true moments among the best `part` of all."""
    right, values = np.asarray(truth, bool), np.asarray(scores, float)
    best = np.argsort(-values, kind="stable")[: max(1, round(part * values.size))]
    return float(right[best].mean())
