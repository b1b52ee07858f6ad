"""Where a long recording is cut into chunks that are heard one by one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.sound import RATE

FindSpeech = Callable[[NDArray[np.float32]], list[tuple[int, int]]]
"""Where speech stands in samples at 16 kHz: half-open spans of samples, in order."""

OVERLAP_MS = 6_000
"""What two chunks hear both where there is no silence to cut in: a sentence, to join them by."""

_SILENCE = RATE * 3 // 10
_QUIET = RATE // 20
_REST = 1.15
"""A last chunk may be so much longer than the others."""
_FULL_SCALE = 32_768


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch `[start_ms, end_ms)` of a recording, heard from and until moments around it.

    They are the same where it begins and ends in silence. `voice_ms` is how much of it is speech.
    """

    start_ms: int
    end_ms: int
    heard_from_ms: int
    heard_until_ms: int
    voice_ms: int

    @property
    def key(self) -> str:
        """A name that tells which sound was heard."""
        return f"{self.heard_from_ms}-{self.heard_until_ms}"


def plan_chunks(
    sound: NDArray[np.int16], *, longest_seconds: int, find_speech: FindSpeech
) -> Iterator[Chunk]:
    """Chunks of at most about `longest_seconds` that cover the sound, in order.

    Each ends in the middle of the longest silence of its second half, where there is none in its
    second quarter's; where nobody pauses that long, at the quietest moment, and both sides hear
    `OVERLAP_MS` more. What is cut follows from the sound alone.
    """
    start, forced = 0, False
    while start < sound.size:
        longest = longest_seconds * RATE
        is_last = sound.size - start <= longest * _REST
        end = sound.size if is_last else start + longest
        window = sound[start:end].astype(np.float32) / np.float32(_FULL_SCALE)
        voice = find_speech(window)
        cut, cuts_speech = end - start, False
        if not is_last:
            cut, cuts_speech = _choose_cut(window, voice)
        spoken = sum(max(0, min(b, cut) - a) for a, b in voice)
        first, last = _ms(start), _ms(start + cut)
        yield Chunk(
            first,
            last,
            max(0, first - OVERLAP_MS) if forced else first,
            min(_ms(sound.size), last + OVERLAP_MS) if cuts_speech else last,
            _ms(spoken),
        )
        start, forced = last * RATE // 1000 if not is_last else sound.size, cuts_speech


def _choose_cut(window: NDArray[np.float32], voice: list[tuple[int, int]]) -> tuple[int, bool]:
    """The sample to cut at, and whether somebody speaks there."""
    edges = [0, *(edge for span in voice for edge in span), window.size]
    silences = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= _SILENCE]
    for begin in (window.size // 2, window.size // 4):
        parts = [(max(a, begin), b) for a, b in silences if b - max(a, begin) >= _SILENCE]
        if parts:
            a, b = max(parts, key=lambda part: part[1] - part[0])
            return (a + b) // 2, False
    half = window.size // 2
    energy = window[half:][: (window.size - half) // _QUIET * _QUIET].reshape(-1, _QUIET)
    return half + int((energy**2).mean(axis=1).argmin()) * _QUIET + _QUIET // 2, True


def _ms(samples: int) -> int:
    return samples * 1000 // RATE
