"""Describing a recording that is to be cut: how it is played, exactly."""

from contextlib import suppress
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any

from domain.errors import InvalidInput
from tools.foreign.media import damaged, open_media, picture_of, probe, sound_of

if TYPE_CHECKING:
    from av import VideoFrame, VideoStream
    from av.container import InputContainer

_STEADY = Fraction(1, 200)
"""By how much of it the average rate of a constant one may differ: counting errors at the ends."""

_LOOKED_AT = 600
"""Packets in which the first picture has to be found."""


def probe_recording(request: dict[str, Any]) -> dict[str, Any]:
    """What `tools.foreign.media.probe` finds, with `media`, a `domain.recording.Media` as JSON.

    Takes the same request. Raises InvalidInput where sound or picture is missing, too.
    """
    file: str = request["file"]
    found = probe(request)
    if not found["sound"]:
        raise _lacks(file, "sound", "nothing is said in it")
    if found["picture"] is None:
        raise _lacks(file, "picture", "there is nothing to show")
    with open_media(request["path"], file) as container:
        sound, picture = sound_of(container), picture_of(container)
        if sound is None or picture is None:
            raise damaged(file, "sound")
        average, base = picture.average_rate, picture.base_rate
        rate = average or base or Fraction(found["picture"]["frames"]) / Fraction(found["seconds"])
        steady = base is not None and abs(rate - base) <= rate * _STEADY
        pixel_format, sample_rate = picture.codec_context.pix_fmt, sound.codec_context.sample_rate
        channels, codecs = sound.codec_context.channels, (picture.codec.name, sound.codec.name)
        frame = _first_frame(container, picture)
        if frame is None:
            raise damaged(file, "picture")
        rotation = round(frame.rotation / 90) * 90 % 360
        size = (frame.width, frame.height)
    width, height = size if rotation % 180 == 0 else size[::-1]
    media = {
        "duration_ms": round(found["seconds"] * 1000),
        "width": width,
        "height": height,
        "rotation": rotation,
        "frame_rate": str(rate),
        "constant_rate": steady,
        "video_codec": codecs[0],
        "pixel_format": pixel_format or frame.format.name,
        "audio_codec": codecs[1],
        "sample_rate": sample_rate,
        "channels": channels,
    }
    return {**found, "media": media}


def _first_frame(container: "InputContainer", picture: "VideoStream") -> "VideoFrame | None":
    from av.error import FFmpegError

    picture.codec_context.thread_count = 1
    for packet in islice(container.demux(picture), _LOOKED_AT):
        with suppress(FFmpegError):
            if frames := packet.decode():
                return frames[0]
    return None


def _lacks(file: str, what: str, why: str) -> InvalidInput:
    return InvalidInput(
        f"{file} has no {what} that can be decoded: {why}.",
        hint="Give the recording of a broadcast with the host's picture and voice.",
        details={"file": file},
    )
