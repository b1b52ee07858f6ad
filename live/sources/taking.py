"""Taking events out of a queue, and saying so when none come."""

from collections.abc import Callable, Iterator

from live.sources.media import MediaEvent, NoticeKind, SourceNotice
from live.sources.outbox import Outbox


def take_events(
    outbox: Outbox,
    *,
    quiet_seconds: Callable[[], float],
    may_stall: Callable[[], bool],
    present_ms: Callable[[], int],
    nudge_seconds: float | None = None,
) -> Iterator[MediaEvent]:
    """The events until all is over; one notice in each silence of `quiet_seconds`.

    With `nudge_seconds` a silence is also told of that often, as time passes in it.
    """
    stalled = False
    silent = 0.0
    while not outbox.over:
        quiet = quiet_seconds()
        waits = [nudge_seconds, None if stalled else quiet]
        wait = min((seconds for seconds in waits if seconds is not None), default=None)
        event = outbox.get(wait)
        if event is not None:
            stalled = isinstance(event, SourceNotice) and stalled
            silent = 0.0
            yield event
            continue
        silent += wait or 0.0
        if not may_stall() or outbox.over:
            continue
        if silent >= quiet and not stalled:
            stalled = True
            detail = f"Nothing has come for {quiet:g} seconds."
            yield SourceNotice(NoticeKind.STALLED, present_ms(), detail)
        elif nudge_seconds is not None:
            yield SourceNotice(NoticeKind.NUDGE, present_ms(), "")
