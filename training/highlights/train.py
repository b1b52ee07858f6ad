"""Fits `models/weights/highlights.npz`: how appealing a second is, from its signals.

`python -m training highlights` renders the films, measures their signals and fits the weights; it
takes some minutes on two idle cores. `pld_vhd` is trained first, so that its score gets a weight.
With a demo film at `LIVECUE_DEMO_FILM` one film in four is composed over its pictures.
"""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.progress import discard, never
from evals.highlight_measures import average_precision, precision_at_top
from models.text_classifier import WEIGHTS
from tools.highlights.moments import measure_signals
from tools.highlights.pld import FILE
from tools.highlights.scoring import DISTINCTION, SIGNALS, Weights, features, scale, score
from training.highlights.films import make_film
from training.highlights.fusing import fit_factor
from training.highlights.things import Picture

FILMS = 120
_FOLDS = 3
_UNITS = 16
_COPIES = 5
"""How often each film is taken once more: without some of its sound, words, comments and persons,
and every other time with each signal as strong as it may be in another kind of film."""
_HIDING = 0.5
_DRIFT = 0.5
"""Deviation of the logarithm of that strength."""
_STRENGTH = 0.02

NO_PLD = np.array([0, 0, 1], np.float32)

Row = NDArray[np.float32]
Measured = tuple[dict[str, Row], tuple[bool, ...]]


def train() -> None:
    """Render, measure, cross-validate, fit, and write the weights."""
    pictures = demo_pictures(os.environ.get("LIVECUE_DEMO_FILM"))
    measured: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="livecue-highlights-") as folder:
        for seed in range(FILMS):
            measured.append(measure_film(seed, Path(folder), pictures))
            print(f"film {seed + 1} of {FILMS}", end="\r", flush=True)
    report(measured)
    save(with_pld(fit(measured), measured), WEIGHTS / "highlights.npz")


def demo_pictures(film: str | None) -> list[Picture]:
    """Pictures of a film, one every 22 seconds; none without a film."""
    import av

    if not film:
        return []
    found: list[Picture] = []
    with av.open(film) as container:
        track = container.streams.video[0]
        seconds = int((container.duration or 0) / 1_000_000)
        for at in range(10, seconds - 5, 22):
            container.seek(int(at / track.time_base), stream=track)  # pyright: ignore
            found.append(next(container.decode(track)).to_ndarray(format="bgr24"))
    return found


def measure_film(seed: int, folder: Path, pictures: Sequence[Picture]) -> Measured:
    """The raw signals of a seed's film, and its truth."""
    behind: tuple[Picture, ...] = ()
    if pictures and seed % 4 == 3:
        behind = (pictures[seed % len(pictures)], pictures[(seed * 7 + 3) % len(pictures)])
    film = make_film(seed, folder, behind)
    raw, _ = measure_signals(
        film.path,
        utterances=film.utterances,
        comments=film.comments,
        pld=FILE.is_file(),
        progress=discard,
        cancelled=never,
    )
    film.path.unlink()
    return raw, film.truth


def fit(measured: Sequence[Measured], units: int = _UNITS, strength: float = _STRENGTH) -> Weights:
    """Weights by gradient descent; films without one of their signals teach to do without."""
    scales = np.ones(len(SIGNALS), np.float32)
    for place, name in enumerate(SIGNALS):
        rows = [raw[name] for raw, _ in measured if name in raw]
        values = np.concatenate(rows) if rows else np.ones(1, np.float32)
        above = values[values > 1e-4]
        scales[place] = float(np.median(above)) if above.size else 1.0
    dice = np.random.default_rng(5)
    blank = Weights(scales, *([np.zeros(0, np.float32)] * 5), bias=0.0, pld=NO_PLD)
    tables: list[Row] = []
    labels: list[NDArray[np.bool_]] = []
    for raw, truth in measured:
        kept = [raw]
        for turn in range(_COPIES):
            heard = ("speech_energy", "speech_pulse", "speech_rate", "comment_heat", "person")
            hidden = [name for name in heard if dice.random() < _HIDING]
            left = {name: row for name, row in raw.items() if name not in hidden}
            if turn % 2:
                left = {
                    n: (row * np.exp(dice.normal(0, _DRIFT))).astype(np.float32)
                    for n, row in left.items()
                }
            kept.append(left)
        for one in kept:
            table = features(scale(one, blank))[: len(truth)]
            tables.append(table)
            labels.append(np.array(truth[: len(table)]))
    x, y = np.concatenate(tables), np.concatenate(labels)
    mean = np.nan_to_num(np.nanmean(np.where(np.isnan(x).all(0), 0.0, x), axis=0))
    deviation = np.nan_to_num(np.nanstd(np.where(np.isnan(x).all(0), 0.0, x), axis=0)) + 0.02
    x = np.clip(np.nan_to_num((x - mean) / deviation, nan=0.0), -4, 4)
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier

    empty = np.zeros(0, np.float32)
    if not units:
        model: Any = LogisticRegression(C=1 / (strength * len(x)) * 10, max_iter=3000)
        model.fit(x, y)
        out, hidden, hidden_bias = model.coef_[0], empty, empty
        bias = float(model.intercept_[0])
    else:
        model = MLPClassifier(
            (units,), activation="tanh", alpha=strength * 50, max_iter=60, random_state=3
        )
        model.fit(x, y)
        hidden, out = model.coefs_[0], model.coefs_[1][:, 0]
        hidden_bias, bias = model.intercepts_[0], float(model.intercepts_[1][0])
    arrays = [mean, deviation, hidden, hidden_bias, out]
    return Weights(scales, *(np.asarray(a, np.float32) for a in arrays), bias=bias, pld=NO_PLD)


def with_pld(weights: Weights, measured: Sequence[Measured]) -> Weights:
    """`weights` with what PLD-VHD's score weighs beside them, where it was measured."""
    logits: list[Row] = []
    known: list[Measured] = []
    for fold in range(_FOLDS):
        kept_out = [m for n, m in enumerate(measured) if n % _FOLDS == fold and DISTINCTION in m[0]]
        if not kept_out:
            continue
        own = fit([m for n, m in enumerate(measured) if n % _FOLDS != fold])
        for raw, truth in kept_out:
            signals = {name: row for name, row in raw.items() if name != DISTINCTION}
            scores = np.clip(score(scale(signals, own), own)[: len(truth)], 1e-6, 1 - 1e-6)
            logits.append(np.log(scores / (1 - scores)).astype(np.float32))
            known.append((raw, truth))
    if not known:
        return weights
    distinctions = [raw[DISTINCTION][: len(truth)] for raw, truth in known]
    truths = [np.array(truth, np.float32) for _, truth in known]
    return replace(weights, pld=fit_factor(logits, distinctions, truths))


def report(measured: Sequence[Measured]) -> None:
    """Mean average precision by films left out, beside chance and single signals."""
    for units in (0, _UNITS):
        found: list[tuple[float, float]] = []
        for fold in range(_FOLDS):
            weights = fit([m for n, m in enumerate(measured) if n % _FOLDS != fold], units)
            for given, truth in [m for n, m in enumerate(measured) if n % _FOLDS == fold]:
                raw = {name: row for name, row in given.items() if name != DISTINCTION}
                scores = score(scale(raw, weights), weights)[: len(truth)]
                found.append((average_precision(truth, scores), precision_at_top(truth, scores)))
        mean = np.mean(found, axis=0)
        print(f"{units} hidden units: mAP {mean[0]:.3f}, top fifth {mean[1]:.3f}")
    print(f"chance: {np.mean([np.mean(truth) for _, truth in measured]):.3f}")
    for name in SIGNALS:
        values = [average_precision(t, raw[name][: len(t)]) for raw, t in measured if name in raw]
        if values:
            print(f"{name} alone: mAP {np.mean(values):.3f} on {len(values)} films")


def save(weights: Weights, path: Path) -> None:
    """Write the weights as half floats."""
    arrays = {
        name: np.asarray(value, np.float32 if name in ("scales", "bias") else np.float16)
        for name, value in vars(weights).items()
    }
    np.savez_compressed(path, **arrays)
