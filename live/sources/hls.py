"""HLS playlists (RFC 8216): every request through the guard, one rendition of several."""

import io
import re

import httpx

from domain.errors import AddressRefused, LivecueError
from live.sources.web import GuardedWeb, WebBytes

_VARIANT = "#EXT-X-STREAM-INF:"
_MEDIA = "#EXT-X-MEDIA:"
_KEYFRAMES = "#EXT-X-I-FRAME-STREAM-INF:"
_SIZE = re.compile(r"RESOLUTION=(\d{1,6})x(\d{1,6})")
_RATE = re.compile(r"[:,]BANDWIDTH=(\d{1,12})")
_GROUP = re.compile(r'AUDIO="([^"]*)"')
_URI = re.compile(r'URI="([^"]*)"')
_GROUP_ID = re.compile(r'GROUP-ID="([^"]*)"')

ENOUGH_PIXELS = 1920 * 1080
"""Text on a frame is read as well at this size as at a larger one."""


class Playlist:
    """Opens what the demuxer of a stream asks for: playlists and segments over http(s) only."""

    def __init__(self, web: GuardedWeb) -> None:
        self._web = web
        self._segment: WebBytes | None = None
        self._failure: LivecueError | None = None

    @property
    def failure(self) -> LivecueError | None:
        """Why nothing more is given out."""
        return self._failure or (self._segment and self._segment.failure)

    def open(self, url: str, flags: int, options: dict[str, str]) -> "WebBytes | io.BytesIO":
        """The bytes at `url`, as PyAV's `io_open` wants them; a master playlist cut to a variant.

        There are none after a `failure`, so that FFmpeg soon stops asking.
        """
        if self.failure is None:
            try:
                return self._open(url)
            except LivecueError as error:
                self._failure = error
        return io.BytesIO(b"")

    def _open(self, url: str) -> "WebBytes | io.BytesIO":
        if url.startswith("crypto"):
            raise AddressRefused(
                "The HLS stream is encrypted (EXT-X-KEY), which is not read.",
                hint="Take another address of the broadcast, or push it by RTMP.",
            )
        body = self._web.open(url)
        if not body.is_playlist:
            self._segment = body
            return body
        text = bytearray()
        while block := body.read(65536):
            text += block
        body.close()
        if body.failure is not None:
            raise body.failure
        playlist = choose_variant(text.decode("utf-8", "replace"))
        return io.BytesIO(make_absolute(playlist, body.url).encode())


def choose_variant(playlist: str) -> str:
    """A master playlist with its best variant of up to 1080p and that one's sound; others as is."""
    lines = playlist.splitlines()
    places = [i for i, line in enumerate(lines) if line.startswith(_VARIANT)]
    if not places:
        return playlist
    best = max(places, key=lambda i: _rank(lines[i]))
    group = _GROUP.search(lines[best])
    kept: list[str] = []
    dropping = False
    for place, line in enumerate(lines):
        if line.startswith(_VARIANT):
            dropping = place != best
        if line.startswith(_KEYFRAMES) or (line.startswith(_MEDIA) and not _heard(line, group)):
            continue
        if dropping:
            dropping = line.startswith("#") or not line.strip()
            continue
        kept.append(line)
    return "\n".join(kept) + "\n"


def make_absolute(playlist: str, base: str) -> str:
    """The playlist with whole addresses: `base` is where redirects led, which FFmpeg cannot see."""
    start = httpx.URL(base)

    def whole(address: str) -> str:
        try:
            return str(start.join(address))
        except httpx.InvalidURL:
            return address  # the guard refuses it when it is asked for

    lines = [
        _URI.sub(lambda found: f'URI="{whole(found[1])}"', line)
        if line.startswith("#")
        else whole(line.strip())
        if line.strip()
        else ""
        for line in playlist.splitlines()
    ]
    return "\n".join(lines) + "\n"


def _rank(line: str) -> tuple[bool, int, int]:
    size, rate = _SIZE.search(line), _RATE.search(line)
    pixels = int(size[1]) * int(size[2]) if size else 0
    bits = int(rate[1]) if rate else 0
    fits = pixels <= ENOUGH_PIXELS
    return (fits, pixels if fits else -pixels, bits)


def _heard(line: str, group: re.Match[str] | None) -> bool:
    name = _GROUP_ID.search(line)
    return group is not None and name is not None and name[1] == group[1]
