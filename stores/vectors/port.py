"""The vector index as the floors above see it.

SQL is the truth: an index can be emptied and filled again at any time. Similarity is the cosine.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from domain.errors import StateConflict

Vector = NDArray[np.float32]
"""Shape `(dim,)`; need not have unit length."""

Filter = Mapping[str, str | int | Sequence[str] | Sequence[int]]
"""Payload conditions, all of which hold: equal to the value, or to one of a list of values.

A payload value that is a list matches when one of its items does. Booleans cannot be asked for:
qdrant-edge 0.9 takes True for 1 and finds nothing.
"""

WORKSPACE = "workspace_id"
POINT_ID = "_point_id"

_NAMESPACE = uuid.UUID("6d9f4c0e-51e2-5e0b-9a38-0a1c64b0f3d7")


@dataclass(frozen=True, slots=True)
class VectorPoint:
    """A vector with the id of what it stands for; `payload` is JSON and names the workspace.

    Ids are unique within a workspace.
    """

    id: str
    vector: Vector
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hit:
    """A point that was found; `score` is the cosine, in [-1, 1]."""

    id: str
    score: float
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class IndexMeta:
    """What vectors an index holds: the embedder's name and their dimension."""

    embedder: str
    dim: int


class IndexStatus(StrEnum):
    """`new`: made just now, to be filled from SQL. `ready`: holds what was put in before.

    `mismatch`: built by another embedder. `damaged`: its files cannot be read. In both of these
    only `clear` and `close` work.
    """

    NEW = "new"
    READY = "ready"
    MISMATCH = "mismatch"
    DAMAGED = "damaged"


class VectorIndex(Protocol):
    """An index over the points of all workspaces; every method may be called from any thread."""

    @property
    def meta(self) -> IndexMeta:
        """The embedder that the index was opened for."""
        ...

    @property
    def status(self) -> IndexStatus:
        """Whether the index can be used as it is."""
        ...

    @property
    def reason(self) -> str:
        """Why the status is `mismatch` or `damaged`, for people; else empty."""
        ...

    def upsert(self, points: Sequence[VectorPoint]) -> None:
        """Add points or replace those of the same id; on return they survive `kill -9`.

        Raises:
            ValueError: a vector of another dimension, or a payload without the workspace.
        """
        ...

    def search(
        self, vector: Vector, workspace_id: str, where: Filter | None = None, limit: int = 10
    ) -> list[Hit]:
        """The nearest points of a workspace, the nearest first."""
        ...

    def delete(self, workspace_id: str, where: Filter | None = None) -> None:
        """Remove the points of a workspace that match; all of them without a filter."""
        ...

    def count(self, workspace_id: str, where: Filter | None = None) -> int:
        """How many points of a workspace match."""
        ...

    def clear(self) -> None:
        """Drop everything, of all workspaces; the index is `new` for the asked embedder."""
        ...

    def close(self) -> None:
        """Release files and connections."""
        ...


def point_uuid(point: VectorPoint) -> uuid.UUID:
    """The engine's id of a point: engines take no free text; the workspace is part of it."""
    return uuid.uuid5(_NAMESPACE, f"{point.payload[WORKSPACE]}/{point.id}")


def check_points(points: Sequence[VectorPoint], dim: int) -> None:
    """Raise `ValueError` unless every point has the dimension and names its workspace."""
    for point in points:
        if point.vector.shape != (dim,):
            raise ValueError(f"point {point.id}: shape {point.vector.shape}, not ({dim},)")
        if not point.payload.get(WORKSPACE):
            raise ValueError(f"point {point.id}: its payload names no {WORKSPACE}")


def check_vector(vector: Vector, dim: int) -> None:
    """Raise `ValueError` unless a query has the dimension."""
    if vector.shape != (dim,):
        raise ValueError(f"a query of shape {vector.shape}, not ({dim},)")


def conditions(workspace_id: str, where: Filter | None) -> dict[str, list[str] | list[int]]:
    """The values allowed for each payload key; the workspace is always one of the keys.

    Raises:
        ValueError: a boolean is asked for.
    """
    found: dict[str, list[str] | list[int]] = {}
    for key, wanted in (where or {}).items():
        match wanted:
            case bool():
                raise ValueError(f"{key}: a filter takes strings and integers, no booleans")
            case str():
                found[key] = [wanted]
            case int():
                found[key] = [wanted]
            case _:
                found[key] = cast("list[str] | list[int]", list(wanted))
    return found | {WORKSPACE: [workspace_id]}


def check_usable(status: IndexStatus, reason: str) -> None:
    """Raise `StateConflict` when the index has to be rebuilt first."""
    if status in (IndexStatus.MISMATCH, IndexStatus.DAMAGED):
        raise StateConflict(
            f"The vector index cannot be used: {reason}.",
            hint="Rebuild it from the database: livecue doctor --rebuild-index",
        )


def mismatch(found: IndexMeta, asked: IndexMeta) -> str:
    """The reason for the status `mismatch`."""
    return (
        f"it was built by {found.embedder} ({found.dim} dimensions), "
        f"and {asked.embedder} ({asked.dim}) is in use"
    )
