"""Pictures of a track: decoded as sparsely as the sampling allows, upright, within the limit."""

import functools
from collections.abc import Generator
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from live.sources.media import Effort, VideoFrame
from live.sources.sampling import FrameSampler

if TYPE_CHECKING:
    import av
    import numpy as np
    from av import Packet, VideoStream
    from numpy.typing import NDArray

FEW_FRAMES_MS = 250
"""With frames taken this far apart, those that no other refers to need no decoding."""

DECODER_SLACK = 2
"""The decoder counts its padding too; it refuses before it takes memory, the sampling exactly."""


class PictureTrack:
    """Decodes one video stream and gives the frames that its sampler wants."""

    def __init__(
        self, stream: "VideoStream", sampler: FrameSampler, *, max_pixels: int, threads: int
    ) -> None:
        context = stream.codec_context
        context.thread_count = threads
        context.thread_type = "SLICE"
        context.options = {"max_pixels": str(DECODER_SLACK * max_pixels)}
        self.width, self.height = context.width, context.height
        self.effort = Effort.ALL
        self._stream = stream
        self._sampler = sampler
        self._max_pixels = max_pixels
        self._awaits_key = False

    @property
    def too_large(self) -> bool:
        """Whether its pictures have more pixels than are taken."""
        return self.width * self.height > self._max_pixels

    def decode(self, packet: "Packet[VideoStream]", at_ms: int) -> "list[av.VideoFrame]":
        """The packet's frames; none where it need not be decoded.

        Raises FFmpegError where it is damaged.
        """
        if packet.is_keyframe:
            self._sampler.saw_key(at_ms)
        if self.too_large and not packet.is_keyframe:
            return []
        if not packet.is_keyframe and (self._only_keys or self._awaits_key):
            self._awaits_key = True
            return []
        self._awaits_key = False
        skips = self.effort is not Effort.ALL or self._sampler.interval_ms >= FEW_FRAMES_MS
        self._stream.codec_context.skip_frame = "NONREF" if skips else "DEFAULT"
        return packet.decode()

    def resize(self) -> bool:
        """Notes the size that the decoder has seen last; whether it is another than before."""
        context = self._stream.codec_context
        size = context.width or self.width, context.height or self.height
        changed = size != (self.width, self.height)
        self.width, self.height = size
        return changed

    def sample(self, frame: "av.VideoFrame", at_ms: Fraction) -> Generator[VideoFrame]:
        """The frame at `at_ms` if it is wanted."""
        if frame.is_corrupt or frame.width * frame.height > self._max_pixels:
            return
        if not self._sampler.wants(int(at_ms)):
            return
        turned = round(frame.rotation / 90) % 2
        width, height = (frame.width, frame.height)[:: -1 if turned else 1]
        yield VideoFrame(int(at_ms), width, height, functools.partial(_convert, frame))

    @property
    def _only_keys(self) -> bool:
        return self.effort is Effort.KEYS or self._sampler.keys_suffice


def _convert(frame: "av.VideoFrame") -> "NDArray[np.uint8]":
    import numpy as np

    image = cast("NDArray[np.uint8]", frame.to_ndarray(format="bgr24"))
    quarters = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(image, quarters)) if quarters else image
