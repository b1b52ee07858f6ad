"""Where a broadcast comes from: files, network streams, pushed pieces, single pictures.

`open_source` picks the adapter by the address; `PushSource` is filled by others. All give pictures,
sound and notices on one clock (`live.sources.media`).
"""

from live.sources.media import (
    SOUND_RATE,
    AudioChunk,
    Effort,
    MediaEvent,
    MediaSource,
    NoticeKind,
    SourceNotice,
    SourceState,
    VideoFrame,
)
from live.sources.opening import open_source
from live.sources.pushed import PushSource
from live.sources.screenshots import ScreenshotSource

__all__ = [
    "SOUND_RATE",
    "AudioChunk",
    "Effort",
    "MediaEvent",
    "MediaSource",
    "NoticeKind",
    "PushSource",
    "ScreenshotSource",
    "SourceNotice",
    "SourceState",
    "VideoFrame",
    "open_source",
]
