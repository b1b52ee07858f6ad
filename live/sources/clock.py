"""Stream time: from a medium's time stamps to milliseconds that never go back.

A medium's stamps are integers times a time base, and stay exact as `Fraction`s. Between two jumps
they run on; such a stretch has one offset to stream time, which its tracks share, so that sound and
picture stay together.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

BACKWARD_MS = 500
"""A decoding stamp that goes back by more is a jump; less is what careless encoders do."""

WRAPS_MS = (Fraction(2**33, 90), Fraction(2**32), Fraction(2**31))
"""Where stamps begin anew: MPEG-TS (ISO/IEC 13818-1, 33 bits at 90 kHz) and FLV (32 bits of
milliseconds, which many writers take for signed)."""

REPLAYED_MS = 30_000
"""What a server of segments may send again after a new connection, or be ahead."""


@dataclass(frozen=True, slots=True)
class Jump:
    """The stamps went on elsewhere: `stamps_ms` is by how much, `lost_ms` what passed meanwhile."""

    at_ms: int
    stamps_ms: int
    lost_ms: int


@dataclass(slots=True)
class _Track:
    offset: Fraction
    next: Fraction
    taken_at: float
    duration: Fraction = Fraction(0)


class StreamClock:
    """Places the packets of several tracks in stream time.

    `trusted` stamps (of files with an index) may leave gaps of any length; of others a step of more
    than `jump_ms` is a jump, unless as much time passed on the wall (`live`).
    """

    def __init__(
        self,
        *,
        jump_ms: int,
        live: bool,
        trusted: bool = False,
        start_ms: int = 0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.live = live
        self.trusted = trusted
        self._jump = jump_ms
        self._now = now
        self._head = Fraction(start_ms)
        self._head_at: float | None = None
        self._offset: Fraction | None = None
        self._here: Fraction | None = None  # like _head, of this connection alone
        self._tracks: dict[str, _Track] = {}

    @property
    def head_ms(self) -> int:
        """The end of what was placed so far."""
        return int(self._head)

    @property
    def present_ms(self) -> int:
        """The moment that the stream has reached by the wall clock if live, else `head_ms`."""
        return int(self._head + self._elapsed(self._now()))

    def begin(
        self, origin: Fraction | None, *, replays: bool = False, at: float | None = None
    ) -> int:
        """Starts a new connection whose first stamp is `origin` milliseconds, if that is known.

        The first one starts at the beginning, later ones where the wall clock was when their data
        began to come (`at`). What `replays` may run on with the old stamps and send some of it
        again. Returns the milliseconds that were missed.
        """
        at = self._now() if at is None else at
        missed = self._elapsed(at)
        self._clear()
        if replays and origin is not None and self._offset is not None:
            ahead = origin + self._offset - self._head
            if -REPLAYED_MS <= ahead <= missed + REPLAYED_MS:
                return max(0, int(ahead))
        self._head += missed
        if self._head_at is not None:
            self._head_at = max(at, self._head_at)
        self._offset = None if origin is None else self._head - origin
        return int(missed)

    def begin_at_origin(self, origin: Fraction) -> None:
        """Starts a recording whose stamps from `origin` on are kept, wherever reading begins."""
        self._clear()
        self._offset = -origin

    def take(self, track: str, stamp: Fraction | None, duration: Fraction) -> Jump | None:
        """Takes the decoding stamp of the next packet of `track`, in milliseconds.

        Returns the jump, if there was one; from now on `offset` is the one behind it.
        """
        now = self._now()
        known = self._tracks.get(track)
        jump = None
        if known is None:
            stamp = Fraction(0) if stamp is None else stamp
            known = _Track(self._first_offset(stamp), stamp, now)
            self._tracks[track] = known
        elif stamp is None:
            stamp = known.next
        else:
            jump = self._step(known, stamp, now)
        known.next = stamp + duration
        known.duration = duration
        known.taken_at = now
        end = known.offset + known.next
        self._here = end if self._here is None else max(self._here, end)
        if end > self._head:
            self._head = end
            self._head_at = now
        return jump

    def offset(self, track: str) -> Fraction | None:
        """What turns the track's stamps, in milliseconds, into stream time; None before the first.

        It changes at jumps and wraps: what a decoder still holds then belongs to the one before.
        """
        known = self._tracks.get(track)
        return None if known is None else known.offset

    def end_ms(self, track: str) -> int | None:
        """The end of what was placed of the track; None before its first packet."""
        known = self._tracks.get(track)
        return None if known is None else int(known.offset + known.next)

    def _elapsed(self, at: float) -> Fraction:
        if not self.live or self._head_at is None:
            return Fraction(0)
        return Fraction(max(0, int((at - self._head_at) * 1000)))

    def _clear(self) -> None:
        self._tracks.clear()
        self._here = None

    def _first_offset(self, stamp: Fraction) -> Fraction:
        shared, here = self._offset, self._here
        if shared is not None and here is not None:
            ahead = shared + stamp - here
            near = ahead >= -self._jump and (ahead <= self._jump or self.trusted)
            return shared if near else here - stamp
        if shared is None:
            shared = self._offset = self._head - stamp
        return shared

    def _step(self, track: _Track, stamp: Fraction, now: float) -> Jump | None:
        delta = stamp - track.next
        if -BACKWARD_MS <= delta <= self._jump or (self.trusted and delta > 0):
            return None
        expected = track.offset + track.next
        shared = self._offset
        if shared not in (None, track.offset) and abs(shared + stamp - expected) <= self._jump:
            track.offset = shared  # another track has met this jump before
            return None
        for period in WRAPS_MS:
            if abs(delta + period) <= self._jump:
                track.offset = self._offset = track.offset + period
                return None
        passed = Fraction(int((now - track.taken_at) * 1000)) if self.live else Fraction(0)
        if self.live and abs(delta - passed) <= self._jump:
            return Jump(int(expected), int(delta), int(delta))
        lost = max(Fraction(0), passed - track.duration)
        track.offset = self._offset = expected + lost - stamp
        return Jump(int(expected), int(delta), int(lost))
