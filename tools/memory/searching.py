"""The memory of a stream: by words and by meaning, as of a moment, near a time, about a product.

SQL is the truth; the index of a stream is a file (`stores/recall.py`) that is brought up to date
when a process first touches it, and quotes are read from SQL.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.errors import NotFound
from domain.scope import Scope
from domain.stream import Event, LogEntry
from models.embeddings import Embedder, Vectors
from stores.recall import KINDS, RecallIndex, Scores
from stores.streams import StreamStore
from tools.memory.passages import (
    SEARCHED_LEVELS,
    ProductAt,
    event_digest,
    event_passages,
    event_ref,
    log_passages,
    memory_terms,
)
from tools.memory.ranking import choose_passages, rank_passages
from tools.memory.time_words import read_when
from tools.questions.similarity import PassageVectors

_OPEN = 8
_PAGE = 500


@dataclass(frozen=True, slots=True)
class MemoryHit:
    """A moment of a stream; `kind` is a kind of log row with its `seq`, or `event` with its id.

    `score` only orders hits. `product_id` is what was on air.
    """

    kind: str
    quote: str
    start_ms: int
    end_ms: int
    score: float
    product_id: str | None = None
    seq: int | None = None
    event_id: str | None = None


@dataclass
class _Held:
    """An open index; `followed` once it holds what SQL held when this process touched it first."""

    index: RecallIndex
    created_at: datetime
    writing: threading.RLock = field(default_factory=threading.RLock)
    followed: bool = False


class StreamMemory:
    """The memories of a home's streams, an index file each; safe to call from several threads.

    A search never waits for what is being embedded, once the stream's index is up to date.
    """

    def __init__(
        self,
        store: StreamStore,
        folder: Path,
        embedder: Embedder,
        vectors: PassageVectors | None = None,
    ) -> None:
        self._store = store
        self._folder = folder
        self._embedder = embedder
        self._vectors = vectors or PassageVectors(1024)
        self._lock = threading.RLock()
        self._open: OrderedDict[tuple[str, str], _Held] = OrderedDict()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages; the newest are remembered, for whoever needs them too."""
        return self._vectors.embed(self._embedder, texts)

    def add(
        self,
        scope: Scope,
        stream_id: str,
        entries: Sequence[LogEntry],
        events: Sequence[Event] = (),
        *,
        product_at: ProductAt | None = None,
    ) -> None:
        """Make stored rows and events findable; what is known already is left as it is.

        `product_at` tells which product was on air where the row itself does not.
        """
        held = self._hold(scope, stream_id)
        self._follow(scope, stream_id, held, product_at)
        with held.writing:
            last = held.index.last_seq
            new = [entry for entry in entries if entry.seq > last]
            if new and new[0].seq > last + 1:
                self._catch_up(scope, stream_id, held.index, product_at)
                new = []
            passages = log_passages(new, self.embed, product_at)
            passages += event_passages(events, self.embed)
            held.index.add(passages, last_seq=max((entry.seq for entry in new), default=0))

    def catch_up(
        self, scope: Scope, stream_id: str, *, product_at: ProductAt | None = None
    ) -> None:
        """Index what SQL has and the index has not: for a session that goes on after a crash.

        The first search or `add` of a process does so too, without knowing what was on air.
        """
        self._follow(scope, stream_id, self._hold(scope, stream_id), product_at)

    def search(
        self,
        scope: Scope,
        stream_id: str,
        query: str,
        *,
        as_of_ms: int,
        product_id: str | None = None,
        kinds: Sequence[str] = KINDS,
        limit: int = 8,
    ) -> list[MemoryHit]:
        """What of the stream answers `query`, of what existed at `as_of_ms`, the best first.

        Time words narrow it to a window. Passages about other products than `product_id` count
        for half, since what is on air is inferred. A query of time words alone gives what was said
        then, the newest first.
        """
        when = read_when(query, as_of_ms)
        asked = when.question if when else query
        terms = sorted(memory_terms(asked))
        vector = self._embedder.embed_queries([asked])[0]
        held = self._hold(scope, stream_id)
        self._follow(scope, stream_id, held, None)
        scores = held.index.score(terms, vector, as_of_ms)
        ranked = rank_passages(scores, terms, when, as_of_ms, product_id, kinds)
        chosen = choose_passages(scores, ranked, limit)
        return self._hits(scope, stream_id, held.index, scores, ranked, chosen, as_of_ms)

    def rebuild(self, scope: Scope, stream_id: str, *, product_at: ProductAt | None = None) -> None:
        """Make the index of a stream anew from SQL, also while it is watched."""
        held = self._hold(scope, stream_id)
        with held.writing:
            held.index.clear()
            self._catch_up(scope, stream_id, held.index, product_at)
            held.followed = True

    def rebuild_all(self, scope: Scope) -> int:
        """Make the indexes of all streams of a workspace anew from SQL; how many there are."""
        limit = _PAGE
        while len(streams := self._store.list(scope, limit=limit)) == limit:
            limit *= 10
        for stream in streams:
            with suppress(NotFound):  # deleted meanwhile
                self.rebuild(scope, stream.stream_id)
        return len(streams)

    def forget(self, scope: Scope, stream_id: str) -> None:
        """Remove the index of a stream, whose rows have been deleted or are to be read anew."""
        with self._lock:
            held = self._open.pop((scope.workspace_id, stream_id), None)
            if held is not None:
                held.index.close()
            path = self._path(scope, stream_id)
            for end in ("", "-wal", "-shm"):
                path.with_name(path.name + end).unlink(missing_ok=True)

    def close(self) -> None:
        """Release every file."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].index.close()

    def _path(self, scope: Scope, stream_id: str) -> Path:
        return self._folder / scope.workspace_id / f"{stream_id}.recall"

    def _hold(self, scope: Scope, stream_id: str) -> _Held:
        """The stream's open index. The least used is let go, and closes when its last user ends.

        What was found of a stream that had the name before is forgotten.
        """
        key = (scope.workspace_id, stream_id)
        with self._lock:
            created = self._store.get(scope, stream_id).created_at
            held = self._open.get(key)
            if held is not None and held.created_at != created:
                self.forget(scope, stream_id)
                held = None
            if held is None:
                path = self._path(scope, stream_id)
                embedder = self._embedder
                index = RecallIndex(path, embedder.name, embedder.dim, created.isoformat())
                held = self._open[key] = _Held(index, created)
                while len(self._open) > _OPEN:
                    self._open.popitem(last=False)
            self._open.move_to_end(key)
            return held

    def _follow(
        self, scope: Scope, stream_id: str, held: _Held, product_at: ProductAt | None
    ) -> None:
        """Bring the index up to date with SQL, once in this process."""
        if held.followed:
            return
        with held.writing:
            if not held.followed:
                self._catch_up(scope, stream_id, held.index, product_at)
                held.followed = True

    def _catch_up(
        self, scope: Scope, stream_id: str, index: RecallIndex, product_at: ProductAt | None
    ) -> None:
        while True:
            after = index.last_seq
            entries = self._store.entries(scope, stream_id, after_seq=after, limit=_PAGE)
            if not entries:
                break
            index.add(log_passages(entries, self.embed, product_at), last_seq=entries[-1].seq)
        known = index.digests("event")
        after = (-1, "")
        while page := self._store.event_versions(
            scope, stream_id, SEARCHED_LEVELS, after=after, limit=_PAGE
        ):
            new = [e for e in page if (event_ref(e), event_digest(e)) not in known]
            index.add(event_passages(new, self.embed))
            after = (page[-1].available_at_ms, page[-1].event_id)

    def _hits(
        self,
        scope: Scope,
        stream_id: str,
        index: RecallIndex,
        scores: Scores,
        ranked: NDArray[np.float32],
        chosen: Sequence[int],
        as_of_ms: int,
    ) -> list[MemoryHit]:
        refs = index.refs([int(scores.numbers[at]) for at in chosen])
        told = [ref.partition(":") for ref in refs]
        seqs = [int(number) for name, _, number in told if name == "log"]
        rows = {e.seq: e.row for e in self._store.find_entries(scope, stream_id, seqs)}
        hits: list[MemoryHit] = []
        for at, (name, _, number) in zip(chosen, told, strict=True):
            head = scores.head[at]
            start, end = int(head["start"]), int(head["end"])
            seq = int(number) if name == "log" else None
            event_id = number if seq is None else None
            if event_id is not None:
                quote = self._caption(scope, stream_id, event_id, as_of_ms)
            else:
                quote = rows[seq].text if seq in rows else None
            if quote is not None:
                kind, score = KINDS[int(head["kind"])], round(float(ranked[at]), 4)
                product = _product(scores, at)
                hits.append(MemoryHit(kind, quote, start, end, score, product, seq, event_id))
        return hits

    def _caption(self, scope: Scope, stream_id: str, event_id: str, as_of_ms: int) -> str | None:
        try:
            return self._store.event(scope, stream_id, event_id, as_of_ms=as_of_ms).caption
        except NotFound:
            return None


def _product(scores: Scores, at: int) -> str | None:
    number = int(scores.head["product"][at])
    return scores.products[number] if number >= 0 else None
