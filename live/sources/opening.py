"""From the address that a person gives to the source that it names."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from domain.errors import InvalidInput, NotFound
from domain.settings import Fetching, Streaming
from live.sources.decoded import DecodedSource
from live.sources.files import FileConnector
from live.sources.media import MediaSource
from live.sources.network import WebConnector
from live.sources.relayed import RelayConnector
from live.sources.screenshots import ScreenshotSource
from live.sources.web import Resolve
from tools.foreign.media import picture_of, sound_of
from tools.pictures import is_picture

WEB_SCHEMES = frozenset({"http", "https"})
RELAY_SCHEMES = frozenset({"rtmp", "rtmps", "srt"})
LISTEN_SCHEMES = frozenset({"rtmp", "srt"})
LISTEN = "listen:"

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")  # of two letters at least: C:\\ is a drive
_HEAD = 16
_KNOWN = (
    "Give a file, an http(s) address (HLS, FLV, MPEG-TS), rtmp://, rtmps:// or srt://, or "
    "listen:rtmp://127.0.0.1:1935/live/KEY to wait for a sender."
)


def open_source(
    address: str,
    settings: Streaming,
    *,
    fetching: Fetching | None = None,
    speed: float | None = None,
    resume_at_ms: int = 0,
    resolve: Resolve | None = None,
) -> MediaSource:
    """The source that `address` names; nothing is connected to before it is iterated.

    A recording plays at `speed` times its own (1 is live, None as fast as it is taken), from
    `resume_at_ms` on. Web addresses are guarded by `fetching`; RTMP and SRT ones may be private, as
    the broadcaster's own server often is.

    Raises NotFound where there is no such file, InvalidInput where it is no media or has no track,
    or the address is of no kind that is read.
    """
    address = address.strip()
    if speed is not None and not 0 < speed <= 1000:
        raise InvalidInput(
            f"A speed of {speed:g} is not played.", hint="Give 0.1 to 1000, or max.", details={}
        )
    listens = address.lower().startswith(LISTEN)
    rest = address[len(LISTEN) :] if listens else address
    scheme = _scheme_of(rest)
    if listens or scheme in RELAY_SCHEMES:
        return DecodedSource(_relay(rest, scheme, settings, listen=listens), settings)
    if scheme in WEB_SCHEMES:
        connector = WebConnector(rest, settings, fetching or Fetching(), resolve=resolve)
        return DecodedSource(connector, settings, speed=speed, resume_at_ms=resume_at_ms)
    if scheme and not Path(rest).exists():
        raise InvalidInput(
            f"Addresses that begin with {scheme}: are not opened.",
            hint=_KNOWN,
            details={"scheme": scheme},
        )
    return _open_file(Path(rest).expanduser(), settings, speed=speed, resume_at_ms=resume_at_ms)


def _scheme_of(address: str) -> str:
    found = _SCHEME.match(address)
    return found[1].lower() if found else ""


def _relay(url: str, scheme: str, settings: Streaming, *, listen: bool) -> RelayConnector:
    allowed = LISTEN_SCHEMES if listen else RELAY_SCHEMES
    try:
        parts = urlsplit(url)
        usable = scheme in allowed and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not url.isprintable() or " " in url:
        shown = url.partition("?")[0][:100]
        wait = "waited at" if listen else "pulled from"
        raise InvalidInput(
            f"{shown} is no address that can be {wait}.", hint=_KNOWN, details={"scheme": scheme}
        )
    if scheme == "srt":
        url = _with_mode(url, listen=listen)
    return RelayConnector(url, settings, listen=listen)


def _with_mode(url: str, *, listen: bool) -> str:
    """The SRT address with the mode that was asked for, whatever its query says."""
    base, _, query = url.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("mode=")]
    mode = f"mode={'listener' if listen else 'caller'}"
    return f"{base}?{'&'.join([*kept, mode])}"


def _open_file(
    path: Path, settings: Streaming, *, speed: float | None, resume_at_ms: int
) -> MediaSource:
    if not path.is_file():
        raise NotFound(
            f"There is no file {path.name or path}.", hint=_KNOWN, details={"path": str(path)}
        )
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise InvalidInput(
            f"{path.name} is empty.", hint="Copy it again.", details={"path": str(path)}
        )
    if is_picture(head):
        return _open_picture(path, settings)
    connector = FileConnector(path)
    container = connector.connect()
    try:
        if picture_of(container) is None and sound_of(container) is None:
            raise InvalidInput(
                f"{path.name} has no picture and no sound that can be decoded.",
                hint="Save it anew as MP4 with H.264 and AAC.",
                details={"path": str(path)},
            )
    finally:
        connector.disconnect()
    return DecodedSource(connector, settings, speed=speed, resume_at_ms=resume_at_ms)


def _open_picture(path: Path, settings: Streaming) -> ScreenshotSource:
    most = settings.pushed_image_bytes
    with path.open("rb") as file:
        data = file.read(most + 1)
    return ScreenshotSource(data, name=path.name, max_bytes=most, max_pixels=settings.max_pixels)
