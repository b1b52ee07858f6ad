"""Cutting a recording of a broadcast into the turns of its products.

A logistic model says for each utterance how likely a turn begins with it, from meaning, words and
speech tags around it (`evidence`; weights from `training/segmentation`). What that training has
nothing of, because its transcripts are text alone, is weighed by hand: the product on air, pauses,
shots and lines on the screen. The likeliest borders together are found by dynamic programming.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from domain.product import ProductDocument
from domain.recording import Segment, SpeechTag, TaggedUtterance
from domain.settings import Segmenting
from domain.stream import ScreenLine
from models.embeddings import Embedder
from models.text_classifier import WEIGHTS, fold_words
from tools.on_air import OnAirSpan
from tools.segmentation.cutting import Lengths, choose_borders
from tools.segmentation.evidence import border_features
from tools.segmentation.naming import (
    choose_product,
    find_jumps,
    find_on_air,
    make_title,
    product_at,
)

__all__ = ["border_odds", "find_segments", "usual_lengths"]

_OTHER_PRODUCT = 3.0
_SAME_PRODUCT = -1.5
_PAUSE = 0.8
_CUT = 0.4
_NEW_LINE = 0.4
"""In natural logarithms of odds, by hand."""
_LONG_PAUSE_MS = 2500
_NEAR_MS = 2000
_TURNS = 6
_LEAST_MS = 45_000
"""A short recording may hold this many turns at no cost, none shorter than that."""


def find_segments(
    utterances: Sequence[TaggedUtterance],
    *,
    products: Sequence[ProductDocument],
    embedder: Embedder,
    cuts_ms: Sequence[int] = (),
    cards: Sequence[ScreenLine] = (),
    settings: Segmenting = Segmenting(),
) -> list[Segment]:
    """The turns of a recording in order, without gaps; none where nobody speaks.

    `utterances` are in the order of time. `products` is the line-up, `cuts_ms` are the times of
    shot cuts, `cards` lines on the screen. `embedder` is the embedded E5, by which the weights were
    learnt.
    """
    if not utterances:
        return []
    texts = [one.utterance.text for one in utterances]
    vectors = embedder.embed_passages([fold_words(text) for text in texts])
    spans = find_on_air(utterances, products, cards)
    log_odds = border_odds(texts, vectors, [one.scores for one in utterances])
    log_odds += settings.bias
    log_odds += _seen_and_known(utterances, spans, cuts_ms, cards)
    starts = [one.utterance.start_ms for one in utterances]
    end = max(one.utterance.end_ms for one in utterances)
    lengths = usual_lengths(starts[0], end, settings)
    firsts = [0, *choose_borders(log_odds, starts, end, lengths)]
    firsts = _join_same(firsts, starts, end, spans, settings.longest_ms)
    names = {one.product_id: one.record.name or one.product_id for one in products}
    found: list[Segment] = []
    for number, (first, last) in enumerate(zip(firsts, [*firsts[1:], len(texts)], strict=True), 1):
        stop = starts[last] if last < len(texts) else end
        part = utterances[first:last]
        product = choose_product(spans, starts[first], stop)
        title = names[product] if product else make_title(part, vectors[first:last])
        found.append(
            Segment(
                number=number,
                start_ms=starts[first],
                end_ms=stop,
                first=first,
                last=last,
                product_id=product,
                title=title,
                jumps=find_jumps(part, first),
            )
        )
    return found


def usual_lengths(start_ms: int, end_ms: int, settings: Segmenting) -> Lengths:
    """How long turns of a recording are; those of a short one are shorter."""
    least = max(_LEAST_MS, (end_ms - start_ms) / _TURNS)
    return Lengths(
        shortest=min(settings.shortest_ms, least),
        longest=settings.longest_ms,
        cost=settings.length_cost,
    )


def border_odds(
    texts: Sequence[str], vectors: NDArray[np.float32], scores: Sequence[dict[SpeechTag, float]]
) -> NDArray[np.float64]:
    """Log-odds that a turn begins with each text; of the first it says nothing."""
    weights, bias = _weights()
    return (border_features(texts, vectors, scores) @ weights + bias).astype(np.float64)


@cache
def _weights() -> tuple[NDArray[np.float32], float]:
    with np.load(WEIGHTS / "segmentation.npz", allow_pickle=False) as saved:
        return saved["weights"].astype(np.float32), float(saved["bias"])


def _seen_and_known(
    utterances: Sequence[TaggedUtterance],
    spans: Sequence[OnAirSpan],
    cuts_ms: Sequence[int],
    cards: Sequence[ScreenLine],
) -> NDArray[np.float64]:
    """What the line-up, pauses and the picture add to the log-odds of each place."""
    added = np.zeros(len(utterances))
    cuts = sorted(cuts_ms)
    lines = sorted(card.start_ms for card in cards)
    for index in range(1, len(utterances)):
        before, here = utterances[index - 1].utterance, utterances[index].utterance
        was, now = product_at(spans, before.start_ms), product_at(spans, here.start_ms)
        if was is not None and now is not None:
            added[index] += _SAME_PRODUCT if was == now else _OTHER_PRODUCT
        added[index] += _PAUSE * (here.start_ms - before.end_ms > _LONG_PAUSE_MS)
        added[index] += _CUT * _is_near(cuts, here.start_ms)
        added[index] += _NEW_LINE * _is_near(lines, here.start_ms)
    return added


def _is_near(times: Sequence[int], at_ms: int) -> bool:
    place = bisect_left(times, at_ms - _NEAR_MS)
    return place < len(times) and times[place] <= at_ms + _NEAR_MS


def _join_same(
    firsts: Sequence[int],
    starts: Sequence[int],
    end: int,
    spans: Sequence[OnAirSpan],
    longest_ms: int,
) -> list[int]:
    """Neighbouring turns of one product are one, up to the longest that a turn shall be."""
    joined: list[int] = []
    for place, first in enumerate(firsts):
        stop = starts[firsts[place + 1]] if place + 1 < len(firsts) else end
        if joined:
            mine = choose_product(spans, starts[first], stop)
            before = choose_product(spans, starts[joined[-1]], starts[first])
            if mine is not None and mine == before and stop - starts[joined[-1]] <= longest_ms:
                continue
        joined.append(first)
    return joined
