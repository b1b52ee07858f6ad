"""Events of a stream as its log grows.

A border is decided `decide_ms` after the sentence that may open an event was heard, from what was
known by then: never earlier, never later, however the log is fed. So the same log gives the same
events whether it came live, in one piece, or to a process that was killed between.

A closed event that goes on with the one before it is merged into it (merge or append, as in OASIS
and EventMemAgent, training-free event memories of streams): the earlier event comes out again,
longer, readable from the later moment. That happens when a piece closes, never with each sentence,
and no event grows beyond `longest_ms`: it has few versions.
"""

from bisect import insort
from collections import deque
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from domain.errors import InvalidInput
from domain.settings import Events
from domain.stream import Comment, Event, Keyframe, LogEntry, ScreenLine, Utterance
from tools.events.boundaries import FrameCue, Said, border_evidence, border_likelihood, speaks
from tools.events.composing import Rows, compose_event, merge_events
from tools.events.cue_words import is_transition
from tools.on_air import OnAir

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
PickKeyframes = Callable[[int, int], Sequence[Keyframe]]

_BORDER = 0.28
_PEAK_MS = 10_000
"""A likelier border this soon after another takes its place."""
_BACK = 3
"""Sentences by which a change of product may be dated too early."""
_MERGE_ALIKE = 0.95
_MERGE_GAP_MS = 10_000
_MOST_CUES = 4096
"""Hours of shot changes: only those near what is said are ever asked for."""
_LATE = 2 / 3
"""From this share of the longest event on, less and less evidence ends one."""


class EventBuilder:
    """Feed rows in the order of the log, then `advance` to a time up to which all rows are fed.

    `embed` gives vectors of sentences; `on_air` must have been fed the same rows. `keyframes`
    gives the pictures to keep of `[start_ms, end_ms)`. Memory holds two events at most, whether
    anybody speaks or not: what is only shown or chatted becomes an event after `longest_ms`.
    """

    def __init__(
        self,
        embed: Embed,
        settings: Events = Events(),
        *,
        on_air: OnAir | None = None,
        keyframes: PickKeyframes | None = None,
    ) -> None:
        self._embed = embed
        self._settings = settings
        self._on_air = on_air
        self._keyframes = keyframes
        self._coming: list[Said] = []
        self._said: list[Said] = []
        self._lines: list[tuple[int, ScreenLine]] = []
        self._comments: list[tuple[int, Comment]] = []
        self._cues: deque[FrameCue] = deque(maxlen=_MOST_CUES)
        self._next = 1
        self._clock = 0
        self._number = 1
        self._last: Event | None = None
        self._last_said: list[Said] = []

    @classmethod
    def resume(
        cls,
        embed: Embed,
        last: Event | None,
        entries: Sequence[LogEntry],
        settings: Events = Events(),
        *,
        on_air: OnAir | None = None,
        keyframes: PickKeyframes | None = None,
    ) -> "EventBuilder":
        """Go on after the newest stored event, given the log from its `first_seq` on.

        Frame cues of the event that was open are not in the log: feed them again, or do without.

        Raises:
            InvalidInput: `last` is a roll-up.
        """
        builder = cls(embed, settings, on_air=on_air, keyframes=keyframes)
        if last is None:
            builder.feed(entries)
            return builder
        if last.level != "event":
            raise InvalidInput(f"{last.event_id} is a {last.level}.", hint="Give the newest event.")
        builder._last = last
        builder._number = int(last.event_id.removeprefix("e")) + 1
        builder._clock = last.available_at_ms
        old = [entry for entry in entries if _is_in(entry, last)]
        builder._last_said = sorted(builder._heard(old), key=_by_start)
        known = {entry.seq for entry in old}
        builder.feed([entry for entry in entries if entry.seq not in known])
        return builder

    def feed(self, entries: Sequence[LogEntry], cues: Sequence[FrameCue] = ()) -> None:
        """Take what came."""
        border = self._last.end_ms if self._last else 0
        for said in self._heard(entries):
            insort(self._coming, said, key=_by_time_heard)
        for entry in entries:
            if isinstance(entry.row, ScreenLine) and entry.row.start_ms >= border:
                self._lines.append((entry.seq, entry.row))
            elif isinstance(entry.row, Comment) and entry.row.start_ms >= border:
                self._comments.append((entry.seq, entry.row))
        self._cues.extend(cue for cue in cues if cue.at_ms >= border)

    def advance(self, now_ms: int) -> list[Event]:
        """The events that closed or changed by `now_ms`, in order of `available_at_ms`.

        Everything that counts by then must have been fed.
        """
        found: list[Event] = []
        while True:
            steps = [(at, order) for order, at in enumerate(self._times()) if at is not None]
            if not steps or min(steps)[0] > now_ms:
                return found
            at, order = min(steps)
            self._clock = max(self._clock, at)
            if order == 0:
                self._hear(self._coming.pop(0))
            elif order == 2:
                found.append(self._close(len(self._said), self._clock))
            elif self._is_border(self._next, self._clock):
                found.append(self._close(self._next, self._clock))
            else:
                self._next += 1

    def finish(self, now_ms: int) -> list[Event]:
        """The stream is over: what is open closes now."""
        last_heard = max((said.row.valid_from_ms for said in self._coming), default=0)
        found = self.advance(max(now_ms, last_heard))
        at_ms = max(self._clock, now_ms)
        if self._said or any(row.start_ms <= at_ms for _, row in self._unspoken()):
            found.append(self._close(len(self._said), at_ms))
        return found

    def _unspoken(self) -> list[tuple[int, ScreenLine | Comment]]:
        """What is shown and chatted in the open event."""
        return [*self._lines, *self._comments]

    def _times(self) -> tuple[int | None, int | None, int | None]:
        """When the next sentence is heard, the next border decided, and silence ends the event."""
        heard = self._coming[0].row.valid_from_ms if self._coming else None
        decided = None
        if self._next < len(self._said):
            ready = self._said[self._next].row.valid_from_ms + self._settings.decide_ms
            decided = max(self._clock, ready)
        silent = None
        if self._said:
            silent = max(s.row.end_ms for s in self._said) + self._settings.silence_ms
        elif self._lines or self._comments:
            firsts = (rows[0][1].start_ms for rows in (self._lines, self._comments) if rows)
            silent = min(firsts) + self._settings.longest_ms
        return heard, decided, None if silent is None else max(self._clock, silent)

    def _hear(self, said: Said) -> None:
        """In the order of time; one that began before sentences decided on joins them."""
        insort(self._said, said, key=_by_start)
        if len(self._said) > self._next and self._said.index(said) < self._next:
            self._next += 1

    def _is_border(self, index: int, at_ms: int) -> bool:
        start = self._start(self._said, [])
        border = self._said[index].row.start_ms
        length = border - start
        if self._said[index].row.end_ms - start > self._settings.longest_ms:
            return True
        if length < self._settings.shortest_ms:
            return False
        likely = self._likelihood(index, at_ms)
        late = length / self._settings.longest_ms
        if likely < _BORDER * (1 - max(0.0, late - _LATE) / (1 - _LATE)):
            return False
        near = range(index + 1, len(self._said))
        rivals = [i for i in near if self._said[i].row.start_ms - border <= _PEAK_MS]
        return all(self._likelihood(rival, at_ms) <= likely for rival in rivals)

    def _likelihood(self, index: int, at_ms: int) -> float:
        before, after = self._said[:index], self._said[index:]
        products = (None, None)
        if self._on_air is not None:
            earlier = before[-min(_BACK + 1, index)].row.start_ms
            products = (
                self._on_air.product_at(earlier, as_of_ms=at_ms),
                self._on_air.product_at(after[-1].row.start_ms, as_of_ms=at_ms),
            )
        cues = [cue for cue in self._cues if cue.at_ms <= at_ms]
        lines = [row.start_ms for _, row in self._lines if row.start_ms <= at_ms]
        return border_likelihood(border_evidence(before, after, products, cues, lines))

    def _close(self, count: int, at_ms: int) -> Event:
        """End the open event after `count` sentences, or merge them into the one before."""
        said, rest = self._said[:count], self._said[count:]
        unspoken = [row for _, row in self._unspoken() if row.start_ms <= at_ms]
        if said:
            end = max(*(s.row.end_ms for s in said), said[0].row.start_ms + 1)
        else:
            end = max(row.start_ms for row in unspoken) + 1
        start = self._start(said, unspoken)
        if rest:
            end = max(start + 1, min(end, rest[0].row.start_ms))
        rows = Rows(
            said,
            [pair for pair in self._lines if pair[1].start_ms < min(end, at_ms + 1)],
            [pair for pair in self._comments if pair[1].start_ms < end],
        )
        keyframes = self._keyframes(start, end) if self._keyframes else ()
        event_id, span = f"e{self._number}", (start, end)
        event = compose_event(event_id, rows, span, at_ms, keyframes=keyframes, on_air=self._on_air)
        if self._last is not None and self._goes_on(self._last, event, said):
            said = [*self._last_said, *said]
            most = self._settings.keyframes
            event = merge_events(self._last, event, said, most_keyframes=most)
        else:
            self._number += 1
        self._last, self._last_said = event, said
        self._said, self._next = rest, 1
        self._lines = [pair for pair in self._lines if pair[1].start_ms >= end]
        self._comments = [pair for pair in self._comments if pair[1].start_ms >= end]
        self._cues = deque((cue for cue in self._cues if cue.at_ms >= end), maxlen=_MOST_CUES)
        return event

    def _start(self, said: Sequence[Said], unspoken: Sequence[ScreenLine | Comment]) -> int:
        """Where the open event begins: events do not overlap, though people talk at once."""
        first = said[0].row.start_ms if said else min(row.start_ms for row in unspoken)
        return max(first, self._last.end_ms if self._last else 0)

    def _goes_on(self, last: Event, event: Event, said: Sequence[Said]) -> bool:
        if not said or not self._last_said or is_transition(said[0].row.text):
            return False
        same = event.products[:1] == last.products[:1]
        near = event.start_ms - last.end_ms <= _MERGE_GAP_MS
        fits = event.end_ms - last.start_ms <= self._settings.longest_ms
        short = event.end_ms - event.start_ms < 2 * self._settings.shortest_ms
        if not (same and near and fits and short):
            return False
        left = np.sum([s.vector for s in self._last_said], axis=0)
        right = np.sum([s.vector for s in said], axis=0)
        norms = max(float(np.linalg.norm(left) * np.linalg.norm(right)), 1e-6)
        return float(left @ right) / norms >= _MERGE_ALIKE

    def _heard(self, entries: Sequence[LogEntry]) -> list[Said]:
        rows = [
            (entry.seq, entry.row)
            for entry in entries
            if isinstance(entry.row, Utterance) and speaks(entry.row.text)
        ]
        if not rows:
            return []
        vectors = self._embed([row.text for _, row in rows])
        return [Said.of(seq, row, vector) for (seq, row), vector in zip(rows, vectors, strict=True)]


def _is_in(entry: LogEntry, event: Event) -> bool:
    """Whether a row was known when the event closed, and lies in it."""
    row = entry.row
    return row.start_ms < event.end_ms and row.valid_from_ms <= event.available_at_ms


def _by_time_heard(said: Said) -> tuple[int, int]:
    return said.row.valid_from_ms, said.seq


def _by_start(said: Said) -> tuple[int, int]:
    return said.row.start_ms, said.seq
