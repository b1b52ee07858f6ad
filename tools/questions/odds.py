"""What tells how likely a passage answers a question."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class AnswersQuestion(Protocol):
    """Tells how likely passages answer a question (`tools.questions.answering.AnswerRanker`)."""

    def warm(self, passages: Sequence[str], contexts: Sequence[str] | None = None) -> None:
        """Get ready for passages that will be judged."""
        ...

    def odds(
        self, question: str, passages: Sequence[str], contexts: Sequence[str] | None = None
    ) -> NDArray[np.float32]:
        """The probability of each passage; `contexts` are what was said right before each."""
        ...
