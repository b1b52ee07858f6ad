"""Single pictures, given as a stream of one frame."""

from collections.abc import Iterator

from live.sources.media import MediaEvent, NoticeKind, SourceNotice, SourceState, VideoFrame
from tools.pictures import decode_picture


class ScreenshotSource:
    """A stream of one picture at 0 ms; see `live.sources.media.MediaSource`."""

    def __init__(self, data: bytes, *, name: str, max_bytes: int, max_pixels: int) -> None:
        image = decode_picture(data, name=name, max_bytes=max_bytes, max_pixels=max_pixels)
        height, width = image.shape[:2]
        self.name = name
        self.state = SourceState(width=width, height=height, has_picture=True)
        self._frame = VideoFrame(0, width, height, lambda: image)
        self._closed = False

    def __iter__(self) -> Iterator[MediaEvent]:
        """The picture, and the end."""
        size = f"a picture of {self._frame.width}x{self._frame.height}"
        events: list[MediaEvent] = [
            SourceNotice(NoticeKind.CONNECTED, 0, size),
            self._frame,
            SourceNotice(NoticeKind.ENDED, 0, "It was a single picture."),
        ]
        for event in events:
            if self._closed:
                return
            yield event

    def set_interval_ms(self, interval_ms: int) -> None:
        """There is but one picture."""

    def close(self) -> None:
        """Ends the iteration."""
        self._closed = True
