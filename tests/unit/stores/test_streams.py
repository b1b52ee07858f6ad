"""The log of a stream: numbered without gaps, never twice, and read as of a time."""

from pathlib import Path

import pytest

from domain.errors import InvalidInput, NotFound, StateConflict
from domain.scope import Scope
from domain.stream import Comment, Event, StreamSpec, StreamStatus, Utterance
from stores.sql import open_database
from stores.streams import StreamStore

SCOPE = Scope()


@pytest.fixture
def store(tmp_path: Path) -> StreamStore:
    streams = StreamStore(open_database(tmp_path / "home.sqlite"))
    streams.create(SCOPE, "night", StreamSpec(source="show.mp4", products=("mug",)))
    return streams


def _said(start_ms: int, text: str) -> tuple[str, Utterance]:
    row = Utterance(start_ms=start_ms, end_ms=start_ms + 900, text=text)
    return f"u{start_ms}", row


def test_rows_are_numbered_and_never_stored_twice(store: StreamStore) -> None:
    first = store.append(SCOPE, "night", [_said(0, "hello"), _said(1000, "a mug")])
    again = store.append(
        SCOPE, "night", [_said(1000, "a mug"), _said(2000, "two mugs")], position_ms=2900
    )
    assert [e.seq for e in first] == [1, 2]
    assert [(e.seq, e.row.start_ms) for e in again] == [(3, 2000)]
    stream = store.get(SCOPE, "night")
    assert (stream.last_seq, stream.position_ms) == (3, 2900)


def test_a_position_never_goes_back(store: StreamStore) -> None:
    store.append(SCOPE, "night", [], position_ms=5000)
    store.append(SCOPE, "night", [], position_ms=3000)
    assert store.get(SCOPE, "night").position_ms == 5000


def test_as_of_sees_only_what_had_been_said(store: StreamStore) -> None:
    asked = Comment(start_ms=1500, user="ann", text="how big?", is_question=True)
    store.append(SCOPE, "night", [_said(0, "hello"), _said(1000, "a mug"), ("c1", asked)])
    texts = [
        [e.row.text for e in store.entries(SCOPE, "night", as_of_ms=t)] for t in (899, 900, 1500)
    ]
    assert texts == [[], ["hello"], ["hello", "how big?"]]
    of_kind = store.entries(SCOPE, "night", kinds=["comment"])
    assert [e.row for e in of_kind] == [asked]


def test_the_newest_rows_come_in_order(store: StreamStore) -> None:
    store.append(SCOPE, "night", [_said(1000 * i, str(i)) for i in range(10)])
    newest = store.entries(SCOPE, "night", newest=True, limit=3)
    assert [e.row.start_ms for e in newest] == [7000, 8000, 9000]


def test_an_event_is_read_as_it_was_at_each_moment(store: StreamStore) -> None:
    first = Event(event_id="e1", start_ms=0, end_ms=4000, available_at_ms=6000, caption="a mug")
    longer = first.model_copy(update={"end_ms": 9000, "available_at_ms": 12_000})
    told = longer.model_copy(update={"caption": "She turns a mug.", "available_at_ms": 60_000})
    store.save_events(SCOPE, "night", [first, longer, told])
    for moment, version in ((6000, first), (11_999, first), (12_000, longer), (60_000, told)):
        assert store.events(SCOPE, "night", as_of_ms=moment) == [version]
        assert store.event(SCOPE, "night", "e1", as_of_ms=moment) == version
    assert store.events(SCOPE, "night", as_of_ms=5999) == []
    with pytest.raises(NotFound):
        store.event(SCOPE, "night", "e1", as_of_ms=5999)
    assert store.events(SCOPE, "night") == [told]
    assert store.event(SCOPE, "night", "e1") == told
    assert store.events(SCOPE, "night", from_ms=5000, as_of_ms=11_000) == []
    store.delete(SCOPE, "night")
    store.create(SCOPE, "night", StreamSpec())
    assert store.events(SCOPE, "night") == []


def test_versions_of_events_come_in_pages_in_the_order_of_their_times(store: StreamStore) -> None:
    made = [
        Event(event_id=f"e{n % 4}", start_ms=n % 4, end_ms=9, available_at_ms=10 + n // 2)
        for n in range(12)
    ]
    store.save_events(SCOPE, "night", made)
    store.save_events(
        SCOPE, "night", [made[0].model_copy(update={"event_id": "m", "level": "minute"})]
    )
    found: list[Event] = []
    after = (-1, "")
    while page := store.event_versions(SCOPE, "night", ["event"], after=after, limit=5):
        found += page
        after = (page[-1].available_at_ms, page[-1].event_id)
    assert found == made


def test_an_event_of_the_same_moment_is_replaced(store: StreamStore) -> None:
    event = Event(event_id="e1", start_ms=0, end_ms=4000, available_at_ms=6000, caption="a mug")
    store.save_events(SCOPE, "night", [event])
    longer = event.model_copy(update={"end_ms": 8000, "caption": "two mugs"})
    store.save_events(SCOPE, "night", [longer])
    assert store.events(SCOPE, "night", as_of_ms=5999) == []
    assert store.events(SCOPE, "night", from_ms=7000, as_of_ms=6000) == [longer]
    assert store.events(SCOPE, "night", from_ms=8000) == []


def test_streams_that_are_not_over_are_found(store: StreamStore) -> None:
    store.create(SCOPE, "day", StreamSpec())
    store.update(SCOPE, "day", status=StreamStatus.ENDED)
    assert [s.stream_id for s in store.list(SCOPE, is_open=True)] == ["night"]
    assert {s.stream_id for s in store.list(SCOPE)} == {"night", "day"}


def test_another_workspace_sees_nothing(store: StreamStore) -> None:
    other = Scope(workspace_id="other")
    assert store.list(other) == []
    with pytest.raises(NotFound, match="night"):
        store.get(other, "night")


def test_an_id_is_taken_once_and_must_be_plain(store: StreamStore) -> None:
    with pytest.raises(StateConflict, match="night"):
        store.create(SCOPE, "night", StreamSpec())
    with pytest.raises(InvalidInput, match="stream id"):
        store.create(SCOPE, "../x", StreamSpec())


def test_deleting_takes_the_log_along(store: StreamStore) -> None:
    store.append(SCOPE, "night", [_said(0, "hello")])
    store.delete(SCOPE, "night")
    store.create(SCOPE, "night", StreamSpec())
    assert store.entries(SCOPE, "night") == []
