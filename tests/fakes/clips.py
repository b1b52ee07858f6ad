"""Clips whose pictures tell their second by their grey, and whose sound is a steady tone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from live.sources import AudioChunk, MediaEvent, MediaSource, NoticeKind, SourceNotice, VideoFrame

FPS = 10
RATE = 48_000
_DARKEST, _STEP = 30, 8


def write_clip(
    path: Path,
    seconds: int,
    *,
    size: tuple[int, int] = (160, 96),
    picture: bool = True,
    sound: bool = True,
    first_second: int = 0,
    start_ms: int = 0,
    reorders: bool = False,
) -> Path:
    """H.264 with a key frame a second, and AAC; time stamps begin at `start_ms`.

    With `reorders` frames are stored in another order than they are shown, so decoders hold some.
    """
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=FPS) if picture else None
        audio = out.add_stream("aac", rate=RATE, layout="mono") if sound else None
        if video is not None:
            video.width, video.height, video.pix_fmt = *size, "yuv420p"
            video.options = {"preset": "ultrafast", "bf": "2" if reorders else "0"}
            video.codec_context.gop_size = FPS
        written = 0
        for index in range(seconds * FPS):
            if video is not None:
                grey = _DARKEST + _STEP * (first_second + index // FPS)
                pixels = np.full((size[1], size[0], 3), grey, np.uint8)
                frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
                frame.time_base = Fraction(1, 1000)
                frame.pts = start_ms + index * 1000 // FPS
                out.mux(video.encode(frame))
            while audio is not None and written * FPS < (index + 1) * RATE:
                at = (written + np.arange(1024)) / RATE
                wave = (8000 * np.sin(2 * np.pi * 440 * at)).astype(np.int16).reshape(1, -1)
                block = av.AudioFrame.from_ndarray(wave, format="s16", layout="mono")
                block.sample_rate, block.time_base = RATE, Fraction(1, RATE)
                block.pts = start_ms * RATE // 1000 + written
                written += 1024
                out.mux(audio.encode(block))
        for stream in (video, audio):
            if stream is not None:
                out.mux(stream.encode(None))
    return path


def second_of(frame: VideoFrame) -> int:
    """The second of the clip that a picture was made for."""
    return round((float(frame.image.mean()) - _DARKEST) / _STEP)


@dataclass
class Taken:
    """What a source gave."""

    frames: list[VideoFrame] = field(default_factory=list[VideoFrame])
    chunks: list[AudioChunk] = field(default_factory=list[AudioChunk])
    notices: list[SourceNotice] = field(default_factory=list[SourceNotice])

    @property
    def kinds(self) -> list[NoticeKind]:
        return [notice.kind for notice in self.notices]

    @property
    def sound_ms(self) -> int:
        return sum(len(chunk.samples) for chunk in self.chunks) // 16

    def add(self, event: MediaEvent) -> None:
        """Keep an event; times of one kind never go back and sound never overlaps."""
        if isinstance(event, VideoFrame):
            assert not self.frames or event.at_ms > self.frames[-1].at_ms
            self.frames.append(event)
        elif isinstance(event, AudioChunk):
            assert not self.chunks or event.start_ms >= self.chunks[-1].end_ms
            self.chunks.append(event)
        else:
            self.notices.append(event)

    def times(self) -> list[int]:
        return [frame.at_ms for frame in self.frames]


def take(source: MediaSource | Iterable[MediaEvent]) -> Taken:
    """All that a source gives until it ends."""
    taken = Taken()
    for event in source:
        taken.add(event)
    return taken
