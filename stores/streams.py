"""Watched streams: their state, their logs, and the events made of them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Exists, Select, func, select
from sqlalchemy.orm import Session, aliased

from domain.errors import NotFound, StateConflict
from domain.scope import Scope
from domain.stream import (
    Event,
    EventLevel,
    LogEntry,
    LogRow,
    RowKind,
    Stream,
    StreamHealth,
    StreamSpec,
    StreamStatus,
)
from stores.clock import Clock, utc_now
from stores.ids import checked_id
from stores.sql import Database
from stores.tables import StreamEventRow, StreamLogRow, StreamRow

_ROW: TypeAdapter[LogRow] = TypeAdapter(LogRow)
_OPEN = [status.value for status in StreamStatus if not status.is_over]


class StreamStore:
    """Streams by workspace.

    Rows and the position up to which they reach are written together: a watcher that is killed
    goes on from `Stream.position_ms`, and a row whose key is known already is not stored twice.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

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
            return _stream(_row(session, scope, stream_id))

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
            row = _row(session, scope, stream_id)
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
            stream = _row(session, scope, stream_id)
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
        query = _of(select(StreamLogRow), StreamLogRow, scope, stream_id)
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
        query = _of(select(StreamLogRow), StreamLogRow, scope, stream_id)
        query = query.where(StreamLogRow.seq.in_(seqs)).order_by(StreamLogRow.seq)
        with self._database.reading() as session:
            return [_entry(row) for row in session.scalars(query)]

    def save_events(self, scope: Scope, stream_id: str, events: Iterable[Event]) -> None:
        """Add events; one whose id is known becomes a further version, from its time on.

        So what could be read at an earlier moment stays as it was. A version of the very same
        moment takes the other's place.
        """
        now = self._clock()
        with self._database.session() as session:
            _row(session, scope, stream_id)
            for event in events:
                session.merge(
                    StreamEventRow(
                        workspace_id=scope.workspace_id,
                        actor=scope.actor,
                        created_at=now,
                        updated_at=now,
                        stream_id=stream_id,
                        event_id=event.event_id,
                        level=event.level,
                        start_ms=event.start_ms,
                        end_ms=event.end_ms,
                        available_at_ms=event.available_at_ms,
                        document=event.model_dump(mode="json"),
                    )
                )

    def event(
        self, scope: Scope, stream_id: str, event_id: str, *, as_of_ms: int | None = None
    ) -> Event:
        """An event by its id, as it was at `as_of_ms`, by default as it is.

        Raises:
            NotFound: no such event, or not yet.
        """
        query = _of(select(StreamEventRow), StreamEventRow, scope, stream_id)
        query = query.where(StreamEventRow.event_id == event_id)
        if as_of_ms is not None:
            query = query.where(StreamEventRow.available_at_ms <= as_of_ms)
        query = query.order_by(StreamEventRow.available_at_ms.desc()).limit(1)
        with self._database.reading() as session:
            row = session.scalars(query).first()
            if row is None:
                raise NotFound(
                    f"The stream {stream_id} has no event {event_id}.",
                    hint=f"List them with: livecue streams show {stream_id}",
                )
            return Event.model_validate(row.document)

    def events(
        self,
        scope: Scope,
        stream_id: str,
        *,
        level: EventLevel | None = None,
        from_ms: int | None = None,
        until_ms: int | None = None,
        as_of_ms: int | None = None,
        limit: int = 1000,
        newest: bool = False,
    ) -> Sequence[Event]:
        """The events that overlap `[from_ms, until_ms)`, as they were at `as_of_ms`, in order.

        Of each event the newest version that could be read by then. With `newest` the last `limit`
        of the events.
        """
        query = _of(select(StreamEventRow), StreamEventRow, scope, stream_id)
        query = query.where(~_newer(as_of_ms))
        if level is not None:
            query = query.where(StreamEventRow.level == level)
        if from_ms is not None:
            query = query.where(StreamEventRow.end_ms > from_ms)
        if until_ms is not None:
            query = query.where(StreamEventRow.start_ms < until_ms)
        if as_of_ms is not None:
            query = query.where(StreamEventRow.available_at_ms <= as_of_ms)
        start, key = StreamEventRow.start_ms, StreamEventRow.event_id
        query = query.order_by(*((start.desc(), key.desc()) if newest else (start, key)))
        with self._database.reading() as session:
            rows = session.scalars(query.limit(limit))
            found = [Event.model_validate(row.document) for row in rows]
        return found[::-1] if newest else found

    def event_versions(
        self,
        scope: Scope,
        stream_id: str,
        levels: Collection[EventLevel],
        *,
        after: tuple[int, str] = (-1, ""),
        limit: int = 1000,
    ) -> Sequence[Event]:
        """Every version of the events of some levels, in the order in which they could be read.

        `after` is the `(available_at_ms, event_id)` of the last one of the page before.
        """
        at, key = StreamEventRow.available_at_ms, StreamEventRow.event_id
        query = _of(select(StreamEventRow), StreamEventRow, scope, stream_id)
        query = query.where(StreamEventRow.level.in_(levels))
        query = query.where((at > after[0]) | ((at == after[0]) & (key > after[1])))
        with self._database.reading() as session:
            rows = session.scalars(query.order_by(at, key).limit(limit))
            return [Event.model_validate(row.document) for row in rows]

    def count(self, scope: Scope, stream_id: str, kind: RowKind) -> int:
        """How many rows of a kind the log has."""
        query = _of(select(func.count()), StreamLogRow, scope, stream_id)
        with self._database.reading() as session:
            return session.scalar(query.where(StreamLogRow.kind == kind)) or 0

    def delete(self, scope: Scope, stream_id: str) -> None:
        """Forget a stream with its log and events.

        Raises:
            NotFound: no such stream.
        """
        with self._database.session() as session:
            session.delete(_row(session, scope, stream_id))


def _row(session: Session, scope: Scope, stream_id: str) -> StreamRow:
    row = session.get(StreamRow, (scope.workspace_id, stream_id))
    if row is None:
        raise NotFound(
            f"There is no stream {stream_id}.", hint="List them with: livecue streams list"
        )
    return row


def _of(
    query: Select[Any], table: type[StreamLogRow | StreamEventRow], scope: Scope, stream_id: str
) -> Select[Any]:
    return query.where(table.workspace_id == scope.workspace_id, table.stream_id == stream_id)


def _newer(as_of_ms: int | None) -> Exists:
    """Whether a later version of the same event could be read by `as_of_ms`."""
    newer = aliased(StreamEventRow)
    query = select(newer.event_id).where(
        newer.workspace_id == StreamEventRow.workspace_id,
        newer.stream_id == StreamEventRow.stream_id,
        newer.event_id == StreamEventRow.event_id,
        newer.available_at_ms > StreamEventRow.available_at_ms,
    )
    if as_of_ms is not None:
        query = query.where(newer.available_at_ms <= as_of_ms)
    return query.exists()


def _known_keys(
    session: Session, scope: Scope, stream_id: str, wanted: Collection[str]
) -> set[str]:
    keys = list(wanted)
    known: set[str] = set()
    for start in range(0, len(keys), 500):
        query = _of(select(StreamLogRow.key), StreamLogRow, scope, stream_id)
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
