"""`python -m evals [NAME…] [--out FILE] [--readme] …`: measure, and print the README's table."""

import argparse
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from domain.errors import LivecueError
from domain.settings import Settings
from evals import (
    answers,
    asking,
    attribute_extraction,
    attribute_ranking,
    clusters,
    coherence,
    comments,
    compliance,
    copywriting,
    demo,
    events,
    experiments,
    highlights,
    hostile,
    intake,
    promises,
    questions,
    replay_segments,
    routing,
    speech_tags,
)
from evals.options import Options
from evals.report import TABLE_HEAD, EvalReport, write_table

README = Path(__file__).parents[1] / "README.md"

BENCHMARKS: dict[str, Callable[[Options], list[EvalReport]]] = {
    "compliance": lambda options: compliance.measure(options.settings),
    "comments": comments.measure,
    "questions": lambda options: questions.measure(options.settings),
    "clusters": lambda options: clusters.measure(options.settings),
    "routing": lambda options: [routing.measure(options.settings)],
    "intake": intake.measure,
    "extraction": attribute_extraction.measure,
    "copy": copywriting.measure,
    "answers": lambda options: [answers.measure(options.settings)],
    "asking": asking.measure,
    "hostile": hostile.measure,
    "events": events.measure,
    "highlights": highlights.measure,
    "promises": promises.measure,
    "demo": demo.measure,
    "experiments": lambda _options: experiments.measure(),
    "attributes": attribute_ranking.measure,
    "tags": speech_tags.measure,
    "coherence": coherence.measure,
    "segmentation": replay_segments.measure,
}


def main(arguments: list[str] | None = None) -> int:
    """Run the named benchmarks, all by default; 1 when one could not be run."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--out", type=Path, help="write figures and misses here as JSON")
    parser.add_argument("--readme", action="store_true", help="renew the README's table")
    parser.add_argument("--only", default="", help="folders or records, by comma (intake, copy)")
    parser.add_argument(
        "--split",
        choices=["dev", "test"],
        help="half of the material (intake, comments); dev: other rows (asking)",
    )
    parser.add_argument("--examples", action="store_true", help="take examples/ (intake)")
    kept = "keep what was asked here (intake, copy, attributes)"
    parser.add_argument("--home", type=Path, help=kept)
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    unknown = sorted(set(chosen.names) - set(BENCHMARKS))
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    narrowed = bool(chosen.names or chosen.only or chosen.split or chosen.examples)
    if chosen.readme and narrowed:
        parser.error("--readme takes the whole table, so nothing may be left out")
    options = Options(
        settings=Settings(),
        only=tuple(part for part in chosen.only.split(",") if part),
        split=chosen.split,
        examples=chosen.examples,
        home=chosen.home,
    )
    reports: dict[str, list[EvalReport]] = {}
    failed = False
    print(TABLE_HEAD, flush=True)
    for name in chosen.names or BENCHMARKS:
        began = perf_counter()
        try:
            reports[name] = BENCHMARKS[name](options)
        except LivecueError as error:
            failed = True
            print(f"{name}: {error.message} {error.hint}", file=sys.stderr)
            continue
        for report in reports[name]:
            print(report.as_row(), flush=True)
        print(f"{name}: {perf_counter() - began:.1f} s", file=sys.stderr)
    if chosen.readme and not failed:
        write_table(README, [r.as_row() for found in reports.values() for r in found])
    if chosen.out:
        document = {name: [r.as_dict() for r in found] for name, found in reports.items()}
        chosen.out.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
