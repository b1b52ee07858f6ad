"""Reading one connection: packets in, pictures, sound and notices out."""

from collections.abc import Generator, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from domain.errors import InvalidInput
from domain.settings import Streaming
from live.sources.board import StateBoard
from live.sources.clock import Jump, StreamClock
from live.sources.media import Effort, MediaEvent, NoticeKind, SourceNotice
from live.sources.picture import PictureTrack
from live.sources.sampling import FrameSampler
from live.sources.sound import SoundCutter
from tools.foreign.media import picture_of, sound_of

if TYPE_CHECKING:
    from av import AudioFrame, Packet, VideoFrame
    from av.container import InputContainer

STRAY_MS = 5000
"""A presentation stamp this far from the decoding stamp is not believed."""

LEAD_IN_MS = 10_000
"""Where a recording cannot be sought in, this much before the wanted moment is decoded."""

_PICTURE, _SOUND = "picture", "sound"


class Reading:
    """The tracks of one open container, on the clock of their source."""

    def __init__(
        self,
        container: "InputContainer",
        clock: StreamClock,
        sampler: FrameSampler,
        board: StateBoard,
        settings: Streaming,
        *,
        name: str,
        start_ms: int,
    ) -> None:
        self._container = container
        self._clock = clock
        self._board = board
        self._start = start_ms
        self._stall = int(settings.stall_seconds * 1000)
        self._picture_stream = picture_of(container)
        self._sound_stream = sound_of(container)
        if self._picture_stream is None and self._sound_stream is None:
            raise InvalidInput(
                f"{name} has no picture and no sound that can be decoded.",
                hint="Check that it is audio or video, and what the sender sends.",
                details={"source": name},
            )
        self.picture = self._picture_stream and PictureTrack(
            self._picture_stream,
            sampler,
            max_pixels=settings.max_pixels,
            threads=settings.decode_threads,
        )
        self.sound = self._sound_stream and SoundCutter(
            chunk_ms=settings.audio_chunk_ms, start_ms=start_ms
        )
        self._quiet: str | None = None
        self._began: int | None = None
        self._board.set_tracks(picture=self.picture is not None, sound=self.sound is not None)
        if self.picture is not None:
            self._board.set_size(self.picture.width, self.picture.height)

    def opening(self) -> Generator[SourceNotice]:
        """What there is to say before the first packet."""
        at_ms = self._clock.present_ms
        yield SourceNotice(NoticeKind.CONNECTED, at_ms, self._describe())
        if self.picture is None:
            yield SourceNotice(NoticeKind.AUDIO_ONLY, at_ms, "There is no picture.")
        elif self.picture.too_large:
            yield self._size_notice(self.picture, at_ms)
        if self.sound is None:
            yield SourceNotice(NoticeKind.VIDEO_ONLY, at_ms, "There is no sound.")

    def set_effort(self, effort: Effort) -> None:
        """Sets which pictures are decoded."""
        if self.picture is not None:
            self.picture.effort = effort

    def packets(self) -> "Iterator[Packet[Any]]":
        """The packets of the chosen tracks, in the order of the medium.

        Raises FFmpegError where the connection breaks.
        """
        from av.stream import Discard

        chosen = [s for s in (self._picture_stream, self._sound_stream) if s is not None]
        for stream in self._container.streams:
            if stream not in chosen:
                stream.discard = Discard.all
        try:
            for packet in self._container.demux(chosen):
                if packet.size:
                    yield packet
        except IndexError:  # PyAV's end, where tracks came after the opening
            return

    def take(self, packet: "Packet[Any]") -> Generator[MediaEvent]:
        """What comes of one packet."""
        track = _SOUND if packet.stream is self._sound_stream else _PICTURE
        base = packet.time_base * 1000
        stamp = packet.pts if packet.dts is None else packet.dts
        before = self._clock.offset(track)
        jump = self._clock.take(
            track, None if stamp is None else stamp * base, (packet.duration or 0) * base
        )
        offset = self._clock.offset(track)
        assert offset is not None  # noqa: S101 (the clock has just taken the track's packet)
        if before is not None and offset != before:
            yield from self._drain(track, before)
        if jump is not None:
            yield self._jump_notice(jump)
        yield from self._watch(track)
        at_ms = self._clock.end_ms(track) or 0
        if at_ms < self._start - LEAD_IN_MS:
            return
        yield from self._decode(track, packet, offset, at_ms)

    def finish(self) -> Generator[MediaEvent]:
        """What the decoders still hold."""
        for track in (_PICTURE, _SOUND):
            offset = self._clock.offset(track)
            if offset is not None:
                yield from self._drain(track, offset)

    def _decode(
        self, track: str, packet: "Packet[Any]", offset: Fraction, at_ms: int
    ) -> Generator[MediaEvent]:
        from av.error import FFmpegError

        try:
            if track == _SOUND and self.sound is not None:
                yield from self._hear(self.sound, packet.decode(), offset, at_ms)
            elif self.picture is not None:
                frames = self.picture.decode(packet, at_ms)
                yield from self._resize(self.picture, at_ms)
                yield from self._see(self.picture, frames, offset, at_ms)
        except FFmpegError:
            self._board.add(packets_skipped=1)
            if track == _PICTURE and self.picture is not None:
                yield from self._resize(self.picture, at_ms)

    def _see(
        self, track: PictureTrack, frames: "list[VideoFrame]", offset: Fraction, at_ms: int
    ) -> Generator[MediaEvent]:
        for frame in frames:
            at = _moment(frame, self._picture_stream, offset, at_ms)
            at = Fraction(at_ms) if at is None else at
            if at < self._start:
                continue
            for taken in track.sample(frame, at):
                self._board.add(frames=1)
                yield taken

    def _hear(
        self, track: SoundCutter, frames: "list[AudioFrame]", offset: Fraction, at_ms: int
    ) -> Generator[MediaEvent]:
        for frame in frames:
            at = _moment(frame, self._sound_stream, offset, at_ms)
            for chunk in track.feed(frame, at, at_ms):
                self._board.add(sound_ms=chunk.end_ms - chunk.start_ms)
                yield chunk

    def _drain(self, track: str, offset: Fraction) -> Generator[MediaEvent]:
        from av.error import FFmpegError

        at_ms = self._clock.end_ms(track) or 0
        try:
            if track == _SOUND and self.sound is not None and self._sound_stream is not None:
                frames = _held_by(self._sound_stream.codec_context)
                yield from self._hear(self.sound, frames, offset, at_ms)
                yield from self.sound.flush()
            elif self.picture is not None and self._picture_stream is not None:
                frames = _held_by(self._picture_stream.codec_context)
                yield from self._see(self.picture, frames, offset, at_ms)
        except FFmpegError:
            self._board.add(packets_skipped=1)

    def _resize(self, picture: PictureTrack, at_ms: int) -> Generator[SourceNotice]:
        if picture.resize():
            self._board.set_size(picture.width, picture.height)
            yield self._size_notice(picture, at_ms)

    def _watch(self, track: str) -> Generator[SourceNotice]:
        """Says when one of two tracks falls silent, and when it is back."""
        other = _PICTURE if track == _SOUND else _SOUND
        end, others = self._clock.end_ms(track), self._clock.end_ms(other)
        if end is None or self.picture is None or self.sound is None:
            return
        self._began = end if self._began is None else self._began
        others = self._began if others is None else others
        if self._quiet == track and abs(end - others) <= self._stall:
            self._quiet = None
            yield SourceNotice(NoticeKind.CONNECTED, end, f"The {track} is back.")
        elif self._quiet is None and end - others > self._stall:
            self._quiet = other
            kind = NoticeKind.AUDIO_ONLY if other == _PICTURE else NoticeKind.VIDEO_ONLY
            yield SourceNotice(kind, end, f"No {other} has come for {end - others} ms.")

    def _jump_notice(self, jump: Jump) -> SourceNotice:
        self._board.add(jumps=1)
        passed = f"{jump.lost_ms} ms passed" if jump.lost_ms else "the stream goes on"
        return SourceNotice(
            NoticeKind.GAP,
            jump.at_ms,
            f"The time stamps jumped by {jump.stamps_ms} ms; {passed}.",
        )

    def _size_notice(self, picture: PictureTrack, at_ms: int) -> SourceNotice:
        size = f"The picture is {picture.width}x{picture.height} now"
        if picture.too_large:
            size = (
                f"The picture of {picture.width}x{picture.height} is left out: it is larger than "
                "LIVECUE_STREAMING__MAX_PIXELS allows"
            )
        return SourceNotice(NoticeKind.RESOLUTION, at_ms, f"{size}.")

    def _describe(self) -> str:
        parts = [self._container.format.name.partition(",")[0]]
        if self._picture_stream is not None and self.picture is not None:
            codec = self._picture_stream.codec_context.name
            parts.append(f"{codec} {self.picture.width}x{self.picture.height}")
        if self._sound_stream is not None:
            context = self._sound_stream.codec_context
            parts.append(f"{context.name} {context.sample_rate} Hz")
        return ", ".join(parts)


def _held_by(context: Any) -> list[Any]:  # noqa: ANN401 (either kind of av context)
    """The frames that a decoder still holds, after which it may begin anywhere."""
    frames: list[Any] = context.decode(None) if context.is_open else []
    context.flush_buffers()
    return frames


def _moment(
    frame: "VideoFrame | AudioFrame",
    stream: Any,  # noqa: ANN401 (either kind of av stream)
    offset: Fraction,
    at_ms: int,
) -> Fraction | None:
    """Stream time of a decoded frame; None where its own stamp is missing or absurd."""
    base = frame.time_base or stream.time_base
    if frame.pts is None or base is None:
        return None
    at = frame.pts * base * 1000 + offset
    return at if abs(at - at_ms) <= STRAY_MS else None
