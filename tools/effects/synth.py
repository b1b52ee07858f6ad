"""A few instruments made of sines and noise, and loops played on them (CC0, made here)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
Sound = NDArray[np.float32]
_A4 = 440.0


@dataclass(frozen=True)
class Score:
    """A loop: `bars` of four beats at `bpm`; chords as semitones from A4, one a bar, repeated.

    `drums` marks sixteenths of a bar: `k` kick, `s` snare, `h` hat, `.` nothing. `tune` gives for
    each eighth the chord's note that is plucked, or `-`.
    """

    bpm: float
    bars: int
    chords: tuple[tuple[int, ...], ...]
    drums: str
    tune: str
    pad: float
    pluck: float
    bass: float
    beat: float
    bright: float


SCORES: dict[str, Score] = {
    "calm": Score(
        76, 8, ((-12, -8, -5, 2), (-15, -12, -8, -1), (-19, -15, -12, -5), (-17, -14, -10, -2)),
        "................", "0-1-2-3-2-1-", 0.55, 0.34, 0.30, 0.0, 0.25,
    ),
    "upbeat": Score(
        116, 8, ((-12, -8, -5), (-5, -1, 2), (-15, -12, -8), (-19, -15, -12)),
        "k..hs.h.k.khs.hh", "0212-021-2120-1-", 0.22, 0.42, 0.46, 0.50, 0.7,
    ),
    "bright": Score(
        100, 8, ((-9, -5, -2), (-7, -4, 0), (-12, -9, -5), (-14, -10, -7)),
        "k...h...k...h.h.", "0-12-1-20-2-1-2-", 0.30, 0.48, 0.32, 0.26, 0.5,
    ),
    "groove": Score(
        92, 8, ((-12, -9, -5, -2), (-7, -4, 0, 3), (-12, -9, -5, -2), (-14, -10, -7, -4)),
        "k..hs..k.hk.s.h.", "-0--2---1--3--2-", 0.34, 0.26, 0.55, 0.46, 0.4,
    ),
}  # fmt: skip
"""What comes with Livecue."""


def play(score: Score) -> Sound:
    """The loop (n, 2) at 48 kHz; what rings on at its end is heard at its beginning."""
    beat = 60 / score.bpm
    total = round(score.bars * 4 * beat * RATE)
    mix = np.zeros((total, 2), np.float64)
    draw = np.random.default_rng(7)
    for bar in range(score.bars):
        chord = score.chords[bar % len(score.chords)]
        begin = bar * 4 * beat
        for number, note in enumerate(chord):
            pan = 0.5 + 0.3 * (number / max(1, len(chord) - 1) - 0.5)
            _add(mix, _pad(note, 4 * beat, score.bright), begin, score.pad / len(chord), pan)
        for hit in (0.0, 2.5) if score.beat else (0.0, 2.0):
            _add(mix, _bass(chord[0] - 12, 1.4 * beat), begin + hit * beat, score.bass, 0.5)
        _play_tune(mix, score, bar, chord, begin, beat)
        _play_drums(mix, score, begin, beat, draw)
    level = float(np.sqrt((mix**2).mean()))
    loud = np.tanh(mix * (0.1 / level) * 1.2) / 1.2
    return loud.astype(np.float32)


def _play_tune(
    mix: NDArray[np.float64], score: Score, bar: int, chord: Sequence[int], begin: float,
    beat: float,
) -> None:  # fmt: skip
    for eighth in range(8):
        sign = score.tune[(bar * 8 + eighth) % len(score.tune)]
        if sign != "-":
            note = chord[int(sign) % len(chord)] + 12
            pan = 0.35 if eighth % 2 else 0.65
            sound = _pluck(note, 1.6 * beat, score.bright)
            _add(mix, sound, begin + eighth * beat / 2, score.pluck, pan)


def _play_drums(
    mix: NDArray[np.float64], score: Score, begin: float, beat: float, draw: np.random.Generator
) -> None:
    for step, sign in enumerate(score.drums):
        at = begin + step * beat / 4
        if sign == "k":
            _add(mix, _kick(), at, score.beat, 0.5)
        elif sign == "s":
            _add(mix, _snare(draw), at, score.beat * 0.6, 0.5)
        elif sign == "h":
            _add(mix, _hat(draw), at, score.beat * 0.28, 0.6)


def _add(mix: NDArray[np.float64], sound: Sound, at: float, gain: float, pan: float) -> None:
    place = (round(at * RATE) + np.arange(len(sound))) % len(mix)
    mix[place, 0] += sound * gain * np.cos(pan * np.pi / 2)
    mix[place, 1] += sound * gain * np.sin(pan * np.pi / 2)


def _time(seconds: float) -> NDArray[np.float64]:
    return np.arange(int(seconds * RATE)) / RATE


def _pitch(note: int) -> float:
    return _A4 * 2 ** (note / 12)


@lru_cache(maxsize=64)
def _pad(note: int, seconds: float, bright: float) -> Sound:
    at = _time(seconds + 0.8)
    swell = np.minimum(1, at / 0.5) * np.minimum(1, (seconds + 0.8 - at) / 0.9)
    sound = np.zeros_like(at)
    for detune in (-0.0035, 0.0, 0.0035):
        for harmonic in range(1, 6):
            strength = (0.25 + 0.5 * bright) ** (harmonic - 1)
            sound += strength * np.sin(2 * np.pi * _pitch(note) * harmonic * (1 + detune) * at)
    return (sound * swell * 0.2).astype(np.float32)


@lru_cache(maxsize=64)
def _pluck(note: int, seconds: float, bright: float) -> Sound:
    at = _time(seconds)
    sound = np.zeros_like(at)
    for harmonic in range(1, 7):
        fall = np.exp(-at * (3.2 + 2.2 * harmonic * (1.4 - bright)))
        sound += np.sin(2 * np.pi * _pitch(note) * harmonic * at) * fall / harmonic**1.4
    return (sound * np.minimum(1, at / 0.004)).astype(np.float32)


@lru_cache(maxsize=64)
def _bass(note: int, seconds: float) -> Sound:
    at = _time(seconds)
    tone = np.sin(2 * np.pi * _pitch(note) * at) + 0.3 * np.sin(4 * np.pi * _pitch(note) * at)
    return (tone * np.exp(-at * 2.2) * np.minimum(1, at / 0.008)).astype(np.float32)


def _kick() -> Sound:
    at = _time(0.28)
    sweep = 2 * np.pi * (48 * at + 95 * (1 - np.exp(-at * 34)) / 34)
    return (np.sin(sweep) * np.exp(-at * 13)).astype(np.float32)


def _snare(draw: np.random.Generator) -> Sound:
    at = _time(0.2)
    noise = draw.normal(0, 0.5, len(at))
    body = 0.5 * np.sin(2 * np.pi * 185 * at) * np.exp(-at * 26)
    return (noise * np.exp(-at * 24) + body).astype(np.float32)


def _hat(draw: np.random.Generator) -> Sound:
    at = _time(0.07)
    noise = np.diff(draw.normal(0, 0.5, len(at) + 1))
    return (noise * np.exp(-at * 70)).astype(np.float32)
