"""A broadcast: what was said, shown and asked in it, and the events made of that.

Times are integer milliseconds of stream time, from the stream's first moment on. What happened is a
log of immutable rows; a row counts from its `valid_from_ms` on. Events are views of the log that
can be read from their `available_at_ms` on. A question "as of t" sees only what existed by then.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from domain.watching import (
    AnswerGiven,
    ClusterChange,
    Frozen,
    Moment,
    OnAirWarning,
    PromiseChange,
)

Speaker = Literal["host", "guest"]
Box = tuple[float, float, float, float]


class SpokenWord(Frozen):
    """A word (in Chinese a character or a few) with its time."""

    start_ms: int
    end_ms: int
    text: str


class Utterance(Frozen):
    """A sentence as it was heard, or as a transcript gives it; words only where it was heard.

    `product_id` is what the transcript says that it is about.
    """

    kind: Literal["utterance"] = "utterance"
    start_ms: int
    end_ms: int
    text: str
    speaker: Speaker = "host"
    product_id: str | None = None
    words: tuple[SpokenWord, ...] = ()

    @property
    def valid_from_ms(self) -> int:
        """When it has been said."""
        return self.end_ms


class ScreenLine(Moment):
    """A line of text that stood on the screen from `start_ms` on, comments aside.

    `box` is `(x0, y0, x1, y1)` in pixels of the frame, None for a line of a transcript.
    """

    kind: Literal["screen_line"] = "screen_line"
    text: str
    box: Box | None = None


class Comment(Moment):
    """What a viewer wrote; `via` tells whether a feed gave it or it was read off the frame."""

    kind: Literal["comment"] = "comment"
    user: str | None
    text: str
    is_question: bool | None = None
    via: Literal["feed", "frame"] = "feed"


class LiveFact(Moment):
    """What the host said that changes a product's record from then on: price, stock, a promise.

    `field` is a field path of the record for price and stock, `value` what holds now as it was
    said; `quote` stands in the utterance or screen line of the log with the number `said_in`.
    """

    kind: Literal["live_fact"] = "live_fact"
    fact: Literal["price", "stock", "promise"]
    product_id: str | None
    field: str
    value: str
    quote: str
    said_in: int

    @property
    def text(self) -> str:
        """What was said."""
        return self.quote


NoticeKind = Literal[
    "connected",
    "reconnecting",
    "gap",
    "resolution",
    "audio_only",
    "video_only",
    "stalled",
    "dropped",
    "quality",
    "resumed",
    "ended",
    "failed",
]


class Notice(Moment):
    """What happened to the stream itself."""

    kind: Literal["notice"] = "notice"
    notice: NoticeKind
    text: str
    data: dict[str, Any] = Field(default_factory=dict[str, Any])


LogRow = Annotated[
    Utterance
    | ScreenLine
    | Comment
    | LiveFact
    | Notice
    | OnAirWarning
    | PromiseChange
    | ClusterChange
    | AnswerGiven,
    Field(discriminator="kind"),
]
RowKind = Literal[
    "utterance",
    "screen_line",
    "comment",
    "live_fact",
    "notice",
    "warning",
    "promise",
    "cluster",
    "answer",
]


class LogEntry(Frozen):
    """A row with its number in the stream's log, from 1 without gaps."""

    seq: int
    row: LogRow


class Keyframe(Frozen):
    """A frame kept for an event; `blob` is the SHA-256 of its JPEG."""

    at_ms: int
    blob: str
    width: int
    height: int


EventLevel = Literal["event", "minute", "topic", "stream"]


class Event(Frozen):
    """A stretch of a stream about one thing, or a roll-up of such stretches.

    `[start_ms, end_ms)` is exact. `first_seq` and `last_seq` are the log entries that it was made
    of; `caption_by` names the model that wrote the caption, or `composed` where code put speech,
    screen text and visual facts together.
    """

    event_id: str
    level: EventLevel = "event"
    start_ms: int
    end_ms: int
    available_at_ms: int
    transcript: str = ""
    on_screen: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    keyframes: tuple[Keyframe, ...] = ()
    caption: str = ""
    caption_by: str = "composed"
    first_seq: int = 0
    last_seq: int = 0


class StreamStatus(StrEnum):
    """Where a stream is in its life."""

    STARTING = "starting"
    LIVE = "live"
    RECONNECTING = "reconnecting"
    STALLED = "stalled"
    ENDED = "ended"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """True when nothing more comes."""
        return self in (StreamStatus.ENDED, StreamStatus.STOPPED, StreamStatus.FAILED)


Speed = Annotated[float, Field(gt=0, le=1000)] | Literal["live", "max"]


class StreamSpec(Frozen):
    """What to watch: a source, feeds beside it or in its place, the line-up of products.

    `speed` paces a recording: `live` by its own time, a number of times as fast, or `max`.
    `replay_of` names the stream that is seen again: from its recording, else from its log.
    """

    source: str | None = None
    transcript: str | None = None
    comments: str | None = None
    products: tuple[str, ...] = ()
    speed: Speed = "live"
    language: str | None = None
    replay_of: str | None = None


class StreamHealth(Frozen):
    """How watching goes: `lag_ms` is how far what can be found is behind what has come in.

    `quality` counts the steps down that a slow machine made necessary, 0 for none;
    `unread_comments` those that came too fast to be told for questions or not, `bad_rows` the rows
    of feeds that could not be read.
    """

    lag_ms: int = 0
    quality: int = 0
    reconnects: int = 0
    dropped_frames: int = 0
    unread_comments: int = 0
    bad_rows: int = 0
    has_audio: bool | None = None
    has_video: bool | None = None
    width: int | None = None
    height: int | None = None
    detail: str = ""


class Stream(Frozen):
    """A watched stream; up to `position_ms` all that came is stored and can be found.

    From `resume_ms` on it has to be perceived again when its session was killed: something that
    began there was not stored yet.
    """

    stream_id: str
    spec: StreamSpec
    status: StreamStatus
    position_ms: int = 0
    resume_ms: int = 0
    health: StreamHealth = StreamHealth()
    last_seq: int = 0
    error: dict[str, Any] | None = None
    created_at: datetime
    updated_at: datetime
