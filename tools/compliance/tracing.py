"""A text under rewriting, every character of which remembers what it came from."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

PLAIN, UNMASKED, JOINED = 0, 1, 2
"""Marks: as written; put for a disguise; joined to the character before by taking out a sign."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `text` in place of the half-open `[start, end)`; `mark` is what its characters get."""

    start: int
    end: int
    text: str
    mark: int = PLAIN


@dataclass(frozen=True, slots=True)
class Traced:
    """Rewritten text; `spans[i]` is the half-open span of the source behind character `i`.

    Starts never decrease, and no span is empty.
    """

    text: str
    spans: Sequence[tuple[int, int]]
    marks: Sequence[int]

    def apply(self, edits: Iterable[Edit]) -> "Traced":
        """The text with edits made that are sorted and do not overlap.

        A new text of the same length, or one that only leaves characters out, keeps the place of
        every character; any other is traced to the whole of what it replaces.
        """
        parts: list[str] = []
        spans: list[tuple[int, int]] = []
        marks: list[int] = []
        done = 0
        is_joined = False

        def keep(start: int, end: int) -> None:
            parts.append(self.text[start:end])
            spans.extend(self.spans[start:end])
            marks.extend(self.marks[start:end])

        for edit in edits:
            begun = len(marks)
            keep(done, edit.start)
            if is_joined and len(marks) > begun:
                marks[begun] = max(marks[begun], JOINED)
            done = edit.end
            is_joined = not edit.text and edit.mark == JOINED
            if not edit.text:
                continue
            places = _align(self.text[edit.start : edit.end], edit.text)
            parts.append(edit.text)
            if places is None:
                spans += [self._behind(edit.start, edit.end)] * len(edit.text)
                marks += [edit.mark] * len(edit.text)
                continue
            spans += [self.spans[edit.start + place] for place in places]
            gaps = [False, *(b > a + 1 for a, b in pairwise(places))]
            marks += [
                max(JOINED if gap and edit.mark == JOINED else edit.mark % JOINED, own)
                for gap, own in zip(
                    gaps, (self.marks[edit.start + place] for place in places), strict=True
                )
            ]
        begun = len(marks)
        keep(done, len(self.text))
        if is_joined and len(marks) > begun:
            marks[begun] = max(marks[begun], JOINED)
        return Traced("".join(parts), spans, marks)

    def _behind(self, start: int, end: int) -> tuple[int, int]:
        return self.spans[start][0], max(b for _, b in self.spans[start:end])


def _align(old: str, new: str) -> list[int] | None:
    """For each character of `new` its index in `old`, None where they do not correspond."""
    if len(old) == len(new):
        return list(range(len(new)))
    places: list[int] = []
    at = 0
    for char in new:
        at = old.find(char, at)
        if at < 0:
            return None
        places.append(at)
        at += 1
    return places


def drop_overlaps(edits: Iterable[Edit]) -> list[Edit]:
    """`edits` by place, without those that begin inside an earlier or longer one."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start, -e.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def overlapping(
    spans: Sequence[tuple[int, int]], start: int, end: int
) -> Sequence[tuple[int, int]]:
    """Those of the disjoint, sorted half-open `spans` that overlap `[start, end)`."""
    first = bisect_right(spans, start, key=lambda span: span[1])
    return spans[first : bisect_left(spans, end, lo=first, key=lambda span: span[0])]
