"""What a host should put right on air, and what they have promised."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.context import Caller, Home
from domain.watching import OnAirWarning, PromiseChange
from tools.promises import current_promises

router = APIRouter(prefix="/api/v1/streams", tags=["streams"])

_PAGE = 1000
_AsOf = Annotated[int | None, Query(ge=0)]


class PromiseLedger(BaseModel):
    """Every promise as it stands, in the order in which they were made."""

    promises: list[PromiseChange]


class NumberedWarning(BaseModel):
    """A warning with its number in the stream's log."""

    seq: int
    warning: OnAirWarning


class WarningList(BaseModel):
    """Warnings in the order in which they were told."""

    warnings: list[NumberedWarning]


@router.get("/{stream_id}/promises")
def list_promises(
    stream_id: str, home: Home, caller: Caller, as_of_ms: _AsOf = None
) -> PromiseLedger:
    """The promise ledger as it stands, or as it stood at `as_of_ms`."""
    home.streams.get(caller, stream_id)
    changes: list[PromiseChange] = []
    seq = 0
    while page := home.streams.entries(
        caller, stream_id, kinds=["promise"], after_seq=seq, as_of_ms=as_of_ms, limit=_PAGE
    ):
        seq = page[-1].seq
        changes += [entry.row for entry in page if isinstance(entry.row, PromiseChange)]
    return PromiseLedger(promises=current_promises(changes))


@router.get("/{stream_id}/warnings")
def list_warnings(
    stream_id: str,
    home: Home,
    caller: Caller,
    after: Annotated[int, Query(ge=0)] = 0,
    as_of_ms: _AsOf = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> WarningList:
    """What the host was warned of, after a number of the log."""
    home.streams.get(caller, stream_id)
    entries = home.streams.entries(
        caller, stream_id, kinds=["warning"], after_seq=after, as_of_ms=as_of_ms, limit=limit
    )
    return WarningList(
        warnings=[
            NumberedWarning(seq=entry.seq, warning=entry.row)
            for entry in entries
            if isinstance(entry.row, OnAirWarning)
        ]
    )
