"""Means and differences whose intervals hold at every look, however units were assigned.

Each unit gives each variant a score that is unbiased for the variant's mean, given what came before
it (augmented inverse propensity weighting; Robins, Rotnitzky & Zhao 1994): the running mean of the
variant so far, plus, for the variant that was shown, the outcome's deviation from that mean over
the propensity. The sum of scores is then a martingale around the truth under fixed as under
adaptive assignment, and also when the truth drifts (then it is the mean over the units so far).

The interval is an asymptotic confidence sequence: Robbins' normal mixture over the scores'
empirical variance, taken at its upper limit (Robbins 1970; Howard, Ramdas, McAuliffe & Sekhon 2021;
Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, "Time-uniform central limit theory and
asymptotic confidence sequences"; for adaptive assignment Bibaut, Kallus & Lindon 2022). So a person
may look every day and stop at will.
"""

import math
from dataclasses import dataclass

import numpy as np

from tools.experiments.unit_log import Floats, UnitLog


@dataclass(frozen=True, slots=True)
class Followed:
    """An estimate with an interval that holds at every look; `deviation` is that of one score."""

    estimate: float
    low: float
    high: float
    deviation: float
    units: int


def unit_scores(log: UnitLog) -> Floats:
    """A score for each unit (row) and variant (column), from a log of counted units."""
    n, arms = log.size, log.arms
    if n == 0:
        return np.zeros((0, arms))
    value = log.value
    seen = np.maximum(np.arange(n, dtype=np.float64), 1.0)
    pooled = (np.cumsum(value) - value) / seen
    scores = np.empty((n, arms))
    for arm in range(arms):
        shown = (log.arm == arm).astype(np.float64)
        gained = shown * value
        before = np.cumsum(shown) - shown
        expected = (np.cumsum(gained) - gained + pooled) / (before + 1.0)
        scores[:, arm] = expected + shown / log.propensity * (value - expected)
    return scores


def follow_mean(scores: Floats, alpha: float, plan_units: int) -> Followed:
    """The mean of scores with its interval at the level 1 - alpha; infinite without any."""
    n = len(scores)
    if n < 2:
        return Followed(0.0, -math.inf, math.inf, math.inf, n)
    estimate = float(np.mean(scores))
    deviation = _upper_deviation(scores - estimate)
    half = deviation * half_width(n, alpha, plan_units)
    return Followed(estimate, estimate - half, estimate + half, deviation, n)


def _upper_deviation(centred: Floats) -> float:
    """The standard deviation, two standard errors of the variance above what it looks like.

    Heavy tails (revenue, rarely shown variants) make a variance look too small just when the mean
    has strayed; its own standard error, from the fourth moment, is large then.
    """
    squares = np.square(centred)
    variance = float(np.mean(squares))
    return math.sqrt(variance + 2 * float(np.std(squares)) / math.sqrt(len(squares)))


def half_width(n: float, alpha: float, plan_units: int) -> float:
    """Half the width of the interval of n units, in deviations of one.

    The mixture's scale is the one that is narrowest at `plan_units` (Waudby-Smith et al., eq. 7).
    """
    narrow = -2 * math.log(alpha)
    scale = (narrow + math.log(narrow + 1)) / plan_units
    inside = n * scale + 1
    return math.sqrt(2 * inside / (n * n * scale) * (math.log(inside) / 2 - math.log(alpha)))


def units_for(deviation: float, half: float, alpha: float, plan_units: int) -> int | None:
    """From how many units on the interval is at most `half` to each side; None: beyond 10^12."""
    if deviation * half_width(1e12, alpha, plan_units) > half:
        return None
    low, high = 1.0, 1e12
    while high - low > 0.5:
        middle = math.sqrt(low * high) if high > 2 * low else (low + high) / 2
        if deviation * half_width(middle, alpha, plan_units) > half:
            low = middle
        else:
            high = middle
    return math.ceil(high)
