"""A stream that is pulled over http(s): HLS, HTTP-FLV, MPEG-TS and recordings."""

from typing import TYPE_CHECKING

from domain.errors import FetchFailed, LivecueError
from domain.settings import Fetching, Streaming
from live.sources.connecting import ANALYSE_MICROSECONDS, not_media
from live.sources.hls import Playlist
from live.sources.late_tracks import WatchedBytes
from live.sources.web import GuardedWeb, Resolve, WebBytes, parse_url, show
from tools.foreign.media import FORMATS

if TYPE_CHECKING:
    from av.container import InputContainer

HLS_PATIENCE = 3
"""A segment may play for as many times longer than a read may take."""

_HLS_OPTIONS = {"http_persistent": "0", "http_multiple": "0", "extension_picky": "0"}


class WebConnector:
    """Pulls one address; what it begins with tells whether it is a playlist."""

    listens = False
    began_at = None

    def __init__(
        self,
        url: str,
        settings: Streaming,
        fetching: Fetching,
        *,
        resolve: Resolve | None = None,
    ) -> None:
        self.name = show(parse_url(url))
        self.live = True
        self.bursts = False
        self._url = url
        self._read_seconds = settings.read_seconds
        self._web = GuardedWeb(
            fetching,
            open_seconds=settings.open_seconds,
            read_seconds=settings.read_seconds,
            resolve=resolve,
        )
        self._open_seconds = settings.open_seconds
        self._body: WebBytes | None = None
        self._watched: WatchedBytes | None = None
        self._playlist: Playlist | None = None
        self._container: InputContainer | None = None

    @property
    def failure(self) -> LivecueError | None:
        """Why the server sends no more, if it said too little."""
        return (self._playlist and self._playlist.failure) or (self._body and self._body.failure)

    @property
    def late_track(self) -> bool:
        """Whether a track has begun that the open container does not have."""
        return self.live and self._watched is not None and self._watched.late

    def connect(self) -> "InputContainer":
        """The open stream; raises AddressRefused, FetchFailed."""
        from av.error import FFmpegError

        body = self._web.open(self._url)
        try:
            if body.is_playlist:
                body.close()
                self._container = self._open_playlist()
                self.bursts = True
                self.live = self._container.duration is None
            else:
                self._body = body
                self.live = body.endless
                self._watched = WatchedBytes(body)
                self._container = open_bytes(self._watched)
        except FFmpegError as error:
            if self.failure is not None:
                raise self.failure from error
            reason = not_media(self.name, str(error))
            raise FetchFailed(reason.message, hint=reason.hint, details=reason.details) from error
        return self._container

    def disconnect(self) -> None:
        """Gives up the connection."""
        if self._container is not None:
            self._container.close()
            self._container = None
        if self._body is not None:
            self._body.close()
            self._body = None
        self._playlist = self._watched = None

    def interrupt(self) -> None:
        """Ends waiting reads; of HLS, also the next look for a segment."""
        self._web.interrupt()

    def _open_playlist(self) -> "InputContainer":
        import av

        self._playlist = Playlist(self._web)
        return av.open(
            self._url,
            format="hls",
            metadata_errors="replace",
            options=_HLS_OPTIONS,
            container_options={"format_whitelist": f"hls,{FORMATS}"},
            io_open=self._playlist.open,
            timeout=(self._open_seconds, HLS_PATIENCE * self._read_seconds),
        )


def open_bytes(stream: WatchedBytes, *, known: str | None = None) -> "InputContainer":
    """The container in a stream of bytes that cannot be sought in.

    `known` is FFmpeg's name of its format. Raises FFmpegError where it is none.
    """
    import av

    container = av.open(
        stream,
        "r",
        format=known,
        metadata_errors="replace",
        options={"analyzeduration": str(ANALYSE_MICROSECONDS)},
        container_options={"format_whitelist": FORMATS, "protocol_whitelist": "none"},
    )
    stream.mark_opened()
    return container
