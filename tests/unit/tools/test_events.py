"""Events of a log: where they begin, what they hold, and that nothing is known too early."""

import gc
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.settings import Events
from domain.stream import Comment, Event, Keyframe, LogEntry, LogRow, ScreenLine, Utterance
from tests.fakes.word_embedder import WordEmbedder
from tools.events.boundaries import FrameCue
from tools.events.building import EventBuilder
from tools.on_air import OnAir, OnAirProduct

EMBED = WordEmbedder(dim=256).embed_passages
MUG = [
    "Welcome everybody, this mug is fired in a wood kiln",
    "The mug holds three hundred fifty millilitres of coffee",
    "And the glaze of the mug is safe in the dishwasher",
    "The mug handle fits two fingers",
]
BAG = [
    "Next up, the canvas bag with the leather straps",
    "The bag has a zip and a pocket inside",
    "And the bag straps carry twelve kilos of books",
    "The bag zip is made of brass",
]
LINE_UP = [OnAirProduct("mug", ("Kiln Mug", "mug")), OnAirProduct("bag", ("Canvas Bag", "bag"))]


def spoken(texts: Sequence[str], start_ms: int = 0, each_ms: int = 4000) -> list[LogRow]:
    return [
        Utterance(
            start_ms=start_ms + i * each_ms, end_ms=start_ms + (i + 1) * each_ms - 300, text=t
        )
        for i, t in enumerate(texts)
    ]


def logged(rows: Sequence[LogRow]) -> list[LogEntry]:
    ordered = sorted(rows, key=lambda row: (row.valid_from_ms, row.start_ms))
    return [LogEntry(seq=seq, row=row) for seq, row in enumerate(ordered, start=1)]


def built(entries: Sequence[LogEntry], settings: Events = Events()) -> list[Event]:
    """What comes out of a log that is fed at once, the last form of each event."""
    builder = EventBuilder(EMBED, settings)
    builder.feed(entries)
    end = max(entry.row.valid_from_ms for entry in entries)
    return list({event.event_id: event for event in builder.finish(end)}.values())


def test_an_event_ends_where_the_host_passes_on():
    rows = spoken([*MUG, *BAG])
    events = built(logged(rows))
    assert [(e.start_ms, e.end_ms) for e in events] == [(0, 15_700), (16_000, 31_700)]
    assert events[0].transcript.splitlines() == MUG
    assert events[1].transcript.splitlines() == BAG


def test_a_border_is_decided_a_fixed_time_after_its_sentence_was_heard():
    entries = logged(spoken([*MUG, *BAG]))
    builder = EventBuilder(EMBED, Events(decide_ms=5000))
    builder.feed(entries)
    heard = entries[4].row.end_ms
    assert builder.advance(heard + 4999) == []
    (event,) = builder.advance(heard + 5000)
    assert event.available_at_ms == heard + 5000


def test_an_event_holds_what_was_shown_and_asked_in_it():
    rows = [
        *spoken([*MUG, *BAG]),
        ScreenLine(start_ms=3000, text="KILN MUG $24"),
        ScreenLine(start_ms=9000, text="KILN MUG $24"),
        Comment(start_ms=6000, user="ana", text="is it heavy?", is_question=True),
        Comment(start_ms=7000, user="bo", text="nice", is_question=False),
        ScreenLine(start_ms=20_000, text="CANVAS BAG"),
    ]
    first, second = built(logged(rows))
    assert first.on_screen == ("KILN MUG $24",)
    assert first.questions == ("is it heavy?",)
    assert second.on_screen == ("CANVAS BAG",)
    assert first.caption_by == "composed"
    assert "KILN MUG $24" in first.caption


def test_products_on_air_are_those_of_the_events_time():
    entries = logged(spoken([*MUG, *BAG]))
    on_air = OnAir(LINE_UP)
    on_air.feed(entries)
    builder = EventBuilder(EMBED, on_air=on_air)
    builder.feed(entries)
    events = builder.finish(60_000)
    assert [event.products[0] for event in events] == ["mug", "bag"]


def test_no_event_is_longer_than_it_may_be():
    rows = spoken([f"and the mug again, the same mug {i}" for i in range(60)])
    events = built(logged(rows), Events(longest_ms=40_000))
    assert len(events) > 3
    assert all(event.end_ms - event.start_ms <= 40_000 for event in events)


def test_silence_ends_an_event_without_another_sentence():
    builder = EventBuilder(EMBED, Events(silence_ms=10_000))
    builder.feed(logged(spoken(MUG)))
    assert builder.advance(25_699) == []
    (event,) = builder.advance(25_700)
    assert (event.end_ms, event.available_at_ms) == (15_700, 25_700)


def test_a_stream_without_speech_has_events_of_what_is_shown():
    rows = [ScreenLine(start_ms=t, text=f"card {t}") for t in (1000, 4000, 9000)]
    builder = EventBuilder(EMBED, Events(longest_ms=20_000))
    builder.feed(logged(rows))
    (event,) = builder.advance(30_000)
    assert event.on_screen == ("card 1000", "card 4000", "card 9000")
    assert event.available_at_ms == 21_000


def test_a_stream_of_comments_alone_has_events_and_holds_few_of_them():
    builder = EventBuilder(EMBED)
    events: list[Event] = []
    for seq in range(1, 5001):
        asked = seq % 100 == 1
        row = Comment(start_ms=seq * 500, user="a", text=f"c {seq}", is_question=asked)
        cue = FrameCue(at_ms=seq * 500, difference=0.1)
        builder.feed([LogEntry(seq=seq, row=row)], [cue, cue])
        events += builder.advance(seq * 500)
    held = [o for o in gc.get_objects() if isinstance(o, Comment)]
    assert len(held) < 500
    events += builder.finish(2_500_000)
    assert sum(e.last_seq - e.first_seq + 1 for e in events) == 5000
    assert all(e.end_ms - e.start_ms <= Events().longest_ms + 1 for e in events)
    assert events[0].questions[:2] == ("c 1", "c 101")
    assert events[0].caption == "Viewers: c 1; c 101; c 201"


def test_a_shot_change_tips_the_balance_where_speech_is_undecided():
    texts = [*MUG, "The canvas carries books", "Brass zip, leather", "Twelve kilos of paper", "ok"]
    entries = logged(spoken(texts))
    plain = EventBuilder(EMBED)
    cut = EventBuilder(EMBED)
    plain.feed(entries)
    cut.feed(entries, [FrameCue(at_ms=16_000, difference=0.6)])
    assert len(plain.finish(60_000)) <= len(cut.finish(60_000))


def test_keyframes_of_an_event_are_asked_for_by_its_span():
    asked: list[tuple[int, int]] = []

    def pick(start_ms: int, end_ms: int) -> list[Keyframe]:
        asked.append((start_ms, end_ms))
        return [Keyframe(at_ms=start_ms, blob="ab" * 32, width=4, height=4)]

    builder = EventBuilder(EMBED, keyframes=pick)
    builder.feed(logged(spoken([*MUG, *BAG])))
    events = builder.finish(60_000)
    assert asked == [(e.start_ms, e.end_ms) for e in events]
    assert all(len(event.keyframes) == 1 for event in events)


def test_a_short_piece_that_goes_on_is_merged_into_the_event_before():
    same = ["the mug the mug the mug"] * 8
    rows = spoken(same, each_ms=5000)
    late = spoken(["the mug the mug the mug"], start_ms=48_000)
    entries = logged([*rows, *late])
    builder = EventBuilder(EMBED, Events(silence_ms=5000))
    builder.feed(entries)
    events = builder.finish(60_000)
    assert [event.event_id for event in events] == ["e1", "e1"]
    assert events[-1].transcript.count("\n") == 8
    assert events[0].available_at_ms < events[-1].available_at_ms


def test_a_roll_up_is_no_event_to_go_on_from():
    rolled = Event(event_id="t1", level="topic", start_ms=0, end_ms=1, available_at_ms=2)
    with pytest.raises(InvalidInput, match="t1 is a topic"):
        EventBuilder.resume(EMBED, rolled, [])


SAME = "the mug the mug the mug"
WORDS = st.sampled_from([*MUG, *BAG, SAME, SAME, SAME, "Moving on to the lamp", "And it is warm"])
SPEECH = st.lists(
    st.tuples(st.integers(-1500, 45_000), st.integers(300, 30_000), WORDS), min_size=1, max_size=24
)


def log_of(speech: Sequence[tuple[int, int, str]], shown: Sequence[int]) -> list[LogEntry]:
    rows: list[LogRow] = []
    at = 0
    for pause, length, text in speech:
        at = max(0, at + min(pause, 45_000 if pause > 40_000 else 3000))
        rows.append(Utterance(start_ms=at, end_ms=at + length, text=text))
        at += length
    rows += [ScreenLine(start_ms=t, text=f"card {t % 7}") for t in shown]
    rows += [Comment(start_ms=t + 5, user="a", text="how?", is_question=True) for t in shown[::2]]
    rows += [Comment(start_ms=t * 3, user="b", text="hi", is_question=False) for t in shown]
    return logged(rows)


def followed(entries: Sequence[LogEntry], until_ms: int, step_ms: int) -> list[Event]:
    """As a live loop does: rows as they count, then time moves on."""
    on_air = OnAir(LINE_UP)
    builder = EventBuilder(EMBED, on_air=on_air)
    events: list[Event] = []
    fed = 0
    for now in [*range(0, until_ms, step_ms), until_ms]:
        ready = [e for e in entries[fed:] if e.row.valid_from_ms <= now]
        fed += len(ready)
        on_air.feed(ready)
        builder.feed(ready)
        events += builder.advance(now)
    return events


@given(SPEECH, st.lists(st.integers(0, 200_000), max_size=6), st.integers(0, 300_000))
@hypothesis_settings(max_examples=60, deadline=None)
def test_a_prefix_of_the_log_gives_the_same_events_as_the_whole(
    speech: list[tuple[int, int, str]], shown: list[int], until_ms: int
):
    entries = log_of(speech, shown)
    on_air = OnAir(LINE_UP)
    on_air.feed(entries)
    whole = EventBuilder(EMBED, on_air=on_air)
    whole.feed(entries)
    all_events = whole.advance(1_000_000)
    expected = [event for event in all_events if event.available_at_ms <= until_ms]
    assert followed(entries, until_ms, 7000) == expected
    times = [event.available_at_ms for event in all_events]
    assert times == sorted(times)


@given(SPEECH, st.lists(st.integers(0, 200_000), max_size=6), st.integers(0, 300_000))
@hypothesis_settings(max_examples=60, deadline=None)
def test_a_killed_builder_goes_on_as_if_nothing_had_been(
    speech: list[tuple[int, int, str]], shown: list[int], killed_ms: int
):
    entries = log_of(speech, shown)
    on_air = OnAir(LINE_UP)
    on_air.feed(entries)
    whole = EventBuilder(EMBED, on_air=on_air)
    whole.feed(entries)
    expected = whole.finish(1_000_000)
    before = followed(entries, killed_ms, 5000)
    last = before[-1] if before else None
    after_seq = last.first_seq if last else 0
    kept = [entry for entry in entries if entry.seq >= after_seq]
    resumed = EventBuilder.resume(EMBED, last, kept, on_air=on_air)
    assert [*before, *resumed.finish(1_000_000)] == expected


def test_events_do_not_overlap_where_people_talk_at_once():
    guest = Utterance(start_ms=2000, end_ms=26_000, text="a long aside", speaker="guest")
    events = built(logged([*spoken([*MUG, *BAG]), guest]))
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(events))
    assert sum("a long aside" in event.transcript for event in events) == 1


def test_the_caption_of_nothing_said_is_empty():
    from tools.events.captions import compose_caption

    assert compose_caption([], np.zeros((0, 4), np.float32)) == ""
