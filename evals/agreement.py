"""How well found clusters agree with true ones."""

from collections import Counter
from collections.abc import Hashable, Sequence
from math import comb


def bcubed(found: Sequence[Hashable], true: Sequence[Hashable]) -> tuple[float, float]:
    """BCubed precision and recall (Bagga and Baldwin 1998).

    `found` and `true` name the cluster of each item. Of an item, precision is the share of its
    found cluster that is of its true one, recall the share of its true cluster that is in its found
    one; both are averaged over the items.
    """
    if not found:
        return 0.0, 0.0
    both = Counter(zip(found, true, strict=True))
    sizes, true_sizes = Counter(found), Counter(true)
    precision = sum(n * n / sizes[f] for (f, _), n in both.items()) / len(found)
    recall = sum(n * n / true_sizes[t] for (_, t), n in both.items()) / len(found)
    return precision, recall


def pairwise(found: Sequence[Hashable], true: Sequence[Hashable]) -> tuple[float, float]:
    """Precision and recall of pairs that stand together (Manning et al. 2008, chapter 16.3)."""
    both = sum(comb(n, 2) for n in Counter(zip(found, true, strict=True)).values())
    said = sum(comb(n, 2) for n in Counter(found).values())
    wanted = sum(comb(n, 2) for n in Counter(true).values())
    return both / said if said else 0.0, both / wanted if wanted else 0.0


def f1(precision: float, recall: float) -> float:
    """The harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
