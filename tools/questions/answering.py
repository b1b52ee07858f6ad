"""Does this passage answer this question: a calibrated probability, in English and Chinese.

A record's field (`weight: 280 g`) or a sentence of the host is put beside a viewer's question by
the vectors of multilingual-e5-small, projected so that what asks meets what answers, and by the
signs of `answer_signs`. A small network weighs both; `training/answering` makes its weights and
tells how it was measured.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.embeddings import Embedder, Vectors
from models.text_classifier import WEIGHTS
from tools.questions.answer_signs import read_signs
from tools.questions.passage_reading import fields_of, label_of, read_passage
from tools.questions.reading import content_words
from tools.questions.similarity import PassageVectors

_FILE = WEIGHTS / "answering.npz"
_CACHED = 8192
_ROWS = 8
"""Passages weighed at a time: BLAS starts no threads for products this small, and on a busy machine
threads that wait for each other cost a hundred times what they spare."""
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9']+")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
_COSINE_FROM, _COSINE_SPAN = 0.8, 8.0
"""The cosines of multilingual-e5-small lie between 0.7 and 0.95."""

COSINES = 10
"""Columns of `compare_vectors`."""


@dataclass(frozen=True, slots=True)
class AnswerWeights:
    """The ranker's members, stacked: each was fitted without one part of the training rows.

    `ask` and `tell` `(members, dim, rank)` project centred vectors of questions and passages;
    `inner` `(members, rank + signs, hidden)` reads their product beside the signs.
    """

    ask: NDArray[np.float32]
    tell: NDArray[np.float32]
    inner: NDArray[np.float32]
    inner_bias: NDArray[np.float32]
    outer: NDArray[np.float32]
    outer_bias: NDArray[np.float32]
    ask_mean: NDArray[np.float32]
    tell_mean: NDArray[np.float32]
    sign_mean: NDArray[np.float32]
    sign_scale: NDArray[np.float32]

    def score(
        self, query: Vectors, told: Vectors, signs: NDArray[np.float32], member: int | None
    ) -> NDArray[np.float32]:
        """Log-odds `(n,)` by one member, or by the mean of all."""
        which = slice(None) if member is None else slice(member, member + 1)
        asked = ((query - self.ask_mean) @ self.ask[which])[:, None, :]
        tell, inner, outer = self.tell[which], self.inner[which], self.outer[which][:, :, None]
        inner_bias, outer_bias = self.inner_bias[which][:, None, :], self.outer_bias[which][:, None]
        apart = told - self.tell_mean
        plain = np.clip((signs - self.sign_mean) * self.sign_scale, -5, 5)
        rank = tell.shape[2]
        scores: list[NDArray[np.float32]] = []
        for at in range(0, len(told), _ROWS):
            meeting = (apart[at : at + _ROWS] @ tell) * asked
            hidden = meeting @ inner[:, :rank] + plain[at : at + _ROWS] @ inner[:, rank:]
            hidden = np.maximum(hidden + inner_bias, 0)
            scores.append(((hidden @ outer)[:, :, 0] + outer_bias).mean(axis=0))
        return np.concatenate(scores).astype(np.float32)


@cache
def load_weights(path: Path = _FILE) -> AnswerWeights:
    """The weights of a file that `training/answering` wrote."""
    with np.load(path, allow_pickle=False) as saved:
        return AnswerWeights(**{name: saved[name].astype(np.float32) for name in saved.files})


class AnswerRanker:
    """The probability that passages answer a question; safe to use from several threads.

    `embedder` has to be the embedded E5, for which the weights were made. `member` takes one
    member alone, for measuring on rows that it has not seen.
    """

    def __init__(
        self, embedder: Embedder, weights: AnswerWeights | None = None, *, member: int | None = None
    ) -> None:
        self._embedder = embedder
        self._weights = weights
        self._member = member
        self._vectors = PassageVectors(_CACHED)

    def warm(self, passages: Sequence[str], contexts: Sequence[str] | None = None) -> None:
        """Read and embed what will be ranked, ahead of the first question."""
        for passage in passages:
            read_passage(passage)
        self._weights = self._weights or load_weights()
        if passages:
            self._embed(passages, contexts, None)

    def odds(
        self,
        question: str,
        passages: Sequence[str],
        contexts: Sequence[str] | None = None,
        *,
        about: Sequence[str] = (),
        query: Vectors | None = None,
        vectors: Vectors | None = None,
    ) -> NDArray[np.float32]:
        """`(n,)` calibrated probabilities that each of `passages` answers `question`.

        The passages are judged as one set: all fields of a record, all that the host has said of
        a product, or both together. `contexts` are the one or two sentences spoken before each, ""
        for none. `about` are names of the product that is asked about, which say nothing of what is
        asked. `query` `(dim,)`, the vector of the question without them, and `vectors` `(n, dim)`
        spare embedding where the caller has these.

        Raises:
            ValueError: `contexts` or `vectors` are not as many as `passages`.
        """
        if contexts is not None and len(contexts) != len(passages):
            raise ValueError(f"{len(contexts)} contexts for {len(passages)} passages")
        if vectors is not None and len(vectors) != len(passages):
            raise ValueError(f"{len(vectors)} vectors for {len(passages)} passages")
        if not passages:
            return np.zeros(0, dtype=np.float32)
        question = without_names(question, about, passages)
        asked = self._embedder.embed_queries([question])[0] if query is None else query
        whole, named, told = self._embed(passages, contexts, vectors)
        signs = np.hstack([read_signs(question, passages), compare(asked, whole, named, told)])
        weights = self._weights or load_weights()
        scores = weights.score(asked, join(named, told), signs, self._member)
        return (1 / (1 + np.exp(-scores))).astype(np.float32)

    def _embed(
        self, passages: Sequence[str], contexts: Sequence[str] | None, vectors: Vectors | None
    ) -> tuple[Vectors, Vectors, Vectors]:
        """Vectors of the passages, of their labels, and of them with what was said before."""
        if not passages:
            raise ValueError("no passages")
        labels = [label_of(passage) or passage for passage in passages]
        before = contexts or [""] * len(passages)
        within = [in_context(*pair) for pair in zip(passages, before, strict=True)]
        texts = [*labels, *within] if vectors is not None else [*passages, *labels, *within]
        found = self._vectors.embed(self._embedder, texts)
        whole = found[: len(passages)] if vectors is None else vectors
        count = len(passages)
        return whole, found[-2 * count : -count], found[-count:]


def without_names(question: str, names: Sequence[str], passages: Sequence[str] = ()) -> str:
    """A question without the words of the product's names, or as it is where nothing else is asked.

    A Chinese name is left out as far as two of its characters or more stand in a row. What labels
    of the passages hold too, such as the colour that a product is called by, stays.
    """
    labels = " ".join(label_of(passage).lower() for passage in passages)
    telling = set(_LATIN.findall(labels))
    words = {word.lower() for name in names for word in _LATIN.findall(name)} - telling
    rest = _LATIN.sub(lambda word: " " if word[0].lower() in words else word[0], question)
    for run in (run for name in names for run in _HAN_RUN.findall(name)):
        for size in range(len(run), 1, -1):
            for at in range(len(run) - size + 1):
                part = run[at : at + size]
                rest = rest if part in labels else rest.replace(part, " ")
    rest = " ".join(rest.split())
    return rest if content_words(rest) or fields_of(rest) else question


def in_context(passage: str, before: str) -> str:
    """A spoken sentence with what was said before it."""
    return f"{before.strip()} {passage}" if before.strip() else passage


def join(named: Vectors, told: Vectors) -> Vectors:
    """What the network projects: a passage in its context, and its label, half each."""
    return ((named + told) / 2).astype(np.float32)


def compare(query: Vectors, whole: Vectors, named: Vectors, told: Vectors) -> NDArray[np.float32]:
    """`(n, COSINES)`: how alike a question and passages are, alone and beside the others."""
    columns: list[NDArray[np.floating]] = []
    cosines = [vectors @ query for vectors in (whole, named, told)]
    for one in (*cosines, np.maximum(cosines[0], cosines[1])):
        columns += [(one - _COSINE_FROM) * _COSINE_SPAN, (one - one.max()) * _COSINE_SPAN]
    best = np.maximum(cosines[0], cosines[1])
    columns.append((best - best.mean()) / (best.std() + 0.01))
    order = np.argsort(np.argsort(-best))
    columns.append(1 / (1 + order))
    return np.stack(columns, axis=1).astype(np.float32)
