"""One line of a speed table."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

TABLE_HEAD = "| what | measured | against | ratio |\n|---|---|---|---|"
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Figure:
    """A time in seconds, memory in bytes or a share of 1, and what it is held against."""

    what: str
    measured: float
    against: str
    base: float
    unit: Literal["s", "B", "share"] = "s"

    def as_row(self) -> str:
        """The line under `TABLE_HEAD`."""
        say = {"s": _time, "B": _memory, "share": "{:.0%}".format}[self.unit]
        return (
            f"| {self.what} | {say(self.measured)} | {self.against}: {say(self.base)} "
            f"| {self.measured / self.base:.2f} |"
        )


def median_seconds(work: Callable[[], object], runs: int) -> float:
    """The median wall time of `runs` calls of `work`."""
    times: list[float] = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _time(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    if seconds >= 1e-3:
        return f"{seconds * 1e3:.2f} ms"
    return f"{seconds * 1e6:.1f} µs"


def _memory(size: float) -> str:
    return f"{size / _MIB:.0f} MiB"
