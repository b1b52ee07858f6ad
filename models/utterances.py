"""What was said, word by word, and how words make utterances."""

from collections.abc import Sequence
from dataclasses import dataclass

_PAUSE_MS = 800
_BREATH_MS = 200
_ABBREVIATION_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word (in Chinese a character or a few) with its time in ms of the media."""

    start_ms: int
    end_ms: int
    text: str
    probability: float | None


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence, or what stands between two pauses; times in ms of the media.

    `words` joined are `text` but for outer spaces; without word times from an endpoint they are
    empty.
    """

    start_ms: int
    end_ms: int
    text: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said in a stretch of speech, and in which language (ISO 639-1) if that is known."""

    utterances: list[Utterance]
    language: str | None


def group_words(words: Sequence[Word]) -> list[Utterance]:
    """Utterances out of words: one ends with a sentence mark or before a pause of 0.8 s.

    A full stop after three letters or fewer ("Mr.", "No.") ends one only before a breath, and one
    within a number ("7." "5") does not.
    """
    groups: list[list[Word]] = []
    for word in words:
        if not groups or _parted(groups[-1][-1], word):
            groups.append([])
        groups[-1].append(word)
    return [
        Utterance(group[0].start_ms, group[-1].end_ms, text, tuple(group))
        for group in groups
        if (text := "".join(word.text for word in group).strip())
    ]


def _parted(before: Word, after: Word) -> bool:
    pause = after.start_ms - before.end_ms
    said = before.text.strip()
    if said.endswith("."):
        if said[-2:-1].isdigit() and after.text[:1].isdigit():
            return False
        return len(said) - 1 > _ABBREVIATION_LETTERS or pause >= _BREATH_MS
    return said.endswith(("。", "！", "？", "!", "?", "…")) or pause >= _PAUSE_MS


def to_ms(seconds: float) -> int:
    """Seconds as whole milliseconds."""
    return round(seconds * 1000)
