"""A recording on disk."""

from pathlib import Path
from typing import TYPE_CHECKING

from domain.errors import NotFound
from live.sources.connecting import not_media
from tools.foreign.media import FORMATS

if TYPE_CHECKING:
    from av.container import InputContainer

_ANALYSE_MICROSECONDS, _ANALYSE_BYTES = "60000000", "33554432"
"""A track of a recording may begin a minute after the others."""


class FileConnector:
    """Opens a file; nothing that it names is opened with it."""

    live = False
    bursts = False
    listens = False
    failure = None
    began_at = None
    late_track = False

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path
        self._container: InputContainer | None = None

    def connect(self) -> "InputContainer":
        """The open file; raises NotFound, InvalidInput."""
        import av
        from av.error import FFmpegError

        if not self._path.is_file():
            raise NotFound(
                f"There is no file {self.name}.",
                hint="Check the path.",
                details={"path": str(self._path)},
            )
        try:
            self._container = av.open(
                str(self._path.absolute()),
                metadata_errors="replace",
                options={"analyzeduration": _ANALYSE_MICROSECONDS, "probesize": _ANALYSE_BYTES},
                container_options={"format_whitelist": FORMATS, "protocol_whitelist": "file"},
            )
        except FFmpegError as error:
            raise not_media(self.name, str(error)) from error
        return self._container

    def disconnect(self) -> None:
        """Closes the file."""
        if self._container is not None:
            self._container.close()
            self._container = None

    def interrupt(self) -> None:
        """A file makes nobody wait."""
