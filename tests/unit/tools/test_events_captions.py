"""Captions: composed by code, and by a vision model behind a queue."""

import asyncio

import numpy as np
import pytest

from domain.errors import LivecueError, ModelUnavailable
from domain.outputs import EventCaptions
from domain.settings import Events
from domain.stream import Event, Keyframe
from models.prompts import PromptLibrary
from tests.fakes.scripted_chat import ScriptedChat
from tests.fakes.word_embedder import WordEmbedder
from tools.events.captions import compose_caption
from tools.events.vision_captions import VisionCaptioner, is_backed

EMBED = WordEmbedder().embed_passages


def event(number: int = 1, transcript: str = "The mug holds 350 ml and costs 24 dollars") -> Event:
    frames = tuple(Keyframe(at_ms=i, blob=f"b{number}{i}", width=4, height=4) for i in range(4))
    return Event(
        event_id=f"e{number}", start_ms=0, end_ms=9000, available_at_ms=17_000,
        transcript=transcript, on_screen=("KILN MUG",), keyframes=frames,
        caption=f"composed {number}",
    )  # fmt: skip


def test_the_most_telling_sentence_stands_for_the_rest():
    said = [
        "Hi.",
        "This mug holds 350 ml of coffee",
        "the mug is warm, a mug for coffee",
        "Thank you Tom",
    ]
    caption = compose_caption(said, EMBED(said))
    assert "This mug holds 350 ml of coffee" in caption
    assert "Hi." not in caption


def test_a_caption_is_in_the_streams_language_and_names_what_was_shown():
    said = ["这个电饭煲四升", "一家五口够吃"]
    assert compose_caption(said, EMBED(said), ["限时 ¥369"]).splitlines()[1] == "屏幕：限时 ¥369"
    nothing = np.zeros((0, 4), np.float32)
    assert compose_caption([], nothing, ["NOW $24"]) == "On screen: NOW $24"
    assert compose_caption([], nothing, ["NOW $24"], ["hi"]) == "On screen: NOW $24"
    assert compose_caption([], nothing, (), ["how big?", "hi"]) == "Viewers: how big?; hi"
    assert compose_caption([], nothing, (), ["多大", "你好"]) == "观众：多大；你好"


def test_a_caption_is_short():
    said = [f"the mug number {n} is a very fine mug with a long story" for n in range(60)]
    assert len(compose_caption(said, EMBED(said))) <= 360


@pytest.mark.parametrize(
    ("caption", "backed"),
    [
        ("The host pours 350 ml into the mug.", True),
        ("The mug, at twenty four dollars.", True),
        ("The mug is 19 dollars.", False),
        ("The host shows a mug.", True),
        ("She sells 500 of them.", False),
    ],
)
def test_every_number_of_a_caption_was_said_or_shown(caption: str, backed: bool):
    assert is_backed(caption, event()) is backed


class Desk:
    """Runs a captioner on a script and keeps what comes out."""

    def __init__(
        self, script: list[list[str] | LivecueError], settings: Events = Events(), parallel: int = 2
    ) -> None:
        answers = [s if isinstance(s, LivecueError) else EventCaptions(captions=s) for s in script]
        self.model = ScriptedChat([*answers])
        self.opened: list[str] = []
        self.saved: list[Event] = []
        self.came = asyncio.Event()
        self.captioner = VisionCaptioner(
            self.model, PromptLibrary(), self.open, settings, parallel=parallel
        )

    async def open(self, blob: str) -> bytes:
        self.opened.append(blob)
        return b"\xff\xd8"

    async def save(self, event: Event) -> None:
        self.saved.append(event)
        self.came.set()

    async def run(self, *events: Event, now_ms: int = 30_000) -> list[Event]:
        for one in events:
            self.captioner.offer(one)
        self.captioner.finish()
        async with asyncio.timeout(10):
            await self.captioner.run(lambda: now_ms, self.save)
        return self.saved


async def test_events_are_captioned_in_batches_with_few_pictures():
    desk = Desk([["The mug, 350 ml.", "Another mug."]])
    first, second = await desk.run(event(1), event(2))
    assert (first.caption, first.caption_by) == ("The mug, 350 ml.", "scripted")
    assert (second.caption, second.available_at_ms) == ("Another mug.", 30_000)
    assert len(desk.model.asked) == 1
    assert desk.opened == ["b10", "b11", "b12", "b20", "b21", "b22"]
    content = desk.model.asked[0].messages[-1]["content"]
    assert [dict(part)["type"] for part in content] == ["text", *["image_url"] * 6]  # pyright: ignore


async def test_a_caption_with_a_number_of_its_own_is_not_taken():
    desk = Desk([["The mug costs 99 dollars.", "A mug."]])
    assert [e.event_id for e in await desk.run(event(1), event(2))] == ["e2"]


async def test_a_failed_request_leaves_the_composed_captions():
    down = ModelUnavailable("down", hint="start it")
    desk = Desk([down, ["A mug."]], Events(caption_batch=1), parallel=1)
    assert [e.event_id for e in await desk.run(event(1), event(2))] == ["e2"]


async def test_a_caption_that_cannot_be_stored_stops_no_other():
    desk = Desk([["A."], ["B."]], Events(caption_batch=1), parallel=1)
    save = desk.save

    async def fails_once(event: Event) -> None:
        if event.event_id == "e1":
            raise RuntimeError("database is locked")
        await save(event)

    desk.save = fails_once
    assert [e.event_id for e in await desk.run(event(1), event(2))] == ["e2"]


async def test_the_captions_before_are_given_as_context():
    desk = Desk([["A."], ["B."], ["C."]], Events(caption_batch=1), parallel=1)
    await desk.run(event(1), event(2), event(3))
    text = str(desk.model.asked[2].messages[-1]["content"])
    assert "composed 1" in text
    assert "composed 2" in text
    assert "composed 3" not in text


async def test_what_waits_is_bounded_and_the_oldest_goes():
    desk = Desk([["A.", "B."]], Events(captions_waiting=2))
    saved = await desk.run(event(1), event(2), event(3))
    assert [e.event_id for e in saved] == ["e2", "e3"]
    assert desk.captioner.dropped == 1


async def test_an_event_that_grew_is_captioned_once_and_one_without_pictures_never():
    desk = Desk([["A."]])
    grown = event(1).model_copy(update={"end_ms": 20_000})
    saved = await desk.run(event(1), grown, event(2).model_copy(update={"keyframes": ()}))
    assert [(e.event_id, e.end_ms) for e in saved] == [("e1", 20_000)]


async def test_events_offered_while_it_runs_are_captioned():
    desk = Desk([["A."], ["B."]])
    running = asyncio.create_task(desk.captioner.run(lambda: 0, desk.save))
    for number in (1, 2):
        desk.captioner.offer(event(number))
        async with asyncio.timeout(10):
            await desk.came.wait()
        desk.came.clear()
    desk.captioner.finish()
    async with asyncio.timeout(10):
        await running
    assert [e.caption for e in desk.saved] == ["A.", "B."]
