"""Events, live facts and what can be found follow from the rows of a stream, and survive a kill."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest
from pydantic import BaseModel

from domain.errors import LivecueError
from domain.outputs import EventCaptions
from domain.scope import Scope
from domain.settings import Events
from domain.stream import Event, Keyframe, LogRow, Stream, StreamSpec, Utterance
from live.captioning import Captions, OpenCaptions
from live.following import EventFollower
from models.prompts import PromptLibrary
from stores.sql import open_database
from stores.streams import StreamStore
from tests.fakes.scripted_chat import ScriptedChat
from tests.fakes.word_embedder import WordEmbedder
from tools.events.vision_captions import VisionCaptioner
from tools.memory import MemoryHit, StreamMemory
from tools.on_air import OnAir

SCOPE = Scope()
TOPICS = ("the mug is stoneware clay", "a dress of linen cloth", "the lamp gives warm light")


def _speech(sentences: int = 24) -> list[LogRow]:
    """Eight sentences about each topic, four seconds each."""
    return [
        Utterance(
            start_ms=n * 4000,
            end_ms=n * 4000 + 3500,
            text=f"{TOPICS[n // 8 % len(TOPICS)]} and number {n}",
        )
        for n in range(sentences)
    ]


class Home:
    """A store with one stream, and followers over it as processes come and go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = StreamStore(open_database(folder / "home.sqlite"))
        self.store.create(SCOPE, "night", StreamSpec())

    @property
    def stream(self) -> Stream:
        return self.store.get(SCOPE, "night")

    def follower(self, captions: OpenCaptions | None = None) -> tuple[EventFollower, StreamMemory]:
        memory = StreamMemory(self.store, self.folder / "memory", WordEmbedder())
        frames = [Keyframe(at_ms=0, blob="b", width=4, height=4)] if captions else []

        def keyframes(start_ms: int, end_ms: int) -> Sequence[Keyframe]:
            del start_ms, end_ms
            return frames

        return EventFollower(
            self.store,
            memory,
            SCOPE,
            self.stream,
            on_air=OnAir([]),
            records={},
            settings=Events(),
            keyframes=keyframes,
            cues=lambda _: (),
            captions=captions,
        ), memory

    def feed(self, follower: EventFollower, rows: list[LogRow], *, start: int = 0) -> None:
        for number, row in enumerate(rows, start):
            entries = self.store.append(
                SCOPE, "night", [(f"said:{number}", row)], position_ms=row.end_ms
            )
            follower.follow(entries, row.end_ms)

    def events(self) -> list[tuple[int, int, str]]:
        return [
            (e.start_ms, e.end_ms, e.transcript)
            for e in self.store.events(SCOPE, "night", level="event")
        ]


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    running = asyncio.new_event_loop()
    thread = threading.Thread(target=running.run_forever)
    thread.start()
    yield running
    running.call_soon_threadsafe(running.stop)
    thread.join()
    running.close()


def test_what_was_said_becomes_events_and_can_be_found(tmp_path: Path) -> None:
    home = Home(tmp_path)
    follower, memory = home.follower()
    home.feed(follower, _speech())
    follower.finish(96_000, waits=True)
    events = home.events()
    assert events[0][0] == 0
    assert events[-1][1] >= 95_000
    assert len(events) >= 3
    hits = memory.search(SCOPE, "night", "linen dress cloth", as_of_ms=96_000)
    assert "linen" in hits[0].quote
    assert memory.search(SCOPE, "night", "linen dress cloth", as_of_ms=20_000)[0].start_ms < 20_000


@pytest.mark.parametrize("killed_after", [1, 9, 17])
def test_a_follower_that_is_killed_leaves_nothing_out_and_doubles_nothing(
    tmp_path: Path, killed_after: int
) -> None:
    whole = Home(tmp_path / "whole")
    follower, _ = whole.follower()
    whole.feed(follower, _speech())
    follower.finish(96_000, waits=True)

    parts = Home(tmp_path / "parts")
    follower, memory = parts.follower()
    parts.feed(follower, _speech()[:killed_after])
    parts.store.append(
        SCOPE, "night", [(f"said:{killed_after}", _speech()[killed_after])]
    )  # stored, but the process died before it followed
    memory.close()
    again, memory = parts.follower()
    parts.feed(again, _speech()[killed_after + 1 :], start=killed_after + 1)
    again.finish(96_000, waits=True)
    assert "\n".join(e[2] for e in parts.events()) == "\n".join(e[2] for e in whole.events())
    found = memory.search(SCOPE, "night", f"number {killed_after}", as_of_ms=96_000, limit=50)
    assert len({hit.seq for hit in found if hit.seq == killed_after + 1}) == 1


def test_a_vision_model_captions_what_is_stored(
    tmp_path: Path, loop: asyncio.AbstractEventLoop
) -> None:
    home = Home(tmp_path)
    replies: list[str | BaseModel | LivecueError] = [
        EventCaptions(captions=["She turns the mug."] * 4).model_dump_json()
    ] * 9
    captioner = VisionCaptioner(ScriptedChat(replies), PromptLibrary(), _picture)
    follower, _ = home.follower(lambda now, save: Captions(captioner, loop, now, save))
    home.feed(follower, _speech())
    follower.finish(96_000, waits=True)
    follower.stop()
    stored = home.store.events(SCOPE, "night", level="event")
    assert {event.caption for event in stored} == {"She turns the mug."}
    assert all(event.available_at_ms <= 96_000 for event in stored)


async def _picture(blob: str) -> bytes:
    return blob.encode()


def test_a_caption_of_an_event_that_has_grown_is_not_kept(
    tmp_path: Path, loop: asyncio.AbstractEventLoop
) -> None:
    home = Home(tmp_path)
    saved: list[Callable[[Event], None]] = []

    class Held(Captions):
        def __init__(self, save: Callable[[Event], None]) -> None:
            saved.append(save)

        def offer(self, events: object) -> None:
            del events

        def finish(self) -> None: ...

    follower, _ = home.follower(lambda _, save: Held(save))
    home.feed(follower, _speech())
    follower.finish(96_000, waits=True)
    first = home.store.events(SCOPE, "night", level="event")[0]
    saved[0](first.model_copy(update={"caption": "Old.", "last_seq": first.last_seq - 1}))
    assert home.store.event(SCOPE, "night", first.event_id).caption != "Old."
    saved[0](first.model_copy(update={"caption": "New."}))
    assert home.store.event(SCOPE, "night", first.event_id).caption == "New."


def test_what_was_known_at_a_moment_stays_what_it_was(tmp_path: Path) -> None:
    home = Home(tmp_path)
    save: list[Callable[[Event], None]] = []
    offered: list[Event] = []

    class Late(Captions):
        def __init__(self, keep: Callable[[Event], None]) -> None:
            save.append(keep)

        def offer(self, events: Sequence[Event]) -> None:
            offered.extend(events)

    follower, memory = home.follower(lambda _, keep: Late(keep))

    def known(at_ms: int) -> tuple[object, ...]:
        asked = ("linen dress cloth", "the warm lamp", "turns number 30", "just now")
        return (
            home.store.events(SCOPE, "night", as_of_ms=at_ms),
            *(memory.search(SCOPE, "night", q, as_of_ms=at_ms, limit=12) for q in asked),
        )

    live: dict[int, tuple[object, ...]] = {}
    for number, row in enumerate(_speech(72)):
        home.feed(follower, [row], start=number)
        while offered and offered[0].available_at_ms < row.end_ms - 60_000:
            event = offered.pop(0)
            caption = {"caption": f"She turns it. {event.event_id}", "available_at_ms": row.end_ms}
            save[-1](event.model_copy(update={**caption, "caption_by": "vision"}))
        live[row.end_ms] = known(row.end_ms)
        if number == 40:
            memory.close()
            follower, memory = home.follower(lambda _, keep: Late(keep))
    follower.finish(300_000, waits=False)
    assert {event.caption_by for event in home.store.events(SCOPE, "night", level="event")} == {
        "vision", "composed",
    }  # fmt: skip
    rolled = [home.store.events(SCOPE, "night", level="stream", as_of_ms=at) for at in live]
    assert sum(map(len, rolled)) > 30
    assert [at for at in live if known(at) != live[at]] == []
    memory.rebuild(SCOPE, "night")
    searched = [at for at in live if len(live[at]) > 1]
    assert [at for at in searched if _found(known(at)) != _found(live[at])] == []
    memory.close()


def _found(known: tuple[object, ...]) -> list[set[tuple[str, int, int]]]:
    """What was found, whatever the order of equals."""
    return [
        {(h.quote, h.start_ms, h.end_ms) for h in cast("list[MemoryHit]", hits)}
        for hits in known[1:]
    ]
