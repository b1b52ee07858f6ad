"""Cutting sound into stretches of speech as it comes: at pauses, else where it is quietest."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from live.sources.media import SOUND_RATE, AudioChunk
from models.voice import PAUSE_MS, Span

Samples = NDArray[np.float32]
FindSpeech = Callable[[Samples], list[Span]]
"""Where speech stands in samples at 16 kHz: half-open spans of samples, in order."""

_LOOK_MS = 400
_EDGE_MS = 120
_WINDOW = SOUND_RATE // 20


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """A stretch of sound with speech in it, from `start_ms` of the stream on."""

    start_ms: int
    samples: Samples

    @property
    def end_ms(self) -> int:
        """The moment after its last sample."""
        return self.start_ms + len(self.samples) * 1000 // SOUND_RATE


class SpeechCutter:
    """Collects sound and gives it out in stretches of speech of at most `longest_ms`.

    A stretch ends at a pause once it is half as long; silence is left out.
    """

    def __init__(self, *, longest_ms: int, find_speech: FindSpeech) -> None:
        self._longest = longest_ms * SOUND_RATE // 1000
        self._find = find_speech
        self._sound: Samples = np.zeros(0, dtype=np.float32)
        self._start_ms = 0
        self._unseen = 0

    @property
    def heard_ms(self) -> int:
        """Up to here all speech was given out."""
        return self._start_ms

    def add(self, chunk: AudioChunk) -> list[Speech]:
        """The stretches that `chunk` completes; a break in the sound completes what is there."""
        done: list[Speech] = []
        if abs(chunk.start_ms - self._end_ms) > _EDGE_MS:
            done = self.finish()
            self._start_ms = chunk.start_ms
        self._sound = np.concatenate([self._sound, chunk.samples])
        self._unseen += len(chunk.samples)
        if self._unseen * 1000 >= _LOOK_MS * SOUND_RATE:
            self._unseen = 0
            while (speech := self._cut()) is not None:
                done.append(speech)
        return done

    def finish(self) -> list[Speech]:
        """What speech is left; nothing more follows it."""
        spans = self._find(self._sound)
        rest = [self._speech(spans[0][0], spans[-1][1])] if spans else []
        self._drop(len(self._sound))
        self._unseen = 0
        return rest

    @property
    def _end_ms(self) -> int:
        return self._start_ms + len(self._sound) * 1000 // SOUND_RATE

    def _cut(self) -> Speech | None:
        """The first stretch that is complete; the sound up to its end is let go."""
        spans = self._find(self._sound)
        edge = _EDGE_MS * SOUND_RATE // 1000
        if not spans:
            self._drop(max(0, len(self._sound) - 2 * edge))
            return None
        first = spans[0][0]
        pauses = [
            end
            for end, start in zip((s[1] for s in spans), self._starts(spans), strict=True)
            if start - end >= PAUSE_MS * SOUND_RATE // 1000
        ]
        fitting = [end for end in pauses if end - first <= self._longest]
        if fitting and (
            fitting[-1] - first >= self._longest // 2 or len(self._sound) - first >= self._longest
        ):
            end = fitting[-1]
        elif len(self._sound) - first >= self._longest:
            end = self._quietest(first + self._longest // 2, first + self._longest)
        else:
            self._drop(max(0, first - 2 * edge))
            return None
        speech = self._speech(first, end)
        self._drop(end)
        return speech

    def _starts(self, spans: list[Span]) -> list[int]:
        return [*(start for start, _ in spans[1:]), len(self._sound)]

    def _quietest(self, start: int, end: int) -> int:
        """The middle of the quietest twentieth of a second between two samples."""
        loudness = np.convolve(self._sound[start:end] ** 2, np.ones(_WINDOW), mode="valid")
        return start + int(loudness.argmin()) + _WINDOW // 2

    def _speech(self, start: int, end: int) -> Speech:
        edge = _EDGE_MS * SOUND_RATE // 1000
        first = max(0, start - edge)
        last = min(len(self._sound), end + edge)
        return Speech(self._start_ms + first * 1000 // SOUND_RATE, self._sound[first:last])

    def _drop(self, samples: int) -> None:
        whole = samples * 1000 // SOUND_RATE
        self._sound = self._sound[whole * SOUND_RATE // 1000 :]
        self._start_ms += whole
