"""Picking the frames of a video on which something new is to be seen."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.foreign.media import damaged, open_media, picture_of, start_of
from tools.foreign.process import send_line

if TYPE_CHECKING:
    from collections.abc import Generator

    import numpy as np
    from av import VideoFrame
    from av.container import InputContainer
    from numpy.typing import NDArray
    from PIL.Image import Image

MAX_SIDE = 2000
"""Longest side of a written frame: text recognition sees no more (`models.ocr.MAX_SIDE`)."""

DECODED_PIXELS = 20_000_000_000
"""Pixels of a video that are decoded in full, about five minutes of 1080p: a minute of one core.
Of a longer video only key frames are."""

_STEP = 1.0  # seconds; a line of a subtitle stands for one or two
_KEY_GAP = 2.0  # seconds; with key frames this dense, no others are needed
_GRID = (16, 9)
_CELL = 10
_CHANGE = 8.0  # mean grey levels of 256 in the cell that changed most
_SPARE = 2
_QUALITY = 92


@dataclass(slots=True)
class _Shot:
    path: str
    second: float
    change: float
    scale: float


def pick_frames(request: dict[str, Any]) -> dict[str, Any]:
    """Writes frames of the video at `path` that differ from the one before, upright, as JPEG.

    The request has `path`, `file`, `folder`, `max_frames`, and of `probe` `seconds` and `picture`.
    A frame a second is looked at, fewer in a long video. Two frames differ where a part of the
    picture, a 144th, does, so that a new line of text counts as a new scene does. Of more than
    `max_frames`, of each group of neighbours the one that changed most is kept.

    The result has `frames`: `path`, `second` and `scale` (pixels of the upright video per pixel of
    the file). Sends `{"second": …}`. Raises InvalidInput where most of it cannot be decoded.
    """
    most: int = request["max_frames"]
    folder = Path(request["folder"])
    step = max(_STEP, request["seconds"] / (_SPARE * most))
    shots: list[_Shot] = []
    last: NDArray[np.int16] | None = None
    due = 0.0
    with open_media(request["path"], request["file"]) as container:
        start = start_of(container)
        for frame in _decode(container, request):
            at = max(0.0, (frame.time or 0.0) - start)
            if at < due:
                continue
            due = at - at % step + step
            small = _thumbnail(frame)
            change = 255.0 if last is None else _difference(small, last)
            send_line({"second": at})
            if change >= _CHANGE:
                last = small
                shots.append(_save(frame, folder / f"{len(shots):05}.jpg", at, change))
    if not shots:
        raise damaged(request["file"], "picture")
    kept = _thin(shots, most)
    return {"frames": [{"path": s.path, "second": s.second, "scale": s.scale} for s in kept]}


def _decode(container: "InputContainer", request: dict[str, Any]) -> "Generator[VideoFrame]":
    from av.error import FFmpegError

    stream = picture_of(container)
    if stream is None:
        raise damaged(request["file"], "picture")
    picture = request["picture"]
    heavy = picture["frames"] * picture["pixels"] > DECODED_PIXELS
    only_key = heavy or picture["key_gap"] <= _KEY_GAP
    stream.codec_context.skip_frame = "NONKEY" if only_key else "NONREF"
    stream.codec_context.thread_count = 1
    good = bad = 0
    for packet in container.demux(stream):
        if only_key and packet.size and not packet.is_keyframe:
            continue
        try:
            frames = packet.decode()
        except FFmpegError:
            bad += 1
            continue
        good += len(frames)
        yield from frames
    if bad > good:
        raise damaged(request["file"], "picture")


def _thumbnail(frame: "VideoFrame") -> "NDArray[np.int16]":
    import numpy as np

    columns, rows = _GRID
    small = frame.reformat(width=columns * _CELL, height=rows * _CELL, format="gray")
    return small.to_ndarray().astype(np.int16)


def _difference(a: "NDArray[np.int16]", b: "NDArray[np.int16]") -> float:
    """Mean difference in grey levels within the cell of the grid that differs most."""
    import numpy as np

    columns, rows = _GRID
    cells = np.abs(a - b).reshape(rows, _CELL, columns, _CELL).mean(axis=(1, 3))
    return float(cells.max())


def _save(frame: "VideoFrame", path: Path, second: float, change: float) -> _Shot:
    from PIL import Image

    scale = max(1.0, max(frame.width, frame.height) / MAX_SIDE)
    pixels = frame.to_ndarray(
        width=round(frame.width / scale), height=round(frame.height / scale), format="rgb24"
    )
    image = upright(Image.fromarray(pixels), frame.rotation)
    image.save(path, "JPEG", quality=_QUALITY)
    return _Shot(str(path), round(second, 2), change, scale)


def upright(image: "Image", rotation: int) -> "Image":
    """The picture as it is to be shown; `rotation` is counter-clockwise, of the display matrix."""
    from PIL.Image import Transpose

    turn = {90: Transpose.ROTATE_90, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_270}
    quarter = round(rotation / 90) * 90 % 360
    return image.transpose(turn[quarter]) if quarter else image


def _thin(shots: list[_Shot], most: int) -> list[_Shot]:
    """At most `most` shots, spread evenly."""
    if len(shots) <= most:
        return shots
    count = len(shots)
    groups = [shots[i * count // most : (i + 1) * count // most] for i in range(most)]
    return [max(group, key=lambda shot: shot.change) for group in groups]
