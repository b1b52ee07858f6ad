"""Events of watched streams, in all their versions: what could be read at each moment."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Exists, Select, select
from sqlalchemy.orm import Session, aliased

from domain.errors import NotFound
from domain.scope import Scope
from domain.stream import Event, EventLevel
from stores.clock import Clock, utc_now
from stores.sql import Database
from stores.tables import StreamEventRow, StreamLogRow, StreamRow

_PAGE = 500


class EventStore:
    """The events of streams by workspace; the part of `StreamStore` that is about them."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def save_events(self, scope: Scope, stream_id: str, events: Iterable[Event]) -> None:
        """Add events; one whose id is known becomes a further version, from its time on.

        So what could be read at an earlier moment stays as it was. A version of the very same
        moment takes the other's place.
        """
        now = self._clock()
        with self._database.session() as session:
            stream_row(session, scope, stream_id)
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
        query = of_stream(select(StreamEventRow), StreamEventRow, scope, stream_id)
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
        query = of_stream(select(StreamEventRow), StreamEventRow, scope, stream_id)
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
        query = of_stream(select(StreamEventRow), StreamEventRow, scope, stream_id)
        query = query.where(StreamEventRow.level.in_(levels))
        query = query.where((at > after[0]) | ((at == after[0]) & (key > after[1])))
        with self._database.reading() as session:
            rows = session.scalars(query.order_by(at, key).limit(limit))
            return [Event.model_validate(row.document) for row in rows]

    def keyframes(self, scope: Scope, stream_id: str | None = None) -> frozenset[str]:
        """The pictures (SHA-256) that events of a stream hold, by default those of all streams."""
        query = select(StreamEventRow.document).where(
            StreamEventRow.workspace_id == scope.workspace_id
        )
        if stream_id is not None:
            query = query.where(StreamEventRow.stream_id == stream_id)
        with self._database.reading() as session:
            documents = session.scalars(query.execution_options(yield_per=_PAGE))
            return frozenset(
                keyframe["blob"]
                for document in documents
                for keyframe in document.get("keyframes", ())
            )


def stream_row(session: Session, scope: Scope, stream_id: str) -> StreamRow:
    """The stream's row; NotFound where there is none."""
    row = session.get(StreamRow, (scope.workspace_id, stream_id))
    if row is None:
        raise NotFound(
            f"There is no stream {stream_id}.", hint="List them with: livecue streams list"
        )
    return row


def of_stream(
    query: Select[Any], table: type[StreamLogRow | StreamEventRow], scope: Scope, stream_id: str
) -> Select[Any]:
    """The query, of the rows of one stream alone."""
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
