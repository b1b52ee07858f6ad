"""The search index of one stream's memory: a file that can be deleted and made anew from SQL.

Terms and vectors of passages lie in blocks of a SQLite file and are read block by block for a
search, so that process memory does not grow with the stream: a day of speech (30,000 passages) is
about 22 MB on disk and 6 MiB of memory. The engines at hand were measured and left: qdrant-edge
0.9, with sparse vectors and IDF over a filter, answers as fast but held 100 MiB more after as
many passages; FTS5 weighs a word by how rare it is in the whole index, so that what is said
tomorrow would change what a search "as of" today finds. Here every statistic is counted over what
could be read at the time asked about.
"""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stores.recall_file import (
    BLOCK,
    FORMAT,
    HEAD,
    KINDS,
    NEVER,
    Passage,
    Scores,
    Vector,
    begin,
    connect,
    made_by,
    packed,
)

__all__ = ["KINDS", "Passage", "RecallIndex", "Scores", "Vector"]

_SATURATION = 1.2
_LENGTH = 0.5
"""BM25's k1 and b (Robertson and Zaragoza 2009); passages are short and much alike in length."""


class RecallIndex:
    """A stream's index in the file `path`, of vectors with `dim` numbers by `embedder`.

    `stream` tells the stream from another that had its name before. One writer at a time; searches
    may run beside it. A file that another embedder or format made, of another stream, or that
    cannot be read, is begun anew: `last_seq` is 0 then.
    """

    def __init__(self, path: Path, embedder: str, dim: int, stream: str = "") -> None:
        self._dim = dim
        self._lock = threading.RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        wanted = f"{FORMAT} {embedder} {dim} {stream}"
        db = connect(path)
        if db is not None and made_by(db) not in (None, wanted):
            db.close()
            db = None
        self._path = path
        self._wanted = wanted
        self._db = db or begin(path)
        with self._db:
            self._remember("made_by", wanted)

    def clear(self) -> None:
        """Forget all that it holds, also where the file is damaged; who uses it may go on."""
        with self._lock:
            self._db.close()
            self._db = begin(self._path)
            with self._db:
                self._remember("made_by", self._wanted)

    @property
    def last_seq(self) -> int:
        """Up to which entry of the log it reaches."""
        with self._lock:
            return int(self._about("last_seq") or 0)

    def digests(self, kind: str) -> set[tuple[str, str]]:
        """What it holds of a kind: ref and digest of every version."""
        with self._lock:
            rows = self._db.execute("SELECT ref, digest FROM passage WHERE kind = ?", (kind,))
            return set(rows.fetchall())

    def add(self, passages: Sequence[Passage], *, last_seq: int = 0) -> int:
        """Add passages and versions of passages, in one transaction; how many were new.

        What a version takes the place of is found still as of the time before it.
        """
        with self._lock, self._db:
            row = self._db.execute("SELECT COALESCE(MAX(number), -1) FROM passage").fetchone()
            first = number = int(row[0]) + 1
            fresh: dict[str, tuple[Passage, int]] = {}
            for passage in passages:
                if passage.ref in fresh or len(fresh) == BLOCK:
                    self._write(list(fresh.values()), number)
                    number += len(fresh)
                    fresh = {}
                superseded = self._make_way(passage)
                if superseded is not None:
                    fresh[passage.ref] = (passage, superseded)
            self._write(list(fresh.values()), number)
            if last_seq > int(self._about("last_seq") or 0):
                self._remember("last_seq", str(last_seq))
            return number + len(fresh) - first

    def score(self, terms: Sequence[str], vector: Vector, as_of_ms: int) -> Scores:
        """Every passage that could be read at `as_of_ms`, by shared words and by meaning."""
        with self._lock:
            heads = self._db.execute("SELECT data FROM head ORDER BY block").fetchall()
            whole = np.concatenate(
                [np.frombuffer(data, HEAD) for (data,) in heads] or [np.empty(0, HEAD)]
            )
            there = (whole["available"] <= as_of_ms) & (whole["superseded"] > as_of_ms)
            numbers = np.flatnonzero(there)
            words = self._words(terms, whole, numbers)
            meaning = self._meaning(vector, len(whole))
            products = tuple((self._about("products") or "").split("\n"))
        return Scores(numbers, whole[numbers], products, words[numbers], meaning[numbers])

    def refs(self, numbers: Sequence[int]) -> list[str]:
        """The refs of passages by their numbers."""
        with self._lock:
            marks = ",".join("?" * len(numbers))
            rows = self._db.execute(
                f"SELECT number, ref FROM passage WHERE number IN ({marks})",  # noqa: S608
                list(map(int, numbers)),
            )
            found = dict(rows.fetchall())
        return [found[int(number)] for number in numbers]

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._db.close()

    def _about(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def _remember(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))

    def _make_way(self, passage: Passage) -> int | None:
        """When the next version takes its place; None where the very same is there already."""
        versions = self._db.execute(
            "SELECT number, digest, available_ms, superseded_ms FROM passage WHERE ref = ?",
            (passage.ref,),
        ).fetchall()
        if any(digest == passage.digest for _, digest, _, _ in versions):
            return None
        at = passage.available_ms
        for number, _, available, superseded in versions:
            if available <= at < superseded:
                self._supersede(int(number), at)
        return min((available for _, _, available, _ in versions if available > at), default=NEVER)

    def _supersede(self, number: int, at_ms: int) -> None:
        self._db.execute("UPDATE passage SET superseded_ms = ? WHERE number = ?", (at_ms, number))
        block, at = divmod(number, BLOCK)
        data = self._db.execute("SELECT data FROM head WHERE block = ?", (block,)).fetchone()[0]
        head = np.frombuffer(data, HEAD).copy()
        head["superseded"][at] = at_ms
        self._db.execute("UPDATE head SET data = ? WHERE block = ?", (head.tobytes(), block))

    def _write(self, passages: Sequence[tuple[Passage, int]], first: int) -> None:
        if not passages:
            return
        products = (self._about("products") or "").split("\n")
        heads: dict[int, list[NDArray[np.void]]] = {}
        postings: dict[tuple[str, int], list[int]] = {}
        vectors: dict[int, list[bytes]] = {}
        for number, (passage, superseded) in enumerate(passages, start=first):
            block = number // BLOCK
            product = passage.product_id or ""
            if product and product not in products:
                products.append(product)
            row = (
                passage.available_ms,
                superseded,
                passage.start_ms,
                passage.end_ms,
                len(passage.terms),
                KINDS.index(passage.kind),
                products.index(product) if product else -1,
            )
            heads.setdefault(block, []).append(np.array([row], HEAD))
            vectors.setdefault(block, []).append(packed(passage.vector))
            for term in passage.terms:
                postings.setdefault((term, block), []).append(number)
            self._db.execute(
                "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (number, passage.ref, passage.kind, passage.digest, product, *row[2:4], *row[:2],
                 len(passage.terms)),
            )  # fmt: skip
        self._remember("products", "\n".join(products))
        for block, rows in heads.items():
            self._append("head", (block,), np.concatenate(rows).tobytes())
            self._append("vector", (block,), b"".join(vectors[block]))
        for (term, block), numbers in postings.items():
            self._append("term", (term, block), np.array(numbers, "<u4").tobytes())

    def _append(self, table: str, key: tuple[str | int, ...], data: bytes) -> None:
        columns = "term, block" if table == "term" else "block"
        marks = ", ".join("?" * len(key))
        self._db.execute(
            f"INSERT INTO {table} ({columns}, data) VALUES ({marks}, ?) "  # noqa: S608
            f"ON CONFLICT DO UPDATE SET data = CAST({table}.data || excluded.data AS BLOB)",
            (*key, data),
        )

    def _words(
        self, terms: Sequence[str], head: NDArray[np.void], numbers: NDArray[np.int64]
    ) -> Vector:
        """BM25 over what could be read; each term counts once in a passage."""
        scores = np.zeros(len(head), np.float32)
        if not len(numbers):
            return scores
        readable = np.zeros(len(head), bool)
        readable[numbers] = True
        lengths = head["length"].astype(np.float32)
        mean = max(float(lengths[numbers].mean()), 1.0)
        worth = (_SATURATION + 1) / (1 + _SATURATION * (1 - _LENGTH + _LENGTH * lengths / mean))
        for term in dict.fromkeys(terms):
            rows = self._db.execute(
                "SELECT data FROM term WHERE term = ? ORDER BY block", (term,)
            ).fetchall()
            if not rows:
                continue
            found = np.frombuffer(b"".join(data for (data,) in rows), "<u4")
            found = found[readable[found]]
            rare = np.log1p((len(numbers) - len(found) + 0.5) / (len(found) + 0.5))
            scores[found] += rare * worth[found]
        return scores

    def _meaning(self, vector: Vector, count: int) -> Vector:
        """Cosines with `vector`, block by block."""
        scores = np.zeros(count, np.float32)
        rows = self._db.execute("SELECT block, data FROM vector ORDER BY block")
        size = 4 + self._dim
        for block, data in rows:
            packed = np.frombuffer(data, np.uint8).reshape(-1, size)
            scale = packed[:, :4].copy().view("<f4")[:, 0]
            whole = packed[:, 4:].view(np.int8).astype(np.float32)
            start = block * BLOCK
            scores[start : start + len(packed)] = (whole @ vector) * scale
        return scores
