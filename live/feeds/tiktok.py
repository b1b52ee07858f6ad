"""Comments of a TikTok live room, by the optional package TikTokLive (`livecue[tiktok]`).

The service drops its listeners every ten to twenty minutes and sends the newest messages again to
whoever comes back. So a connection that ends is taken up again, after a pause that grows while it
fails, and a message that came before is known by its id.
"""

import asyncio
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from domain.errors import InvalidInput, NotAvailable
from domain.settings import Streaming
from domain.stream import Comment
from live.pushed_rows import PushedRow
from live.sources.retrying import Retry

log = logging.getLogger("livecue.live")

SCHEME = "tiktok:"
_KNOWN = 20_000
"""Ids that are remembered: those of some minutes of the busiest rooms."""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """What a viewer wrote; `message_id` is the service's own, 0 where it gave none."""

    message_id: int
    user: str | None
    text: str


class ChatClient(Protocol):
    """One connection to a room."""

    async def listen(self, take: Callable[[ChatMessage], None]) -> None:
        """Give messages as they come; returns or raises when the connection ends."""
        ...


def open_tiktok(room: str) -> ChatClient:
    """A client for the room of a user, as TikTokLive has it.

    Raises:
        NotAvailable: the package is not installed.
    """
    try:
        client = import_module("TikTokLive")
        events = import_module("TikTokLive.events")
    except ImportError as error:
        raise NotAvailable(
            "Comments of TikTok need the package TikTokLive, which is not installed.",
            hint="Install it: pip install 'livecue[tiktok]'",
        ) from error
    return _TikTok(room, client.TikTokLiveClient, events.CommentEvent)


class _TikTok:
    def __init__(
        self,
        room: str,
        client: Any,  # noqa: ANN401 - an optional package without types
        event: Any,  # noqa: ANN401
    ) -> None:
        self._room = room
        self._client = client
        self._event = event

    async def listen(self, take: Callable[[ChatMessage], None]) -> None:
        client = self._client(unique_id=f"@{self._room}")

        async def hear(event: Any) -> None:  # noqa: ANN401
            user = event.user
            name = (user.nickname or user.unique_id) if user is not None else None
            take(ChatMessage(_id_of(event), name or None, event.content))

        client.add_listener(self._event, hear)
        ended = await client.start()
        try:
            await ended
        finally:
            with suppress(Exception):
                await client.disconnect()


def _id_of(event: Any) -> int:  # noqa: ANN401
    """The message's id, where 6.3 and 6.5 have it; 0 for none."""
    about = getattr(event, "common", None) or getattr(event, "base_message", None)
    return getattr(about, "msg_id", 0) or getattr(about, "message_id", 0)


class LiveChat:
    """Gives a room's comments to a session, in a thread of its own, until it is closed."""

    def __init__(
        self, room: str, settings: Streaming, client: ChatClient, retry: Retry | None = None
    ) -> None:
        self._room = room
        self._most = settings.feed_line_chars
        self._client = client
        self._retry = retry or Retry(settings, listens=True)
        self._known: OrderedDict[int, None] = OrderedDict()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None
        self._opened = threading.Event()

    def start(self, push: Callable[[Sequence[PushedRow]], None]) -> None:
        """Push every comment once, at the moment when it comes."""

        def run() -> None:
            with suppress(asyncio.CancelledError):
                asyncio.run(self._run(push))

        self._thread = threading.Thread(target=run, name="tiktok", daemon=True)
        self._thread.start()
        self._opened.wait()

    def close(self) -> None:
        """Listen no longer."""
        if self._loop is not None and self._task is not None:
            with suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._task.cancel)
        if self._thread is not None:
            self._thread.join()

    async def _run(self, push: Callable[[Sequence[PushedRow]], None]) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        self._opened.set()

        def take(message: ChatMessage) -> None:
            self._retry.media_came()
            text = " ".join(message.text.split())[: self._most]
            if text and self._is_new(message.message_id):
                row = Comment(start_ms=0, user=message.user, text=text)
                key = f"tiktok:{message.message_id}" if message.message_id else ""
                push([PushedRow(row, key=key)])

        while True:
            try:
                await self._client.listen(take)
                why = "it ended"
            except Exception as error:  # noqa: BLE001 - the package raises whatever its own do
                why = f"{type(error).__name__}: {error}"
            pause = self._retry.next_pause()
            if pause is None:
                log.warning("the comments of @%s are given up: %s", self._room, why)
                return
            log.info("the comments of @%s come again in %.1f s: %s", self._room, pause, why)
            await asyncio.sleep(pause)

    def _is_new(self, message_id: int) -> bool:
        if not message_id:
            return True
        if message_id in self._known:
            return False
        self._known[message_id] = None
        while len(self._known) > _KNOWN:
            self._known.popitem(last=False)
        return True


def read_room(address: str) -> str:
    """The user of an address such as `tiktok:@name`.

    Raises:
        InvalidInput: it names none.
    """
    room = address[len(SCHEME) :].strip().lstrip("@")
    if not room or any(not (sign.isalnum() or sign in "._") for sign in room):
        raise InvalidInput(
            f"{address[:80]} names no TikTok user.", hint="Write it so: tiktok:@name"
        )
    return room
