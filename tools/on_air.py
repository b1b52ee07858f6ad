"""Which product is on air, moment by moment, from what is said and shown.

A hidden Markov model (Rabiner 1989) over the line-up and "none": a product stays on air from
sentence to sentence unless the evidence, a spoken transition or a pause says otherwise. The newest
sentence is judged by what came before it, older ones also by what followed (fixed-lag smoothing),
so that a change is dated to where it began. Nothing that came after a question's time is used.
"""

import re
import threading
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from domain.product import ProductDocument
from domain.stream import LogEntry, ScreenLine, Utterance
from tools.events.cue_words import ANOTHER_TIME, is_transition
from tools.product_names import name_words
from tools.questions.reading import content_words, covered
from tools.spoken import mend_names

_NAMED = 4.0
_NAME_WORD = 3.0
_TERM = 0.8
_MOST_TERMS = 2.4
_GIVEN = 8.0
_ON_SCREEN = 0.7
"""Evidence in natural logarithms of how much likelier it is with the product on air."""
_SWITCH = 0.02
_SWITCH_AT_CUE = 0.2
_SWITCH_AT_PAUSE = 0.03
_PAUSE_MS = 2500
_NEXT_IN_LINE = 3.0
"""How much likelier than another product the next of the line-up follows."""
_LAG = 12
_LEAST = 0.4
_KEPT = 512
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")


@dataclass(frozen=True, slots=True)
class OnAirProduct:
    """A product of the line-up: what it is called, and words by which talk of it is known."""

    product_id: str
    names: tuple[str, ...]
    words: frozenset[str] = frozenset()

    @classmethod
    def from_document(cls, document: ProductDocument, spoken: Sequence[str] = ()) -> "OnAirProduct":
        """By its record; `spoken` are other names that hosts use."""
        record = document.record
        names = [record.name, *spoken, record.brand]
        told = [record.category, *record.selling_points, *record.specs, *record.materials]
        words = content_words(" ; ".join(text for text in told if text))
        return cls(document.product_id, tuple(name for name in names if name), words)


@dataclass(frozen=True, slots=True)
class OnAirSpan:
    """A product, or None where none is known, was on air in `[start_ms, end_ms)`."""

    start_ms: int
    end_ms: int
    product_id: str | None


@dataclass(frozen=True, slots=True)
class _Step:
    start_ms: int
    known_ms: int
    likelihood: NDArray[np.float64]
    switch: NDArray[np.float64]
    belief: NDArray[np.float64]


class OnAir:
    """Follows a stream's log; keeps a bounded window of it. Feed rows in the order of the log.

    One thread feeds it, any may ask.
    """

    def __init__(self, line_up: Sequence[OnAirProduct], evidence: "Evidence | None" = None) -> None:
        """`evidence` is of the same line-up, by whoever goes through the same rows again."""
        self._line_up = tuple(line_up)
        self._ids: tuple[str | None, ...] = (*(p.product_id for p in line_up), None)
        self._evidence = evidence or Evidence(self._line_up)
        self._moves = {rate: _moves(len(self._line_up), rate) for rate in _RATES}
        self._steps: list[_Step] = []
        self._closed: list[OnAirSpan] = []
        self._lock = threading.Lock()

    def feed(self, entries: Sequence[LogEntry]) -> None:
        """Take what was said and shown; other rows tell nothing."""
        for entry in entries:
            if isinstance(entry.row, Utterance | ScreenLine):
                self._take(entry.row)
        with self._lock:
            while len(self._steps) > 2 * _KEPT:
                self._forget()

    def product_at(self, at_ms: int, *, as_of_ms: int | None = None) -> str | None:
        """The product on air at a moment, as far as could be known at `as_of_ms`."""
        with self._lock:
            last = self._known(as_of_ms)
            at = bisect_right(self._steps, at_ms, key=lambda step: step.start_ms) - 1
            if at < 0:
                return _span_at(self._closed, at_ms)
            return self._judge(min(at, last), last) if last >= 0 else None

    def spans(self, *, as_of_ms: int | None = None) -> list[OnAirSpan]:
        """The window's spans up to the last sentence known, in order and without gaps."""
        with self._lock:
            last = self._known(as_of_ms)
            found = list(self._closed)
            for index in range(last + 1):
                step = self._steps[index]
                end = self._steps[index + 1].start_ms if index < last else step.known_ms
                _extend(found, OnAirSpan(step.start_ms, end, self._judge(index, last)))
            return found

    def _take(self, row: Utterance | ScreenLine) -> None:
        before = self._steps[-1] if self._steps else None
        shown = isinstance(row, ScreenLine)
        given = None if shown else row.product_id
        likelihood = self._evidence.weigh(row.text, given, _ON_SCREEN if shown else 1.0)
        pause = row.start_ms - before.known_ms if before else 0
        rate = _SWITCH_AT_PAUSE if pause > _PAUSE_MS else _SWITCH
        rate = _SWITCH_AT_CUE if not shown and is_transition(row.text) else rate
        switch = self._moves[rate]
        prior = before.belief @ switch if before else _first(len(self._line_up))
        belief = prior * likelihood
        known = max(row.valid_from_ms, before.known_ms if before else 0)
        start = max(row.start_ms, before.start_ms if before else 0)
        self._steps.append(_Step(start, known, likelihood, switch, belief / belief.sum()))

    def _known(self, as_of_ms: int | None) -> int:
        if as_of_ms is None:
            return len(self._steps) - 1
        return bisect_right(self._steps, as_of_ms, key=lambda step: step.known_ms) - 1

    def _judge(self, index: int, last: int) -> str | None:
        """Smoothed with what followed, at most `_LAG` rows of it."""
        after = np.ones(len(self._ids))
        for step in reversed(self._steps[index + 1 : min(last, index + _LAG) + 1]):
            after = step.switch @ (step.likelihood * after)
            after /= after.sum()
        belief = self._steps[index].belief * after
        belief /= belief.sum()
        best = int(np.argmax(belief))
        return self._ids[best] if belief[best] >= _LEAST else None

    def _forget(self) -> None:
        """Close the spans of the older half of the window."""
        for index in range(_KEPT):
            step = self._steps[index]
            end = self._steps[index + 1].start_ms
            span = OnAirSpan(step.start_ms, end, self._judge(index, index + _LAG))
            _extend(self._closed, span)
        del self._steps[:_KEPT]
        del self._closed[:-_KEPT]


class Evidence:
    """What a text says about which product it is about; remembers the newest texts."""

    def __init__(self, line_up: Sequence[OnAirProduct]) -> None:
        self._line_up = line_up
        self._names = [tuple(name.casefold() for name in p.names) for p in line_up]
        owned = [frozenset[str]().union(*map(name_words, p.names)) for p in line_up]
        known = [p.words | frozenset[str]().union(*map(content_words, p.names)) for p in line_up]
        common_names = Counter(word for words in owned for word in words)
        common = Counter(word for words in known for word in words)
        self._name_words = [frozenset(w for w in words if common_names[w] == 1) for words in owned]
        self._terms = [frozenset(w for w in words if common[w] == 1) for words in known]
        self._spellings = tuple(
            dict.fromkeys(part for p in line_up for name in p.names for part in _parts(name))
        )

        self.weigh = lru_cache(maxsize=_KEPT)(self._weigh)

    def _weigh(self, text: str, given: str | None, weight: float) -> NDArray[np.float64]:
        """A likelihood for each product, and for none."""
        text = mend_names(ANOTHER_TIME.sub(" ", text), self._spellings)
        folded, words = text.casefold(), name_words(text)
        found = np.zeros(len(self._line_up) + 1)
        for index, product in enumerate(self._line_up):
            terms = self._terms[index]
            score = min(_MOST_TERMS, _TERM * round(covered(terms, text) * len(terms)))
            if any(_stands_in(name, folded) for name in self._names[index]):
                score += _NAMED
            elif words & self._name_words[index]:
                score += _NAME_WORD
            found[index] = score * weight + (_GIVEN if product.product_id == given else 0.0)
        return np.exp(found)


_RATES = (_SWITCH, _SWITCH_AT_PAUSE, _SWITCH_AT_CUE)


def _moves(products: int, rate: float) -> NDArray[np.float64]:
    """From row to column: staying, the next in line, any other, none."""
    weights = np.ones((products + 1, products + 1))
    for index in range(products - 1):
        weights[index, index + 1] = _NEXT_IN_LINE
    np.fill_diagonal(weights, 0.0)
    sums = weights.sum(axis=1, keepdims=True)
    moves = rate * weights / np.where(sums == 0, 1, sums)
    np.fill_diagonal(moves, 1 - moves.sum(axis=1))
    return moves


def _first(products: int) -> NDArray[np.float64]:
    """Before the first word: most likely none."""
    prior = np.full(products + 1, 0.4 / max(products, 1))
    prior[-1] = 0.6
    return prior / prior.sum()


def _parts(name: str) -> list[str]:
    """The name, and its Chinese parts: recognition errs in these one by one."""
    return [name, *(part for part in _HAN.findall(name) if part != name)]


def _stands_in(name: str, text: str) -> bool:
    at = text.find(name)
    if at < 0 or not name.isascii():
        return at >= 0
    around = text[at - 1 : at] + text[at + len(name) : at + len(name) + 1]
    return not any(char.isascii() and char.isalnum() for char in around)


def _extend(spans: list[OnAirSpan], span: OnAirSpan) -> None:
    if spans and spans[-1].product_id == span.product_id:
        spans[-1] = OnAirSpan(
            spans[-1].start_ms, max(span.end_ms, spans[-1].end_ms), span.product_id
        )
    else:
        spans.append(span)


def _span_at(spans: Sequence[OnAirSpan], at_ms: int) -> str | None:
    at = bisect_left(spans, at_ms + 1, key=lambda span: span.start_ms) - 1
    return spans[at].product_id if at >= 0 else None
