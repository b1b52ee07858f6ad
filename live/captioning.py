"""Captions of a session's events by a vision model, beside the session's own thread."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from domain.pool import in_pool
from domain.right_of_way import RightOfWay
from domain.scope import Scope
from domain.stream import Event
from stores.blobs import BlobStore
from tools.events.vision_captions import VisionCaptioner

log = logging.getLogger("livecue.live")

OpenCaptions = Callable[[Callable[[], int], Callable[[Event], None]], "Captions"]
"""Makes them from what tells the stream's time and what stores an event."""

_AFTER_SECONDS = 120.0
"""How long a stream that is over waits for the captions of its last events."""


class Captions:
    """Hands events of a session to a captioner that runs in `loop`; used from the session's thread.

    `save` stores an event whose caption is there, unless the event has grown since.
    """

    def __init__(
        self,
        captioner: VisionCaptioner,
        loop: asyncio.AbstractEventLoop,
        now_ms: Callable[[], int],
        save: Callable[[Event], None],
    ) -> None:
        self._captioner = captioner
        self._loop = loop

        async def keep(event: Event) -> None:
            await in_pool(save, event)

        running = captioner.run(now_ms, keep)
        self._running: Future[None] = asyncio.run_coroutine_threadsafe(running, loop)
        self._running.add_done_callback(_report)

    def offer(self, events: Sequence[Event]) -> None:
        """Have new or grown events captioned; returns at once."""
        for event in events:
            self._loop.call_soon_threadsafe(self._captioner.offer, event)

    def finish(self) -> None:
        """Nothing more comes: wait until all are captioned, or long enough."""
        self._loop.call_soon_threadsafe(self._captioner.finish)
        done = threading.Event()
        self._running.add_done_callback(lambda _: done.set())
        if not done.wait(_AFTER_SECONDS):
            self._running.cancel()

    def stop(self) -> None:
        """Let what waits go, at once: those events keep their composed captions."""
        self._running.cancel()


def _report(running: Future[None]) -> None:
    """Says so where captions of a stream ended by a fault."""
    if not running.cancelled() and (error := running.exception()) is not None:
        log.error("captions ended", exc_info=error)


def no_captions(scope: Scope) -> OpenCaptions | None:
    """No vision model: captions stay composed."""
    del scope


def picture_opener(
    blobs: BlobStore, scope: Scope, longest: int, way: RightOfWay
) -> Callable[[str], "asyncio.Future[bytes]"]:
    """Opens keyframes as JPEGs whose longer side has at most `longest` pixels, giving `way`."""

    def shrink(sha256: str) -> bytes:
        import cv2
        import numpy as np

        way.give()
        data = blobs.read_bytes(scope, sha256)
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        if image is None or max(image.shape[:2]) <= longest:
            return data
        scale = longest / max(image.shape[:2])
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        return cv2.imencode(".jpg", small)[1].tobytes()

    def open_picture(sha256: str) -> "asyncio.Future[bytes]":
        return asyncio.ensure_future(in_pool(shrink, sha256))

    return open_picture
