"""Small films in which something is held up to the camera for a while."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from tests.fakes.media import RATE, encode_sound

Picture = NDArray[np.uint8]

ORANGE = (250, 120, 20)
_RATE = 10


def write_show(
    path: Path,
    seconds: int,
    shown: tuple[int, int] = (0, 0),
    *,
    size: tuple[int, int] = (320, 180),
    moves: bool = True,
    sound: NDArray[np.int16] | None = None,
    rotation: int = 0,
    rate: int = _RATE,
    key_seconds: int = 2,
) -> Path:
    """A grey room in which a small box sways; from `shown[0]` to `shown[1]` (seconds) an orange
    thing is held up in the middle and turned about."""
    wide, high = size
    room = np.random.default_rng(3).integers(90, 140, (high // 6, wide // 6, 1), np.uint8)
    room = np.repeat(np.repeat(np.repeat(room, 6, 0), 6, 1), 3, 2)[:high, :wide]
    room = np.pad(room, ((0, high - room.shape[0]), (0, wide - room.shape[1]), (0, 0)), "edge")
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=rate)
        video.width, video.height, video.pix_fmt = wide, high, "yuv420p"
        video.options = {"preset": "ultrafast", "crf": "24"}
        video.codec_context.gop_size = key_seconds * rate
        if rotation:
            video.set_display_rotation(rotation)
        audio = out.add_stream("aac", rate=RATE, layout="mono") if sound is not None else None
        for index in range(seconds * rate):
            at = index / rate
            picture = room.copy()
            if moves:
                left = int(wide * 0.1 + 4 * np.sin(at))
                picture[high - high // 6 :, left : left + wide // 12] = (60, 90, 200)
            if shown[0] <= at < shown[1]:
                _hold_up(picture, at)
            frame = av.VideoFrame.from_ndarray(picture.astype(np.uint8), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, rate)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        if audio is not None and sound is not None:
            encode_sound(out, audio, sound)
    return path


def _hold_up(picture: NDArray[np.uint8], at: float) -> None:
    high, wide = picture.shape[:2]
    ys, xs = np.mgrid[0:high, 0:wide]
    x = xs - wide / 2 - 6 * np.sin(5 * at)
    y = ys - high / 2
    reach = min(high, wide) * 0.36 * (1 + 0.1 * np.sin(4 * at))
    thing = x * x + y * y < reach * reach
    stripes = (np.sin((x * np.cos(at) + y * np.sin(at)) / 5) > 0) & thing
    picture[thing] = ORANGE
    picture[stripes] = (120, 20, 60)
