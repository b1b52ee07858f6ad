"""A classifier of speech tags that gives texts the probabilities that it is told."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from domain.recording import SpeechTag, TaggedUtterance
from domain.stream import Utterance
from tools.tagging import as_tagged


class TagClassifier:
    """`told` maps texts to tags with their probabilities; all else is 0.01."""

    labels: tuple[str, ...] = tuple(SpeechTag)

    def __init__(self, told: Mapping[str, Mapping[SpeechTag, float]] | None = None) -> None:
        self._told = told or {}
        self.asked: list[list[str]] = []

    def classify(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text."""
        self.asked.append(list(texts))
        odds = np.full((len(texts), len(self.labels)), 0.01, dtype=np.float32)
        for row, text in enumerate(texts):
            for tag, odd in self._told.get(text, {}).items():
                odds[row, self.labels.index(tag)] = odd
        return odds


def say(start_ms: int, text: str, *tags: SpeechTag, seconds: float = 4) -> TaggedUtterance:
    """An utterance that carries `tags` for sure."""
    scored = as_tagged({tag: 0.95 if tag in tags else 0.01 for tag in SpeechTag})
    said = Utterance(start_ms=start_ms, end_ms=start_ms + round(1000 * seconds), text=text)
    return TaggedUtterance(utterance=said, tags=scored.tags, scores=scored.scores)
