"""Stretches of a recording that may stand in a slot of a storyline."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.recording import Highlight, Segment, SpeechTag, TaggedUtterance
from domain.storyline import Slot
from tools.spoken import ends_sentence

PAUSE_MS = 800
"""After such a pause a new sentence begins, whatever the recogniser's punctuation says."""
RUN_ON_MS = 2_500
"""A longer silence is not left inside a stretch."""

_TAG, _LOOKS, _WORDS = 0.5, 0.35, 0.15
"""What tag, picture and the audience's words weigh in a second of a stretch; set by hand."""
_FREE = 0.5
"""How well whatever is said fits a slot that takes it."""
_CORE = 0.5
"""The part of a stretch that has to carry the slot's tag."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Utterances `[first, last)` of one segment; `worth` is what a second of them is worth."""

    first: int
    last: int
    start_ms: int
    end_ms: int
    segment: int
    tag: SpeechTag | None
    fit: float
    appeal: float
    worth: float

    @property
    def duration_ms(self) -> int:
        """How long it lasts."""
        return self.end_ms - self.start_ms

    def overlaps(self, other: "Stretch") -> bool:
        """Whether an utterance is in both."""
        return self.first < other.last and other.first < self.last


class Material:
    """What stories are made of: tagged utterances of some segments, and how they look.

    Utterances of `banned` and those that carry a tag of `unwanted` are in no stretch, those of
    `no_openers` begin none; what is said with one of `words` is worth more.
    """

    def __init__(
        self,
        tagged: Sequence[TaggedUtterance],
        segments: Sequence[Segment],
        highlights: Sequence[Highlight] = (),
        *,
        banned: Collection[int] = (),
        no_openers: Collection[int] = (),
        unwanted: Collection[SpeechTag] = (),
        words: Sequence[str] = (),
    ) -> None:
        self.tagged = tagged
        self.segments = segments
        self._starts = np.array([h.start_ms for h in highlights], dtype=np.float64)
        self._ends = np.array([h.end_ms for h in highlights], dtype=np.float64)
        self._scores = np.array([h.score for h in highlights], dtype=np.float64)
        self._shut = {
            number
            for number, one in enumerate(tagged)
            if number in banned or not set(one.tags).isdisjoint(unwanted)
        }
        self._no_openers = frozenset(no_openers)
        said = [one.utterance.text.lower() for one in tagged]
        self._named = [any(word.lower() in text for word in words) for text in said]
        self._looks: dict[tuple[int, int], float] = {}

    def text(self, number: int) -> str:
        """What an utterance says."""
        return self.tagged[number].utterance.text

    def stretches(self, slot: Slot) -> list[Stretch]:
        """Every stretch for a slot: whole sentences of one segment, of the slot's length."""
        low, high = slot.min_seconds * 1000, slot.max_seconds * 1000
        found: list[Stretch] = []
        for segment in self.segments:
            for first in range(segment.first, segment.last):
                if first in self._shut or first in self._no_openers:
                    continue
                if not self._is_break(first):
                    continue
                for last in range(first + 1, segment.last + 1):
                    if last - 1 in self._shut or not self._runs_on(first, last - 1):
                        break
                    length = self._end(last) - self._start(first)
                    if length > high:
                        break
                    if length >= low and self._is_break(last):
                        found += self._rate(slot, segment, first, last)
        return found

    def looks(self, start_ms: int, end_ms: int) -> float:
        """The mean score of the moments that overlap it, by how much; 0 where none was seen."""
        key = (start_ms, end_ms)
        if key not in self._looks:
            shared = np.minimum(self._ends, end_ms) - np.maximum(self._starts, start_ms)
            weights: NDArray[np.float64] = np.clip(shared, 0, None)
            total = float(weights.sum())
            self._looks[key] = float(weights @ self._scores) / total if total > 0 else 0.0
        return self._looks[key]

    def _rate(self, slot: Slot, segment: Segment, first: int, last: int) -> list[Stretch]:
        start, end = self._start(first), self._end(last)
        lengths = [max(1, self._end(n + 1) - self._start(n)) for n in range(first, last)]
        total = sum(lengths)
        tag, fit = None, _FREE
        for wanted in slot.tags:
            rows = list(zip(range(first, last), lengths, strict=True))
            core = sum(ms for n, ms in rows if wanted in self.tagged[n].tags)
            sure = sum(ms * self.tagged[n].scores.get(wanted, 0.0) for n, ms in rows) / total
            if core >= _CORE * total and (tag is None or sure > fit):
                tag, fit = wanted, sure
        if slot.tags and tag is None:
            return []
        appeal = self.looks(start, end)
        named = any(self._named[first:last])
        worth = _TAG * fit + _LOOKS * appeal + _WORDS * named
        return [Stretch(first, last, start, end, segment.number, tag, fit, appeal, worth)]

    def _is_break(self, index: int) -> bool:
        """Whether a sentence ends before the utterance `index`."""
        if index in (0, len(self.tagged)):
            return True
        pause = self._start(index) - self._end(index)
        return pause >= PAUSE_MS or ends_sentence(self.text(index - 1))

    def _runs_on(self, first: int, index: int) -> bool:
        return index == first or self._start(index) - self._end(index) <= RUN_ON_MS

    def _start(self, index: int) -> int:
        return self.tagged[index].utterance.start_ms

    def _end(self, last: int) -> int:
        """Where the utterance before `last` ends."""
        return self.tagged[last - 1].utterance.end_ms
