"""Decoded sound made 16 kHz mono and cut into chunks with exact times."""

from collections.abc import Generator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from live.sources.media import SOUND_RATE, AudioChunk

if TYPE_CHECKING:
    import numpy as np
    from av import AudioFrame, AudioResampler
    from numpy.typing import NDArray

TOLERANCE_MS = 60
"""How far time stamps and counted samples may part before the stamps are believed."""

PER_MS = SOUND_RATE // 1000


class SoundCutter:
    """Gives chunks of `chunk_ms`; sound before `start_ms`, or twice at one time, is left out."""

    def __init__(self, *, chunk_ms: int, start_ms: int = 0) -> None:
        self._chunk = chunk_ms * PER_MS
        self._resampler: AudioResampler | None = None
        self._format: tuple[Any, ...] | None = None
        self._next: Fraction | None = None  # stream time of the next sample put in, in ms
        self._end = 0  # samples from the stream's first moment to the last that came out
        self._given = start_ms * PER_MS
        self._parts: list[NDArray[np.float32]] = []
        self._held = 0

    def feed(
        self, frame: "AudioFrame", at_ms: Fraction | None, about_ms: int
    ) -> Generator[AudioChunk]:
        """Takes a frame that begins at `at_ms`; gives the chunks that are full.

        One without a time stamp follows the frame before it, or begins at `about_ms`.
        """
        import av

        if at_ms is None:
            at_ms = Fraction(about_ms) if self._next is None else self._next
        described = (frame.format.name, frame.layout.name, frame.sample_rate)
        strays = self._next is None or abs(at_ms - self._next) > TOLERANCE_MS
        if self._resampler is None or described != self._format or strays:
            yield from self.flush()
            self._resampler = av.AudioResampler(format="flt", layout="mono", rate=SOUND_RATE)
            self._format = described
            self._next = at_ms
            self._end = int(at_ms * PER_MS)
        self._next = (self._next or 0) + Fraction(frame.samples * 1000, frame.sample_rate)
        self._collect(self._resampler.resample(frame))
        while self._held >= self._chunk:
            yield self._cut(self._chunk)

    def flush(self) -> Generator[AudioChunk]:
        """Gives what is left; the next frame may begin anywhere."""
        if self._resampler is not None:
            self._collect(self._resampler.resample(None))
            self._resampler = None
        self._next = None
        if self._held:
            yield self._cut(self._held)

    def _collect(self, frames: "list[AudioFrame]") -> None:
        for frame in frames:
            samples = frame.to_ndarray()[0]
            doubled = 0 if self._held else min(len(samples), max(0, self._given - self._end))
            self._end += len(samples)
            if doubled < len(samples):
                self._parts.append(samples[doubled:].copy())
                self._held += len(samples) - doubled

    def _cut(self, count: int) -> AudioChunk:
        import numpy as np

        samples = np.concatenate(self._parts)
        start = self._end - self._held
        self._parts = [samples[count:]] if count < len(samples) else []
        self._held -= count
        self._given = start + count
        return AudioChunk(start // PER_MS, samples[:count])
