"""Roll-ups of closed events, minute, topic and stream: a day in few lines, and in little memory.

Each roll-up is a fold of what came before it and one event, so that all there is to keep is the
newest roll-up of each level, which is stored: a restarted process goes on from there. An event is
folded in after the next one has closed, since until then it may still grow.

Each fold makes a version of the roll-ups that can be read from then on, while earlier ones stay for
who asks about earlier moments. Folds lie at least a minute of the stream apart, so an hour leaves
at most 60 versions of its roll-up, of some 5 kB each, and a topic at most 30.
"""

from collections.abc import Iterable, Sequence

from domain.stream import Event, EventLevel

_MINUTE_MS = 60_000
_MOST_TOPIC_MS = 30 * 60_000
_MOST_LINES: dict[EventLevel, int] = {"minute": 4, "topic": 8, "stream": 24}
_LINE_CHARS = 160
_MOST_SHOWN = 12
_MOST_PRODUCTS = 64
_PREFIX: dict[EventLevel, str] = {"minute": "m", "topic": "t", "stream": "s"}
_LEVELS: tuple[EventLevel, ...] = ("minute", "topic", "stream")


class RollUps:
    """Feed what an `EventBuilder` gives; what is held does not grow with the stream."""

    def __init__(self, newest: Iterable[Event] = ()) -> None:
        """Go on after the `newest` stored roll-up of each level; feed the events after them."""
        self._open: dict[EventLevel, Event] = {e.level: e for e in newest if e.level in _LEVELS}
        self._waiting: list[Event] = []

    @property
    def folded_until_ms(self) -> int:
        """Events that end by then are in the roll-ups."""
        return self._open["stream"].end_ms if "stream" in self._open else 0

    def add(self, events: Sequence[Event]) -> list[Event]:
        """Take closed or changed events; the versions of roll-ups that can be read from then on.

        An event with a model's caption starts no fold: its time is not when it closed.
        """
        changed: list[Event] = []
        for event in events:
            if self._waiting and self._waiting[-1].event_id == event.event_id:
                self._waiting.pop()
            if event.caption_by == "composed" and self._is_time(event.available_at_ms):
                changed += self._fold(event.available_at_ms)
            if event.end_ms > self.folded_until_ms:
                self._waiting.append(event)
        return changed

    def finish(self, now_ms: int) -> list[Event]:
        """The stream is over: fold in what waits."""
        return self._fold(max([now_ms, *(event.available_at_ms for event in self._waiting)]))

    def _is_time(self, at_ms: int) -> bool:
        last = self._open.get("stream")
        return last is None or at_ms - last.available_at_ms >= _MINUTE_MS

    def _fold(self, at_ms: int) -> list[Event]:
        """Fold in what waits; the roll-ups that changed, each once."""
        changed: dict[str, Event] = {}
        for event in self._waiting:
            for level in _LEVELS:
                before = self._open.get(level)
                if before is not None and _belongs(level, before, event):
                    rolled = _joined(level, before, event, at_ms)
                else:
                    number = int(before.event_id[1:]) + 1 if before else 1
                    rolled = _begun(level, f"{_PREFIX[level]}{number}", event, at_ms)
                self._open[level] = changed[rolled.event_id] = rolled
        self._waiting = []
        return list(changed.values())


def _belongs(level: EventLevel, before: Event, event: Event) -> bool:
    match level:
        case "minute":
            return before.start_ms // _MINUTE_MS == event.start_ms // _MINUTE_MS
        case "topic":
            same = before.products[:1] == event.products[:1]
            return same and event.end_ms - before.start_ms <= _MOST_TOPIC_MS
        case _:
            return True


def _begun(level: EventLevel, event_id: str, event: Event, at_ms: int) -> Event:
    return Event(
        event_id=event_id,
        level=level,
        start_ms=event.start_ms,
        end_ms=event.end_ms,
        available_at_ms=at_ms,
        on_screen=event.on_screen[:_MOST_SHOWN],
        questions=event.questions[:_MOST_SHOWN],
        products=event.products[:_MOST_PRODUCTS],
        keyframes=event.keyframes[:1],
        caption=_line(event),
        caption_by=event.caption_by,
        first_seq=event.first_seq,
        last_seq=event.last_seq,
    )


def _joined(level: EventLevel, before: Event, event: Event, at_ms: int) -> Event:
    """Longer by an event; the lines of the middle give way when there are too many."""
    lines = [*before.caption.split("\n"), _line(event)]
    most = _MOST_LINES[level]
    while len(lines) > most:
        del lines[_closest(lines)]
    return before.model_copy(
        update={
            "end_ms": event.end_ms,
            "available_at_ms": at_ms,
            "on_screen": _some((*before.on_screen, *event.on_screen), _MOST_SHOWN),
            "questions": _some((*before.questions, *event.questions), _MOST_SHOWN),
            "products": _some((*before.products, *event.products), _MOST_PRODUCTS),
            "caption": "\n".join(lines),
            "first_seq": min(before.first_seq, event.first_seq),
            "last_seq": max(before.last_seq, event.last_seq),
        }
    )


def _closest(lines: Sequence[str]) -> int:
    """The line that says least beyond the one before it: shares most words, or is shortest."""

    def news(index: int) -> tuple[float, int]:
        words = set(lines[index].casefold().split()) or {""}
        earlier = set(lines[index - 1].casefold().split())
        return len(words - earlier) / len(words), len(lines[index])

    return min(range(1, len(lines) - 1), key=news)


def _line(event: Event) -> str:
    return event.caption.split("\n", 1)[0][:_LINE_CHARS]


def _some(items: tuple[str, ...], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))[:most]
