"""Questions gathered as they come: one cluster for all who ask the same about the same product.

A question joins the cluster whose wordings are on average most likely to ask the same, where that
is likelier than not; else it begins one (online leader clustering, Hartigan 1975, with the average
link). The same words again cost nothing. Memory is bounded: the clusters that were asked longest
ago are let go, and of each only some wordings, comments and viewers are kept.
"""

import itertools
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.text_classifier import fold_words
from tools.radar.asked import Asked, read_asked
from tools.radar.likeness import Likeness, settle

LIKELY = 0.2
"""The average odds, over a cluster's wordings, from which on a question joins it.

Lower than even: the odds are of pairs, of which few are the same, and with the matters left out (as
for goods whose matters are not known) 0.2 gave the best BCubed F1 on `training/radar`, by leaving
each set out: 0.851 against 0.809 at 0.5; with them it is the same at either.
"""
NEWEST = 20
"""Comments that a cluster names."""
_WORDINGS = 8
_VIEWERS = 4096
_CLUSTERS = 600
_TEXTS = 8192
_CLEAR_CHARS = {"en": (10, 64), "zh": (4, 24)}


@dataclass(frozen=True, slots=True)
class Question:
    """A comment that asks: its number in the log, when, who asks, and the product on air then."""

    seq: int
    at_ms: int
    user: str | None
    text: str
    product_id: str | None = None


@dataclass(slots=True)
class Wording:
    """One way in which it is asked, and how often."""

    asked: Asked
    vector: NDArray[np.float32]
    votes: int = 1


@dataclass(slots=True)
class Cluster:
    """A question and who asks it; a viewer who asks again counts once.

    `count` is of all who asked, `comments` are the newest of their numbers in the log.
    """

    cluster_id: str
    product_id: str | None
    first_ms: int
    last_ms: int
    count: int = 0
    comments: list[int] = field(default_factory=list[int])
    wordings: list[Wording] = field(default_factory=list[Wording])
    viewers: OrderedDict[str, None] = field(default_factory=OrderedDict[str, None])

    @property
    def clearest(self) -> Asked:
        """The wording nearest to all of them that is asked often, and neither short nor long."""
        vectors = np.stack([one.vector for one in self.wordings])
        votes = np.array([one.votes for one in self.wordings], dtype=np.float32)
        central = vectors @ (votes @ vectors) / votes.sum()
        scores = [
            float(near) + 0.1 * np.log1p(one.votes) + _is_clear(one.asked)
            for one, near in zip(self.wordings, central, strict=True)
        ]
        return self.wordings[int(np.argmax(scores))].asked

    def take(self, question: Question) -> None:
        """Count a comment."""
        viewer = question.user
        is_new = viewer is None or viewer not in self.viewers
        self.count += is_new
        if viewer is not None:
            self.viewers[viewer] = None
            self.viewers.move_to_end(viewer)
            if len(self.viewers) > _VIEWERS:
                self.viewers.popitem(last=False)
        self.first_ms = min(self.first_ms, question.at_ms)
        self.last_ms = max(self.last_ms, question.at_ms)
        self.comments = [*self.comments, question.seq][-NEWEST:]

    def word(self, asked: Asked, vector: NDArray[np.float32]) -> None:
        """Remember a wording; the one that was used least makes room."""
        if len(self.wordings) >= _WORDINGS:
            least = min(range(len(self.wordings)), key=lambda at: self.wordings[at].votes)
            del self.wordings[least]
        self.wordings.append(Wording(asked, vector))


class Clusters:
    """The clusters of one stream; for one thread."""

    def __init__(self, likeness: Likeness) -> None:
        self._likeness = likeness
        self._clusters: OrderedDict[str, Cluster] = OrderedDict()
        self._texts: OrderedDict[tuple[str | None, str], tuple[str, Wording]] = OrderedDict()

    def get(self, cluster_id: str) -> Cluster | None:
        """A cluster that is still remembered."""
        return self._clusters.get(cluster_id)

    def add(self, questions: Sequence[Question]) -> list[Cluster]:
        """Sort questions in, in the order in which they were asked; the cluster of each."""
        unknown = {
            fold_words(q.text): read_asked(q.text)
            for q in questions
            if (q.product_id, fold_words(q.text)) not in self._texts
        }
        vectors: dict[str, NDArray[np.float32]] = {}
        if unknown:
            rows = self._likeness.embed(list(unknown.values()))
            vectors = dict(zip(unknown, rows, strict=True))
        return [self._add(question, vectors) for question in questions]

    def find(self, text: str, product_id: str | None) -> Cluster | None:
        """The cluster that a question would join, without joining it."""
        key = (product_id, fold_words(text))
        known = self._texts.get(key)
        if known is not None and known[0] in self._clusters:
            return self._clusters[known[0]]
        asked = read_asked(text)
        return self._nearest(asked, self._likeness.embed([asked])[0], product_id)

    def newest(self, most: int) -> list[Cluster]:
        """The clusters that were asked last, the newest first."""
        return list(itertools.islice(reversed(self._clusters.values()), most))

    def holding(self, seq: int) -> Cluster | None:
        """The cluster that names a comment by its number in the log."""
        return next((one for one in self._clusters.values() if seq in one.comments), None)

    def restore(self, clusters: Sequence[tuple[Cluster, Sequence[str]]]) -> None:
        """Put back clusters as an earlier process left them, each with some of its wordings.

        They come in the order in which they were asked last.
        """
        read = [
            (cluster, one)
            for cluster, texts in clusters
            for one in {fold_words(text): read_asked(text) for text in texts}.values()
        ]
        if not read:
            return
        vectors = self._likeness.embed([asked for _, asked in read])
        for (cluster, asked), vector in zip(read, vectors, strict=True):
            cluster.word(asked, vector)
            self._remember(cluster, asked.text, cluster.wordings[-1])
            self._keep(cluster)

    def _add(self, question: Question, vectors: dict[str, NDArray[np.float32]]) -> Cluster:
        folded = fold_words(question.text)
        known = self._texts.get((question.product_id, folded))
        cluster = self._clusters.get(known[0]) if known is not None else None
        if known is not None and cluster is not None:
            known[1].votes += 1
        else:
            asked = read_asked(question.text)
            vector = vectors.get(folded)
            if vector is None:
                vector = self._likeness.embed([asked])[0]
            cluster = self._nearest(asked, vector, question.product_id) or Cluster(
                cluster_id=f"q{question.seq}",
                product_id=question.product_id,
                first_ms=question.at_ms,
                last_ms=question.at_ms,
            )
            cluster.word(asked, vector)
            self._remember(cluster, question.text, cluster.wordings[-1])
        cluster.take(question)
        self._keep(cluster)
        return cluster

    def _nearest(
        self, asked: Asked, vector: NDArray[np.float32], product_id: str | None
    ) -> Cluster | None:
        best, most = None, LIKELY
        for cluster in self._clusters.values():
            first = cluster.wordings[0].asked
            if cluster.product_id != product_id or settle(asked, first) is False:
                continue
            odds = self._odds(asked, vector, cluster)
            if odds >= most:
                best, most = cluster, odds
        return best

    def _odds(self, asked: Asked, vector: NDArray[np.float32], cluster: Cluster) -> float:
        cosines = np.stack([one.vector for one in cluster.wordings]) @ vector
        odds = [
            self._likeness.same(asked, one.asked, float(cosine))
            for one, cosine in zip(cluster.wordings, cosines, strict=True)
        ]
        return sum(odds) / len(odds)

    def _remember(self, cluster: Cluster, text: str, wording: Wording) -> None:
        key = (cluster.product_id, fold_words(text))
        self._texts[key] = (cluster.cluster_id, wording)
        self._texts.move_to_end(key)
        if len(self._texts) > _TEXTS:
            self._texts.popitem(last=False)

    def _keep(self, cluster: Cluster) -> None:
        self._clusters[cluster.cluster_id] = cluster
        self._clusters.move_to_end(cluster.cluster_id)
        while len(self._clusters) > _CLUSTERS:
            self._clusters.popitem(last=False)


def _is_clear(asked: Asked) -> float:
    least, most = _CLEAR_CHARS.get(asked.lang, _CLEAR_CHARS["en"])
    fits = least <= len(asked.text) <= most
    return 0.3 * fits + 0.1 * (asked.matter is not None)
