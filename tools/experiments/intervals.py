"""Intervals of a mean for one look at a fixed number of units."""

import math

import numpy as np

from domain.experiment_report import Interval
from tools.experiments.distributions import normal_quantile
from tools.experiments.unit_log import Floats

RESAMPLES = 2_000
MOST_RESAMPLED = 20_000
"""Units up to which a mean is bootstrapped; beyond, its distribution is normal anyway."""

_CELLS = 4_000_000
_SEED = 20_260_102


def wilson_interval(yes: float, units: int, level: float) -> Interval:
    """Of a share: Wilson 1927, which holds its level for small shares too (Brown et al. 2001)."""
    z = normal_quantile((1 + level) / 2)
    share = yes / units
    shrink = 1 + z * z / units
    centre = (share + z * z / (2 * units)) / shrink
    half = z / shrink * math.sqrt(share * (1 - share) / units + z * z / (4 * units * units))
    return max(0.0, centre - half), min(1.0, centre + half)


def bootstrap_interval(values: Floats, level: float) -> Interval:
    """Of a mean: the percentiles of means of resampled values (Efron 1979), with a fixed seed."""
    dice = np.random.default_rng(_SEED)
    rows = max(1, _CELLS // len(values))
    means: list[Floats] = []
    for start in range(0, RESAMPLES, rows):
        picked = dice.integers(0, len(values), (min(rows, RESAMPLES - start), len(values)))
        means.append(values[picked].mean(axis=1))
    tail = (1 - level) / 2
    low, high = np.quantile(np.concatenate(means), [tail, 1 - tail])
    return float(low), float(high)


def normal_interval(values: Floats, level: float) -> Interval:
    """Of a mean, by the central limit theorem."""
    half = normal_quantile((1 + level) / 2) * float(np.std(values, ddof=1)) / math.sqrt(len(values))
    mean = float(np.mean(values))
    return mean - half, mean + half
