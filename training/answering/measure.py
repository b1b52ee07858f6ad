"""Figures of the ranker on rows that its members have not seen."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tools.questions.answering import AnswerWeights
from training.answering.network import Array, Group
from training.answering.rows import Row

WANTED = 0.9
"""The precision at which a threshold is told."""


def score_unseen(
    rows: Sequence[Row], groups: Sequence[Group], weights: AnswerWeights
) -> list[Array]:
    """Probabilities of each row's candidates, by the member that was fitted without its fold."""
    found: list[Array] = []
    for row, group in zip(rows, groups, strict=True):
        scores = weights.score(group.query, group.told, group.signs, row.fold)
        found.append(1 / (1 + np.exp(-scores)))
    return found


def print_figures(rows: Sequence[Row], groups: Sequence[Group], weights: AnswerWeights) -> None:
    """P@1, recall at a precision of `WANTED`, and how well probabilities are calibrated."""
    odds = score_unseen(rows, groups, weights)
    for part in sorted({row.part for row in rows}):
        own = [at for at, row in enumerate(rows) if row.part == part]
        answered = [at for at in own if max(rows[at].labels) == 1]
        first = np.mean([rows[at].labels[int(odds[at].argmax())] == 1 for at in answered])
        right = np.concatenate([np.asarray(rows[at].labels) == 1 for at in own])
        said = np.concatenate([odds[at] for at in own])
        threshold, recall = threshold_at(said, right, WANTED)
        print(
            f"{part}: P@1 {first:.3f} of {len(answered)}; precision {WANTED} from {threshold:.2f},"
            f" recall {recall:.3f}; calibration error {calibration_error(said, right):.3f}"
        )


def threshold_at(
    odds: NDArray[np.float32], right: NDArray[np.bool_], precision: float
) -> tuple[float, float]:
    """The lowest threshold from which `precision` is reached, and recall there; (1, 0) for none."""
    order = np.argsort(-odds)
    hits = np.cumsum(right[order])
    reached = np.flatnonzero(hits / np.arange(1, len(order) + 1) >= precision)
    if not reached.size or not right.any():
        return 1.0, 0.0
    last = int(reached[-1])
    return float(odds[order[last]]), float(hits[last] / right.sum())


def calibration_error(odds: NDArray[np.float32], right: NDArray[np.bool_]) -> float:
    """Expected calibration error over ten bins (Guo et al. 2017, arXiv:1706.04599)."""
    bins = np.minimum((odds * 10).astype(int), 9)
    return sum(
        float((bins == one).mean() * abs(odds[bins == one].mean() - right[bins == one].mean()))
        for one in set(bins.tolist())
    )
