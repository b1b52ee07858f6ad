"""What each utterance of a host does: the 21 speech tags, told by a classifier trained here.

An utterance is judged by itself (`evals/data/README.md` has the convention): its vector from an E5
tuned on labelled speech, and hashed n-grams (`training/speech_tags`).
"""

from collections.abc import Callable, Sequence

import numpy as np

from domain.progress import Progress, ProgressSink, discard, never
from domain.recording import SpeechTag, TagScores
from domain.settings import Settings
from models.lazy import Lazy
from models.text_classifier import WEIGHTS, Classifier, TextClassifier, load_classifier
from models.tuned_e5 import TunedE5

CARRIED = 0.42
"""The probability from which on a text carries a tag: where F1 was best in cross-validation."""

UNSURE = (0.2, 0.6)
"""Probabilities between which a tag is open, so that a configured model is asked."""

_AT_ONCE = 64
_TUNING = WEIGHTS / "speech_tags_e5.npz"


class Tagger:
    """Gives texts their speech tags; `classifier` is loaded at the first text."""

    def __init__(self, classifier: Callable[[], Classifier]) -> None:
        self._classifier = Lazy(classifier)

    def tag(
        self,
        texts: Sequence[str],
        *,
        progress: ProgressSink = discard,
        cancelled: Callable[[], bool] = never,
    ) -> list[TagScores]:
        """The tags and probabilities of each text; a blank one has none.

        When `cancelled`, the rest of the texts is left out of the result.
        """
        found: list[TagScores] = []
        for start in range(0, len(texts), _AT_ONCE):
            if cancelled():
                break
            found += self._tag(texts[start : start + _AT_ONCE])
            progress(
                Progress(
                    stage="tag",
                    message="speech is tagged",
                    done=len(found),
                    total=len(texts),
                    unit="utterances",
                )
            )
        return found

    def _tag(self, texts: Sequence[str]) -> list[TagScores]:
        classifier = self._classifier.get()
        odds = np.zeros((len(texts), len(classifier.labels)), dtype=np.float32)
        told = [row for row, text in enumerate(texts) if text.strip()]
        odds[told] = classifier.classify([texts[row] for row in told])
        labels = [SpeechTag(label) for label in classifier.labels]
        return [
            as_tagged({tag: round(float(one), 4) for tag, one in zip(labels, row, strict=True)})
            for row in odds
        ]


def as_tagged(scores: dict[SpeechTag, float]) -> TagScores:
    """The tags that a text carries by its probabilities, the likeliest first."""
    carried = sorted((t for t, one in scores.items() if one >= CARRIED), key=lambda t: -scores[t])
    return TagScores(tags=tuple(carried), scores=scores)


def load_tagger(settings: Settings) -> Tagger:
    """The tagger with the weights of `models/weights`; nothing is loaded before its first text."""
    threads = settings.threads.embedding
    return Tagger(lambda: load_tag_classifier(threads=threads))


def load_tag_classifier(*, threads: int = 1) -> TextClassifier:
    """The classifier of speech tags on the E5 that was tuned for it."""
    return load_classifier("speech_tags", TunedE5(_TUNING, threads=threads))
