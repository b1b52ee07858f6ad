"""How lively each second sounds: loudness and syllables, words said, comments written."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.stream import Comment, Utterance
from tools.highlights.sampling import SOUND_STEP_MS, Loudness

Row = NDArray[np.float32]

_QUIET_DB = -60.0
_LOUD_SHARE = 0.8
_PULSE_STEPS = 4
_DELAY_SECONDS = 5
"""Viewers type within about this time after what made them write."""
_UNIT = re.compile(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+")
_SYLLABLES_OF_A_WORD = 1.5
"""English speech has about that many a word, and a Chinese character is one."""


class Ear:
    """Collects loudness and tells of each second how loud it was and how many syllables it had."""

    def __init__(self) -> None:
        self._seconds: dict[int, list[float]] = {}
        self._last: list[float] = []

    def hear(self, loudness: Loudness) -> None:
        """Take the next stretch of sound."""
        steps = 1000 // SOUND_STEP_MS
        first = loudness.at_ms // SOUND_STEP_MS
        for number, level in enumerate(loudness.levels.tolist()):
            second = (first + number) // steps
            self._seconds.setdefault(second, []).append(level)

    def energy(self, seconds: int) -> Row:
        """Decibels above `_QUIET_DB` of each second's loud part."""
        levels = np.zeros(seconds, np.float32)
        for second, heard in self._seconds.items():
            if 0 <= second < seconds:
                level = max(1e-6, float(np.quantile(heard, _LOUD_SHARE)))
                levels[second] = max(0.0, 20 * np.log10(level) - _QUIET_DB)
        return levels

    def pulse(self, seconds: int) -> Row:
        """Rises of loudness in each second: syllables, roughly."""
        counts = np.zeros(seconds, np.float32)
        for second, heard in self._seconds.items():
            if not 0 <= second < seconds or len(heard) < 2 * _PULSE_STEPS:
                continue
            smooth = np.convolve(heard, np.ones(_PULSE_STEPS) / _PULSE_STEPS, "valid")
            middle = 0.5 * (float(smooth.max()) + float(smooth.min()))
            above = smooth > max(middle, 1e-3)
            counts[second] = float(np.count_nonzero(above[1:] & ~above[:-1]))
        return counts


def speech_rate(utterances: Sequence[Utterance], seconds: int) -> Row:
    """Syllables said in each second, by the times of words where these are known."""
    rate = np.zeros(seconds, np.float32)
    for utterance in utterances:
        parts = utterance.words or (utterance,)
        for part in parts:
            units = _UNIT.findall(part.text)
            syllables = sum(
                1 if len(u) == 1 and u >= "\u4e00" else _SYLLABLES_OF_A_WORD for u in units
            )
            _spread(rate, part.start_ms, max(part.end_ms, part.start_ms + 1), syllables)
    return rate


def comment_heat(comments: Sequence[Comment], seconds: int) -> Row:
    """Comments that each second may have brought about: those of the next few seconds."""
    written = np.zeros(seconds + _DELAY_SECONDS, np.float32)
    for comment in comments:
        second = comment.start_ms // 1000
        if 0 <= second < written.size:
            written[second] += 1
    sums = np.concatenate([[0], np.cumsum(written)])
    return (sums[_DELAY_SECONDS : _DELAY_SECONDS + seconds] - sums[:seconds]).astype(np.float32)


def _spread(rate: Row, start_ms: int, end_ms: int, amount: float) -> None:
    for second in range(max(0, start_ms // 1000), min(rate.size - 1, (end_ms - 1) // 1000) + 1):
        inside = min(end_ms, (second + 1) * 1000) - max(start_ms, second * 1000)
        rate[second] += amount * inside / (end_ms - start_ms)
