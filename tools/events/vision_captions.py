"""Captions by a configured vision model: few keyframes, batched, behind a bounded queue.

Taking a broadcast in never waits for them: an event is stored with its composed caption, and comes
out again when a better one is there. What waits is bounded; when a model is too slow the oldest
events keep the composed caption, and `dropped` counts them.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

import structlog

from domain.errors import LivecueError
from domain.language import detect_language
from domain.outputs import EventCaptions
from domain.quantities import find_quantities, same_quantity
from domain.settings import Events
from domain.stream import Event
from models.chat import ChatModel, Priority
from models.prompts import PromptLibrary
from models.vision import with_pictures
from tools.spoken import normalise_spoken

log = structlog.get_logger(__name__)

OpenPicture = Callable[[str], Awaitable[bytes]]
"""The JPEG of a blob, no longer side above `Events.caption_pixels`."""
SaveEvent = Callable[[Event], Awaitable[None]]

_MOST_SPEECH = 1500
_TOKENS_PER_CAPTION = 90
_LANGUAGES = {"en": "English", "zh": "Chinese"}
_EARLIER = 2


class VisionCaptioner:
    """Captions events in the background; `parallel` requests at once."""

    def __init__(
        self,
        model: ChatModel,
        prompts: PromptLibrary,
        open_picture: OpenPicture,
        settings: Events = Events(),
        *,
        parallel: int = 4,
    ) -> None:
        self._model = model
        self._prompts = prompts
        self._open_picture = open_picture
        self._settings = settings
        self._parallel = parallel
        self._waiting: deque[Event] = deque()
        self._arrived = asyncio.Event()
        self._captions: deque[tuple[str, str]] = deque(maxlen=16)
        self._over = False
        self.dropped = 0

    def offer(self, event: Event) -> None:
        """Take an event with keyframes; returns at once."""
        if not event.keyframes:
            return
        for index, waiting in enumerate(self._waiting):
            if waiting.event_id == event.event_id:
                self._waiting[index] = event
                return
        if len(self._waiting) >= self._settings.captions_waiting:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append(event)
        self._captions.append((event.event_id, event.caption))
        self._arrived.set()

    def finish(self) -> None:
        """No more events come: `run` ends when the ones that wait are captioned."""
        self._over = True
        self._arrived.set()

    async def run(self, now_ms: Callable[[], int], save: SaveEvent) -> None:
        """Caption what is offered until `finish`; `now_ms` is the stream's time.

        What fails, the request, a picture or `save`, leaves the composed captions of its events; it
        is logged and not repeated.
        """
        running: set[asyncio.Task[None]] = set()
        try:
            while self._waiting or not self._over or running:
                while self._waiting and len(running) < self._parallel:
                    running.add(asyncio.create_task(self._caption(self._batch(), now_ms, save)))
                self._arrived.clear()
                waits = {asyncio.create_task(self._arrived.wait()), *running}
                if self._over and not self._waiting and not running:
                    next(iter(waits)).cancel()
                    break
                done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                for task in waits - running:
                    task.cancel()
                for task in done & running:
                    task.result()
                running -= done
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def _batch(self) -> list[Event]:
        count = min(len(self._waiting), self._settings.caption_batch)
        return [self._waiting.popleft() for _ in range(count)]

    async def _caption(
        self, events: Sequence[Event], now_ms: Callable[[], int], save: SaveEvent
    ) -> None:
        try:
            await self._caption_or_fail(events, now_ms, save)
        except LivecueError as error:
            log.warning("captions_failed", events=len(events), error=error.message)
        except Exception:
            log.exception("captions_failed", events=len(events))

    async def _caption_or_fail(
        self, events: Sequence[Event], now_ms: Callable[[], int], save: SaveEvent
    ) -> None:
        captions = await self._ask(events)
        for event, caption in zip(events, captions, strict=False):
            if caption.strip() and is_backed(caption, event):
                await save(
                    event.model_copy(
                        update={
                            "caption": caption.strip(),
                            "caption_by": self._model.name,
                            "available_at_ms": max(event.available_at_ms, now_ms()),
                        }
                    )
                )

    async def _ask(self, events: Sequence[Event]) -> list[str]:
        jpegs: list[bytes] = []
        told: list[str] = []
        for number, event in enumerate(events, start=1):
            frames = event.keyframes[: self._settings.keyframes]
            jpegs += [await self._open_picture(frame.blob) for frame in frames]
            told.append(
                f"[{number}] ({len(frames)})\n{event.transcript[:_MOST_SPEECH]}\n"
                + " | ".join(event.on_screen)
            )
        language = detect_language(" ".join(event.transcript for event in events))
        prompt = self._prompts.render(
            "events/caption",
            earlier=self._earlier(events[0]),
            events=told,
            language=_LANGUAGES[language],
        )
        parsed = await self._model.parse(
            with_pictures(prompt, jpegs),
            EventCaptions,
            priority=Priority.BATCH,
            max_tokens=_TOKENS_PER_CAPTION * len(events) + 60,
        )
        return parsed.value.captions

    def _earlier(self, first: Event) -> list[str]:
        """The captions of the two events before, as far as they are known."""
        known = [caption for event_id, caption in self._captions if event_id != first.event_id]
        ids = [event_id for event_id, _ in self._captions]
        at = ids.index(first.event_id) if first.event_id in ids else len(known)
        return known[max(0, at - _EARLIER) : at]


def is_backed(caption: str, event: Event) -> bool:
    """Whether every number of a caption was said or stood on the screen."""
    told = normalise_spoken("\n".join((event.transcript, *event.on_screen)))
    known = find_quantities(told)
    return all(
        any(same_quantity(number, other) for other in known)
        for number in find_quantities(normalise_spoken(caption))
    )
