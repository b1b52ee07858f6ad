"""What an editor may take of a recording: for each tag the stretches that do it best."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.recording import (
    Candidate,
    Highlight,
    Picture,
    Segment,
    SpeechTag,
    TaggedUtterance,
)
from tools.spoken import ends_sentence

MOST_MS = 15_000
"""A longer stretch leaves no room for others in an ad of half a minute."""

_LOOKS, _SURE, _LENGTH, _WHOLE = 0.4, 0.3, 0.15, 0.15
"""What picture, tag, length and completeness weigh in the appeal; set by hand."""

_RUN_ON_MS = 1_500
_PAUSE_MS = 800
_SHORTEST_MS, _SHORT_MS, _LONG_MS = 800, 3_000, 10_000
_SAME = 0.6
_PICTURES = 3


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Utterances `[first, last)` of a segment; those of `core` carry the tag."""

    tag: SpeechTag
    segment: Segment
    first: int
    last: int
    core: tuple[int, ...]


def select_candidates(
    tagged: Sequence[TaggedUtterance],
    segments: Sequence[Segment],
    highlights: Sequence[Highlight],
    *,
    most: int,
) -> list[Candidate]:
    """The candidates by tag, of each tag the most appealing first.

    A candidate is a run of utterances of one segment that carry the tag, with what its sentences
    lack at either end, of at most `MOST_MS`. Its appeal weighs how well the picture looks over it
    (`highlights`), how sure the tag is, whether its length fits an ad, and whether it begins and
    ends with whole sentences. Of those that say nearly the same for the same product the most
    appealing stays; of each tag and segment at most `most`.
    """
    looks = _Looks(highlights)
    found: list[Candidate] = []
    for segment in segments:
        for tag in SpeechTag:
            made = [_rate(s, tagged, looks) for s in _stretches(tagged, segment, tag)]
            made.sort(key=lambda c: (-c.appeal, c.start_ms))
            found += _without_twins(made)[:most]
    order = {tag: number for number, tag in enumerate(SpeechTag)}
    found.sort(key=lambda c: (order[c.tag], -c.appeal, c.start_ms))
    return _with_pictures(_without_twins(found), looks)


def _stretches(
    tagged: Sequence[TaggedUtterance], segment: Segment, tag: SpeechTag
) -> Iterator[_Stretch]:
    """The runs of a segment's utterances that carry the tag, each once."""
    run: list[int] = []
    for index in range(segment.first, segment.last):
        if tag not in tagged[index].tags:
            continue
        if run and not _goes_on(tagged, run[0], run[-1], index):
            yield _complete(tagged, segment, tag, run)
            run = []
        run.append(index)
    if run:
        yield _complete(tagged, segment, tag, run)


def _goes_on(tagged: Sequence[TaggedUtterance], first: int, before: int, index: int) -> bool:
    said = tagged[index].utterance
    near = said.start_ms - tagged[before].utterance.end_ms <= _RUN_ON_MS
    return index == before + 1 and near and _length(tagged, first, index + 1) <= MOST_MS


def _complete(
    tagged: Sequence[TaggedUtterance], segment: Segment, tag: SpeechTag, run: Sequence[int]
) -> _Stretch:
    """The run with the rest of the sentences that it begins and ends in, within `MOST_MS`."""
    first, last = run[0], run[-1] + 1
    while first > segment.first and not _is_break(tagged, first):
        if _length(tagged, first - 1, last) > MOST_MS:
            break
        first -= 1
    while last < segment.last and not _is_break(tagged, last):
        if _length(tagged, first, last + 1) > MOST_MS:
            break
        last += 1
    return _Stretch(tag, segment, first, last, tuple(run))


def _is_break(tagged: Sequence[TaggedUtterance], index: int) -> bool:
    """Whether a sentence ends before the utterance `index`."""
    if index in (0, len(tagged)):
        return True
    before, after = tagged[index - 1].utterance, tagged[index].utterance
    return ends_sentence(before.text) or after.start_ms - before.end_ms >= _PAUSE_MS


def _length(tagged: Sequence[TaggedUtterance], first: int, last: int) -> int:
    return tagged[last - 1].utterance.end_ms - tagged[first].utterance.start_ms


class _Looks:
    """How well the picture looks over a stretch."""

    def __init__(self, highlights: Sequence[Highlight]) -> None:
        self._starts = self._as_array([h.start_ms for h in highlights])
        self._ends = self._as_array([h.end_ms for h in highlights])
        self._scores = self._as_array([h.score for h in highlights])

    def over(self, start_ms: int, end_ms: int) -> float:
        """The mean score of what overlaps it, by how much of it does; 0 where nothing was seen."""
        shared = np.minimum(self._ends, end_ms) - np.maximum(self._starts, start_ms)
        weights = np.clip(shared, 0, None)
        total = float(weights.sum())
        return float(weights @ self._scores) / total if total > 0 else 0.0

    @staticmethod
    def _as_array(values: Sequence[float]) -> NDArray[np.float64]:
        return np.asarray(values, dtype=np.float64)


def _rate(stretch: _Stretch, tagged: Sequence[TaggedUtterance], looks: _Looks) -> Candidate:
    said = [tagged[index].utterance for index in range(stretch.first, stretch.last)]
    start, end = said[0].start_ms, said[-1].end_ms
    sure = [tagged[index].scores.get(stretch.tag, 0.0) for index in stretch.core]
    whole = (_is_break(tagged, stretch.first) + _is_break(tagged, stretch.last)) / 2
    appeal = (
        _LOOKS * looks.over(start, end)
        + _SURE * sum(sure) / len(sure)
        + _LENGTH * _fits(end - start)
        + _WHOLE * whole
    )
    return Candidate(
        tag=stretch.tag,
        start_ms=start,
        end_ms=end,
        utterances=tuple(range(stretch.first, stretch.last)),
        segment=stretch.segment.number,
        product_id=stretch.segment.product_id,
        appeal=round(min(1.0, appeal), 4),
        text=_join([one.text for one in said]),
    )


def _fits(length_ms: int) -> float:
    """1 for a length that an ad has room for, less for what is shorter or longer."""
    if length_ms <= _SHORT_MS:
        return max(0.0, (length_ms - _SHORTEST_MS) / (_SHORT_MS - _SHORTEST_MS))
    return 1.0 if length_ms <= _LONG_MS else max(0.0, 1 - (length_ms - _LONG_MS) / MOST_MS)


def _join(texts: Sequence[str]) -> str:
    joined = ""
    for text in texts:
        spaced = joined and joined[-1].isascii() and text[:1].isascii()
        joined += f" {text}" if spaced else text
    return joined


def _without_twins(ranked: Sequence[Candidate]) -> list[Candidate]:
    """The candidates without those that say nearly what an earlier one of the same tag says."""
    kept: list[Candidate] = []
    shapes: dict[tuple[SpeechTag, str | int], list[frozenset[str]]] = defaultdict(list)
    for candidate in ranked:
        shape = _shape(candidate.text)
        group = shapes[candidate.tag, _sold(candidate)]
        if all(_likeness(shape, other) < _SAME for other in group):
            group.append(shape)
            kept.append(candidate)
    return kept


def _sold(candidate: Candidate) -> str | int:
    """The product, or the segment where that is not known."""
    return candidate.segment if candidate.product_id is None else candidate.product_id


def _shape(text: str) -> frozenset[str]:
    letters = re.sub(r"\W+", "", text.lower())
    return frozenset(letters[at : at + 3] for at in range(max(1, len(letters) - 2)))


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    """Jaccard's index of two sets of trigrams."""
    return len(a & b) / len(a | b)


def _with_pictures(found: Sequence[Candidate], looks: _Looks) -> list[Candidate]:
    groups: dict[tuple[SpeechTag, str | int], list[Picture]] = defaultdict(list)
    for one in found:
        score = round(looks.over(one.start_ms, one.end_ms), 4)
        picture = Picture(start_ms=one.start_ms, end_ms=one.end_ms, score=score)
        groups[one.tag, _sold(one)].append(picture)
    for pictures in groups.values():
        pictures.sort(key=lambda p: (-p.score, p.start_ms))
    return [
        one.model_copy(
            update={
                "pictures": tuple(
                    p for p in groups[one.tag, _sold(one)] if p.start_ms != one.start_ms
                )[:_PICTURES]
            }
        )
        for one in found
    ]
