"""Segmenters from the literature, by words alone: C99 and TextTiling, each with its own count."""

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tools.questions.reading import content_words

_MASK = 11
_GRADIENT = 1.2
"""Choi's settings: the side of the rank mask, and deviations above the mean to stop at."""
_MOST_BORDERS = 24
_SIDE = 6
_SMOOTHING = 2


def cut_by_c99(texts: Sequence[str]) -> list[int]:
    """Borders by C99: ranks of cosine similarities, divided top down (Choi 2000)."""
    ranks = _rank(_similarities(texts))
    sums = np.zeros((len(texts) + 1, len(texts) + 1))
    sums[1:, 1:] = ranks.cumsum(axis=0).cumsum(axis=1)

    def inside(start: int, stop: int) -> float:
        return sums[stop, stop] - sums[start, stop] - sums[stop, start] + sums[start, start]

    parts = [(0, len(texts))]
    densities = [_density(parts, inside)]
    order: list[int] = []
    while len(parts) < len(texts):
        best: tuple[float, int, int] | None = None
        for place, (start, stop) in enumerate(parts):
            for border in range(start + 1, stop):
                tried = [*parts[:place], (start, border), (border, stop), *parts[place + 1 :]]
                density = _density(tried, inside)
                if best is None or density > best[0]:
                    best = (density, place, border)
        if best is None or len(order) >= _MOST_BORDERS:
            break
        density, place, border = best
        start, stop = parts[place]
        parts[place : place + 1] = [(start, border), (border, stop)]
        densities.append(density)
        order.append(border)
    gains = np.diff(densities)
    if not len(gains):
        return []
    smoothed = np.convolve(gains, np.array([1, 2, 4, 2, 1]) / 10, mode="same")
    enough = smoothed > smoothed.mean() + _GRADIENT * smoothed.std()
    count = int(np.flatnonzero(enough).max()) + 1 if enough.any() else 0
    return sorted(order[:count])


def cut_by_tiling(texts: Sequence[str]) -> list[int]:
    """Borders by TextTiling: valleys of word similarity deeper than usual (Hearst 1997)."""
    words = [Counter(content_words(text)) for text in texts]
    gaps = [
        _cosine(
            sum(words[max(0, at - _SIDE) : at], Counter[str]()),
            sum(words[at : at + _SIDE], Counter[str]()),
        )
        for at in range(1, len(words))
    ]
    window = 2 * _SMOOTHING + 1
    padded = np.pad(np.array(gaps), _SMOOTHING, mode="edge")
    smooth = np.convolve(padded, np.ones(window) / window, mode="valid")
    depths = np.array([_depth(smooth, at) for at in range(len(smooth))])
    cutoff = depths.mean() - depths.std() / 2
    peaks = [
        at
        for at in range(len(depths))
        if depths[at] > cutoff and depths[at] == depths[max(0, at - 3) : at + 4].max()
    ]
    return [at + 1 for at in peaks if depths[at] > 0]


def _depth(smooth: NDArray[np.float64], at: int) -> float:
    """How far similarity rises on either side of a gap."""
    rise = 0.0
    for step in (-1, 1):
        place = at
        while 0 <= place + step < len(smooth) and smooth[place + step] >= smooth[place]:
            place += step
        rise += float(smooth[place] - smooth[at])
    return rise


def _similarities(texts: Sequence[str]) -> NDArray[np.float64]:
    words = [Counter(content_words(text)) for text in texts]
    found = np.eye(len(words))
    for row in range(len(words)):
        for column in range(row):
            found[row, column] = found[column, row] = _cosine(words[row], words[column])
    return found


def _cosine(a: Counter[str], b: Counter[str]) -> float:
    shared = sum(a[word] * b[word] for word in a.keys() & b.keys())
    lengths = math.sqrt(sum(n * n for n in a.values()) * sum(n * n for n in b.values()))
    return shared / lengths if lengths else 0.0


def _rank(similar: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each value the share of its neighbourhood that is smaller."""
    half = _MASK // 2
    ranks = np.zeros_like(similar)
    for row in range(len(similar)):
        for column in range(len(similar)):
            near = similar[
                max(0, row - half) : row + half + 1, max(0, column - half) : column + half + 1
            ]
            ranks[row, column] = (near < similar[row, column]).mean()
    return ranks


def _density(parts: Sequence[tuple[int, int]], inside: Callable[[int, int], float]) -> float:
    """Mean rank within the parts."""
    within = sum(inside(start, stop) for start, stop in parts)
    return within / sum((stop - start) ** 2 for start, stop in parts)
