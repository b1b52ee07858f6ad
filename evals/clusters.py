"""The question radar: which of viewers' comments are gathered as one question.

Every comment counts, also what asks nothing: the true cluster of such a comment is itself alone, so
that one that is put to a question lowers precision. A comment that is not taken for a question
stands alone.
"""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from domain.settings import Settings
from evals.agreement import bcubed, f1, pairwise
from evals.report import EvalReport, share
from evals.rows import DATA
from models.embeddings import EmbeddedE5
from models.text_classifier import load_classifier
from tools.questions.detection import QuestionDetector
from tools.radar.asked import asks_plainly
from tools.radar.clusters import Clusters, Question
from tools.radar.likeness import Likeness

_FOLDER = "LIVECUE_EVAL_CLUSTERS"
_JOB = "questions gathered"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AskedComment(_Frozen):
    """A comment at `t` seconds; `cluster` names what it asks, None where it asks nothing."""

    t: float
    user: str
    text: str
    cluster: str | None


class Goods(_Frozen):
    """What is on air."""

    name: str
    category: str


class CommentSet(_Frozen):
    """Comments under one product."""

    set: str
    product: Goods
    comments: list[AskedComment]


def measure(settings: Settings) -> list[EvalReport]:
    """The committed sets, or those of the file or folder that `LIVECUE_EVAL_CLUSTERS` names."""
    place = Path(os.environ.get(_FOLDER) or DATA / "clusters.jsonl")
    files = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
    if not files or not all(file.is_file() for file in files):
        return [EvalReport(_JOB, "comments", missing=f"there is no {place.name}")]
    sets = [
        CommentSet.model_validate_json(line)
        for file in files
        for line in file.read_text("utf-8").splitlines()
    ]
    embedder = EmbeddedE5(threads=settings.threads.embedding)
    detector = QuestionDetector(lambda: load_classifier("questions", embedder))
    likeness = Likeness(embedder)
    return [score(sets, [gather(one, detector, likeness) for one in sets])]


def gather(one: CommentSet, detector: QuestionDetector, likeness: Likeness) -> list[str]:
    """The name of the cluster of each comment, as they come one after the other."""
    asks = detector.are_questions([comment.text for comment in one.comments])
    clusters = Clusters(likeness)
    found: list[str] = []
    for seq, (comment, is_question) in enumerate(zip(one.comments, asks, strict=True), 1):
        question = Question(seq, round(comment.t * 1000), comment.user, comment.text)
        asks_it = is_question or asks_plainly(comment.text)
        name = clusters.add([question])[0].cluster_id if asks_it else f"alone {seq}"
        found.append(name)
    return found


def score(sets: Sequence[CommentSet], found: Sequence[Sequence[str]]) -> EvalReport:
    """All sets together; a cluster belongs to one set."""
    names = [f"{one.set} {name}" for one, own in zip(sets, found, strict=True) for name in own]
    true = [
        f"{one.set} {comment.cluster if comment.cluster is not None else f'alone {at}'}"
        for one in sets
        for at, comment in enumerate(one.comments)
    ]
    noise = [comment.cluster is None for one in sets for comment in one.comments]
    sizes = Counter(names)
    kept_out = sum(
        sizes[name] == 1 for name, asks_nothing in zip(names, noise, strict=True) if asks_nothing
    )
    precision, recall = bcubed(names, true)
    return EvalReport(
        job=_JOB,
        data=f"{len(sets)} sets of comments, en + zh",
        rows=len(names),
        measures={
            "BCubed F1": round(f1(precision, recall), 3),
            "precision": round(precision, 3),
            "recall": round(recall, 3),
            "pairwise F1": round(f1(*pairwise(names, true)), 3),
            "noise kept out": share(kept_out, sum(noise)),
        },
    )
