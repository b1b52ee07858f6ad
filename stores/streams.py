"""Watched streams: their state, their logs, and the events made of them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.errors import StateConflict
from domain.scope import Scope
from domain.stream import (
    LogEntry,
    LogRow,
    RowKind,
    Stream,
    StreamHealth,
    StreamSpec,
    StreamStatus,
)
from stores.ids import checked_id
from stores.stream_events import EventStore, of_stream, stream_row
from stores.tables import StreamLogRow, StreamRow

_ROW: TypeAdapter[LogRow] = TypeAdapter(LogRow)
_OPEN = [status.value for status in StreamStatus if not status.is_over]


class StreamStore(EventStore):
    """Streams by workspace, with their logs and events.

    Rows and the position up to which they reach are written together: a watcher that is killed
    goes on from `Stream.position_ms`, and a row whose key is known already is not stored twice.
    """

    def create(self, scope: Scope, stream_id: str, spec: StreamSpec) -> Stream:
        """A new stream that has not begun.

        Raises:
            StateConflict: there is one of this id.
        """
        now = self._clock()
        with self._database.session() as session:
            if session.get(StreamRow, (scope.workspace_id, stream_id)) is not None:
                raise StateConflict(
                    f"There is a stream {stream_id} already.",
                    hint="Give another id, or go on with that one.",
                )
            row = StreamRow(
                workspace_id=scope.workspace_id,
                actor=scope.actor,
                created_at=now,
                updated_at=now,
                stream_id=checked_id(stream_id, "stream id"),
                status=StreamStatus.STARTING,
                position_ms=0,
                resume_ms=0,
                last_seq=0,
                spec=spec.model_dump(mode="json"),
                health=StreamHealth().model_dump(mode="json"),
                error=None,
            )
            session.add(row)
            return _stream(row)

    def get(self, scope: Scope, stream_id: str) -> Stream:
        """The stream as it stands.

        Raises:
            NotFound: no such stream.
        """
        with self._database.reading() as session:
            return _stream(stream_row(session, scope, stream_id))

    def list(self, scope: Scope, *, is_open: bool = False, limit: int = 100) -> Sequence[Stream]:
        """The newest streams, with `is_open` those that a killed process left unfinished."""
        query = select(StreamRow).where(StreamRow.workspace_id == scope.workspace_id)
        if is_open:
            query = query.where(StreamRow.status.in_(_OPEN))
        query = query.order_by(StreamRow.created_at.desc(), StreamRow.stream_id).limit(limit)
        with self._database.reading() as session:
            return [_stream(row) for row in session.scalars(query)]

    def update(
        self,
        scope: Scope,
        stream_id: str,
        *,
        status: StreamStatus | None = None,
        health: StreamHealth | None = None,
        spec: StreamSpec | None = None,
        error: dict[str, Any] | None = None,
    ) -> Stream:
        """Change the state; what is None stays, but an error, which the new state replaces."""
        with self._database.session() as session:
            row = stream_row(session, scope, stream_id)
            if status is not None:
                row.status = status
                row.error = error
            if health is not None:
                row.health = health.model_dump(mode="json")
            if spec is not None:
                row.spec = spec.model_dump(mode="json")
            row.actor = scope.actor
            row.updated_at = self._clock()
            return _stream(row)

    def append(
        self,
        scope: Scope,
        stream_id: str,
        rows: Iterable[tuple[str, LogRow]],
        *,
        position_ms: int | None = None,
        resume_ms: int | None = None,
    ) -> Sequence[LogEntry]:
        """Add rows, each with its key, in one transaction, and move the position on.

        A session that is killed goes on from `resume_ms`, which is the position by default.

        Returns:
            The entries that are new, in order.
        """
        wanted = dict(rows)
        now = self._clock()
        with self._database.session() as session:
            stream = stream_row(session, scope, stream_id)
            known = _known_keys(session, scope, stream_id, wanted)
            entries: list[LogEntry] = []
            for key, row in wanted.items():
                if key in known:
                    continue
                stream.last_seq += 1
                entries.append(LogEntry(seq=stream.last_seq, row=row))
                session.add(
                    StreamLogRow(
                        workspace_id=scope.workspace_id,
                        actor=scope.actor,
                        created_at=now,
                        stream_id=stream_id,
                        seq=stream.last_seq,
                        kind=row.kind,
                        start_ms=row.start_ms,
                        valid_from_ms=row.valid_from_ms,
                        key=key,
                        document=row.model_dump(mode="json"),
                    )
                )
            if position_ms is not None:
                stream.position_ms = max(stream.position_ms, position_ms)
                reached = position_ms if resume_ms is None else resume_ms
                stream.resume_ms = max(stream.resume_ms, reached)
            stream.updated_at = now
            return entries

    def entries(
        self,
        scope: Scope,
        stream_id: str,
        *,
        kinds: Collection[RowKind] = (),
        key_prefix: str = "",
        after_seq: int = 0,
        from_ms: int | None = None,
        as_of_ms: int | None = None,
        limit: int = 1000,
        newest: bool = False,
    ) -> Sequence[LogEntry]:
        """The rows after a number that begin at `from_ms` or later and count by `as_of_ms`.

        All kinds and keys by default; with `newest` the last `limit` of them. They come in order.
        """
        query = of_stream(select(StreamLogRow), StreamLogRow, scope, stream_id)
        query = query.where(StreamLogRow.seq > after_seq)
        if kinds:
            query = query.where(StreamLogRow.kind.in_(kinds))
        if key_prefix:
            query = query.where(StreamLogRow.key.startswith(key_prefix, autoescape=True))
        if from_ms is not None:
            query = query.where(StreamLogRow.start_ms >= from_ms)
        if as_of_ms is not None:
            query = query.where(StreamLogRow.valid_from_ms <= as_of_ms)
        order = StreamLogRow.seq.desc() if newest else StreamLogRow.seq
        with self._database.reading() as session:
            found = [_entry(row) for row in session.scalars(query.order_by(order).limit(limit))]
        return found[::-1] if newest else found

    def find_entries(
        self, scope: Scope, stream_id: str, seqs: Collection[int]
    ) -> Sequence[LogEntry]:
        """The rows of these numbers, as far as there are such, in order."""
        query = of_stream(select(StreamLogRow), StreamLogRow, scope, stream_id)
        query = query.where(StreamLogRow.seq.in_(seqs)).order_by(StreamLogRow.seq)
        with self._database.reading() as session:
            return [_entry(row) for row in session.scalars(query)]

    def count(self, scope: Scope, stream_id: str, kind: RowKind) -> int:
        """How many rows of a kind the log has."""
        query = of_stream(select(func.count()), StreamLogRow, scope, stream_id)
        with self._database.reading() as session:
            return session.scalar(query.where(StreamLogRow.kind == kind)) or 0

    def delete(self, scope: Scope, stream_id: str) -> None:
        """Forget a stream with its log and events.

        Raises:
            NotFound: no such stream.
        """
        with self._database.session() as session:
            session.delete(stream_row(session, scope, stream_id))


def _known_keys(
    session: Session, scope: Scope, stream_id: str, wanted: Collection[str]
) -> set[str]:
    keys = list(wanted)
    known: set[str] = set()
    for start in range(0, len(keys), 500):
        query = of_stream(select(StreamLogRow.key), StreamLogRow, scope, stream_id)
        known.update(session.scalars(query.where(StreamLogRow.key.in_(keys[start : start + 500]))))
    return known


def _stream(row: StreamRow) -> Stream:
    return Stream(
        stream_id=row.stream_id,
        spec=StreamSpec.model_validate(row.spec),
        status=StreamStatus(row.status),
        position_ms=row.position_ms,
        resume_ms=row.resume_ms,
        health=StreamHealth.model_validate(row.health),
        last_seq=row.last_seq,
        error=row.error,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _entry(row: StreamLogRow) -> LogEntry:
    return LogEntry(seq=row.seq, row=_ROW.validate_python(row.document))
