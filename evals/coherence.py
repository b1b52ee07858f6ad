"""Coherence of sentence pairs: what follows in a host's speech against what does not."""

import random
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evals.options import Options
from evals.recording_rows import FOLDER, SETS, SpokenSegment, read_segments
from evals.report import EvalReport
from tools.coherence import load_coherence
from tools.questions.reading import content_words

Pair = tuple[str, str]

_SEED = 20_260_712


def measure(options: Options) -> list[EvalReport]:
    """One report for each set of rows; beside the model what shared words alone would tell."""
    model = load_coherence(options.settings)
    reports: list[EvalReport] = []
    for name in SETS:
        job = f"coherence of sentence pairs, {name}"
        segments = read_segments(name)
        if segments is None:
            missing = f"{FOLDER.name} holds no {name}.jsonl"
            reports.append(EvalReport(job=job, data="committed, blind", missing=missing))
            continue
        following, random_pairs, shuffled = draw_pairs(segments)
        scores = [model.score(pairs) for pairs in (following, random_pairs, shuffled)]
        words = [_share_words(pairs) for pairs in (following, random_pairs, shuffled)]
        reports.append(
            EvalReport(
                job=job,
                data="by two other hands, never looked at",
                rows=len(following),
                measures={
                    "AUC, random": auc(scores[0], scores[1]),
                    "AUC, shuffled within the product": auc(scores[0], scores[2]),
                    "shared words alone": auc(words[0], words[1]),
                    "and shuffled": auc(words[0], words[2]),
                },
                details={
                    "mean score": {
                        kind: round(float(one.mean()), 3)
                        for kind, one in zip(
                            ("following", "random", "shuffled"), scores, strict=True
                        )
                    }
                },
            )
        )
    return reports


def draw_pairs(segments: Sequence[SpokenSegment]) -> tuple[list[Pair], list[Pair], list[Pair]]:
    """Pairs that follow; the first of each with one of another product, and of its own segment.

    Drawn by seed, within a language; of its own segment any but itself and what follows it.
    """
    rng = random.Random(_SEED)  # noqa: S311 - reproducible, not secret
    following: list[Pair] = []
    foreign: list[Pair] = []
    shuffled: list[Pair] = []
    for segment in segments:
        texts = [one.text for one in segment.utterances]
        others = [
            one.text
            for other in segments
            if other.lang == segment.lang and other is not segment
            for one in other.utterances
        ]
        for index in range(len(texts) - 1):
            rest = [text for place, text in enumerate(texts) if place not in (index, index + 1)]
            if not others or not rest:
                continue
            following.append((texts[index], texts[index + 1]))
            foreign.append((texts[index], rng.choice(others)))
            shuffled.append((texts[index], rng.choice(rest)))
    return following, foreign, shuffled


def auc(positive: NDArray[np.float32], negative: NDArray[np.float32]) -> float:
    """How often a positive scores above a negative, ties half (Mann and Whitney 1947)."""
    if not len(positive) or not len(negative):
        return 0.0
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left")
    not_above = np.searchsorted(ordered, positive, side="right")
    return round(float((below + not_above).mean() / 2 / len(negative)), 3)


def _share_words(pairs: Sequence[Pair]) -> NDArray[np.float32]:
    shares: list[float] = []
    for first, second in pairs:
        a, b = content_words(first), content_words(second)
        shares.append(len(a & b) / max(1, len(a | b)))
    return np.array(shares, dtype=np.float32)
