"""Fitting a `models.text_classifier.TextClassifier`: features, cross-validation, calibration."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.embeddings import EmbeddedE5
from models.text_classifier import Grams, center, fold_words, hash_grams

_FOLDS = 5
_SEED = 0


def read_rows(folder: Path) -> list[dict[str, Any]]:
    """The rows of every `.jsonl` file of a folder, each with its file's name as `hand`."""
    return [
        json.loads(line) | {"hand": file.stem}
        for file in sorted(folder.glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
        if line.strip()
    ]


@dataclass(frozen=True, slots=True)
class Design:
    """The features of examples: hashed n-grams beside centred vectors, as a sparse matrix.

    The first `2 * grams.buckets` columns are those of n-grams.
    """

    matrix: Any
    mean: NDArray[np.float32]
    grams: Grams


def build(texts: Sequence[str], grams: Grams = Grams()) -> Design:
    """The features of `texts`, as `TextClassifier` computes them."""
    from scipy import sparse

    folded = [fold_words(text) for text in texts]
    vectors = EmbeddedE5(threads=2).embed_passages(folded)
    mean = vectors.mean(axis=0)
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, text in enumerate(folded):
        buckets, weights = hash_grams(text, grams)
        rows += [row] * len(buckets)
        columns += buckets.tolist()
        values += weights.tolist()
    hashed = sparse.coo_matrix((values, (rows, columns)), shape=(len(folded), 2 * grams.buckets))
    dense = sparse.csr_matrix(center(vectors, mean))
    return Design(sparse.hstack([hashed, dense]).tocsr(), mean, grams)


def cross_validate(
    design: Design, labels: Sequence[str], *, c: float, groups: Sequence[int] | None = None
) -> NDArray[np.float64]:
    """Log-odds of every label for each example, from models that have not seen it.

    Examples of one group, which are the same thing written in other ways, are left out together.
    """
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    names = sorted(set(labels))
    y = np.asarray(labels)
    scores = np.zeros((len(y), len(names)))
    kind = StratifiedKFold if groups is None else StratifiedGroupKFold
    folds = kind(_FOLDS, shuffle=True, random_state=_SEED)
    for train, test in folds.split(np.zeros(len(y)), y, groups):
        model = fit(design.matrix[train], y[train], c)
        scores[test] = _scores(model, design.matrix[test])
    return scores


def find_temperature(scores: NDArray[np.float64], labels: Sequence[str]) -> float:
    """The divisor of the scores at which their softmax is best calibrated (Guo et al. 2017)."""
    names = sorted(set(labels))
    right = np.asarray([names.index(label) for label in labels])

    def loss(temperature: float) -> float:
        scaled = scores / temperature
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        return float(
            -(scaled[np.arange(len(right)), right] - np.log(np.exp(scaled).sum(axis=1))).mean()
        )

    return min(np.linspace(0.3, 3.0, 109).tolist(), key=loss)


def save(path: Path, design: Design, labels: Sequence[str], *, c: float, temperature: float) -> int:
    """Fit on everything and write the weights; returns the file's size in bytes."""
    model = fit(design.matrix, np.asarray(labels), c)
    weights, bias = model.coef_.T / temperature, model.intercept_ / temperature
    if len(bias) == 1:  # of two labels scikit-learn keeps the odds of the second
        weights, bias = np.hstack([-weights, weights]) / 2, np.hstack([-bias, bias]) / 2
    return write(
        path,
        labels=model.classes_.tolist(),
        sparse=weights[: 2 * design.grams.buckets],
        dense=weights[2 * design.grams.buckets :],
        design=design,
        bias=bias,
    )


def write(
    path: Path,
    *,
    labels: Sequence[str],
    sparse: NDArray[Any],
    dense: NDArray[Any],
    design: Design,
    bias: NDArray[Any],
    independent: bool = False,
) -> int:
    """Write the weights of a `TextClassifier`; returns the file's size in bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        labels=np.asarray(labels),
        sparse=(design.grams.weight * sparse).astype(np.float16),
        longest=np.asarray(design.grams.longest),
        signs=np.asarray(design.grams.signs),
        dense=dense.astype(np.float16),
        mean=design.mean.astype(np.float16),
        bias=bias.astype(np.float32),
        independent=np.asarray(independent),
    )
    return path.stat().st_size


def report(scores: NDArray[np.float64], labels: Sequence[str]) -> str:
    """Precision, recall and F1 by label, as scikit-learn prints them."""
    from sklearn.metrics import classification_report

    names = sorted(set(labels))
    called = [names[index] for index in scores.argmax(axis=1)]
    return str(classification_report(list(labels), called, digits=3))


def fit(matrix: Any, labels: NDArray[Any], c: float) -> Any:  # noqa: ANN401
    """A logistic regression in which each label weighs the same."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=c, max_iter=1000, class_weight="balanced").fit(matrix, labels)


def _scores(model: Any, matrix: Any) -> NDArray[np.float64]:  # noqa: ANN401
    scores = np.asarray(model.decision_function(matrix))
    return np.stack([-scores / 2, scores / 2], axis=1) if scores.ndim == 1 else scores
