"""Fits `models/weights/radar.npz`: the probability that two questions ask the same."""

import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.embeddings import EmbeddedE5
from models.text_classifier import WEIGHTS, fold_words
from tools.radar.asked import read_asked
from tools.radar.likeness import FEATURES, clash, measure, settle

_FOLDER = Path(__file__).parent
_STRENGTH = 1.0
"""The inverse of the L2 penalty."""

_OF_MATTER = np.array([name in ("same_matter", "kin") for name in FEATURES])

Vectors = dict[str, NDArray[np.float32]]
Row = NDArray[np.float64]


def read_sets(folder: Path = _FOLDER) -> list[dict[str, Any]]:
    """The sets of every `.jsonl` file of the folder."""
    return [
        json.loads(line)
        for file in sorted(folder.glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]


def embed(sets: Sequence[dict[str, Any]]) -> tuple[Vectors, dict[str, NDArray[np.float32]]]:
    """Unit vectors of all comments, centred by language, and the means."""
    texts = sorted({comment["text"] for one in sets for comment in one["comments"]})
    rows = EmbeddedE5(threads=2).embed_queries([fold_words(text) for text in texts])
    langs = np.array(["zh" if read_asked(text).lang == "zh" else "en" for text in texts])
    means = {lang: rows[langs == lang].mean(axis=0) for lang in ("en", "zh")}
    apart = rows - np.stack([means[lang] for lang in langs])
    apart /= np.linalg.norm(apart, axis=1, keepdims=True)
    return dict(zip(texts, apart, strict=True)), means


def examples_of(one: dict[str, Any], vectors: Vectors) -> tuple[list[Row], list[bool]]:
    """Pairs of different questions of a set, and whether they ask the same.

    Those that matters and entities settle teach what cosines and words tell: they are taken without
    their matters, and so are the others, once more.
    """
    labels = {c["text"]: c["cluster"] for c in one["comments"] if c["cluster"] is not None}
    rows: list[Row] = []
    same: list[bool] = []
    for left, right in itertools.combinations(labels, 2):
        a, b = read_asked(left), read_asked(right)
        if clash(a, b):
            continue
        row = measure(a, b, float(vectors[a.text] @ vectors[b.text]))
        if settle(a, b) is None:
            rows.append(row)
            same.append(labels[left] == labels[right])
        rows.append(np.where(_OF_MATTER, 0.0, row))
        same.append(labels[left] == labels[right])
    return rows, same


def fit(sets: Sequence[dict[str, Any]], vectors: Vectors) -> tuple[Row, float]:
    """Weights and bias of the logistic regression."""
    from sklearn.linear_model import LogisticRegression

    examples = [examples_of(one, vectors) for one in sets]
    rows = np.stack([row for own, _ in examples for row in own])
    same = [label for _, own in examples for label in own]
    model: Any = LogisticRegression(C=_STRENGTH, max_iter=2000)
    model.fit(rows, same)
    return np.asarray(model.coef_[0], dtype=np.float64), float(model.intercept_[0])


def train() -> None:
    """Fit on all sets and write the weights."""
    sets = read_sets()
    vectors, means = embed(sets)
    weights, bias = fit(sets, vectors)
    told = ", ".join(f"{n} {w:.2f}" for n, w in zip(FEATURES, weights, strict=True))
    print(f"{len(sets)} sets: {told}, bias {bias:.2f}")
    np.savez(WEIGHTS / "radar.npz", weights=weights, bias=bias, en=means["en"], zh=means["zh"])


if __name__ == "__main__":
    train()
