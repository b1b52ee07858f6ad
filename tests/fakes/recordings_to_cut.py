"""Recordings whose every frame tells its number and every second beeps, and readers of clips."""

import subprocess
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from domain.timeline import ClipWord, Effects, Piece, Timeline
from tools.film.ffmpeg import find_ffmpeg

BITS = 12
BLOCK = 16
RATE = 48_000
SIZE = (256, 144)
Frames = NDArray[np.uint8]


def ffmpeg(*arguments: str, data: bytes | None = None) -> None:
    """Run ffmpeg, with `data` on its standard input."""
    command = [find_ffmpeg(), "-hide_banner", "-v", "error", "-y", *arguments]
    subprocess.run(command, input=data, check=True, capture_output=True)  # noqa: S603


def numbered(number: int, size: tuple[int, int]) -> Frames:
    """A grey picture with moving noise whose middle tells its number in black and white blocks."""
    width, height = size
    picture = np.full((height, width), 110, np.uint8)
    at = (7 * number) % max(1, width - 24)
    picture[4:20, at : at + 24] = 190
    left, top = (width - BITS * BLOCK) // 2, (height - BLOCK) // 2
    for bit in range(BITS):
        value = 235 if number >> bit & 1 else 20
        picture[top : top + BLOCK, left + bit * BLOCK : left + (bit + 1) * BLOCK] = value
    return picture


def number_of(picture: Frames) -> int:
    """The number that a grey picture of the usual shape tells, whatever it was scaled to."""
    height, width = picture.shape
    scale = height / SIZE[1]
    row = picture[int(height / 2 - 4 * scale) : int(height / 2 + 4 * scale)].mean(axis=0)
    middle = width / 2
    found = 0
    for bit in range(BITS):
        at = middle + (bit - BITS / 2 + 0.5) * BLOCK * scale
        if row[int(at - 3 * scale) : int(at + 3 * scale)].mean() > 128:
            found |= 1 << bit
    return found


def beeps(seconds: float, *, every: float = 1.0, channels: int = 1) -> NDArray[np.int16]:
    """Quiet noise with a tone of 60 ms at each whole second."""
    draw = np.random.default_rng(3)
    total = int(seconds * RATE)
    sound = draw.normal(0, 20, total)
    tone = 9000 * np.sin(2 * np.pi * 1000 * np.arange(int(0.06 * RATE)) / RATE)
    at = 0.0
    while at < seconds:
        start = round(at * RATE)
        sound[start : start + len(tone)] += tone[: total - start]
        at += every
    return np.repeat(sound.astype(np.int16)[:, None], channels, axis=1)


def record(
    path: Path,
    *,
    seconds: float = 12,
    rate: Fraction = Fraction(25),
    size: tuple[int, int] = SIZE,
    sound: NDArray[np.int16] | None = None,
    silent: bool = False,
    video: Sequence[str] = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-g", "60"),
    audio: Sequence[str] = ("-c:a", "aac"),
    more: Sequence[str] = (),
) -> Path:
    """Write a recording; the container is that of the path's ending."""
    pictures = b"".join(numbered(n, size).tobytes() for n in range(int(seconds * rate)))
    raw = path.with_suffix(".raw")
    raw.write_bytes(pictures)
    width, height = size
    arguments = ["-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{width}x{height}"]
    arguments += ["-r", f"{rate.numerator}/{rate.denominator}", "-i", str(raw)]
    data: bytes | None = None
    if not silent:
        heard = beeps(seconds) if sound is None else sound
        data = heard.tobytes()
        arguments += ["-f", "s16le", "-ar", str(RATE), "-ac", str(heard.shape[1]), "-i", "pipe:0"]
    arguments += ["-map", "0:v"] + ([] if silent else ["-map", "1:a", *audio])
    pixels = () if "-pix_fmt" in video else ("-pix_fmt", "yuv420p")
    ffmpeg(*arguments, *video, *pixels, *more, str(path), data=data)
    raw.unlink()
    return path


def read_pictures(path: Path) -> list[Frames]:
    """Every frame's brightness."""
    with av.open(str(path)) as container:
        frames = container.decode(container.streams.video[0])
        return [np.asarray(f.to_ndarray(format="gray"), np.uint8) for f in frames]


def read_samples(path: Path) -> NDArray[np.float32]:
    """The sound as a player hears it: (n, channels) at 48 kHz from the container's start."""
    out = path.with_suffix(".heard.f32")
    ffmpeg("-i", str(path), "-vn", "-ac", "2", "-ar", str(RATE), "-af",
           "aresample=async=1:first_pts=0", "-f", "f32le", str(out))  # fmt: skip
    samples = np.fromfile(out, np.float32).reshape(-1, 2)
    out.unlink()
    return samples


def onsets(samples: NDArray[np.float32]) -> list[float]:
    """Seconds at which a beep begins."""
    loud = np.abs(samples).max(axis=1)
    above = loud > 0.35 * loud.max()
    found: list[float] = []
    last = -RATE
    for at in np.flatnonzero(above):
        if at - last > RATE // 10:
            found.append(at / RATE)
        last = int(at)
    return found


def timeline(*spans: tuple[int, int], effects: Effects | None = None, **given: object) -> Timeline:
    """A timeline of pieces `p0`, `p1`, … without effects that are not asked for."""
    pieces = tuple(
        Piece(piece_id=f"p{n}", start_ms=start, end_ms=end) for n, (start, end) in enumerate(spans)
    )
    plain = Effects(subtitles=False, cover=False, bgm=None, follow_subject=False)
    return Timeline.model_validate(
        {
            "timeline_id": "t", "recording_id": "r", "product_id": None, "lang": "en",
            "title": "A mug", "pieces": pieces, "effects": effects or plain, "aspect": "16:9",
        } | given
    )  # fmt: skip


def words(text: str, start_ms: int, each_ms: int = 300) -> tuple[ClipWord, ...]:
    """Words that are said one after another."""
    return tuple(
        ClipWord(text=word, start_ms=start_ms + n * each_ms, end_ms=start_ms + (n + 1) * each_ms)
        for n, word in enumerate(text.split())
    )
