"""The port behind which files, web addresses and relayed streams are alike."""

from typing import TYPE_CHECKING, Protocol

from domain.errors import InvalidInput, LivecueError

if TYPE_CHECKING:
    from av.container import InputContainer

ANALYSE_MICROSECONDS = 3_000_000
"""How much of a stream FFmpeg looks at before it says which tracks there are."""

TAKES_JUMPS = 0x0200
"""FFmpeg's AVFMT_TS_DISCONT: time stamps of this format may jump."""


class Connector(Protocol):
    """Connects, again and again; all but `interrupt` in the one thread that reads."""

    @property
    def name(self) -> str:
        """The address as people may see it."""
        ...

    @property
    def live(self) -> bool:
        """Whether the end is unknown, and what is lost does not come again; after `connect`."""
        ...

    @property
    def bursts(self) -> bool:
        """Whether it comes in segments, some of which may come again after a new connection."""
        ...

    @property
    def listens(self) -> bool:
        """Whether it waits for a sender, however long that takes."""
        ...

    @property
    def failure(self) -> LivecueError | None:
        """What ended the bytes of this connection too early; FFmpeg only sees an end."""
        ...

    @property
    def late_track(self) -> bool:
        """Whether a track has begun that the open container does not have."""
        ...

    @property
    def began_at(self) -> float | None:
        """When the first bytes of this connection came (`time.monotonic`), if that is known."""
        ...

    def connect(self) -> "InputContainer | None":
        """The open container; None where nothing more will ever come.

        Raises FetchFailed where another try may do, other LivecueErrors where none will.
        """
        ...

    def disconnect(self) -> None:
        """Gives up the connection, if there is one."""
        ...

    def interrupt(self) -> None:
        """Ends a wait of the reading thread; from any thread. There is no `connect` afterwards."""
        ...


def not_media(name: str, reason: str) -> InvalidInput:
    """The error for bytes that are no audio or video."""
    return InvalidInput(
        f"{name} is no audio or video that can be read: it is damaged, or something else.",
        hint="Play it in a media player to see what it is.",
        details={"source": name, "reason": reason},
    )
