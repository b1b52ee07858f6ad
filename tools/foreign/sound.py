"""Decoding the sound of a media file to what speech recognition takes."""

from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tools.foreign.media import damaged, open_media, sound_of, start_of, too_long
from tools.foreign.process import send_line

if TYPE_CHECKING:
    from av import AudioFrame, AudioResampler

RATE = 16_000
"""Samples a second of what is written: 16-bit, one channel, little endian."""

_TELL_EVERY = 30
_GAP = RATE // 10
_BYTES = 2
_SILENCE = bytes(RATE * _BYTES)


def decode_sound(request: dict[str, Any]) -> dict[str, Any]:
    """Writes the first audio track of `path` to `out` as raw samples, sample 0 at time 0.

    The request has `path`, `out`, `file` and `max_seconds`. A gap between time stamps becomes
    silence, so that the place of a sample is its time. The result has `samples`. Sends
    `{"second": …}` now and then. Raises InvalidInput where most of it cannot be decoded.
    """
    from av.error import FFmpegError

    file: str = request["file"]
    with open_media(request["path"], file) as container, Path(request["out"]).open("wb") as out:
        stream = sound_of(container)
        if stream is None:
            raise damaged(file, "sound")
        writer = _Writer(out, file, int((request["max_seconds"] + 1) * RATE))
        start, good, bad, told = start_of(container), 0, 0, 0.0
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except FFmpegError:
                bad += 1
                continue
            good += bool(frames)
            for frame in frames:
                at = None if frame.time is None else frame.time - start
                writer.add(frame, at)
                if at is not None and at >= told + _TELL_EVERY:
                    told = at
                    send_line({"second": at})
        writer.finish()
        if bad > good:
            raise damaged(file, "sound")
        return {"samples": writer.samples}


class _Writer:
    """Resamples frames and writes them at their time."""

    def __init__(self, out: IO[bytes], file: str, most: int) -> None:
        self._out, self._file, self._most = out, file, most
        self._resampler: AudioResampler | None = None
        self.samples = 0

    def add(self, frame: "AudioFrame", at: float | None) -> None:
        missing = 0 if at is None else int(at * RATE) - self.samples
        if missing > _GAP:
            self.finish()
            self._pad(int((at or 0) * RATE) - self.samples)
        frame.pts = None
        if self._resampler is None:
            self._resampler = self._make()
        try:
            made = self._resampler.resample(frame)
        except ValueError:  # the track changes its rate or channels on the way
            self.finish()
            self._resampler = self._make()
            made = self._resampler.resample(frame)
        self._write(made)

    def finish(self) -> None:
        """Writes what the resampler still holds."""
        if self._resampler is not None:
            self._write(self._resampler.resample(None))
            self._resampler = None

    def _make(self) -> "AudioResampler":
        from av import AudioResampler

        return AudioResampler(format="s16", layout="mono", rate=RATE)

    def _pad(self, samples: int) -> None:
        self._count(samples)
        for left in range(samples, 0, -RATE):
            self._out.write(_SILENCE[: min(left, RATE) * _BYTES])

    def _write(self, frames: "list[AudioFrame]") -> None:
        for frame in frames:
            self._count(frame.samples)
            self._out.write(memoryview(frame.planes[0])[: frame.samples * _BYTES])

    def _count(self, samples: int) -> None:
        self.samples += max(0, samples)
        if self.samples > self._most:
            raise too_long(self._file, self._most / RATE - 1)
