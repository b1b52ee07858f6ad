"""The time that rows are stamped with."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the current time with a time zone; leases and stamps read it."""


def utc_now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)
