"""`python -m evals [NAME…] [--out FILE] [--readme]`: measure, and print the README's table."""

import argparse
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from domain.errors import LivecueError
from domain.settings import Settings
from evals import answers, attribute_ranking, compliance, extraction, routing
from evals.report import TABLE_HEAD, EvalReport, write_table

README = Path(__file__).parents[1] / "README.md"

BENCHMARKS: dict[str, Callable[[Settings], EvalReport]] = {
    "compliance": compliance.measure,
    "routing": routing.measure,
    "extraction": extraction.measure,
    "answers": answers.measure,
    "attributes": attribute_ranking.measure,
}


def main(arguments: list[str] | None = None) -> int:
    """Run the named benchmarks, all by default; 1 when one could not be run."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--out", type=Path, help="write figures and misses here as JSON")
    parser.add_argument("--readme", action="store_true", help="renew the README's table")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    unknown = sorted(set(chosen.names) - set(BENCHMARKS))
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    reports: dict[str, EvalReport] = {}
    failed = False
    print(TABLE_HEAD, flush=True)
    for name in chosen.names or BENCHMARKS:
        began = perf_counter()
        try:
            reports[name] = BENCHMARKS[name](Settings())
        except LivecueError as error:
            failed = True
            print(f"{name}: {error.message} {error.hint}", file=sys.stderr)
            continue
        print(reports[name].as_row(), flush=True)
        print(f"{name}: {perf_counter() - began:.1f} s", file=sys.stderr)
    if chosen.readme and not failed:
        write_table(README, [report.as_row() for report in reports.values()])
    if chosen.out:
        document = {name: report.as_dict() for name, report in reports.items()}
        chosen.out.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
