"""How a stream's index lies in its file: passages, and blocks of heads, terms and vectors."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]

BLOCK = 512
FORMAT = 2
NEVER = (1 << 62) - 1
_SCHEMA = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS passage (
    number INTEGER PRIMARY KEY, ref TEXT NOT NULL, kind TEXT NOT NULL, digest TEXT NOT NULL,
    product_id TEXT NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,
    available_ms INTEGER NOT NULL, superseded_ms INTEGER NOT NULL, length INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS passage_ref ON passage (ref);
CREATE TABLE IF NOT EXISTS head (block INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS term (
    term TEXT, block INTEGER, data BLOB NOT NULL, PRIMARY KEY (term, block)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS vector (block INTEGER PRIMARY KEY, data BLOB NOT NULL);
"""

KINDS = ("utterance", "event", "screen_line", "comment", "live_fact")
HEAD = np.dtype(
    [
        ("available", "<i8"),
        ("superseded", "<i8"),
        ("start", "<i8"),
        ("end", "<i8"),
        ("length", "<i4"),
        ("kind", "<i2"),
        ("product", "<i2"),
    ]
)


@dataclass(frozen=True, slots=True)
class Passage:
    """What can be found: `ref` names it, `digest` its content, `terms` its words once each.

    Another of the same `ref` takes its place from its own `available_ms` on.
    """

    ref: str
    kind: str
    digest: str
    product_id: str | None
    start_ms: int
    end_ms: int
    available_ms: int
    terms: frozenset[str]
    vector: Vector


@dataclass(frozen=True, slots=True)
class Scores:
    """All passages that could be read at a time, in the order in which they were added.

    `head` has `available`, `start`, `end`, `length`, `kind` (an index of `KINDS`) and `product`
    (an index of `products`, -1 for none); `words` are BM25 scores, `meaning` cosines.
    """

    numbers: NDArray[np.int64]
    head: NDArray[np.void]
    products: tuple[str, ...]
    words: Vector
    meaning: Vector


def begin(path: Path) -> sqlite3.Connection:
    """A new file with empty tables in the place of what is there."""
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    db = sqlite3.connect(path, check_same_thread=False)
    db.executescript(_SCHEMA)
    return db


def connect(path: Path) -> sqlite3.Connection | None:
    """The file with its tables, None where it is no such file."""
    db = sqlite3.connect(path, check_same_thread=False)
    try:
        db.executescript(_SCHEMA)
    except sqlite3.DatabaseError:
        db.close()
        return None
    return db


def made_by(db: sqlite3.Connection) -> str | None:
    """Which format and embedder made the file; None for a new one."""
    row = db.execute("SELECT value FROM about WHERE name = 'made_by'").fetchone()
    return None if row is None else str(row[0])


def packed(vector: Vector) -> bytes:
    """A scale and eight bits a number: a cosine moves by about 0.0006, far less than e5 errs."""
    scale = max(float(np.abs(vector).max()), 1e-9) / 127
    return np.float32(scale).tobytes() + np.round(vector / scale).astype(np.int8).tobytes()
