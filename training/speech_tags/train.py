"""Trains `models/weights/speech_tags*.npz`: which of the 21 speech tags an utterance carries.

Two models weigh in: a linear head on an E5 whose upper layers learn with it, and a logistic
regression over hashed n-grams. How much each counts was settled on a hand that neither had seen,
and on that hand the sum is calibrated (Platt 1999).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.e5_file import E5File
from models.embeddings import EmbeddedE5
from models.text_classifier import WEIGHTS, Grams, fold_words
from training.fitting import Design, build, write
from training.speech_tags.encoder import Lower
from training.speech_tags.noise import Mishearing
from training.speech_tags.rows import TAGS, Row, as_targets, read_rows
from training.speech_tags.tuning import Hidden, Recipe, Tuned, tune

RECIPE = Recipe()
GRAMS = Grams(buckets=16_384, longest=4, weight=3.0, signs=True)
GRAMS_COUNT = 0.28
"""The share of the n-grams in the sum of log-odds, by F1 on the hand left out."""
C = 1.0
LEFT_OUT = "e"
_TOKENS = 96

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Speech:
    rows: list[Row]
    targets: Array
    versions: list[Hidden]
    design: Design


def train() -> None:
    """Print what the hand left out gives, then learn from all hands and write the weights."""
    speech, file = _read()
    hands = np.array([row.hand for row in speech.rows])
    seen, unseen = np.flatnonzero(hands != LEFT_OUT), np.flatnonzero(hands == LEFT_OUT)
    model = _tune(speech, file, seen)
    heard = model.predict([speech.versions[0][index] for index in unseen])
    weights, bias = _fit_grams(speech, seen)
    counted = speech.design.matrix[unseen][:, : 2 * GRAMS.buckets] @ weights + bias
    odds = (1 - GRAMS_COUNT) * heard + GRAMS_COUNT * counted
    scale, shift = _calibrate(odds, speech.targets[unseen])
    _print_figures(scale * odds + shift, speech.targets[unseen])

    everyone = np.arange(len(hands))
    model = _tune(speech, file, everyone)
    weights, bias = _fit_grams(speech, everyone)
    learnt: dict[str, Any] = {}
    for layer in model.layers:
        learnt |= layer.learnt(file)
    path = WEIGHTS / "speech_tags_e5.npz"
    np.savez_compressed(path, **learnt)
    print(f"{path.name}: {path.stat().st_size:,} bytes")
    head = model.head.weight.detach().numpy().T
    head_bias = model.head.bias.detach().numpy()
    size = write(
        WEIGHTS / "speech_tags.npz",
        labels=TAGS,
        sparse=scale * GRAMS_COUNT * weights,
        dense=scale * (1 - GRAMS_COUNT) * head,
        design=speech.design,
        bias=scale * ((1 - GRAMS_COUNT) * head_bias + GRAMS_COUNT * bias) + shift,
        independent=True,
    )
    print(f"speech_tags.npz: {size:,} bytes")


def _read() -> tuple[_Speech, E5File]:
    """The rows as written and as misheard once, through the layers that do not learn."""
    rows, file = read_rows(), E5File()
    texts = [fold_words(row.text) for row in rows]
    mishearing = Mishearing(texts)
    misheard = [
        fold_words(mishearing.hear(text, row.lang)) for text, row in zip(texts, rows, strict=True)
    ]
    lower = Lower(file, RECIPE.below)
    versions: list[Hidden] = [lower.run(said, _TOKENS) for said in (texts, misheard)]
    plain = EmbeddedE5(threads=2).embed_passages(texts).mean(axis=0)
    design = build([*texts, *misheard], GRAMS)
    design = Design(design.matrix, plain, GRAMS)
    return _Speech(rows, as_targets(rows), versions, design), file


def _tune(speech: _Speech, file: E5File, chosen: NDArray[np.int64]) -> Tuned:
    versions = [[version[index] for index in chosen] for version in speech.versions]
    return tune(file, versions, speech.targets[chosen], speech.design.mean, RECIPE)


def _fit_grams(speech: _Speech, chosen: NDArray[np.int64]) -> tuple[Array, Array]:
    """A regression a tag, over both versions of the chosen rows."""
    from sklearn.linear_model import LogisticRegression

    both = np.concatenate([chosen, chosen + len(speech.rows)])
    seen = speech.design.matrix[both][:, : 2 * GRAMS.buckets]
    targets = np.concatenate([speech.targets[chosen]] * 2)
    weights, bias = np.zeros((seen.shape[1], len(TAGS))), np.zeros(len(TAGS))
    for column in range(len(TAGS)):
        model: Any = LogisticRegression(C=C, solver="liblinear", max_iter=200)
        model.fit(seen, targets[:, column])
        weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    return weights.astype(np.float32), bias.astype(np.float32)


def _calibrate(odds: Array, targets: Array) -> tuple[float, float]:
    """The scale and shift of log-odds that make the targets likeliest."""
    from sklearn.linear_model import LogisticRegression

    model: Any = LogisticRegression(C=1e6)
    model.fit(odds.reshape(-1, 1), targets.ravel())
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def _print_figures(odds: Array, targets: Array) -> None:
    """F1 at the threshold that is best for the sum of all decisions."""
    probabilities = 1 / (1 + np.exp(-odds))
    found = [(_f1(probabilities >= at, targets), at) for at in np.linspace(0.2, 0.6, 41)]
    best, at = max(found)
    called = probabilities >= at
    print(f"hand {LEFT_OUT}, not seen: micro-F1 {best:.3f} from {at:.2f} on")
    print(f"per-label accuracy {(called == targets).mean():.4f}")
    for column, tag in enumerate(TAGS):
        print(f"{tag}: F1 {_f1(called[:, [column]], targets[:, [column]]):.3f}")


def _f1(called: NDArray[np.bool_], targets: Array) -> float:
    return float(2 * (called * targets).sum() / max(1.0, called.sum() + targets.sum()))


def measure_learning(shares: Sequence[float] = (0.125, 0.25, 0.5, 1.0)) -> None:
    """Print micro-F1 on the hand left out by how many of the other rows were learnt from."""
    speech, file = _read()
    hands = np.array([row.hand for row in speech.rows])
    seen, unseen = np.flatnonzero(hands != LEFT_OUT), np.flatnonzero(hands == LEFT_OUT)
    drawn = np.random.default_rng(0).permutation(seen)
    for part in shares:
        model = _tune(speech, file, drawn[: int(part * len(drawn))])
        odds = model.predict([speech.versions[0][index] for index in unseen])
        scale, shift = _calibrate(odds, speech.targets[unseen])
        print(f"{part:.0%} of the rows:")
        _print_figures(scale * odds + shift, speech.targets[unseen])
