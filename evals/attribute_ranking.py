"""Which passage answers a question about a product: semiPQA and ePQA, the dev splits, whole.

The ranker has learned from both, so what is told is cross-validated: each question is answered by
the member of the shipped ranker that was fitted without that question (semiPQA, which names no
products) or product (ePQA), and without the same question elsewhere.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from evals.bm25 import rank_bm25
from evals.kept_vectors import KeptVectors
from evals.options import Options
from evals.product_questions import FOLDS, ProductQuestion, Split, find_questions
from evals.report import EvalReport, share
from models.embeddings import EmbeddedE5
from tools.questions.answering import AnswerRanker

_JOBS: dict[Split, tuple[str, str]] = {
    "semipqa": ("attribute that answers", "semiPQA dev, cross-validated by question"),
    "epqa": ("passage that answers", "ePQA dev, cross-validated by product"),
}

Scorer = Callable[[ProductQuestion], Sequence[float] | NDArray[np.float32]]


def measure(options: Options) -> list[EvalReport]:
    """P@1 over the questions that a candidate answers in full, beside BM25 and the plain embedder.

    A candidate at the top counts when its label is 1 in semiPQA or 2, a full answer, in ePQA.
    """
    embedder = KeptVectors(EmbeddedE5(threads=options.settings.threads.embedding), options.home)
    members = [AnswerRanker(embedder, member=fold) for fold in range(FOLDS)]

    def alike(one: ProductQuestion) -> NDArray[np.float32]:
        return embedder.embed_passages(one.texts) @ embedder.embed_queries([one.question])[0]

    scorers: dict[str, Scorer] = {
        "P@1": lambda one: members[one.fold].odds(one.question, one.texts),
        "P@1 of BM25": lambda one: rank_bm25(one.question, one.texts),
        "P@1 of e5": alike,
    }
    reports: list[EvalReport] = []
    for split, (job, data) in _JOBS.items():
        questions = find_questions(options.settings, split)
        if questions is None:
            reports.append(EvalReport(job, data, missing="LIVECUE_EVAL_DATA does not hold it"))
            continue
        asked = [one for one in questions if one.answerable]
        measures = {name: first_right(asked, scorer) for name, scorer in scorers.items()}
        reports.append(EvalReport(job, data, len(asked), measures))
    embedder.keep()
    return reports


def first_right(questions: Sequence[ProductQuestion], score: Scorer) -> float:
    """The share of questions whose best candidate answers in full."""
    right = sum(one.labels[int(np.argmax(score(one)))] == 2 for one in questions)
    return share(right, len(questions))
