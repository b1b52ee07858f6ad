"""The ranking of a recording's seconds, on drawn films with planted highlights.

Mean average precision over films, and the precision of the best fifth of each, beside chance,
single signals, and the network of PLD-VHD alone and together with the signals.
"""

import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.progress import discard, never
from evals.highlight_films import SECONDS, Film, make_film
from evals.highlight_measures import average_precision, precision_at_top
from evals.highlight_scenes import FOCI, NOISES
from evals.options import Options
from evals.report import EvalReport
from tools.highlights.moments import measure_signals
from tools.highlights.scoring import DISTINCTION, Weights, scale, score

Row = NDArray[np.float32]

FILMS = 24
_ALONE = ("motion", "novelty", "detail", "speech_energy", "comment_heat")
_SHUFFLES = 200
_DATA = f"drawn, {FILMS} films of {SECONDS} s"


@dataclass(frozen=True)
class _Scored:
    """A film with its scaled signals, the score of these, and that with PLD-VHD in it."""

    film: Film
    signals: dict[str, Row]
    plain: Row
    joined: Row


def measure(_options: Options) -> list[EvalReport]:
    """The shipped weights with and without PLD-VHD, and what they are held against."""
    with tempfile.TemporaryDirectory(prefix="livecue-highlights-") as folder:
        scored = [_score(make_film(seed, Path(folder))) for seed in range(FILMS)]
    truths = [one.film.truth for one in scored]
    rows = sum(len(truth) for truth in truths)
    measures: dict[str, float | int] = {
        "mAP": _mean(average_precision, scored, [one.plain for one in scored]),
        "top fifth": _mean(precision_at_top, scored, [one.plain for one in scored]),
        "mAP chance": _chance(truths),
        "top fifth chance": round(float(np.mean([np.mean(t) for t in truths])), 3),
    }
    for name in _ALONE:
        measures[f"mAP {name} alone"] = _mean(average_precision, scored, _alone(scored, name))
    apart = _alone(scored, DISTINCTION)
    joined = [one.joined for one in scored]
    fused: dict[str, float | int] = {
        "mAP alone": _mean(average_precision, scored, apart),
        "top fifth alone": _mean(precision_at_top, scored, apart),
        "mAP with the signals": _mean(average_precision, scored, joined),
        "top fifth with the signals": _mean(precision_at_top, scored, joined),
    }
    kinds = {kind: _level(scored, kind) for kind in (*FOCI, *NOISES)}
    return [
        EvalReport("highlights", _DATA, rows, measures, {"mean score by kind": kinds}),
        EvalReport("highlights, PLD-VHD", _DATA, rows, fused),
    ]


def _score(film: Film) -> _Scored:
    raw, _ = measure_signals(
        film.path,
        utterances=film.utterances,
        comments=film.comments,
        pld=True,
        progress=discard,
        cancelled=never,
    )
    film.path.unlink()
    weights = Weights.load()
    signals = {name: row[: len(film.truth)] for name, row in scale(raw, weights).items()}
    without = {name: row for name, row in signals.items() if name != DISTINCTION}
    return _Scored(film, signals, score(without, weights), score(signals, weights))


def _mean(
    rank: Callable[[Sequence[bool], Row], float], scored: Sequence[_Scored], rows: Sequence[Row]
) -> float:
    pairs = zip(scored, rows, strict=True)
    return round(float(np.mean([rank(one.film.truth, row) for one, row in pairs])), 3)


def _chance(truths: Sequence[Sequence[bool]]) -> float:
    """The mean of rankings by lot."""
    dice = np.random.default_rng(1)
    found = [average_precision(t, dice.random(len(t))) for t in truths for _ in range(_SHUFFLES)]
    return round(float(np.mean(found)), 3)


def _alone(scored: Sequence[_Scored], name: str) -> list[Row]:
    """A signal as the score; where a film lacks it, a lot."""
    dice = np.random.default_rng(2)
    found: list[Row] = []
    for one in scored:
        row = one.signals.get(name)
        found.append(dice.random(one.plain.size).astype(np.float32) if row is None else row)
    return found


def _level(scored: Sequence[_Scored], kind: str) -> float:
    """The mean score of the whole seconds in which something of a kind happens."""
    values = [
        float(one.plain[second])
        for one in scored
        for happening in one.film.happenings
        if happening.kind == kind
        for second in range(math.ceil(happening.start), math.floor(happening.end))
        if second < one.plain.size
    ]
    return round(float(np.mean(values)), 3) if values else 0.0
