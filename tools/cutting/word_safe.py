"""Cuts that no word is hurt by: into the quietest moment between two words."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from domain.progress import never
from tools.film.ffmpeg import Cancelled
from tools.film.layout import SAMPLE_RATE
from tools.film.sound import read_sound
from tools.film.source import open_recording

REACH_MS = 400
"""How far from the word's edge a cut is looked for."""
TAIL_MS = 60
"""What is left to a word's ending where there is room: recognisers end words early."""

_WINDOW_MS = 20
_STEP_MS = 5

Side = Literal["start", "end"]


class Spoken(Protocol):
    """A word with its time in the recording."""

    @property
    def start_ms(self) -> int:
        """Where it begins."""
        ...

    @property
    def end_ms(self) -> int:
        """Where it ends."""
        ...


def allowed_gap(at_ms: int, words: Sequence[Spoken], side: Side) -> tuple[int, int]:
    """The silence between words in which a cut near `at_ms` may lie, in milliseconds.

    The `start` of a piece lies before the word that begins next, its `end` after the one that ended
    last. A cut asked for within a word moves to before it (`start`) or after it (`end`). Where two
    words touch the gap is empty: a single moment, their border.
    """
    within = [w for w in words if w.start_ms < at_ms < w.end_ms]
    if within:
        at_ms = (
            min(w.start_ms for w in within) if side == "start" else max(w.end_ms for w in within)
        )
    before = max((w.end_ms for w in words if w.end_ms <= at_ms), default=None)
    after = min((w.start_ms for w in words if w.start_ms >= at_ms), default=None)
    low = at_ms - REACH_MS if before is None else before
    high = at_ms + REACH_MS if after is None else after
    if side == "start":
        return max(0, low, high - REACH_MS), max(0, high)
    return max(0, low), max(0, min(high, low + REACH_MS))


def snap_cuts(
    recording: Path,
    cuts: Sequence[tuple[int, Side]],
    words: Sequence[Spoken],
    *,
    cancelled: Cancelled = never,
) -> list[int]:
    """Move each cut to the quietest moment of its gap; milliseconds.

    Where the gap is long enough a word's ending keeps 60 ms after it.

    Raises:
        NotFound: there is no such recording.
        InvalidInput: it cannot be decoded.
        JobCancelled: `cancelled` said so.
    """
    recorded = open_recording(recording)
    gaps = [allowed_gap(at, words, side) for at, side in cuts]
    stretches = [
        (Fraction(low, 1000), Fraction(max(high, low + _WINDOW_MS), 1000)) for low, high in gaps
    ]
    heard = read_sound(recorded, stretches, cancelled=cancelled)
    return [quietest(samples, gap) for samples, gap in zip(heard, gaps, strict=True)]


def quietest(samples: NDArray[np.float32], gap: tuple[int, int]) -> int:
    """The quietest moment of a gap (milliseconds) whose sound (n, 2) at 48 kHz is given.

    Of moments that are about as quiet, the one nearest to the middle.
    """
    low, high = gap
    first = min(low + TAIL_MS, (low + high) // 2)
    window = SAMPLE_RATE * _WINDOW_MS // 1000
    power = (samples.astype(np.float64) ** 2).mean(axis=1)
    summed = np.concatenate([[0.0], np.cumsum(power)])
    best, best_cost = (low + high) // 2, float("inf")
    for at in range(first, high + 1, _STEP_MS):
        middle = (at - low) * SAMPLE_RATE // 1000
        begin, end = max(0, middle - window // 2), min(len(power), middle + window // 2)
        if end <= begin:
            continue
        loud = 10 * np.log10((summed[end] - summed[begin]) / (end - begin) + 1e-10)
        cost = max(loud, -60.0) + 3 * abs(at - (low + high) / 2) / max(1, high - low)
        if cost < best_cost:
            best, best_cost = at, float(cost)
    return best
