"""Subtitle cues: which words stand on the screen together, on how many lines, and how long."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.timeline import ClipWord
from tools.effects.fonts import is_emoji
from tools.film.layout import Layout, Placed

MOST_LINES = 2
PAUSE_MS = 600
HOLD_MS = 500
"""How long a cue stays after its last word, where nothing follows."""
SHORTEST_MS = 700

_ENDS = frozenset(".!?。！？…；;")
_SOFT = frozenset(",，、：:")
_SOFT_FILL = 0.6
_SHARES = (0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class CueWord:
    """A word on the clip's frames `first` up to `end`."""

    text: str
    first: int
    end: int


@dataclass(frozen=True)
class Cue:
    """Lines of words that stand from frame `first` up to `end`."""

    piece_id: str
    lines: tuple[tuple[CueWord, ...], ...]
    first: int
    end: int

    @property
    def words(self) -> tuple[CueWord, ...]:
        """All words, in order."""
        return tuple(word for line in self.lines for word in line)

    @property
    def text(self) -> str:
        """The cue as one line."""
        return join_words([word.text for word in self.words])


Measure = Callable[[str], float]
"""How wide a text is, in the unit of the room for a line."""


def cue_words(layout: Layout, *, room: float, measure: Measure) -> list[Cue]:
    """The cues of a clip: at most two lines of `room`, broken at pauses and ends of sentences.

    Words are timed to frames; a cue stays a little after its last word where there is time, so that
    it can be read.
    """
    cues: list[Cue] = []
    for placed in layout.pieces:
        words = _timed(placed, layout)
        groups = _group(words, room, measure, layout)
        for number, group in enumerate(groups):
            limit = groups[number + 1][0].first if number + 1 < len(groups) else placed.end
            wanted = max(
                group[-1].end + int(layout.rate * HOLD_MS / 1000),
                group[0].first + int(layout.rate * SHORTEST_MS / 1000),
            )
            cues.append(
                Cue(
                    placed.piece.piece_id,
                    tuple(tuple(line) for line in wrap(group, room, measure)),
                    group[0].first,
                    max(min(wanted, limit), group[0].first + 1),
                )
            )
    return cues


def wrap(words: Sequence[CueWord], room: float, measure: Measure) -> list[list[CueWord]]:
    """Lines as even as they can be; one where it fits."""
    texts = [word.text for word in words]
    if measure(join_words(texts)) <= room or len(words) == 1:
        return [list(words)]
    best = min(
        range(1, len(words)),
        key=lambda at: (
            max(measure(join_words(texts[:at])), measure(join_words(texts[at:])))
            - (0.06 * room if texts[at - 1][-1:] in _SOFT | _ENDS else 0)
        ),
    )
    return [list(words[:best]), list(words[best:])]


def join_words(texts: Sequence[str]) -> str:
    """Words as they are written: with spaces, but none beside a Chinese sign."""
    joined = texts[0] if texts else ""
    for one, two in pairwise(texts):
        joined += glue(one, two) + two
    return joined


def glue(one: str, two: str) -> str:
    """What stands between two words."""
    if not one or not two or _is_wide(one[-1]) or _is_wide(two[0]):
        return ""
    return "" if two[0] in ",.!?;:%)'’" else " "


def clean(text: str) -> str:
    """A word without spaces around it and without emoji, which subtitle renderers cannot draw."""
    return "".join(sign for sign in text if not is_emoji(sign)).strip()


def _timed(placed: Placed, layout: Layout) -> list[CueWord]:
    words: list[CueWord] = []
    for word in placed.piece.words:
        text = clean(word.text)
        if not text:
            continue
        first = _frame(placed, layout, word, at_ms=word.start_ms)
        end = _frame(placed, layout, word, at_ms=word.end_ms)
        if first < placed.end and end > placed.first:
            first = max(first, placed.first, words[-1].first if words else 0)
            words.append(CueWord(text, first, min(max(end, first + 1), placed.end)))
    return words


def _frame(placed: Placed, layout: Layout, word: ClipWord, *, at_ms: int) -> int:
    return round(layout.clip_seconds(placed, at_ms) * layout.rate)


def _group(
    words: Sequence[CueWord], room: float, measure: Measure, layout: Layout
) -> list[list[CueWord]]:
    """Cues at pauses and ends of sentences; what is too long for one is shared out evenly."""
    pause = float(layout.rate * PAUSE_MS / 1000)
    sentences: list[list[CueWord]] = []
    for word in words:
        last = sentences[-1][-1] if sentences else None
        if last is None or word.first - last.end > pause or last.text[-1] in _ENDS:
            sentences.append([word])
        else:
            sentences[-1].append(word)
    groups: list[list[CueWord]] = []
    for sentence in sentences:
        fullest = _fill(sentence, room, measure)
        even = (_fill(sentence, room * share, measure) for share in _SHARES)
        groups += next((found for found in even if len(found) == len(fullest)), fullest)
    return groups


def _fill(words: Sequence[CueWord], room: float, measure: Measure) -> list[list[CueWord]]:
    groups: list[list[CueWord]] = []
    for word in words:
        if groups and not _ends(groups[-1], word, room, measure):
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def _ends(group: Sequence[CueWord], word: CueWord, room: float, measure: Measure) -> bool:
    last = group[-1]
    wide = measure(join_words([w.text for w in group]))
    if last.text[-1] in _SOFT and wide > _SOFT_FILL * MOST_LINES * room:
        return True
    lines = wrap([*group, word], room, measure)
    return any(measure(join_words([w.text for w in line])) > room for line in lines)


def _is_wide(sign: str) -> bool:
    return ord(sign) > 0x2E7F
