"""The sound of a media file, decoded to what speech recognition takes."""

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.progress import never
from domain.settings import Limits
from tools.foreign.sound import RATE
from tools.isolation import run_isolated

__all__ = ["RATE", "load_sound", "write_wav"]

Sound = NDArray[np.int16]


def load_sound(
    path: Path,
    file: str,
    folder: Path,
    *,
    limits: Limits,
    max_seconds: int,
    seconds: float | None = None,
    cancelled: Callable[[], bool] = never,
    tell: Callable[[float], None] = lambda _second: None,
) -> Sound:
    """The first audio track of `path`, mono at `RATE`, sample 0 at time 0.

    It is decoded in a process of its own into a file of `folder`, which is mapped and not loaded.
    `tell` hears up to which second it is done now and then; `seconds` of CPU time are allowed
    (`limits.reader_seconds` by default).

    Raises InvalidInput where most of it cannot be decoded, LimitExceeded beyond `max_seconds` of
    sound, StorageFull, JobCancelled.
    """
    raw = folder / "sound.raw"
    run_isolated(
        "tools.foreign.sound:decode_sound",
        {"path": str(path), "out": str(raw), "file": file, "max_seconds": max_seconds},
        file=file,
        limits=limits,
        cancelled=cancelled,
        seconds=seconds,
        on_line=lambda line: tell(line["second"]),
    )
    if raw.stat().st_size == 0:
        return np.zeros(0, dtype=np.int16)
    return np.memmap(raw, dtype=np.int16, mode="r")


def write_wav(path: Path, samples: Sound) -> Path:
    """Write samples at `RATE` as a WAV file."""
    with wave.open(str(path), "wb") as audio:
        audio.setnchannels(1)
        audio.setsampwidth(2)
        audio.setframerate(RATE)
        audio.writeframes(samples.tobytes())
    return path
