"""The ranking of a recording's seconds, on drawn films with planted highlights.

Mean average precision over films, and the precision of the best fifth of each, beside chance,
single signals, and the network of PLD-VHD alone and together with the signals.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from domain.progress import discard, never
from domain.recording import Highlight
from evals.highlight_films import SECONDS, Film, make_film
from evals.highlight_measures import average_precision, precision_at_top
from evals.highlight_scenes import FOCI
from evals.options import Options
from evals.report import EvalReport
from tools.highlights import score_moments

FILMS = 24
_ALONE = ("motion", "novelty", "detail", "speech_energy", "comment_heat")
_SHUFFLES = 200
_DATA = f"drawn, {FILMS} films of {SECONDS} s"


def measure(_options: Options) -> list[EvalReport]:
    """The shipped score with and without PLD-VHD, and what it is held against."""
    scored: list[tuple[Film, list[Highlight], list[Highlight]]] = []
    with tempfile.TemporaryDirectory(prefix="livecue-highlights-") as folder:
        for seed in range(FILMS):
            film = make_film(seed, Path(folder))
            scored.append((film, _score(film, pld=False), _score(film, pld=True)))
            film.path.unlink()
    truths = [film.truth for film, _, _ in scored]
    plain = [[one.score for one in found] for _, found, _ in scored]
    joined = [[one.score for one in found] for _, _, found in scored]
    apart = [[one.signals["distinction"] for one in found] for _, _, found in scored]
    rows = sum(len(truth) for truth in truths)
    measures: dict[str, float | int] = {
        "mAP": _mean_precision(truths, plain),
        "top fifth": _mean_top(truths, plain),
        "mAP chance": _chance(truths),
        "top fifth chance": round(float(np.mean([np.mean(t) for t in truths])), 3),
    }
    for name in _ALONE:
        measures[f"mAP {name} alone"] = _alone(scored, name)
    kinds = {kind: _found(scored, kind) for kind in FOCI}
    fused: dict[str, float | int] = {
        "mAP alone": _mean_precision(truths, apart),
        "top fifth alone": _mean_top(truths, apart),
        "mAP with the signals": _mean_precision(truths, joined),
        "top fifth with the signals": _mean_top(truths, joined),
    }
    return [
        EvalReport("highlights", _DATA, rows, measures, {"mean score by kind": kinds}),
        EvalReport("highlights, PLD-VHD", _DATA, rows, fused),
    ]


def _score(film: Film, *, pld: bool) -> list[Highlight]:
    found = score_moments(
        film.path,
        utterances=film.utterances,
        comments=film.comments,
        pld=pld,
        progress=discard,
        cancelled=never,
    )
    return found[: len(film.truth)]


def _mean_precision(truths: Sequence[Sequence[bool]], scores: Sequence[Sequence[float]]) -> float:
    pairs = zip(truths, scores, strict=True)
    return round(float(np.mean([average_precision(t, s) for t, s in pairs])), 3)


def _mean_top(truths: Sequence[Sequence[bool]], scores: Sequence[Sequence[float]]) -> float:
    pairs = zip(truths, scores, strict=True)
    return round(float(np.mean([precision_at_top(t, s) for t, s in pairs])), 3)


def _chance(truths: Sequence[Sequence[bool]]) -> float:
    """The mean of rankings by lot."""
    dice = np.random.default_rng(1)
    found = [average_precision(t, dice.random(len(t))) for t in truths for _ in range(_SHUFFLES)]
    return round(float(np.mean(found)), 3)


def _alone(scored: Sequence[tuple[Film, list[Highlight], list[Highlight]]], name: str) -> float:
    """A signal's own ranking; by lot's worth where a film lacks it, as all are equal then."""
    found = [
        average_precision(film.truth, [one.signals.get(name, 0.0) for one in moments])
        for film, moments, _ in scored
    ]
    return round(float(np.mean(found)), 3)


def _found(scored: Sequence[tuple[Film, list[Highlight], list[Highlight]]], kind: str) -> float:
    """The mean score of the seconds in which a kind of highlight is planted."""
    values = [
        one.score
        for film, moments, _ in scored
        for one in moments
        for happening in film.happenings
        if happening.kind == kind
        and happening.start * 1000 <= one.start_ms
        and one.end_ms <= happening.end * 1000
    ]
    return round(float(np.mean(values)), 3) if values else 0.0
