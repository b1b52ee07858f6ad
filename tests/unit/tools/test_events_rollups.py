"""Minutes, topics and the whole stream in few lines."""

from itertools import pairwise

from domain.stream import Event
from tools.events.rollups import RollUps


def event(number: int, product: str | None = "mug", *, seconds: int = 20) -> Event:
    start = (number - 1) * seconds * 1000
    return Event(
        event_id=f"e{number}", start_ms=start, end_ms=start + seconds * 1000,
        available_at_ms=start + seconds * 1000 + 8000, caption=f"line {number} of {product}\nmore",
        products=(product,) if product else (), first_seq=number, last_seq=number,
    )  # fmt: skip


def rolled(events: list[Event]) -> dict[str, Event]:
    rollups = RollUps()
    out = [r for e in events for r in rollups.add([e])]
    out += rollups.finish(events[-1].available_at_ms)
    return {r.event_id: r for r in out}


def test_events_roll_up_by_minute_product_and_stream():
    events = [event(n, "mug" if n <= 4 else "bag") for n in range(1, 8)]
    found = rolled(events)
    assert [(r.event_id, r.start_ms, r.end_ms) for r in found.values() if r.level == "minute"] == [
        ("m1", 0, 60_000), ("m2", 60_000, 120_000), ("m3", 120_000, 140_000),
    ]  # fmt: skip
    topics = [r for r in found.values() if r.level == "topic"]
    assert [(t.products, t.first_seq, t.last_seq) for t in topics] == [
        (("mug",), 1, 4),
        (("bag",), 5, 7),
    ]
    assert found["s1"].products == ("mug", "bag")
    assert found["m1"].caption.splitlines() == [f"line {n} of mug" for n in (1, 2, 3)]


def test_a_roll_up_can_be_read_only_when_its_last_event_could():
    rollups = RollUps()
    assert rollups.add([event(1)]) == []
    changed = rollups.add([event(2)])
    assert {r.available_at_ms for r in changed} == {event(2).available_at_ms}
    assert all(r.end_ms == event(1).end_ms for r in changed)


def test_an_event_that_grows_is_folded_once():
    grown = event(1).model_copy(update={"end_ms": 30_000, "available_at_ms": 40_000, "last_seq": 9})
    later = event(3)
    rollups = RollUps()
    rollups.add([event(1), grown, later])
    found = rolled([event(1), grown, later])
    assert found["s1"].caption.count("line 1") == 1
    assert found["s1"].last_seq == 9


def test_a_day_stays_in_few_lines():
    events = [event(n, f"p{n // 20 % 90}", seconds=45) for n in range(1, 1900)]
    found = rolled(events)
    assert len(found["s1"].caption.splitlines()) <= 24
    assert len(found["s1"].caption) < 5000
    assert found["s1"].end_ms == events[-1].end_ms
    assert all(len(r.caption.splitlines()) <= 8 for r in found.values() if r.level == "topic")


def test_roll_ups_have_few_versions_and_each_stays_as_it_was():
    rollups = RollUps()
    out = [r for n in range(1, 200) for r in rollups.add([event(n, seconds=9)])]
    out += rollups.finish(200 * 9000)
    times = [r.available_at_ms for r in out if r.level == "stream"]
    assert len(times) > 20
    assert all(b - a >= 60_000 for a, b in pairwise(times[:-1]))
    assert all(r.end_ms <= r.available_at_ms for r in out)
    minutes = [r for r in out if r.level == "minute"]
    assert len(minutes) <= 3 * len(times)


def test_an_event_that_was_captioned_since_starts_no_fold():
    late = event(3).model_copy(update={"caption_by": "vision", "available_at_ms": 900_000})
    first = RollUps()
    newest = [r for e in (event(1), event(2)) for r in first.add([e])]
    rollups = RollUps(newest)
    assert rollups.add([event(2), late]) == []
    assert {r.end_ms for r in rollups.finish(901_000) if r.level == "stream"} == {late.end_ms}


def test_a_restarted_fold_goes_on_alike():
    events = [event(n, "mug" if n % 7 < 4 else "bag") for n in range(1, 30)]
    whole = rolled(events)
    for killed in range(1, len(events)):
        first = RollUps()
        stored = {r.event_id: r for r in first.add(events[:killed])}
        newest = {r.level: r for r in stored.values()}
        second = RollUps(newest.values())
        again = [e for e in events if e.end_ms > second.folded_until_ms]
        stored |= {r.event_id: r for r in second.add(again)}
        stored |= {r.event_id: r for r in second.finish(events[-1].available_at_ms)}
        assert stored == whole
