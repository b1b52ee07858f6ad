"""Shots: the stretches of a clip's picture that are rendered, and kept, each by itself.

A piece is one shot, or several where the picture cuts within it. A transition is a shot of its own
over the last frames of a piece and the first of the next: both pictures run on under it, the sound
is cut in its middle, and nothing that is said is covered.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from tools.film.layout import Layout, Placed

Transition = Literal["fade", "slide"]


@dataclass(frozen=True)
class Framing:
    """How a picture fills the frame.

    `crop`: what lies in `region` (x, y, width, height in pixels of the upright recording) is scaled
    to `size`, of which the frame is cut at `path`: one place for the whole shot, or one a frame.
    `fit`: the region is shown whole over a blurred enlargement of itself.
    """

    mode: Literal["crop", "fit"]
    region: tuple[int, int, int, int]
    size: tuple[int, int]
    path: tuple[tuple[int, int], ...] = ((0, 0),)


@dataclass(frozen=True)
class Take:
    """A picture that runs from the moment `at` of the recording, in seconds."""

    piece_id: str
    at: Fraction
    framing: Framing


@dataclass(frozen=True)
class Shot:
    """`frames` of the clip from `first` on: a take, a transition between two, or a card."""

    first: int
    frames: int
    takes: tuple[Take, ...] = ()
    transition: Transition | None = None
    card: str | None = None

    @property
    def end(self) -> int:
        """The frame after the last."""
        return self.first + self.frames


@dataclass(frozen=True)
class FramedSpan:
    """The framing of a stretch without a cut.

    It holds frames `first` up to `first + frames`, counted from the piece's own first.
    """

    first: int
    frames: int
    framing: Framing


Framer = Callable[[Placed], Sequence[FramedSpan]]
"""How a piece is framed: spans that hold all of its frames, in order."""


def plan_shots(
    layout: Layout, frame: Framer, *, transition: Transition | None, transition_frames: int
) -> list[Shot]:
    """The shots of a clip, in order, without its cards.

    A transition is at most as long as half of the shorter neighbour; pieces that run on in the
    recording have none.
    """
    halves = [0, *_halves(layout.pieces, transition, transition_frames), 0]
    framed = [list(frame(placed)) for placed in layout.pieces]
    shots: list[Shot] = []
    for number, placed in enumerate(layout.pieces):
        before, after = halves[number], halves[number + 1]
        if before:
            earlier = layout.pieces[number - 1]
            takes = (
                _take(earlier, framed[number - 1], earlier.frames - before, 2 * before, layout),
                _take(placed, framed[number], -before, 2 * before, layout),
            )
            shots.append(Shot(placed.first - before, 2 * before, takes, transition))
        shots += _body(placed, framed[number], before, placed.frames - after, layout)
    return shots


def _halves(pieces: Sequence[Placed], transition: Transition | None, frames: int) -> list[int]:
    if transition is None:
        return [0] * (len(pieces) - 1)
    found: list[int] = []
    for one, two in pairwise(pieces):
        goes_on = one.seen + (two.heard - one.heard) == two.seen and one.end == two.first
        follows = one.piece.end_ms == two.piece.start_ms and goes_on
        most = min(one.frames, two.frames) // 4
        found.append(0 if follows else min(frames // 2, most))
    return found


def _body(
    placed: Placed, spans: Sequence[FramedSpan], start: int, end: int, layout: Layout
) -> list[Shot]:
    shots: list[Shot] = []
    for span in spans:
        first, stop = max(span.first, start), min(span.first + span.frames, end)
        if first < stop:
            take = _take(placed, [span], first, stop - first, layout)
            shots.append(Shot(placed.first + first, stop - first, (take,)))
    return shots


def _take(
    placed: Placed, spans: Sequence[FramedSpan], first: int, frames: int, layout: Layout
) -> Take:
    """The framing of the span that holds most of the frames, held still beyond its ends."""
    span = max(spans, key=lambda s: min(s.first + s.frames, first + frames) - max(s.first, first))
    path = span.framing.path
    if len(path) > 1:
        at = [min(max(n - span.first, 0), len(path) - 1) for n in range(first, first + frames)]
        path = tuple(path[index] for index in at)
        if len(set(path)) == 1:
            path = path[:1]
    framing = Framing(span.framing.mode, span.framing.region, span.framing.size, path)
    return Take(placed.piece.piece_id, placed.seen + first / layout.rate, framing)
