"""What of a stream is found again: as of a moment, near a time, about a product."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.errors import NotFound
from domain.scope import Scope
from domain.stream import Comment, Event, LiveFact, LogRow, ScreenLine, StreamSpec, Utterance
from stores.sql import Database
from stores.streams import StreamStore
from tests.fakes.word_embedder import WordEmbedder
from tools.memory import MemoryHit, StreamMemory, read_when

MINUTE = 60_000


def said(at_ms: int, text: str, product_id: str | None = None) -> Utterance:
    return Utterance(start_ms=at_ms, end_ms=at_ms + 3000, text=text, product_id=product_id)


SHOW: list[LogRow] = [
    said(0, "Welcome everybody to the show"),
    said(10_000, "This kettle holds one litre of water", "kettle"),
    said(20_000, "The kettle is sixty four dollars", "kettle"),
    Comment(start_ms=25_000, user="ana", text="does the kettle whistle?", is_question=True),
    ScreenLine(start_ms=30_000, text="FREE SHIPPING OVER $50"),
    said(3 * MINUTE, "The bag weighs seven hundred grams", "bag"),
    said(3 * MINUTE + 9000, "It is seventy nine dollars", "bag"),
    LiveFact(
        start_ms=3 * MINUTE + 12_000, fact="price", product_id="bag", field="live_price",
        value="79", quote="It is seventy nine dollars", said_in=7,
    ),
    said(10 * MINUTE, "这个电饭煲只要三百六十九", "cooker"),
    said(10 * MINUTE + 9000, "内胆有一公斤多重", "cooker"),
]  # fmt: skip
END = 11 * MINUTE


@pytest.fixture
def store(database: Database, scope: Scope) -> StreamStore:
    store = StreamStore(database)
    store.create(scope, "s1", StreamSpec())
    store.append(scope, "s1", [(f"k{i}", row) for i, row in enumerate(SHOW)])
    return store


@pytest.fixture
def memory(store: StreamStore, tmp_path: Path) -> Iterator[StreamMemory]:
    memory = StreamMemory(store, tmp_path / "memory", WordEmbedder())
    yield memory
    memory.close()


def quotes(hits: list[MemoryHit]) -> list[str]:
    return [hit.quote for hit in hits]


def test_a_sentence_is_found_by_its_words(memory: StreamMemory, scope: Scope):
    (hit, *_) = memory.search(scope, "s1", "how much water does it hold", as_of_ms=END)
    assert hit.quote == "This kettle holds one litre of water"
    assert (hit.kind, hit.seq, hit.start_ms, hit.product_id) == ("utterance", 2, 10_000, "kettle")


@pytest.mark.parametrize(
    ("query", "quote"),
    [
        ("电饭煲多少钱", "这个电饭煲只要三百六十九"),
        ("369", "这个电饭煲只要三百六十九"),
        ("内胆多重", "内胆有一公斤多重"),
        ("$64", "The kettle is sixty four dollars"),
        ("shipping", "FREE SHIPPING OVER $50"),
        ("whistle", "does the kettle whistle?"),
    ],
)
def test_numbers_chinese_screen_lines_and_comments_are_found(
    memory: StreamMemory, scope: Scope, query: str, quote: str
):
    assert quotes(memory.search(scope, "s1", query, as_of_ms=END))[0] == quote


def test_nothing_is_found_before_it_was_said(memory: StreamMemory, scope: Scope):
    for as_of in range(0, END, 7000):
        hits = memory.search(scope, "s1", "dollars for the kettle and bag", as_of_ms=as_of)
        assert all(hit.end_ms <= as_of for hit in hits)
    assert memory.search(scope, "s1", "bag", as_of_ms=0) == []


def test_a_question_about_a_product_prefers_it(memory: StreamMemory, scope: Scope):
    hits = memory.search(scope, "s1", "how many dollars", as_of_ms=END, product_id="bag")
    assert hits[0].product_id == "bag"
    hits = memory.search(scope, "s1", "how many dollars", as_of_ms=END, product_id="kettle")
    assert hits[0].product_id == "kettle"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("how many dollars at minute 3", 3 * MINUTE + 9000),
        ("how many dollars around 3:10", 3 * MINUTE + 9000),
        ("how many dollars did it cost at the beginning", 20_000),
        ("what did you say at the start", 20_000),
        ("what did you just say", 10 * MINUTE + 9000),
        ("8 minutes ago", 3 * MINUTE + 9000),
        ("刚才说了什么", 10 * MINUTE + 9000),
        ("第三分钟多少 dollars", 3 * MINUTE + 9000),
    ],
)
def test_time_words_say_when(memory: StreamMemory, scope: Scope, query: str, first: int):
    hits = memory.search(scope, "s1", query, as_of_ms=END, kinds=("utterance", "live_fact"))
    assert hits[0].start_ms == first


def test_events_are_found_from_when_they_can_be_read(
    memory: StreamMemory, store: StreamStore, scope: Scope
):
    event = Event(
        event_id="e1", start_ms=10_000, end_ms=23_000, available_at_ms=40_000,
        transcript="This kettle holds one litre of water", caption="A kettle of one litre",
        products=("kettle",), first_seq=2, last_seq=3,
    )  # fmt: skip
    store.save_events(scope, "s1", [event])
    memory.add(scope, "s1", [], [event])
    early = memory.search(scope, "s1", "kettle litre", as_of_ms=39_999)
    assert all(hit.event_id is None for hit in early)
    late = memory.search(scope, "s1", "kettle litre", as_of_ms=40_000)
    assert [hit.quote for hit in late if hit.event_id == "e1"] == ["A kettle of one litre"]
    longer = event.model_copy(update={"caption": "A kettle and a price", "available_at_ms": 50_000})
    store.save_events(scope, "s1", [longer])
    memory.add(scope, "s1", [], [longer])
    between = memory.search(scope, "s1", "kettle", as_of_ms=45_000)
    assert [hit.quote for hit in between if hit.event_id] == ["A kettle of one litre"]
    found = memory.search(scope, "s1", "kettle", as_of_ms=60_000)
    assert [hit.quote for hit in found if hit.event_id] == ["A kettle and a price"]


def test_a_process_that_starts_later_finds_all_that_is_stored(
    store: StreamStore, scope: Scope, tmp_path: Path
):
    first = StreamMemory(store, tmp_path / "m", WordEmbedder())
    first.add(scope, "s1", store.entries(scope, "s1")[:3])
    first.close()
    more = store.append(scope, "s1", [("late", said(END, "the lamp is warm"))])
    second = StreamMemory(store, tmp_path / "m", WordEmbedder())
    assert quotes(second.search(scope, "s1", "lamp", as_of_ms=END + 5000))[0] == "the lamp is warm"
    second.add(scope, "s1", more)
    hits = second.search(scope, "s1", "lamp", as_of_ms=END + 5000)
    assert quotes(hits).count("the lamp is warm") == 1
    second.close()


def test_rows_that_were_left_out_are_caught_up(
    memory: StreamMemory, store: StreamStore, scope: Scope
):
    memory.search(scope, "s1", "kettle", as_of_ms=END)
    store.append(scope, "s1", [("l1", said(END, "the lamp is warm"))])
    last = store.append(scope, "s1", [("l2", said(END + 4000, "the lamp is round"))])
    memory.add(scope, "s1", last, product_at=_lamp)
    hits = memory.search(scope, "s1", "the warm lamp", as_of_ms=END + 9000)
    assert quotes(hits)[0] == "the lamp is warm"
    assert hits[0].product_id == "lamp"


def test_many_streams_are_held_in_turn(memory: StreamMemory, store: StreamStore, scope: Scope):
    for number in range(12):
        name = f"n{number}"
        store.create(scope, name, StreamSpec())
        store.append(scope, name, [("k", said(0, f"the lamp has number {number}"))])
    for number in [*range(12), *range(12)]:
        (hit,) = memory.search(scope, f"n{number}", "lamp", as_of_ms=END)
        assert hit.quote.endswith(str(number))


def test_a_search_does_not_wait_for_what_is_embedded(
    store: StreamStore, scope: Scope, tmp_path: Path
):
    gate = threading.Event()
    waiting = threading.Event()

    class Slow(WordEmbedder):
        def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
            if any("slow" in text for text in texts):
                waiting.set()
                assert gate.wait(10)
            return super().embed_passages(texts)

    memory = StreamMemory(store, tmp_path / "slow", Slow())
    memory.catch_up(scope, "s1")
    new = store.append(scope, "s1", [("slow", said(END, "a slow sentence"))])
    adding = threading.Thread(target=memory.add, args=(scope, "s1", new))
    adding.start()
    assert waiting.wait(10)
    assert memory.search(scope, "s1", "kettle", as_of_ms=END)
    gate.set()
    adding.join(10)
    assert quotes(memory.search(scope, "s1", "slow", as_of_ms=END + 5000))[0] == "a slow sentence"
    memory.close()


def test_a_rebuilt_index_finds_the_same(memory: StreamMemory, scope: Scope):
    before = memory.search(scope, "s1", "how many dollars", as_of_ms=END)
    memory.rebuild(scope, "s1")
    assert memory.search(scope, "s1", "how many dollars", as_of_ms=END) == before


def test_a_new_stream_of_an_old_name_finds_nothing_of_the_old_one(
    store: StreamStore, scope: Scope, tmp_path: Path
):
    first = StreamMemory(store, tmp_path / "m", WordEmbedder())
    other = StreamMemory(store, tmp_path / "m", WordEmbedder())
    assert first.search(scope, "s1", "kettle", as_of_ms=END)
    store.delete(scope, "s1")
    store.create(scope, "s1", StreamSpec())
    store.append(scope, "s1", [("k0", said(0, "a lamp"))])
    for memory in (first, other):
        assert quotes(memory.search(scope, "s1", "kettle lamp", as_of_ms=END)) == ["a lamp"]
        memory.close()


def test_workspaces_and_streams_are_apart(memory: StreamMemory, store: StreamStore, scope: Scope):
    other = Scope(workspace_id="other", actor="eve")
    with pytest.raises(NotFound):
        memory.search(other, "s1", "kettle", as_of_ms=END)
    store.create(other, "s1", StreamSpec())
    assert memory.search(other, "s1", "kettle", as_of_ms=END) == []


def test_few_hits_are_events(memory: StreamMemory, store: StreamStore, scope: Scope):
    events = [
        Event(
            event_id=f"e{i}", start_ms=i, end_ms=i + 1, available_at_ms=i + 2,
            transcript="kettle litre water", caption="kettle litre water", last_seq=1, first_seq=1,
        )
        for i in range(12)
    ]  # fmt: skip
    store.save_events(scope, "s1", events)
    memory.add(scope, "s1", [], events)
    hits = memory.search(scope, "s1", "kettle litre water", as_of_ms=END, limit=8)
    assert sum(hit.event_id is not None for hit in hits) == 2
    assert hits[0].event_id is not None
    assert "This kettle holds one litre of water" in quotes(hits)


@pytest.mark.parametrize(
    ("question", "window", "rest"),
    [
        ("what was said 2 minutes ago", (420_000, 540_000), ""),
        ("两分钟前说了什么", (420_000, 540_000), ""),
        ("half an hour ago", (0, 0), ""),
        ("the price at minute five", (210_000, 390_000), "the price"),
        ("第五分钟的价格", (210_000, 390_000), "的价格"),
        ("what came at 1:30", (30_000, 150_000), "what came at"),
        ("what did you just say", (480_000, 600_000), ""),
        ("is it just a mug", None, None),
    ],
)
def test_windows(question: str, window: tuple[int, int] | None, rest: str | None):
    when = read_when(question, 600_000)
    if window is None:
        assert when is None or when.leaning
    else:
        assert when is not None
        assert (when.start_ms, when.end_ms) == window
        assert when.question == rest


def _lamp(at_ms: int, *, as_of_ms: int | None = None) -> str:
    del at_ms, as_of_ms
    return "lamp"


def test_all_memories_are_made_anew_while_they_are_used(
    memory: StreamMemory, store: StreamStore, scope: Scope
):
    store.create(scope, "s2", StreamSpec())
    store.append(scope, "s2", [("a", said(0, "The lamp glows in amber"))])
    before = memory.search(scope, "s1", "litre of water", as_of_ms=END)
    assert memory.rebuild_all(scope) == 2
    assert memory.search(scope, "s1", "litre of water", as_of_ms=END) == before
    assert memory.search(scope, "s2", "amber lamp", as_of_ms=END)[0].quote.startswith("The lamp")
    added = store.append(scope, "s2", [("b", said(5000, "The rug is made of wool"))])
    memory.add(scope, "s2", added)
    assert memory.search(scope, "s2", "wool rug", as_of_ms=END)[0].quote.startswith("The rug")
