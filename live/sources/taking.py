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
) -> Iterator[MediaEvent]:
    """The events until all is over; one notice in each silence of `quiet_seconds`."""
    stalled = False
    while not outbox.over:
        quiet = quiet_seconds()
        event = outbox.get(None if stalled else quiet)
        if event is not None:
            stalled = isinstance(event, SourceNotice) and stalled
            yield event
        elif may_stall() and not outbox.over:
            stalled = True
            detail = f"Nothing has come for {quiet:g} seconds."
            yield SourceNotice(NoticeKind.STALLED, present_ms(), detail)
