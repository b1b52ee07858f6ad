"""Comments of a live room: each once, through broken connections, until nobody wants them."""

import sys
import time
import types
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from domain.errors import InvalidInput, NotAvailable
from domain.settings import Streaming
from domain.stream import Comment
from live.feeds.tiktok import ChatMessage, LiveChat, open_tiktok, read_room
from live.pushed_rows import PushedRow
from live.sources.retrying import Retry
from tests.fakes.chat_rooms import FakeRoom

QUICK = Streaming(retry_seconds=0.01, retry_cap_seconds=0.02, give_up_seconds=1)


class Taken:
    def __init__(self) -> None:
        self.rows: list[PushedRow] = []

    def __call__(self, rows: Sequence[PushedRow]) -> None:
        self.rows += rows

    @property
    def texts(self) -> list[str]:
        return [row.row.text for row in self.rows]


def _wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_room_that_hangs_up_is_taken_up_again_and_nothing_comes_twice() -> None:
    one, two, three = (
        ChatMessage(number, "ann", text) for number, text in ((1, "one"), (2, "two"), (3, "three"))
    )
    room = FakeRoom([[one, two], [], [one, two, three]])
    taken = Taken()
    chat = LiveChat("shop", QUICK, room)
    chat.start(taken)
    _wait_for(lambda: len(taken.rows) == 3)
    chat.close()
    assert taken.texts == ["one", "two", "three"]
    assert [row.key for row in taken.rows] == ["tiktok:1", "tiktok:2", "tiktok:3"]
    assert all(row.at_ms is None for row in taken.rows)
    assert room.opened == 3
    assert room.left


def test_texts_are_one_line_and_empty_ones_are_left_out() -> None:
    said = [ChatMessage(1, None, " a\n b "), ChatMessage(2, "x", "  "), ChatMessage(0, "y", "c")]
    taken = Taken()
    chat = LiveChat("shop", QUICK, FakeRoom([[*said, said[2]]]))
    chat.start(taken)
    _wait_for(lambda: len(taken.rows) == 3)
    chat.close()
    assert taken.texts == ["a b", "c", "c"]  # without an id nothing tells them apart
    assert isinstance(taken.rows[0].row, Comment)
    assert taken.rows[0].row.user is None


def test_a_room_that_keeps_failing_is_given_up() -> None:
    silent: list[ChatMessage] = []
    room = FakeRoom([silent] * 10_000)
    retry = Retry(Streaming(retry_seconds=0.001, give_up_seconds=0.05), listens=False)
    chat = LiveChat("shop", QUICK, room, retry)
    chat.start(Taken())
    _wait_for(lambda: room.opened > 1)
    time.sleep(0.3)
    opened = room.opened
    time.sleep(0.1)
    assert room.opened == opened
    chat.close()


def test_without_the_package_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "TikTokLive", None)
    with pytest.raises(NotAvailable) as raised:
        open_tiktok("shop")
    assert "livecue[tiktok]" in raised.value.hint


def test_the_package_is_spoken_to_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shape of TikTokLive 6.3 (`common`) and 6.5 (`base_message`), as far as it is used."""

    class CommentEvent:
        def __init__(self, text: str, **about: object) -> None:
            self.content = text
            self.user = types.SimpleNamespace(nickname="Ann", unique_id="ann1")
            self.__dict__ |= about

    made: list[Any] = []

    class Client:
        def __init__(self, unique_id: str) -> None:
            self.unique_id = unique_id
            self.left = False
            made.append(self)

        def add_listener(self, event: type, hear: Callable[[object], object]) -> None:
            assert event is CommentEvent
            self.hear = hear

        async def start(self) -> object:
            async def run() -> None:
                old = types.SimpleNamespace(msg_id=7)
                new = types.SimpleNamespace(message_id=8)
                await self.hear(CommentEvent("hi", common=old))  # type: ignore[misc]
                await self.hear(CommentEvent("ho", base_message=new))  # type: ignore[misc]

            return run()

        async def disconnect(self) -> None:
            self.left = True

    package, events = types.ModuleType("TikTokLive"), types.ModuleType("TikTokLive.events")
    package.__dict__["TikTokLiveClient"] = Client
    events.__dict__["CommentEvent"] = CommentEvent
    monkeypatch.setitem(sys.modules, "TikTokLive", package)
    monkeypatch.setitem(sys.modules, "TikTokLive.events", events)
    taken = Taken()
    chat = LiveChat("shop", QUICK, open_tiktok("shop"))
    chat.start(taken)
    _wait_for(lambda: len(made) > 1)
    chat.close()
    assert made[0].unique_id == "@shop"
    assert made[0].left
    assert [(row.row.text, row.key) for row in taken.rows] == [
        ("hi", "tiktok:7"),
        ("ho", "tiktok:8"),
    ]


def test_an_address_names_a_user() -> None:
    assert read_room("tiktok:@the.shop_1") == "the.shop_1"
    assert read_room("tiktok:shop") == "shop"
    for bad in ("tiktok:", "tiktok:@", "tiktok:@a/b", "tiktok:a b"):
        with pytest.raises(InvalidInput):
            read_room(bad)
