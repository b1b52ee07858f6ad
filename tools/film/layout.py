"""Where the pieces of a timeline lie on the clip's grid of frames, in exact fractions.

Pieces whose sound runs on without a gap in the recording make a run: within it borders fall on the
nearest frame of one grid, so that nothing is heard twice or dropped. A run lasts as many whole
frames as hold all of it, so that the end of its last word is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil

from domain.errors import InvalidInput
from domain.timeline import Piece, Timeline

SAMPLE_RATE = 48_000


@dataclass(frozen=True)
class Placed:
    """A piece on the clip's frames `first` up to, not with, `first + frames`.

    `heard` is the moment of the recording, in seconds, at which its sound begins on the clip's
    frame `first`, `seen` the same for the picture.
    """

    piece: Piece
    first: int
    frames: int
    heard: Fraction
    seen: Fraction

    @property
    def end(self) -> int:
        """The frame after the last."""
        return self.first + self.frames


@dataclass(frozen=True)
class Run:
    """Sound that runs on: `[start, end)` of the recording in seconds, on frames of the clip."""

    start: Fraction
    end: Fraction
    first: int
    frames: int


@dataclass(frozen=True)
class Layout:
    """A clip's grid: its rate in frames a second, cards before and after, pieces and runs."""

    rate: Fraction
    intro: int
    outro: int
    pieces: tuple[Placed, ...]
    runs: tuple[Run, ...]

    @property
    def frames(self) -> int:
        """How many frames the clip has."""
        return (self.pieces[-1].end if self.pieces else self.intro) + self.outro

    @property
    def duration(self) -> Fraction:
        """Seconds."""
        return self.frames / self.rate

    def sample_at(self, frame: int) -> int:
        """The sample of the sound that a frame begins with."""
        return round(frame * SAMPLE_RATE / self.rate)

    def clip_seconds(self, placed: Placed, recording_ms: int) -> Fraction:
        """When a moment of the recording that a piece holds comes in the clip."""
        return placed.first / self.rate + Fraction(recording_ms, 1000) - placed.heard


def lay_out(timeline: Timeline, *, intro_ms: int = 0, outro_ms: int = 0) -> Layout:
    """Place the pieces; cards of `intro_ms` and `outro_ms` stand before and after them.

    Raises:
        InvalidInput: there are no pieces, two have one id, or one is empty or begins before 0.
    """
    _check(timeline.pieces)
    rate = timeline.rate
    intro = round(rate * intro_ms / 1000)
    placed: list[Placed] = []
    runs: list[Run] = []
    first = intro
    for pieces in _runs(timeline.pieces):
        start = Fraction(pieces[0].start_ms, 1000)
        end = Fraction(pieces[-1].end_ms, 1000)
        frames = max(len(pieces), ceil((end - start) * rate))
        borders = [0]
        for number, piece in enumerate(pieces[:-1], start=1):
            wanted = round((Fraction(piece.end_ms, 1000) - start) * rate)
            borders.append(min(max(wanted, borders[-1] + 1), frames - (len(pieces) - number)))
        borders.append(frames)
        for piece, (begin, stop) in zip(pieces, pairwise(borders), strict=True):
            heard = start + begin / rate
            seen = heard if piece.picture_ms is None else Fraction(piece.picture_ms, 1000)
            placed.append(Placed(piece, first + begin, stop - begin, heard, seen))
        runs.append(Run(start, end, first, frames))
        first += frames
    return Layout(rate, intro, round(rate * outro_ms / 1000), tuple(placed), tuple(runs))


def _runs(pieces: Sequence[Piece]) -> list[list[Piece]]:
    runs: list[list[Piece]] = []
    for piece in pieces:
        if runs and runs[-1][-1].end_ms == piece.start_ms:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _check(pieces: Sequence[Piece]) -> None:
    if not pieces:
        raise InvalidInput("The timeline has no pieces.", hint="Choose at least one stretch.")
    seen: set[str] = set()
    for piece in pieces:
        if piece.end_ms <= piece.start_ms or piece.start_ms < 0 or (piece.picture_ms or 0) < 0:
            raise InvalidInput(
                f"Piece {piece.piece_id} lasts from {piece.start_ms} to {piece.end_ms} ms.",
                hint="A piece begins at 0 or later and ends after it begins.",
            )
        if piece.piece_id in seen:
            raise InvalidInput(
                f"Two pieces are called {piece.piece_id}.", hint="Give each its own piece_id."
            )
        seen.add(piece.piece_id)
