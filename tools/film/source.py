"""What a recording is made of, as far as cutting needs to know, and which frame stands when."""

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from domain.errors import InvalidInput, NotFound
from tools.foreign.media import picture_of

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.stream import Stream

HDR_TRANSFERS = {16: "smpte2084", 18: "arib-std-b67"}
"""ITU-T H.273 transfer characteristics of high dynamic range: PQ and HLG."""

_UNSPECIFIED = 2
_HD_HEIGHT = 720
_WITHOUT_INDEX = frozenset({"mpegts", "mpeg", "flv", "h264", "hevc", "live_flv"})
_PREROLL_SECONDS = 12
_SAMPLED = 64
_SAMPLE_BYTES = 65_536


@dataclass(frozen=True)
class Recorded:
    """A recording's tracks. Times are seconds from the container's start, as a player counts.

    `width` and `height` are those of the picture as it is shown: turned upright, its pixels square.
    `sound` is None where there is no sound track that can be decoded. `rate` is the mean frame
    rate, None where it is not told; `steady` says that frames stand at whole multiples of it.
    """

    path: Path
    digest: str
    picture: int
    sound: int | None
    width: int
    height: int
    stretched: bool
    turned: bool
    rate: Fraction | None
    duration: Fraction
    origin: Fraction
    high_range: bool
    matrix: str
    interlaced: bool
    indexed: bool

    @property
    def preroll(self) -> int:
        """Seconds to begin early, where a seek in the file may come out late."""
        return 0 if self.indexed else _PREROLL_SECONDS

    @cached_property
    def name(self) -> str:
        """The file's name, for messages."""
        return self.path.name


def open_recording(path: Path) -> Recorded:
    """Look into the file; a picture track is a need, sound is not.

    Raises:
        NotFound: there is no such file.
        InvalidInput: it is no video, or is too damaged to be opened.
    """
    import av
    from av.error import FFmpegError

    if not path.is_file():
        raise NotFound(
            f"There is no recording {path.name}.",
            hint="Give the path of a video file.",
            details={"file": str(path)},
        )
    try:
        with av.open(str(path)) as container:
            return _look(container, path)
    except FFmpegError as error:
        raise _damaged(path) from error


def _look(container: "InputContainer", path: Path) -> Recorded:
    stream = picture_of(container)
    if stream is None:
        raise InvalidInput(
            f"{path.name} has no moving picture.",
            hint="Give a video; a sound recording cannot be made into a clip.",
            details={"file": path.name},
        )
    first = next(iter(container.decode(stream)), None)
    if first is None:
        raise _damaged(path)
    sound = next((s for s in container.streams.audio if _decodes(s)), None)
    aspect = stream.sample_aspect_ratio or Fraction(1)
    turned = first.rotation % 180 != 0
    width, height = round(first.width * aspect), first.height
    if turned:
        width, height = height, width
    origin = Fraction(container.start_time or 0, 1_000_000)
    rate = stream.average_rate or stream.guessed_rate
    matrix = "auto"
    if int(first.colorspace) == _UNSPECIFIED:
        matrix = "bt709" if min(first.width, first.height) >= _HD_HEIGHT else "bt601"
    return Recorded(
        path=path,
        digest=digest_of(path),
        picture=stream.index,
        sound=sound.index if sound else None,
        width=width,
        height=height,
        stretched=aspect != 1,
        turned=turned,
        rate=Fraction(rate) if rate else None,
        duration=_duration(container, stream, origin),
        origin=origin,
        high_range=int(first.color_trc) in HDR_TRANSFERS,
        matrix=matrix,
        interlaced=bool(first.interlaced_frame),
        indexed=container.format.name.split(",")[0] not in _WITHOUT_INDEX,
    )


def _duration(container: "InputContainer", stream: "Stream", origin: Fraction) -> Fraction:
    """Until the end of the longest track."""
    ends = [
        (s.start_time or 0) * s.time_base + s.duration * s.time_base - origin
        for s in container.streams
        if s.duration and s.time_base and s.type in ("video", "audio")
    ]
    told = Fraction(container.duration or 0, 1_000_000)
    return max([*ends, told]) if ends else told


def _decodes(stream: "Stream") -> bool:
    try:
        return stream.codec_context.codec.is_decoder
    except (AttributeError, ValueError):
        return False


def frame_at(recorded: Recorded, at: Fraction) -> tuple[Fraction, Fraction | None]:
    """When the frame begins that stands at `at`, and when the one after it; from packets alone.

    Before the first frame it is the first.
    """
    import av
    from av.error import FFmpegError

    stamps: list[int] = []
    try:
        with av.open(str(recorded.path)) as container:
            stream = container.streams[recorded.picture]
            base = cast("Fraction", stream.time_base)
            wanted = int((at + recorded.origin) / base)
            back = int(recorded.preroll / base)
            container.seek(max(wanted - back, 0), stream=stream, backward=True)
            after = 0
            for packet in container.demux(stream):
                if packet.pts is None:
                    continue
                stamps.append(packet.pts)
                if packet.dts is not None and packet.dts > wanted:
                    after += packet.pts > wanted
                    if after >= 2:  # B-frames: the next may come after one later
                        break
    except FFmpegError as error:
        raise _damaged(recorded.path) from error
    if not stamps:
        raise _damaged(recorded.path)
    stamps.sort()
    before = [stamp for stamp in stamps if stamp <= wanted]
    shown = before[-1] if before else stamps[0]
    later = next((stamp for stamp in stamps if stamp > shown), None)
    return (
        shown * base - recorded.origin,
        None if later is None else later * base - recorded.origin,
    )


def digest_of(path: Path) -> str:
    """A fingerprint of a file: its size and 64 samples of 64 KiB spread over it."""
    size = path.stat().st_size
    total = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        if size <= _SAMPLED * _SAMPLE_BYTES:
            total.update(file.read())
        else:
            for number in range(_SAMPLED):
                file.seek((size - _SAMPLE_BYTES) * number // (_SAMPLED - 1))
                total.update(file.read(_SAMPLE_BYTES))
    return total.hexdigest()


def _damaged(path: Path) -> InvalidInput:
    return InvalidInput(
        f"{path.name} is damaged, or no video: it cannot be decoded.",
        hint="Play it, save it anew as MP4, and try again.",
        details={"file": path.name},
    )
