"""Opening an audio or video file: what it holds, and for how long it plays."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from domain.errors import InvalidInput, LimitExceeded
from tools.foreign.cut_off import refuse_cut_off

if TYPE_CHECKING:
    from av import AudioStream, Packet, VideoStream
    from av.container import InputContainer

FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mp3,wav,w64,ogg,flac,aac,avi,flv,mpegts,mpeg,asf,amr,"
    "aiff,caf"
)
"""FFmpeg's demuxers for single files. Playlists (HLS, DASH, concat) stay out: they name other files
and addresses, which FFmpeg would open."""

_MOST_SECONDS = "LIVECUE_LIMITS__MEDIA_SECONDS"

MAX_STREAMS = 64
"""Tracks of one file that are looked through; cameras and editors write a handful."""

_LOCKED_TAGS = frozenset({"enca", "encv", "drmi", "drms"})
"""Sample entries of protected tracks: ISO/IEC 14496-12 §8.12 and Apple FairPlay."""


@contextmanager
def open_media(path: str, file: str) -> Generator["InputContainer"]:
    """The container at `path`; raises InvalidInput, which names `file`, where it is none."""
    import av
    from av.error import FFmpegError

    try:
        container = av.open(
            path,
            metadata_errors="replace",
            container_options={"format_whitelist": FORMATS, "protocol_whitelist": "file"},
        )
    except FFmpegError as error:
        raise InvalidInput(
            f"{file} is no audio or video that can be read: it is cut off, damaged, or not what "
            "its name says.",
            hint="Play it, save it anew as MP4, M4A, MP3 or WAV, and try again.",
            details={"file": file, "reason": str(error)},
        ) from error
    with container:
        yield container


def sound_of(container: "InputContainer") -> "AudioStream | None":
    """The first audio track that FFmpeg can decode."""
    return next((s for s in container.streams.audio if _can_decode(s)), None)


def picture_of(container: "InputContainer") -> "VideoStream | None":
    """The largest video track that FFmpeg can decode; a cover picture is none."""
    import av.stream

    moving = [
        stream
        for stream in container.streams.video
        if _can_decode(stream)
        and not stream.disposition & av.stream.Disposition.attached_pic
        and stream.codec_context.width
    ]
    return max(moving, key=lambda s: s.codec_context.width * s.codec_context.height, default=None)


def start_of(container: "InputContainer") -> float:
    """The time stamp, in seconds, of what a player calls the beginning."""
    return (container.start_time or 0) / 1_000_000


def damaged(file: str, what: str) -> InvalidInput:
    """The error for a track that cannot be decoded."""
    return InvalidInput(
        f"{file} is damaged: its {what} cannot be decoded.",
        hint="Play it, save it anew as MP4, M4A, MP3 or WAV, and try again.",
        details={"file": file},
    )


def too_long(file: str, max_seconds: float, setting: str = _MOST_SECONDS) -> LimitExceeded:
    """The error for media that plays longer than the limit, which `setting` moves."""
    return LimitExceeded(
        f"{file} plays for more than {max_seconds:,.0f} seconds.",
        hint=f"Cut it into parts, or raise {setting}.",
        details={"file": file},
    )


def probe(request: dict[str, Any]) -> dict[str, Any]:
    """What the media at `path` holds, by its packets: what the header says may be wrong.

    The request has `path`, `file`, `max_seconds` and `max_pixels`, and `max_seconds_setting` where
    another setting than that of sources says how long it may play. The result has `seconds`,
    `sound` (whether it has some) and `picture`: None, or `frames`, `pixels` (of one frame) and
    `key_gap` (the longest time between key frames, in seconds).

    Raises InvalidInput where it has neither, is encrypted or cut off; LimitExceeded.
    """
    file: str = request["file"]
    with open_media(request["path"], file) as container:
        if len(container.streams) > MAX_STREAMS:
            raise InvalidInput(
                f"{file} has {len(container.streams)} tracks; media has a handful.",
                hint="Save it anew with one sound and one picture track.",
                details={"file": file},
            )
        _refuse_locked(container, file)
        sound, picture = sound_of(container), picture_of(container)
        tracks = {stream.index: _Track() for stream in (sound, picture) if stream is not None}
        if not tracks:
            raise InvalidInput(
                f"{file} has no sound and no picture that can be decoded.",
                hint="Save it anew as MP4, M4A, MP3 or WAV, and try again.",
                details={"file": file},
            )
        if picture is not None:
            pixels = picture.codec_context.width * picture.codec_context.height
            if pixels > request["max_pixels"]:
                raise LimitExceeded(
                    f"{file} has frames of more than {request['max_pixels']:,} pixels.",
                    hint="Scale it down, or raise LIVECUE_LIMITS__IMAGE_PIXELS.",
                    details={"file": file},
                )
        for packet in container.demux([s for s in (sound, picture) if s is not None]):
            track = tracks[packet.stream.index]
            track.add(packet)
            if track.seconds > request["max_seconds"]:
                setting = request.get("max_seconds_setting", _MOST_SECONDS)
                raise too_long(file, request["max_seconds"], setting)
        seconds = max(track.seconds for track in tracks.values())
        found = {index: track.packets for index, track in tracks.items()}
        refuse_cut_off(container, request["path"], file, found, seconds)
        return {
            "seconds": seconds,
            "sound": sound is not None and tracks[sound.index].packets > 0,
            "picture": None if picture is None else _describe(picture, tracks[picture.index]),
        }


@dataclass(slots=True)
class _Track:
    """What the packets of one track tell; times in seconds."""

    packets: int = 0
    first: float | None = None
    last: float = 0.0
    last_key: float | None = None
    key_gap: float = 0.0

    @property
    def seconds(self) -> float:
        return 0.0 if self.first is None else self.last - self.first

    def add(self, packet: "Packet[Any]") -> None:
        if not packet.size:  # the empty packet at the end
            return
        self.packets += 1
        stamp = packet.dts if packet.pts is None else packet.pts
        if stamp is None:
            return
        at = float(stamp * packet.time_base)
        end = at + float((packet.duration or 0) * packet.time_base)
        self.first = at if self.first is None else min(self.first, at)
        self.last = max(self.last, end) if self.packets > 1 else end
        if packet.is_keyframe:
            if self.last_key is not None:
                self.key_gap = max(self.key_gap, at - self.last_key)
            self.last_key = at


def _describe(picture: "VideoStream", track: _Track) -> dict[str, Any] | None:
    if not track.packets:
        return None
    since_key = track.last - (track.last_key if track.last_key is not None else track.last)
    return {
        "frames": track.packets,
        "pixels": picture.codec_context.width * picture.codec_context.height,
        "key_gap": max(track.key_gap, since_key),
    }


def _can_decode(stream: Any) -> bool:  # noqa: ANN401 (any kind of av stream)
    return stream.codec_context is not None and stream.codec_context.is_decoder


def _refuse_locked(container: "InputContainer", file: str) -> None:
    for stream in (*container.streams.audio, *container.streams.video):
        context: Any = stream.codec_context
        if context is not None and context.codec_tag.lower() in _LOCKED_TAGS:
            raise InvalidInput(
                f"{file} is encrypted (copy protection).",
                hint="Export it without copy protection, and try again.",
                details={"file": file},
            )
