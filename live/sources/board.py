"""Where a source keeps its state for other threads to see."""

import threading
from dataclasses import replace

from live.sources.media import Effort, NoticeKind, SourceState


class StateBoard:
    """A snapshot is never changed, but replaced."""

    def __init__(self) -> None:
        self.state = SourceState()
        self._writing = threading.Lock()

    def add(
        self,
        *,
        frames: int = 0,
        sound_ms: int = 0,
        packets_skipped: int = 0,
        connections: int = 0,
        jumps: int = 0,
    ) -> None:
        """Counts on."""
        with self._writing:
            state = self.state
            self.state = replace(
                state,
                frames=state.frames + frames,
                sound_ms=state.sound_ms + sound_ms,
                packets_skipped=state.packets_skipped + packets_skipped,
                connections=state.connections + connections,
                jumps=state.jumps + jumps,
            )

    def set_status(self, status: NoticeKind) -> None:
        """Notes what was said last about the connection."""
        with self._writing:
            self.state = replace(self.state, status=status)

    def set_tracks(self, *, picture: bool, sound: bool) -> None:
        """Notes what the connection has."""
        with self._writing:
            self.state = replace(self.state, has_picture=picture, has_sound=sound)

    def set_size(self, width: int, height: int) -> None:
        """Notes the size of the pictures."""
        with self._writing:
            self.state = replace(self.state, width=width, height=height)

    def set_progress(self, at_ms: int, lag_ms: int, effort: Effort) -> None:
        """Notes how far the source is."""
        with self._writing:
            self.state = replace(self.state, at_ms=at_ms, lag_ms=lag_ms, effort=effort)
