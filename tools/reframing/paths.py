"""A camera path from noisy sightings: it stands still, or glides, and never trembles."""

import numpy as np
from numpy.typing import NDArray

_STILL = 0.18
"""A subject that stays within this part of the crop's width needs no camera movement."""
_STIFF_SECONDS = 0.5
"""Movements of less than about six times this are smoothed away."""
_FASTEST = 0.35
"""Of the crop's width, in a second."""


def smooth_path(
    at: NDArray[np.float64],
    wanted: NDArray[np.float64],
    sure: NDArray[np.float64],
    frames: int,
    *,
    room: float,
    rate: float,
) -> NDArray[np.float64]:
    """Where the crop's middle stands on each of `frames`, in the unit of `wanted`.

    `wanted` is the subject's middle on the frames `at`, weighed by `sure`; `room` is how wide the
    crop is. Where the subject hardly moves the path is one place. Else it minimises the weighted
    squared distance plus a penalty on acceleration (a Whittaker smoother of the second difference:
    straight lines, that is constant velocity, cost nothing).
    """
    weights = np.maximum(sure, 0.05)
    middle = _weighted_median(wanted, weights)
    near = np.quantile(wanted, [0.08, 0.92]) if len(wanted) > 2 else np.array([middle, middle])
    if near[1] - near[0] <= _STILL * room or frames < rate * 0.8:
        return np.full(frames, middle)
    calm = _despike(wanted)
    step = max(1, round(rate / 10))
    knots = np.arange(0, frames + step, step, dtype=np.float64)
    count = len(knots)
    index = np.clip(np.round(at / step).astype(int), 0, count - 1)
    held = np.zeros(count)
    pulled = np.zeros(count)
    np.add.at(held, index, weights)
    np.add.at(pulled, index, weights * calm)
    bend = np.diff(np.eye(count), n=2, axis=0)
    stiff = (_STIFF_SECONDS * rate / step) ** 4 * float(held.mean())
    solved = np.linalg.solve(np.diag(held + 1e-6) + stiff * bend.T @ bend, pulled + 1e-6 * middle)
    limited = _limit(np.asarray(solved, np.float64), _FASTEST * room * step / rate)
    return np.interp(np.arange(frames), knots, limited)


def _weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


def _despike(values: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.pad(values, 2, mode="edge")
    return np.asarray([np.median(padded[n : n + 5]) for n in range(len(values))])


def _limit(path: NDArray[np.float64], most: float) -> NDArray[np.float64]:
    """No step longer than `most`, looking from both ends so that it lags behind in neither."""
    ahead, back = path.copy(), path.copy()
    for n in range(1, len(path)):
        ahead[n] = np.clip(path[n], ahead[n - 1] - most, ahead[n - 1] + most)
    for n in range(len(path) - 2, -1, -1):
        back[n] = np.clip(path[n], back[n + 1] - most, back[n + 1] + most)
    return (ahead + back) / 2
