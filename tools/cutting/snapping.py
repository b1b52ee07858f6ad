"""A timeline whose cuts lie in silence between words."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from domain.progress import never
from domain.timeline import ClipWord, Timeline
from tools.cutting.word_safe import Side, snap_cuts


def snap_timeline(
    timeline: Timeline,
    recording: Path,
    words: Sequence[ClipWord],
    *,
    cancelled: Callable[[], bool] = never,
) -> Timeline:
    """Move the edges of every piece to the quietest moments near them; `words` are all there are.

    Pieces that follow one another in the recording meet at one moment, and are not cut there.

    Raises:
        NotFound: there is no such recording.
        InvalidInput: it cannot be decoded.
        JobCancelled: `cancelled` said so.
    """
    pieces = timeline.pieces
    cuts: list[tuple[int, Side]] = []
    for piece in pieces:
        cuts.append((piece.start_ms, "start"))
        cuts.append((piece.end_ms, "end"))
    found = snap_cuts(recording, cuts, words, cancelled=cancelled)
    starts, ends = found[0::2], found[1::2]
    for number, (one, after) in enumerate(pairwise(pieces)):
        between = [w for w in words if one.end_ms <= w.start_ms < after.start_ms]
        if one.end_ms <= after.start_ms and not between:
            starts[number + 1] = ends[number]
    moved = [
        piece.model_copy(update={"start_ms": start, "end_ms": end, "gap_after": True})
        for piece, start, end in zip(pieces, starts, ends, strict=True)
        if end > start
    ]
    joined = [
        one.model_copy(update={"gap_after": after is None or after.start_ms != one.end_ms})
        for one, after in zip(moved, [*moved[1:], None], strict=True)
    ]
    return timeline.model_copy(update={"pieces": tuple(joined)})
