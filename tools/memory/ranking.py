"""How passages of a stream rank for a question.

Words and meaning are scaled to the best of each and summed: on the `dev` half of the evaluation
that found a little more than fused ranks (Cormack et al. 2009), which forget how sure each is.
What was said is short, so a sentence is judged with the two before it: "it is nineteen ninety"
answers a question about a mug that was named a breath ago.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stores.recall import KINDS, Scores
from tools.memory.time_words import When

_WORDS = 0.45
"""The share of words in a score, the rest is meaning."""
_BEFORE = (0.25, 0.1)
"""How much of the scores of the two sentences before counts."""
_BEFORE_MS = 15_000
_RECENT = 0.03
_RECENT_MS = 15 * 60_000
_OTHER_PRODUCT = 0.5
_OUTSIDE = 0.6
_EVENTS_SHARE = 4
"""One hit of so many may be an event: sentences are what is quoted."""


def rank_passages(
    scores: Scores,
    terms: Sequence[str],
    when: When | None,
    as_of_ms: int,
    product_id: str | None,
    kinds: Sequence[str],
) -> NDArray[np.float32]:
    """A score for each passage; below zero is no hit."""
    head = scores.head
    start, end = head["start"], head["end"]
    age = np.maximum(as_of_ms - end, 0)
    if not len(head):
        return np.zeros(0, np.float32)
    if terms:
        meant = _scaled(_standing_out(scores))
        own = (_WORDS * _scaled(scores.words) + (1 - _WORDS) * meant).astype(np.float32)
        total = _with_before(own, head) + _RECENT * np.exp2(-age / _RECENT_MS)
    else:
        total = np.exp2(-age / _RECENT_MS).astype(np.float32)
    if when is not None:
        inside = (start <= when.end_ms) & (end >= when.start_ms)
        total = np.where(inside, total, total * _OUTSIDE if when.leaning else -1.0)
    if product_id is not None and product_id in scores.products:
        other = (head["product"] >= 0) & (head["product"] != scores.products.index(product_id))
        total = np.where(other & (total > 0), total * _OTHER_PRODUCT, total)
    wanted = [KINDS.index(kind) for kind in kinds]
    return np.where(np.isin(head["kind"], wanted), total, -1.0).astype(np.float32)


def choose_passages(scores: Scores, ranked: NDArray[np.float32], limit: int) -> list[int]:
    """The best, a few events among them."""
    events = 0
    chosen: list[int] = []
    for at in np.argsort(-ranked, kind="stable")[: limit * _EVENTS_SHARE]:
        if ranked[at] <= 0 or len(chosen) == limit:
            break
        if scores.head["kind"][at] == KINDS.index("event"):
            if events >= max(1, limit // _EVENTS_SHARE):
                continue
            events += 1
        chosen.append(int(at))
    return chosen


def _standing_out(scores: Scores) -> NDArray[np.float32]:
    """Cosines of e5 crowd at the top: what counts is how far one lies above the usual."""
    usual = float(np.median(scores.meaning))
    return np.maximum(scores.meaning - usual, 0)


def _scaled(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return values / max(float(values.max()), 1e-6)


def _with_before(total: NDArray[np.float32], head: NDArray[np.void]) -> NDArray[np.float32]:
    """Sentences share in the scores of the ones before them."""
    said = np.flatnonzero(head["kind"] == KINDS.index("utterance"))
    order = said[np.argsort(head["start"][said], kind="stable")]
    found = total.copy()
    for back, share in enumerate(_BEFORE, start=1):
        later, before = order[back:], order[:-back]
        near = head["start"][later] - head["end"][before] <= _BEFORE_MS
        found[later] += np.where(near, share * total[before], 0)
    return found
