"""Whether a viewer's comment wants an answer, in any language that the embedding knows.

With or without a question mark: `back side pls` asks, `who needs sleep anyway?` does not.
"""

from collections.abc import Callable, Sequence

from models.text_classifier import Classifier

ASKS = 0.5
"""Probability from which a comment counts as a question."""

_QUESTION = "question"


class QuestionDetector:
    """Reads comments; `classifier` is made at the first one."""

    def __init__(self, classifier: Callable[[], Classifier]) -> None:
        self._classifier = classifier

    def are_questions(self, texts: Sequence[str]) -> list[bool]:
        """For each comment whether it wants an answer, or a thing shown."""
        return [odds >= ASKS for odds in self.odds(texts)]

    def odds(self, texts: Sequence[str]) -> list[float]:
        """For each comment the probability that it does; zero where it has no letter or digit."""
        spoken = [at for at, text in enumerate(texts) if any(c.isalnum() for c in text)]
        odds = [0.0] * len(texts)
        if not spoken:
            return odds
        classifier = self._classifier()
        column = classifier.labels.index(_QUESTION)
        rows = classifier.classify([texts[at] for at in spoken])
        for at, row in zip(spoken, rows, strict=True):
            odds[at] = float(row[column])
        return odds
