"""Subtitles burnt into a video: what they repeat of the speech."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from tools.documents.keyframes import ScreenLine, letters_of, numbers_of
from tools.documents.speech import Line
from tools.spoken import normalise_spoken

NEAR_SECONDS = 2.0
"""How far a subtitle may stand from the words it repeats."""

_REPEATS = 0.8
_LEAST_MATCH = 2


def drop_repeated(shown: Sequence[ScreenLine], said: Sequence[Line]) -> list[ScreenLine]:
    """The lines on the screen without those that are heard within two seconds.

    A line repeats the speech when four in five of its characters are found there in order and its
    numbers are among those said: a price that the screen gives otherwise stays.
    """
    return [line for line in shown if not _is_heard(line, said)]


def _is_heard(line: ScreenLine, said: Sequence[Line]) -> bool:
    near = [
        one.text
        for one in said
        if one.start - NEAR_SECONDS <= line.last and line.second <= one.end + NEAR_SECONDS
    ]
    text = normalise_spoken(line.text)
    letters, heard = letters_of(text), letters_of(" ".join(near))
    if not letters or not heard:
        return False
    told = {number for one in near for number in numbers_of(one)}
    return told.issuperset(numbers_of(text)) and _share(letters, heard) >= _REPEATS


def _share(letters: str, heard: str) -> float:
    """How much of `letters` the stretch of `heard` that fits it best holds."""
    matcher = SequenceMatcher(None, heard, letters, autojunk=False)
    longest = matcher.find_longest_match()
    if longest.size == 0:
        return 0.0
    start = max(0, longest.a - longest.b - _LEAST_MATCH)
    stretch = heard[start : start + len(letters) + 2 * _LEAST_MATCH]
    blocks = SequenceMatcher(None, stretch, letters, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(letters)
