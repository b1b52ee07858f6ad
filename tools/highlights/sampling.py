"""A film read once: small pictures at even steps of time, and its sound's loudness."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from domain.errors import InvalidInput, JobCancelled, NotFound
from tools.foreign.media import open_media, picture_of, sound_of, start_of

if TYPE_CHECKING:
    from av import Packet, VideoFrame, VideoStream
    from av.container import InputContainer

Picture = NDArray[np.uint8]

STEP_MS = 200
"""Between two samples."""
PICTURE_SIDE, LUMA_SIDE = 160, 320
"""The longer side of a sample's colours and of its brightness, in pixels."""
SOUND_STEP_MS = 20

_DECODED_RATE = 16_000_000
"""Pixels per second of film up to which every frame is decoded: 720p at 17 frames a second."""
_AHEAD_MS = 700
_KEY_GAP_MS = 4000


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture (BGR) and, in more detail, its brightness; the picture stands upright."""

    at_ms: int
    picture: Picture
    luma: Picture


@dataclass(frozen=True, slots=True)
class Loudness:
    """Root mean square of the sound (full scale is 1) in steps of `SOUND_STEP_MS`."""

    at_ms: int
    levels: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a film's packets tell, and which of its frames are decoded.

    Of a film with many pixels a second these are the beginning of what each key frame opens, or,
    where key frames are far apart, those that others rest on.
    """

    duration_ms: int
    has_sound: bool
    frames: Literal["all", "key_runs", "references"]


class FilmReader:
    """Reads a film from beginning to end, in memory that does not grow with it.

    Raises:
        NotFound: there is no such file.
        InvalidInput: it is no media, or has no picture.
    """

    def __init__(self, path: Path, cancelled: Callable[[], bool]) -> None:
        if not path.is_file():
            raise NotFound(
                f"There is no file {path.name}.",
                hint="Check the path.",
                details={"path": str(path)},
            )
        self._path, self._cancelled = path, cancelled
        with open_media(str(path), path.name) as container:
            self.outline = self._scan(container)

    def read(self) -> Iterator[Sample | Loudness]:
        """Samples and loudness in the order of the file; raises JobCancelled."""
        from av.error import InvalidDataError

        with open_media(str(self._path), self._path.name) as container:
            film, sound = picture_of(container), sound_of(container)
            if film is None:
                raise _no_picture(self._path.name)
            film.codec_context.options = {"skip_loop_filter": "noref"}
            if self.outline.frames == "references":
                film.codec_context.skip_frame = "NONREF"
            sampler = _Sampler(container, film, partial=self.outline.frames == "key_runs")
            meter = _Meter(start_of(container))
            streams: list[Any] = [film] if sound is None else [film, sound]
            for packet in container.demux(streams):
                if self._cancelled():
                    raise _cancelled()
                try:
                    if packet.stream is film:
                        yield from sampler.feed(cast("Packet[VideoStream]", packet))
                    elif packet.size:
                        for frame in packet.decode():
                            yield from meter.feed(frame)
                except InvalidDataError:
                    continue
            yield from meter.finish()

    def _scan(self, container: "InputContainer") -> Outline:
        film, sound = picture_of(container), sound_of(container)
        if film is None:
            raise _no_picture(self._path.name)
        begin = start_of(container)
        keys: list[float] = []
        frames, last = 0, begin
        for packet in container.demux(film):
            if frames % 500 == 0 and self._cancelled():
                raise _cancelled()
            if packet.pts is None:
                continue
            at = float(packet.pts * packet.time_base)
            frames += 1
            last = max(last, at + float((packet.duration or 0) * packet.time_base))
            if packet.is_keyframe:
                keys.append(at)
        if not frames:
            raise _no_picture(self._path.name)
        seconds = max(0.001, last - begin)
        size = film.codec_context.width * film.codec_context.height
        gaps = np.diff(np.array([*sorted(keys), last])) if keys else np.array([seconds])
        is_short = bool(gaps.max() * 1000 <= _KEY_GAP_MS)
        many = size * frames / seconds > _DECODED_RATE
        seen = ("key_runs" if is_short else "references") if many else "all"
        return Outline(round(seconds * 1000), sound is not None, seen)


class _Sampler:
    """Decodes what is needed of the picture track, and makes samples of it."""

    def __init__(self, container: "InputContainer", film: "VideoStream", *, partial: bool) -> None:
        self._begin, self._film, self._partial = start_of(container), film, partial
        self._next_ms = 0
        self._until: Fraction | None = None
        self._is_open = True

    def feed(self, packet: "Packet[VideoStream]") -> Iterator[Sample]:
        if self._partial and packet.size and packet.dts is not None:
            at = packet.dts * packet.time_base
            if packet.is_keyframe:
                if not self._is_open:
                    yield from self._samples(self._film.codec_context.decode(None))
                    self._film.codec_context.flush_buffers()
                self._is_open, self._until = True, at + Fraction(_AHEAD_MS, 1000)
            elif self._until is not None and at > self._until:
                self._is_open = False
                return
        yield from self._samples(packet.decode())

    def _samples(self, frames: "list[VideoFrame]") -> Iterator[Sample]:
        for frame in frames:
            if frame.pts is None or frame.time_base is None:
                continue
            at_ms = round((float(frame.pts * frame.time_base) - self._begin) * 1000)
            if at_ms < self._next_ms:
                continue
            self._next_ms = max(self._next_ms + STEP_MS, at_ms + STEP_MS // 2)
            yield shrink(frame, max(0, at_ms))


def shrink(frame: "VideoFrame", at_ms: int) -> Sample:
    """The sample of a decoded frame, turned upright."""
    import cv2

    small = _fit(frame.width, frame.height, PICTURE_SIDE)
    fine = _fit(frame.width, frame.height, LUMA_SIDE)
    if frame.format.name in ("yuv420p", "yuvj420p") and min(frame.width, frame.height) >= 8:
        high, wide = frame.height, frame.width
        half = ((high + 1) // 2, (wide + 1) // 2)
        planes = [_plane(frame, n, *((high, wide) if n == 0 else half)) for n in range(3)]
        luma = cv2.resize(planes[0], fine, interpolation=cv2.INTER_AREA)
        rest = [cv2.resize(p, small, interpolation=cv2.INTER_AREA) for p in (luma, *planes[1:])]
        order = (rest[0], rest[2], rest[1])
        picture = cv2.cvtColor(cv2.merge(order), cv2.COLOR_YCrCb2BGR)
    else:
        whole = frame.reformat(width=fine[0], height=fine[1], format="bgr24").to_ndarray()
        luma = cv2.cvtColor(whole, cv2.COLOR_BGR2GRAY)
        picture = cv2.resize(whole, small, interpolation=cv2.INTER_AREA)
    if turns := round(frame.rotation / 90) % 4:
        picture, luma = np.rot90(picture, turns), np.rot90(luma, turns)
    return Sample(
        at_ms,
        np.ascontiguousarray(picture, dtype=np.uint8),
        np.ascontiguousarray(luma, dtype=np.uint8),
    )


def _plane(frame: "VideoFrame", number: int, high: int, wide: int) -> Picture:
    plane = frame.planes[number]
    whole = np.frombuffer(memoryview(cast("Any", plane)), np.uint8)
    return whole.reshape(-1, plane.line_size)[:high, :wide]


def _fit(width: int, height: int, side: int) -> tuple[int, int]:
    scale = side / max(width, height)
    return max(8, round(width * scale)), max(8, round(height * scale))


class _Meter:
    """Loudness of sound frames, in even steps whatever their length."""

    def __init__(self, begin: float) -> None:
        self._begin = begin
        self._squares = np.zeros(0, np.float32)
        self._at_ms = 0.0

    def feed(self, frame: Any) -> Iterator[Loudness]:  # noqa: ANN401 (an av audio frame)
        samples = frame.to_ndarray()
        scale = 1.0 if samples.dtype.kind == "f" else float(np.iinfo(samples.dtype).max)
        channels = frame.layout.nb_channels
        wave = (
            samples.reshape(-1, channels).mean(1) if not frame.format.is_planar else samples.mean(0)
        )
        if not self._squares.size and frame.pts is not None:
            self._at_ms = (float(frame.pts * frame.time_base) - self._begin) * 1000
        self._squares = np.concatenate([self._squares, np.square(wave / scale, dtype=np.float32)])
        step = frame.sample_rate * SOUND_STEP_MS // 1000
        whole = self._squares.size // step
        if whole:
            levels = np.sqrt(self._squares[: whole * step].reshape(whole, step).mean(1))
            at = round(self._at_ms)
            self._squares = self._squares[whole * step :]
            self._at_ms += whole * SOUND_STEP_MS
            yield Loudness(at, levels.astype(np.float32))

    def finish(self) -> Iterator[Loudness]:
        if self._squares.size:
            level = np.sqrt(self._squares.mean(keepdims=True))
            yield Loudness(round(self._at_ms), level.astype(np.float32))


def _no_picture(name: str) -> InvalidInput:
    return InvalidInput(
        f"{name} has no picture, so it has no moments to show.",
        hint="Give the video of the broadcast.",
        details={"file": name},
    )


def _cancelled() -> JobCancelled:
    return JobCancelled("Scoring the moments was cancelled.", hint="Start it again.")
