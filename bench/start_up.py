"""How soon the server answers, against the bare import of the frameworks it stands on."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.figure import Figure, median_seconds
from evals.server import running_server

RUNS = 5
FRAMEWORKS = "import fastapi, langgraph.graph"


def measure() -> list[Figure]:
    """The first start in an empty home (migrations included), and the median of later starts."""
    bare = median_seconds(
        lambda: subprocess.run(  # noqa: S603
            [sys.executable, "-c", FRAMEWORKS], check=True
        ),
        RUNS,
    )
    with tempfile.TemporaryDirectory(prefix="livecue-bench-") as folder:
        home = Path(folder) / "home"
        first = _seconds_to_health(home)
        later = statistics.median(_seconds_to_health(home) for _ in range(RUNS))
    against = f"`{FRAMEWORKS}`"
    return [
        Figure("first start, until /health answers", first, against, bare),
        Figure("later start, until /health answers", later, against, bare),
    ]


def _seconds_to_health(home: Path) -> float:
    began = time.perf_counter()
    with running_server(home):
        return time.perf_counter() - began
