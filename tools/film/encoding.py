"""How pictures are coded: every piece of a clip alike, so that they join by stream copy."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from domain.errors import InvalidInput, LivecueError, NotAvailable
from tools.film.ffmpeg import run_ffmpeg

HARDWARE: dict[str, tuple[str, ...]] = {
    "h264_nvenc": ("-preset", "p4", "-rc", "vbr", "-cq", "22", "-b:v", "0", "-bf", "0"),
    "h264_qsv": ("-preset", "medium", "-global_quality", "22", "-bf", "0"),
    "h264_videotoolbox": ("-q:v", "65", "-bf", "0"),
    "h264_amf": ("-quality", "balanced", "-rc", "cqp", "-qp_i", "22", "-qp_p", "24", "-bf", "0"),
}
"""Encoders that are tried, in this order, where the clip is to be coded by hardware."""

_GROUP_SECONDS = 2


@dataclass(frozen=True)
class Encoding:
    """The encoder and its arguments."""

    name: str
    arguments: tuple[str, ...]


def choose_encoding(wanted: str, rate: Fraction, *, preview: bool) -> Encoding:
    """The encoding for `auto`, `x264` or the name of a hardware encoder.

    Raises:
        InvalidInput: there is no encoder of that name.
        NotAvailable: that hardware encoder does not work on this machine.
    """
    common = _common(rate)
    if wanted not in ("auto", "x264", *HARDWARE):
        names = ", ".join(["auto", "x264", *HARDWARE])
        raise InvalidInput(f"There is no encoder {wanted}.", hint=f"Choose one of {names}.")
    if wanted in HARDWARE and not works(wanted):
        raise NotAvailable(
            f"The encoder {wanted} does not work on this machine.",
            hint="Choose auto or x264.",
        )
    found = wanted if wanted in HARDWARE else None
    if wanted == "auto" and not preview:
        found = next((name for name in HARDWARE if works(name)), None)
    if found:
        return Encoding(found, ("-c:v", found, *HARDWARE[found], *common))
    speed = ("ultrafast", "28") if preview else ("veryfast", "20")
    x264 = ("-c:v", "libx264", "-preset", speed[0], "-crf", speed[1], "-profile:v", "high")
    if preview:
        x264 = ("-c:v", "libx264", "-preset", speed[0], "-crf", speed[1])
    return Encoding("x264", (*x264, "-bf", "2" if not preview else "0", *common))


@lru_cache(maxsize=16)
def works(name: str) -> bool:
    """Whether this machine codes a few frames with a hardware encoder."""
    made = ("-f", "lavfi", "-i", "color=c=gray:s=640x360:r=30", "-frames:v", "5")
    try:
        run_ffmpeg([*made, "-c:v", name, *HARDWARE[name], "-pix_fmt", "yuv420p", "-f", "null", "-"],
                   what="a trial of the encoder")  # fmt: skip
    except LivecueError:
        return False
    return True


def timescale(rate: Fraction) -> tuple[int, int]:
    """Ticks a second of a video track on which each frame lasts a whole number, and that number."""
    factor = 1 if rate.numerator >= 10_000 else 512
    return rate.numerator * factor, rate.denominator * factor


def _common(rate: Fraction) -> tuple[str, ...]:
    group = str(round(rate * _GROUP_SECONDS))
    return (
        *("-g", group, "-flags", "+cgop", "-pix_fmt", "yuv420p"),
        *("-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709"),
        *("-color_range", "tv", "-video_track_timescale", str(timescale(rate)[0])),
        *("-fflags", "+bitexact", "-flags:v", "+bitexact+cgop", "-map_metadata", "-1"),
    )
