"""Whether a sentence opens a new event: evidence of its border, weighed by a logistic model.

Meaning is compared as in TextTiling (Hearst 1997), with sentence embeddings in place of words:
what was said before the border against what follows, up to the moment of decision and no later.
The evidence is read off the open event alone, so that a restarted process decides alike.

The weights follow a logistic regression on the talk of the `dev` half of `evals/data/events`,
rounded, and lowered where that talk is more regular than hosts are (transitions, lengths). What is
seen, of which that talk has none, is weighed by hand: a cut or new screen text alone opens no
event, and tips the balance where speech is undecided.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.stream import Utterance
from tools.events.cue_words import is_continuing, is_transition
from tools.questions.reading import content_words

_WINDOW_MS = 40_000
"""How far back of a border its talk is compared."""
_NEAR_MS = 2000
_SHOT_CHANGE = 0.3
"""A `FrameCue.difference` from which a picture counts as another one."""
BIAS = -2.3
WEIGHTS: dict[str, float] = {
    "contrast": 2.5,
    "transition": 3.5,
    "continuing": -2.0,
    "pause": 1.8,
    "product": 1.5,
    "length": 0.8,
    "cut": 0.8,
    "screen": 0.6,
}


@dataclass(frozen=True, slots=True)
class FrameCue:
    """A picture beside the one before: how much differs, 0-1, and its sharpness (any unit)."""

    at_ms: int
    difference: float
    sharpness: float = 0.0


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with its number in the log and its vector, of length 1 or 0."""

    seq: int
    row: Utterance
    vector: NDArray[np.float32]
    words: frozenset[str]

    @classmethod
    def of(cls, seq: int, row: Utterance, vector: NDArray[np.float32]) -> "Said":
        """With the words that carry meaning."""
        return cls(seq, row, vector, content_words(row.text))


def border_evidence(
    before: Sequence[Said],
    after: Sequence[Said],
    products: tuple[str | None, str | None] = (None, None),
    cues: Sequence[FrameCue] = (),
    new_lines: Sequence[int] = (),
) -> dict[str, float]:
    """What speaks for a border between two stretches of talk, by the names of `WEIGHTS`.

    `products` were on air before and are on air after it, `new_lines` the times of screen text.
    """
    at = after[0].row.start_ms
    recent = [said for said in before if said.row.end_ms > at - _WINDOW_MS] or [before[-1]]
    left = np.array([said.vector for said in recent])
    right = np.array([said.vector for said in after])
    pause = max(0, at - before[-1].row.end_ms)
    was, now = products
    return {
        "contrast": _contrast(left, right),
        "transition": float(is_transition(after[0].row.text)),
        "continuing": float(is_continuing(after[0].row.text)),
        "pause": math.log1p(pause / 1000),
        "product": float(was is not None and now is not None and was != now),
        "length": math.log((at - before[0].row.start_ms + 1000) / 30_000),
        "cut": float(any(_shot_change(cue, at) for cue in cues)),
        "screen": float(any(abs(line - at) <= _NEAR_MS for line in new_lines)),
    }


def border_likelihood(evidence: dict[str, float]) -> float:
    """How likely a border is, 0-1."""
    weighed = BIAS + sum(WEIGHTS[name] * value for name, value in evidence.items())
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, weighed))))


def speaks(text: str) -> bool:
    """Whether a text has a word in it at all."""
    return re.search(r"\w", text) is not None


def _shot_change(cue: FrameCue, at_ms: int) -> bool:
    return cue.difference >= _SHOT_CHANGE and abs(cue.at_ms - at_ms) <= _NEAR_MS


def _contrast(left: NDArray[np.float32], right: NDArray[np.float32]) -> float:
    """How far apart the means are, as a logarithm of what chance would give (Hotelling 1931)."""
    scatter = ((left - left.mean(axis=0)) ** 2).sum() + ((right - right.mean(axis=0)) ** 2).sum()
    degrees = len(left) + len(right) - 2
    apart = ((left.mean(axis=0) - right.mean(axis=0)) ** 2).sum()
    if degrees < 1 or scatter <= 0:
        return 0.0
    chance = scatter / degrees * (1 / len(left) + 1 / len(right))
    return float(np.log(max(float(apart / chance), 1e-3)))
