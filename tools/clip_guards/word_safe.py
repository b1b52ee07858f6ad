"""Word-safe: no cut lies in a word, and no ending is lost."""

from collections.abc import Sequence
from itertools import pairwise

from domain.clip import Rejection
from domain.recording import TaggedUtterance
from domain.stream import SpokenWord
from domain.timeline import Timeline

SLACK_MS = 20
"""A cut so near to a word's edge is at it: recognisers tell times in steps of this."""


def find_cut_words(timeline: Timeline, tagged: Sequence[TaggedUtterance]) -> list[Rejection]:
    """The words of the recording that a cut lies in.

    Where two pieces run on in the recording their border is no cut.
    """
    joined = {
        one.end_ms for one, after in pairwise(timeline.pieces) if one.end_ms == after.start_ms
    }
    cuts = sorted(
        {at for piece in timeline.pieces for at in (piece.start_ms, piece.end_ms)} - joined
    )
    found: list[Rejection] = []
    for number, one in enumerate(tagged):
        spoken = one.utterance
        words = spoken.words or (
            SpokenWord(start_ms=spoken.start_ms, end_ms=spoken.end_ms, text=spoken.text),
        )
        for at in cuts:
            if not spoken.start_ms < at < spoken.end_ms:
                continue
            hurt = [w for w in words if w.start_ms + SLACK_MS < at < w.end_ms - SLACK_MS]
            found += [
                Rejection(
                    guard="word_safe",
                    rule="cut_word",
                    reason="A cut lies within this word.",
                    quote=word.text.strip(),
                    utterance=number,
                    at_ms=at,
                )
                for word in hurt
            ]
    return found
