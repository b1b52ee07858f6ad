"""The sound of a clip: runs of the recording, placed to the sample, with short fades at cuts."""

import tempfile
import wave
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.errors import InvalidInput
from domain.progress import never
from tools.film.ffmpeg import Cancelled, run_ffmpeg
from tools.film.layout import SAMPLE_RATE, Layout
from tools.film.source import Recorded

FADE_MS = 10
CHANNELS = 2

_LEAD = Fraction(1, 4)
"""Seconds read before a stretch: the first block after a seek decodes wrongly (MDCT overlap)."""
_AT_ONCE = 16

Samples = NDArray[np.float32]


def read_sound(
    recorded: Recorded,
    stretches: Sequence[tuple[Fraction, Fraction]],
    *,
    cancelled: Cancelled = never,
) -> list[Samples]:
    """Stretches `[start, end)` in seconds as stereo samples (n, 2) at 48 kHz.

    What lies beyond the recording's sound is silence, as is all of it without a sound track.

    Raises:
        JobCancelled: `cancelled` said so.
        InvalidInput: the sound cannot be decoded.
    """
    if recorded.sound is None:
        return [_fit(np.zeros((0, CHANNELS), np.float32), end - start) for start, end in stretches]
    found: list[Samples] = []
    with tempfile.TemporaryDirectory(prefix="sound-") as name:
        folder = Path(name)
        for begin in range(0, len(stretches), _AT_ONCE):
            chosen = stretches[begin : begin + _AT_ONCE]
            run_ffmpeg(
                _arguments(recorded, chosen, folder),
                what=f"the sound of {recorded.name}",
                cancelled=cancelled,
            )
            for number, (start, end) in enumerate(chosen):
                raw = np.fromfile(folder / f"{number}.f32", np.float32).reshape(-1, CHANNELS)
                lead = min(_LEAD, start)
                found.append(_fit(raw[round(lead * SAMPLE_RATE) :], end - start))
    return found


def _arguments(
    recorded: Recorded, stretches: Sequence[tuple[Fraction, Fraction]], folder: Path
) -> list[str]:
    inputs: list[str] = []
    outputs: list[str] = []
    for number, (start, end) in enumerate(stretches):
        begin = start - min(_LEAD, start)
        early = min(Fraction(recorded.preroll), begin)
        seconds = f"{float(begin - early):.6f}"
        inputs += ["-vn", "-sn", "-dn", "-ss", seconds, "-i", str(recorded.path.resolve())]
        skipped = round(early * SAMPLE_RATE)
        wanted = round((end - begin) * SAMPLE_RATE)
        kept = (
            f"aresample={SAMPLE_RATE}:async=1:first_pts=0,"
            f"atrim=start_sample={skipped}:end_sample={skipped + wanted}"
        )
        outputs += ["-map", f"{number}:{recorded.sound}", "-af", kept, "-ac", str(CHANNELS)]
        outputs += ["-f", "f32le", str(folder / f"{number}.f32")]
    return [*inputs, *outputs]


def assemble(layout: Layout, runs: Sequence[Samples]) -> Samples:
    """The clip's speech (n, 2): each run on its frames, faded in and out over 10 ms.

    A run is given from its start on, as long as its frames last. The fade out begins where what is
    said ends, so it takes nothing from the last word as long as its frames reach further.
    """
    whole = np.zeros((layout.sample_at(layout.frames), CHANNELS), np.float32)
    fade = SAMPLE_RATE * FADE_MS // 1000
    for run, samples in zip(layout.runs, runs, strict=True):
        start = layout.sample_at(run.first)
        end = layout.sample_at(run.first + run.frames)
        cut = samples[: end - start].copy()
        rise = np.linspace(0, 1, min(fade, len(cut)), dtype=np.float32)[:, None]
        cut[: len(rise)] *= rise
        said = round((run.end - run.start) * SAMPLE_RATE)
        stop = min(len(cut), said + fade)
        fall = np.linspace(1, 0, min(fade, stop), dtype=np.float32)[:, None]
        cut[stop - len(fall) : stop] *= fall
        cut[stop:] = 0
        whole[start : start + len(cut)] = cut
    return whole


def write_wave(path: Path, samples: Samples) -> None:
    """16-bit PCM; what is louder than full scale is brought down first, as a whole."""
    peak = float(np.abs(samples).max()) if samples.size else 0.0
    scaled = samples / max(1.0, peak) * 32767
    with wave.open(str(path), "wb") as file:
        file.setnchannels(CHANNELS)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(np.round(scaled).astype("<i2").tobytes())


def read_wave(path: Path) -> Samples:
    """Samples (n, 2) of a 16-bit 48 kHz stereo file that `write_wave` wrote.

    Raises:
        InvalidInput: it is another kind of file.
    """
    with wave.open(str(path), "rb") as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (48_000, 2, 2):
            raise InvalidInput(f"{path.name} is no 48 kHz stereo sound.", hint="Make it anew.")
        raw = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    return (raw.reshape(-1, CHANNELS) / np.float32(32767)).astype(np.float32)


def _fit(samples: Samples, seconds: Fraction) -> Samples:
    wanted = round(seconds * SAMPLE_RATE)
    if len(samples) >= wanted:
        return samples[:wanted]
    return np.concatenate([samples, np.zeros((wanted - len(samples), CHANNELS), np.float32)])
