"""Telling speech from silence and noise."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Span = tuple[int, int]

PAUSE_MS = 300
"""Silence that is shorter belongs to the speech around it."""

_RATE = 16_000
_LEAST = _RATE // 20


def find_voice(samples: NDArray[np.float32]) -> list[Span]:
    """What Silero VAD (inside faster-whisper) takes for speech in sound at 16 kHz.

    Half-open spans of samples, in order.
    """
    import faster_whisper.vad

    if len(samples) < _LEAST:
        return []
    voice: Any = faster_whisper.vad
    options = voice.VadOptions(min_silence_duration_ms=PAUSE_MS, speech_pad_ms=0)
    return [(one["start"], one["end"]) for one in voice.get_speech_timestamps(samples, options)]
