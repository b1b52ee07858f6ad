"""What a product's turn is about: the product of the line-up, a title, and where to jump to."""

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.product import ProductDocument
from domain.recording import Jump, SpeechTag, TaggedUtterance
from domain.stream import LogEntry, ScreenLine
from tools.on_air import OnAir, OnAirProduct, OnAirSpan

_LEAST_SHARE = 0.35
"""Of a turn's time that a product has to be on air for the turn to be its own."""
_TITLE = 60
_CLAUSE_END = re.compile(r"(?<=[.!?。！？；;])\s*|(?<=[,，])\s*(?=.{12})")


def find_on_air(
    utterances: Sequence[TaggedUtterance],
    products: Sequence[ProductDocument],
    cards: Sequence[ScreenLine],
) -> list[OnAirSpan]:
    """Which product is on air when, from what is said and shown; nothing without a line-up."""
    if not products or not utterances:
        return []
    rows = [*(one.utterance for one in utterances), *cards]
    rows.sort(key=lambda row: row.valid_from_ms)
    on_air = OnAir([OnAirProduct.from_document(one) for one in products])
    on_air.feed([LogEntry(seq=number, row=row) for number, row in enumerate(rows, 1)])
    return on_air.spans()


def product_at(spans: Sequence[OnAirSpan], at_ms: int) -> str | None:
    """The product on air at a moment."""
    return next((s.product_id for s in spans if s.start_ms <= at_ms < s.end_ms), None)


def choose_product(spans: Sequence[OnAirSpan], start_ms: int, end_ms: int) -> str | None:
    """The product that was on air longest in a stretch, None where none was for long."""
    times: defaultdict[str, int] = defaultdict(int)
    for span in spans:
        shared = min(span.end_ms, end_ms) - max(span.start_ms, start_ms)
        if span.product_id is not None and shared > 0:
            times[span.product_id] += shared
    best = max(times, key=lambda one: times[one], default=None)
    if best is None or times[best] < _LEAST_SHARE * (end_ms - start_ms):
        return None
    return best


def make_title(utterances: Sequence[TaggedUtterance], vectors: NDArray[np.float32]) -> str:
    """Words of a turn that say what it is about: where the item is named, else its middle."""
    naming = [one.scores.get(SpeechTag.PRODUCT_INTRO, 0.0) for one in utterances]
    best = int(np.argmax(naming))
    if SpeechTag.PRODUCT_INTRO not in utterances[best].tags:
        best = int(np.argmax(vectors @ vectors.mean(axis=0)))
    text = " ".join(utterances[best].utterance.text.split())
    if len(text) <= _TITLE:
        return text
    clause = max(_CLAUSE_END.split(text), key=lambda one: min(len(one), _TITLE))
    if len(clause) <= _TITLE:
        return clause
    cut = clause[:_TITLE]
    at = cut.rfind(" ")
    return (cut[:at] if at > _TITLE // 2 else cut).rstrip(",，、 ") + "…"


def find_jumps(utterances: Sequence[TaggedUtterance], first: int) -> tuple[Jump, ...]:
    """For each tag of a turn the utterance that carries it most surely, in the order of time.

    `first` is the number of the turn's first utterance in the recording.
    """
    best: dict[SpeechTag, int] = {}
    for index, one in enumerate(utterances):
        for tag in one.tags:
            held = best.get(tag)
            if held is None or one.scores[tag] > utterances[held].scores[tag]:
                best[tag] = index
    return tuple(
        Jump(
            tag=tag,
            at_ms=utterances[index].utterance.start_ms,
            utterance=first + index,
            text=utterances[index].utterance.text,
        )
        for tag, index in sorted(best.items(), key=lambda entry: entry[1])
    )
