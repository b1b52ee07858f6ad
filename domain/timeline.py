"""The timeline of a clip: stretches of a recording in their order, and what is laid over them.

Moments of the recording are integer milliseconds; the clip runs at a constant rate of whole frames,
and every piece begins and ends on one, so that nothing adds up to an error.
"""

from fractions import Fraction
from typing import Literal

from pydantic import Field

from domain.recording import SpeechTag
from domain.watching import Frozen

Aspect = Literal["9:16", "1:1", "4:5", "16:9"]
SIZES: dict[Aspect, tuple[int, int]] = {
    "9:16": (1080, 1920),
    "1:1": (1080, 1080),
    "4:5": (1080, 1350),
    "16:9": (1920, 1080),
}
"""Width and height in pixels of a full render."""

StickerKind = Literal["price_tag", "badge", "arrow", "emoji"]


class ClipWord(Frozen):
    """A word as it is shown in subtitles, with its time in the recording.

    `text` may be edited; the times stay those of what is heard.
    """

    text: str
    start_ms: int
    end_ms: int


class Piece(Frozen):
    """A stretch of the recording that is heard from `start_ms` to `end_ms`.

    Its picture begins at `picture_ms` where another moment with the same tag looks better, else at
    `start_ms`. `gap_after` is False where the words of the next piece follow in the recording.
    `second_text` is what is said, in `Effects.second_language`.
    """

    piece_id: str
    start_ms: int
    end_ms: int
    picture_ms: int | None = None
    words: tuple[ClipWord, ...] = ()
    tags: tuple[SpeechTag, ...] = ()
    segment: int | None = None
    gap_after: bool = True
    second_text: str = ""


class Sticker(Frozen):
    """Something drawn over the picture from `start_ms` to `end_ms` of the clip.

    `x` and `y` are the place of its middle as parts of the frame; None lets the renderer choose a
    place that hides neither face nor subtitle.
    """

    kind: StickerKind
    text: str
    start_ms: int
    end_ms: int
    x: float | None = None
    y: float | None = None


class Effects(Frozen):
    """What is done to the clip besides cutting; each can be switched off.

    `theme` names a theme file. `bgm` is a track of ours, a blob's hash, or None for no music.
    `background` is None for the picture as it is, `blur`, a colour as `#rrggbb`, or a blob's hash.
    """

    theme: str = "plain"
    subtitles: bool = True
    second_language: str | None = None
    cover: bool = True
    cover_title: str | None = None
    bgm: str | None = "calm"
    ducking: bool = True
    beat_cuts: bool = False
    background: str | None = None
    transition: str | None = "cut"
    transition_ms: int = Field(default=200, ge=0, le=2000)
    stickers: tuple[Sticker, ...] = ()
    intro: str | None = None
    outro: str | None = None
    follow_subject: bool = True


class Timeline(Frozen):
    """All that is needed to render a clip, and nothing that was rendered."""

    timeline_id: str
    version: int = 1
    recording_id: str
    product_id: str | None
    lang: str
    title: str
    aspect: Aspect = "9:16"
    rate_num: int = Field(default=30, ge=1)
    rate_den: int = Field(default=1, ge=1)
    pieces: tuple[Piece, ...]
    effects: Effects = Effects()

    @property
    def rate(self) -> Fraction:
        """Frames a second."""
        return Fraction(self.rate_num, self.rate_den)

    @property
    def duration_ms(self) -> int:
        """How long the pieces last together; transitions overlap nothing that is said."""
        return sum(piece.end_ms - piece.start_ms for piece in self.pieces)
