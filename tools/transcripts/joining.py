"""Joining what neighbouring chunks heard, without loss or repetition."""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from models.utterances import Word
from tools.transcripts.chunking import Chunk

_NEAR_MS = 1_500
"""The same word, heard twice, has times that are no further apart."""


def join_words(chunks: Sequence[tuple[Chunk, Sequence[Word]]]) -> list[Word]:
    """The words of all chunks in order of time, each once.

    Where two chunks heard the same stretch, the seam is put into the middle of the longest run of
    words that both heard, so that neither's uncertain edge counts; where they agree on no word, at
    the border between them, by the middles of words.
    """
    joined: list[Word] = []
    until = 0
    for chunk, words in chunks:
        if joined and until > chunk.heard_from_ms:
            joined, words = _seam(joined, words, chunk)
        joined += _after(joined, words)
        until = chunk.heard_until_ms
    return joined


def _seam(left: list[Word], right: Sequence[Word], chunk: Chunk) -> tuple[list[Word], list[Word]]:
    """What stays of both sides of the border at which `chunk` begins."""
    shared = next(
        (i for i, word in enumerate(left) if _middle(word) >= chunk.heard_from_ms), len(left)
    )
    tail = left[shared:]
    end = tail[-1].end_ms if tail else chunk.start_ms
    head = [word for word in right if _middle(word) <= end]
    a, b = [_fold(word) for word in tail], [_fold(word) for word in head]
    match = SequenceMatcher(None, a, b, autojunk=False).find_longest_match()
    if match.size and abs(tail[match.a].start_ms - head[match.b].start_ms) <= _NEAR_MS:
        middle = match.size // 2
        return left[: shared + match.a + middle + 1], list(right[match.b + middle + 1 :])
    return (
        [word for word in left if _middle(word) < chunk.start_ms],
        [word for word in right if _middle(word) >= chunk.start_ms],
    )


def _after(left: Sequence[Word], right: Sequence[Word]) -> list[Word]:
    """The words of `right`, the first of which does not begin before the last of `left` ends."""
    if not left or not right or right[0].start_ms >= left[-1].end_ms:
        return list(right)
    start = left[-1].end_ms
    return [replace(right[0], start_ms=start, end_ms=max(start, right[0].end_ms)), *right[1:]]


def _fold(word: Word) -> str:
    return re.sub(r"\W+", "", word.text.lower())


def _middle(word: Word) -> float:
    return (word.start_ms + word.end_ms) / 2
