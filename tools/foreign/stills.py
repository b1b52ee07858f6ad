"""Taking single pictures out of a video, upright and small."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.foreign.frames import upright
from tools.foreign.media import damaged, open_media, picture_of, start_of
from tools.foreign.process import send_line

if TYPE_CHECKING:
    from av import VideoFrame, VideoStream
    from av.container import InputContainer

_QUALITY = 85
_FAR_SECONDS = 4.0
"""Further ahead than this it is quicker to seek than to decode what lies between."""


def take_stills(request: dict[str, Any]) -> dict[str, Any]:
    """Writes the pictures that are shown at moments of the video at `path`, as JPEG.

    The request has `path`, `file`, `folder`, `side` (the longest side in pixels) and `at_ms`, in
    order. The result has `stills`, a list of `at_ms` and `path`; a moment whose picture cannot be
    decoded is left out. Sends `{"done": …}` after each. Raises InvalidInput where none can be.
    """
    folder, wanted = Path(request["folder"]), list[int](request["at_ms"])
    stills: list[dict[str, Any]] = []
    with open_media(request["path"], request["file"]) as container:
        stream = picture_of(container)
        if stream is None:
            raise damaged(request["file"], "picture")
        stream.codec_context.thread_count = 1
        reader = _Reader(container, stream)
        for number, at in enumerate(wanted):
            frame = reader.frame_at(at / 1000)
            if frame is not None:
                out = folder / f"{number:05}.jpg"
                _save(frame, out, request["side"])
                stills.append({"at_ms": at, "path": str(out)})
            send_line({"done": number + 1})
    if wanted and not stills:
        raise damaged(request["file"], "picture")
    return {"stills": stills}


class _Reader:
    """Goes forward through a video, by seeking where that is quicker."""

    def __init__(self, container: "InputContainer", stream: "VideoStream") -> None:
        self._container = container
        self._stream = stream
        self._start = start_of(container)
        self._frames = container.decode(stream)
        self._last: VideoFrame | None = None

    def frame_at(self, seconds: float) -> "VideoFrame | None":
        """The last picture that begins at or before a moment; None where nothing decodes there."""
        from av.error import FFmpegError

        target = seconds + self._start
        now = None if self._last is None else self._last.time
        try:
            if now is None or not 0 <= target - now <= _FAR_SECONDS:
                self._seek(target)
            return self._read_to(target)
        except FFmpegError:
            self._last = None
            return None

    def _seek(self, target: float) -> None:
        time_base = self._stream.time_base
        if time_base is not None:
            self._container.seek(int(target / time_base), stream=self._stream)
        self._frames = self._container.decode(self._stream)
        self._last = None

    def _read_to(self, target: float) -> "VideoFrame | None":
        for frame in self._frames:
            if self._last is not None and (frame.time or 0.0) > target:
                shown, self._last = self._last, frame
                return shown
            self._last = frame
        return self._last


def _save(frame: "VideoFrame", path: Path, side: int) -> None:
    from PIL import Image

    scale = max(1.0, max(frame.width, frame.height) / side)
    pixels = frame.to_ndarray(
        width=round(frame.width / scale), height=round(frame.height / scale), format="rgb24"
    )
    upright(Image.fromarray(pixels), frame.rotation).save(path, "JPEG", quality=_QUALITY)
