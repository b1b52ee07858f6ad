"""RTMP and SRT, pulled or waited for, by way of the ffmpeg program."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from domain.errors import FetchFailed
from domain.settings import Streaming
from live.sources.connecting import not_media
from live.sources.late_tracks import WatchedBytes
from live.sources.network import open_bytes
from live.sources.pump import Pump, find_ffmpeg

if TYPE_CHECKING:
    from av.container import InputContainer


class RelayConnector:
    """Pulls `url`, or waits for a sender to push to it (`listen`)."""

    live = True
    bursts = False

    def __init__(self, url: str, settings: Streaming, *, listen: bool) -> None:
        find_ffmpeg()
        self.name = show_relay(url, listen=listen)
        self.listens = listen
        self._url = url
        self._format = "flv" if url.startswith("rtmp") else None
        self._read_seconds = settings.read_seconds
        self._give_up_seconds = settings.give_up_seconds
        self._patience = None if listen else settings.open_seconds  # for the first byte
        self._pump: Pump | None = None
        self._watched: WatchedBytes | None = None
        self._interrupted = False
        self._container: InputContainer | None = None

    @property
    def failure(self) -> FetchFailed | None:
        """Why the program sends no more."""
        return self._pump and self._pump.failure

    @property
    def late_track(self) -> bool:
        """Whether a track has begun that the open container does not have."""
        return self._watched is not None and self._watched.late

    @property
    def began_at(self) -> float | None:
        """When the first bytes came."""
        return self._pump and self._pump.began_at

    def connect(self) -> "InputContainer":
        """The open stream; raises FetchFailed where nobody sends, or something else is sent."""
        from av.error import FFmpegError

        self._pump = Pump(
            self._url,
            name=self.name,
            listen=self.listens,
            read_seconds=self._read_seconds,
            first_byte_seconds=self._patience,
        )
        if self._interrupted:
            self._pump.interrupt()
        try:
            self._watched = WatchedBytes(self._pump)
            self._container = open_bytes(self._watched, known=self._format)
        except FFmpegError as error:
            if self._pump.failure is not None:
                raise self._pump.failure from error
            reason = not_media(self.name, str(error))
            raise FetchFailed(reason.message, hint=reason.hint, details=reason.details) from error
        if self.listens:
            self._patience = self._give_up_seconds
        return self._container

    def disconnect(self) -> None:
        """Ends the program."""
        if self._container is not None:
            self._container.close()
            self._container = None
        if self._pump is not None:
            self._pump.close()
            self._pump = self._watched = None

    def interrupt(self) -> None:
        """Ends the program, and with it every wait."""
        self._interrupted = True
        if (pump := self._pump) is not None:
            pump.interrupt()


def show_relay(url: str, *, listen: bool) -> str:
    """The address without the stream's key, user, password and query, which are secrets."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    path = parts.path.strip("/").split("/")
    folder = f"/{path[0]}/…" if len(path) > 1 else ""
    return f"{'listen:' if listen else ''}{parts.scheme}://{host}{port}{folder}"
