"""A classifier that gives the labels it is told, and to every other text the same odds."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

LABELS = (
    "audience", "certification", "chatter", "ingredient", "material", "price", "promotion",
    "returns_warranty", "selling_point", "shipping", "spec", "stock", "title", "usage", "warning",
)  # fmt: skip


class LabelClassifier:
    """`told` maps texts to labels, which get 0.9; others are a selling point with 0.4."""

    labels: tuple[str, ...] = LABELS

    def __init__(self, told: Mapping[str, str] | None = None) -> None:
        self._told = told or {}
        self.asked: list[str] = []

    def classify(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The odds of each text, the rest spread evenly."""
        self.asked += texts
        odds = np.zeros((len(texts), len(LABELS)), dtype=np.float32)
        for row, text in enumerate(texts):
            label, share = (self._told[text], 0.9) if text in self._told else ("selling_point", 0.4)
            odds[row] = (1 - share) / (len(LABELS) - 1)
            odds[row, LABELS.index(label)] = share
        return odds
