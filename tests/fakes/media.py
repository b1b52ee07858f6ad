"""Media files made with PyAV, a transcriber that says what it is told, and an OCR that sees."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from numpy.typing import NDArray

from models.asr import Utterance, Word
from models.ocr import OcrLine

Frame = NDArray[np.uint8]
RATE = 16_000
FPS = 10


def tone(seconds: float, pitch: float = 440.0) -> NDArray[np.int16]:
    """A sine at 16 kHz."""
    at = np.arange(int(seconds * RATE)) / RATE
    return (8000 * np.sin(2 * np.pi * pitch * at)).astype(np.int16)


def write_sound(path: Path, samples: NDArray[np.int16], codec: str = "aac") -> Path:
    """An audio file in the container that its ending names."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=RATE, layout="mono")
        assert isinstance(stream, av.AudioStream)
        encode_sound(out, stream, samples)
    return path


def write_video(
    path: Path,
    pictures: Sequence[Frame],
    *,
    each: float = 2.0,
    sound: NDArray[np.int16] | None = None,
    rotation: int = 0,
    every_frame_key: bool = False,
) -> Path:
    """A video that shows each picture (RGB) for `each` seconds."""
    height, width = pictures[0].shape[:2]
    with av.open(str(path), "w") as out:
        video = out.add_stream("mpeg4", rate=FPS)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.codec_context.gop_size = 1 if every_frame_key else 300
        video.bit_rate = 4_000_000
        if rotation:
            video.set_display_rotation(rotation)
        audio = out.add_stream("aac", rate=RATE, layout="mono") if sound is not None else None
        for index in range(int(len(pictures) * each * FPS)):
            frame = av.VideoFrame.from_ndarray(pictures[int(index / (each * FPS))], format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        if audio is not None and sound is not None:
            encode_sound(out, audio, sound)
    return path


def encode_sound(out: OutputContainer, stream: av.AudioStream, samples: NDArray[np.int16]) -> None:
    """Write samples at 16 kHz to a track of a container."""
    for start in range(0, samples.size, 1024):
        block = samples[start : start + 1024].reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        out.mux(stream.encode(frame))
    out.mux(stream.encode(None))


@dataclass
class Says:
    """Says the next of `texts` for each stretch of sound; keeps how long the stretches are."""

    texts: list[str] = field(default_factory=list[str])
    name: str = "says"
    heard: list[float] = field(default_factory=list[float])
    terms: tuple[str, ...] = ()

    def transcribe(
        self, path: Path, *, terms: Sequence[str] = (), language: str | None = None
    ) -> list[Utterance]:
        """One utterance from 1.0 s to 2.0 s, its characters as words."""
        with av.open(str(path)) as sound:
            self.heard.append(sum(f.samples for f in sound.decode(audio=0)) / RATE)
        self.terms = tuple(terms)
        text = self.texts.pop(0) if self.texts else ""
        if not text:
            return []
        step = 1000 / len(text)
        words = tuple(
            Word(round(1000 + i * step), round(1000 + (i + 1) * step), char, 0.9)
            for i, char in enumerate(text)
        )
        return [Utterance(1000, 2000, text, words)]


@dataclass
class Sees:
    """An OCR engine that tells a frame by its colour: `look` gives its lines."""

    look: Callable[[tuple[int, int, int]], list[OcrLine]]
    shapes: list[tuple[int, ...]] = field(default_factory=list[tuple[int, ...]])

    def read(self, image: Frame, /) -> list[OcrLine]:
        """The lines for the colour (red, green, blue) in the upper left corner."""
        self.shapes.append(image.shape)
        blue, green, red = (int(v) for v in image[:16, :16].reshape(-1, 3).mean(axis=0))
        return self.look((red, green, blue))


def line(text: str, box: tuple[float, float, float, float], confidence: float = 0.95) -> OcrLine:
    """A horizontal line of text."""
    x0, y0, x1, y1 = box
    return OcrLine(text, confidence, box, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)))
