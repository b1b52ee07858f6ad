"""What follows from the rows of a stream: questions marked, live facts, events, memory."""

import threading
from collections.abc import Callable, Mapping, Sequence

from domain.product import ProductRecord
from domain.scope import Scope
from domain.settings import Events
from domain.stream import Event, Keyframe, LiveFact, LogEntry, Stream, Utterance
from live.captioning import OpenCaptions
from live.merging import KeyedRow
from stores.streams import StreamStore
from tools.events.boundaries import FrameCue
from tools.events.building import EventBuilder
from tools.events.rollups import RollUps
from tools.live_facts import find_live_facts
from tools.memory import StreamMemory
from tools.on_air import OnAir

_PAGE = 1000


class EventFollower:
    """Makes events, roll-ups and live facts of a stream's rows, and all of it findable.

    What an earlier process left of the stream is taken up: rows after its newest event are gone
    through again, and give what they gave before.
    """

    def __init__(
        self,
        store: StreamStore,
        memory: StreamMemory,
        scope: Scope,
        stream: Stream,
        *,
        on_air: OnAir,
        records: Mapping[str, ProductRecord],
        settings: Events,
        keyframes: Callable[[int, int], Sequence[Keyframe]],
        cues: Callable[[int], Sequence[FrameCue]],
        captions: OpenCaptions | None = None,
    ) -> None:
        self._store = store
        self._memory = memory
        self._scope = scope
        self._id = stream.stream_id
        self._on_air = on_air
        self._records = records
        self._cues = cues
        self._now_ms = stream.position_ms
        self._saving = threading.Lock()
        newest = store.events(scope, self._id, level="event", newest=True, limit=1)
        last = newest[0] if newest else None
        old = self._entries_after(last.first_seq - 1 if last else 0)
        on_air.feed(old)
        old += self._keep_facts(old)
        memory.catch_up(scope, self._id, product_at=on_air.product_at)
        self._builder = EventBuilder.resume(
            memory.embed, last, old, settings, on_air=on_air, keyframes=keyframes
        )
        rolled = [
            event
            for level in ("minute", "topic", "stream")
            for event in store.events(scope, self._id, level=level, newest=True, limit=1)
        ]
        self._roll_ups = RollUps(rolled)
        self._roll_ups.add(
            store.events(scope, self._id, level="event", from_ms=self._roll_ups.folded_until_ms)
        )
        self._captions = (
            captions(lambda: self._now_ms, self._keep_caption) if captions is not None else None
        )

    def follow(self, entries: Sequence[LogEntry], now_ms: int) -> None:
        """Take new entries of the log; live facts in them are stored before events hold them."""
        self._now_ms = now_ms
        self._on_air.feed(entries)
        entries = [*entries, *self._keep_facts(entries)]
        self._builder.feed(entries, self._cues(now_ms))
        events = self._builder.advance(now_ms)
        self._keep(entries, events, self._roll_ups.add(events))

    def finish(self, now_ms: int, *, waits: bool) -> None:
        """The stream is over: the open event closes; with `waits` it gets its caption first."""
        events = self._builder.finish(now_ms)
        rolled = self._roll_ups.add(events)
        self._keep((), events, [*rolled, *self._roll_ups.finish(now_ms)])
        if self._captions is not None and waits:
            self._captions.finish()

    def stop(self) -> None:
        """The session is left: captions that are not there stay composed."""
        if self._captions is not None:
            self._captions.stop()

    def _keep(
        self, entries: Sequence[LogEntry], events: Sequence[Event], rolled: Sequence[Event]
    ) -> None:
        if events or rolled:
            with self._saving:
                self._store.save_events(self._scope, self._id, [*events, *rolled])
            if self._captions is not None:
                self._captions.offer(events)
        if entries or events or rolled:
            self._memory.add(
                self._scope,
                self._id,
                entries,
                [*events, *rolled],
                product_at=self._on_air.product_at,
            )

    def _keep_caption(self, event: Event) -> None:
        """Store a captioned event as a later version; one that has grown is captioned anew."""
        with self._saving:
            stored = self._store.event(self._scope, self._id, event.event_id)
            if stored.last_seq != event.last_seq:
                return
            at_ms = max(event.available_at_ms, stored.available_at_ms)
            event = event.model_copy(update={"available_at_ms": at_ms})
            self._store.save_events(self._scope, self._id, [event])
        self._memory.add(self._scope, self._id, (), [event])

    def _keep_facts(self, entries: Sequence[LogEntry]) -> Sequence[LogEntry]:
        """Store what the rows say that changes a record; what is stored already is left out."""
        facts: list[KeyedRow] = [
            (f"fact:{entry.seq}:{number}", fact)
            for entry in entries
            for number, fact in enumerate(self._facts_in(entry))
        ]
        return self._store.append(self._scope, self._id, facts) if facts else ()

    def _facts_in(self, entry: LogEntry) -> Sequence[LiveFact]:
        """With the product that was on air as far as it was known when it was said."""
        row = entry.row
        given = row.product_id if isinstance(row, Utterance) else None
        product_id = given or self._on_air.product_at(row.start_ms, as_of_ms=row.valid_from_ms)
        record = self._records.get(product_id) if product_id else None
        return find_live_facts(entry, product_id, record)

    def _entries_after(self, seq: int) -> list[LogEntry]:
        found: list[LogEntry] = []
        while page := self._store.entries(self._scope, self._id, after_seq=seq, limit=_PAGE):
            found += page
            seq = page[-1].seq
        return found
