"""`python -m bench [NAME…]`: measure, and print a table of ratios."""

import sys
from collections.abc import Callable

from bench import (
    answers,
    clips,
    compliance,
    events,
    experiments,
    highlights,
    intake,
    recording,
    start_up,
    streams,
    tagging,
    vectors,
)
from bench.figure import TABLE_HEAD, Figure

BENCHMARKS: dict[str, Callable[[], list[Figure]]] = {
    "start-up": start_up.measure,
    "vectors": vectors.measure,
    "compliance": compliance.measure,
    "intake": intake.measure,
    "events": events.measure,
    "streams": streams.measure,
    "tags": tagging.measure,
    "recording": recording.measure,
    "highlights": highlights.measure,
    "experiments": experiments.measure,
    "answers": answers.measure,
    "clips": clips.measure,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, all by default; 2 for a name that there is not."""
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
        return 2
    print(TABLE_HEAD, flush=True)
    for name in names or BENCHMARKS:
        for figure in BENCHMARKS[name]():
            print(figure.as_row(), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
