"""Where to cut: the borders that are likeliest together, found by dynamic programming."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_HOPELESS = -5.0
"""Log-odds up to which a border is not thought of: no length makes up for that."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long a turn is, in the unit of the places; outside of it a border has to be likelier.

    A turn shorter than `shortest` costs `cost` for each halving, one longer than `longest` for each
    time that it holds `longest` more.
    """

    shortest: float
    longest: float
    cost: float

    def penalty(self, length: float) -> float:
        """What the evidence has to outweigh, in natural logarithms of odds."""
        if length < self.shortest:
            return self.cost * math.log2(self.shortest / max(length, 1e-3))
        return self.cost * max(0.0, length / self.longest - 1)


def choose_borders(
    log_odds: NDArray[np.float64], places: Sequence[float], end: float, lengths: Lengths
) -> list[int]:
    """The indexes with which turns begin, the first aside, so that the sum is the greatest.

    `log_odds[i]` is for a border before item `i`, which stands at `places[i]`; `end` is where the
    last item ends. The whole may be as short as it is.
    """
    likely = [index for index in range(1, len(places)) if log_odds[index] > _HOPELESS]
    nodes = [0, *likely, len(places)]
    stands = [*(places[index] for index in nodes[:-1]), end]
    gains = [0.0, *(float(log_odds[index]) for index in likely)]
    best = [0.0] + [-math.inf] * (len(nodes) - 1)
    came = [0] * len(nodes)
    for stop in range(1, len(nodes)):
        for start in range(stop):
            worth = best[start] + gains[start]
            if worth <= best[stop]:
                continue
            length = stands[stop] - stands[start]
            if start or stop < len(nodes) - 1 or length > lengths.longest:
                worth -= lengths.penalty(length)
            if worth > best[stop]:
                best[stop], came[stop] = worth, start
    borders: list[int] = []
    at = came[-1]
    while at > 0:
        borders.append(nodes[at])
        at = came[at]
    return borders[::-1]
