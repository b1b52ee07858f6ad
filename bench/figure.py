"""One line of a speed table."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

TABLE_HEAD = "| what | measured | against | ratio |\n|---|---|---|---|"


@dataclass(frozen=True)
class Figure:
    """A time and the time that it is held against, both in seconds."""

    what: str
    seconds: float
    against: str
    base_seconds: float

    def as_row(self) -> str:
        """The line under `TABLE_HEAD`."""
        return (
            f"| {self.what} | {_plain(self.seconds)} "
            f"| {self.against}: {_plain(self.base_seconds)} "
            f"| {self.seconds / self.base_seconds:.2f} |"
        )


def median_seconds(work: Callable[[], object], runs: int) -> float:
    """The median wall time of `runs` calls of `work`."""
    times: list[float] = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _plain(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    if seconds >= 1e-3:
        return f"{seconds * 1e3:.2f} ms"
    return f"{seconds * 1e6:.1f} µs"
