"""From signals by the second to one score: what is usual in a recording, and learned weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.text_classifier import WEIGHTS

Row = NDArray[np.float32]

SIGNALS = (
    "motion",
    "edges",
    "camera",
    "zoom",
    "novelty",
    "nearness",
    "detail",
    "focus",
    "text",
    "slide",
    "colour",
    "cut",
    "light",
    "person",
    "product",
    "speech_energy",
    "speech_pulse",
    "speech_rate",
    "comment_heat",
)
"""All that may be measured, in the order of the weights."""

DISTINCTION = "distinction"
"""PLD-VHD's score, which stands beside the signals and enters by a weight of its own."""

_AROUND = 60
"""Seconds before and after, of which the median is what is usual then."""
_BELL = np.array([0.25, 0.5, 0.25], np.float32)


@dataclass(frozen=True)
class Weights:
    """`scales` bring raw measures to 0..1; the rest is a network over `features`.

    One hidden layer, or none where `hidden` is empty: then it is a logistic regression. `pld` is
    the weight of PLD-VHD's score beside all that, its mean and its deviation.
    """

    scales: Row
    mean: Row
    deviation: Row
    hidden: Row
    hidden_bias: Row
    out: Row
    bias: float
    pld: Row

    @classmethod
    def load(cls, path: Path = WEIGHTS / "highlights.npz") -> "Weights":
        """The weights that ship with Livecue."""
        with np.load(path, allow_pickle=False) as saved:
            arrays = {name: saved[name].astype(np.float32) for name in saved.files}
        bias: Any = float(arrays.pop("bias"))
        return cls(**arrays, bias=bias)


def scale(raw: Mapping[str, Row], weights: Weights) -> dict[str, Row]:
    """Each measured signal from 0 to 1, with a half at what is typical of it."""
    return {
        name: values
        if name == DISTINCTION
        else (values / (values + weights.scales[SIGNALS.index(name)])).astype(np.float32)
        for name, values in raw.items()
    }


def features(signals: Mapping[str, Row]) -> Row:
    """`(seconds, 3 * len(SIGNALS))`: each signal, smoothed, and what it is above what is usual.

    A signal that was not measured is NaN.
    """
    count = len(next(iter(signals.values())))
    columns: list[Row] = []
    for name in SIGNALS:
        values = signals.get(name)
        if values is None:
            columns += [np.full(count, np.nan, np.float32)] * 3
            continue
        smooth = smoothed(values)
        columns += [values, smooth, smooth - _usual(smooth)]
    return np.stack(columns, axis=1)


def score(signals: Mapping[str, Row], weights: Weights) -> Row:
    """From 0 to 1 for each second: the probability that it is a highlight, on planted truth."""
    rows = (features(signals) - weights.mean) / weights.deviation
    rows = np.clip(np.nan_to_num(rows, nan=0.0), -4, 4)
    if weights.hidden.size:
        rows = np.tanh(rows @ weights.hidden + weights.hidden_bias)
    logits = smoothed((rows @ weights.out).astype(np.float32)) + weights.bias
    if (seen := signals.get(DISTINCTION)) is not None:
        factor, mean, deviation = weights.pld
        logits += factor * (smoothed(seen) - mean) / deviation
    return (1 / (1 + np.exp(-logits))).astype(np.float32)


def smoothed(values: Row) -> Row:
    """Each second with a little of its neighbours."""
    if values.size < _BELL.size:
        return values
    return np.convolve(np.pad(values, 1, mode="edge"), _BELL, "valid").astype(np.float32)


def _usual(values: Row) -> Row:
    """The running median, looked at every few seconds of a long recording."""
    step = max(1, _AROUND // 10)
    places = np.arange(0, values.size, step)
    medians = [float(np.median(values[max(0, at - _AROUND) : at + _AROUND + 1])) for at in places]
    return np.interp(np.arange(values.size), places, medians).astype(np.float32)
