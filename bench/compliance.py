"""Terms and contexts of the compliance check against plain keyword finders, on the same literals.

The keyword finders only look literals up in the raw text; the check folds disguises away, tries
expressions and contexts, and reads disguised sentences twice. Two populations of 10,000 short texts
each are drawn with a fixed seed:

- *mixed*: the training rows for purification and the rules' own examples, violations and what comes
  as near to one as its authors could write; apart for those with and without finds (*clean*);
- *everyday*: lines of what merchants send (`training/intake`) and clauses of product material and
  live rooms (`training/record_clauses`), hardly any of which says what may not be said.

Times are processor seconds, so that others on the machine count little.
"""

import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import ahocorasick

from bench.figure import Figure
from tools.compliance import Bounds, RulePackLibrary, check_batch, check_sentences
from tools.compliance.reading import TextCheck

TEXTS = 10_000
SEED = 20_260_101
RUNS = 3
MORE_RUNS = 5
FEW = 500
"""Texts for the finders that are too slow for all of them; their time is scaled up."""
TOGETHER = 256
TIMES = 8
SHORT = range(4, 201)
"""Code points of a line that is taken for a short text."""
TRAINING = Path(__file__).resolve().parent.parent / "training"
ADVERSARIAL = (
    "最", "1", "cures a ", "a.b ", "最好最", "a最", "c*r", "zui ", "0.1", "微 ", "💰最", "1比1项链",
    "醉好的 ", "包本 ", "the ultimate load ",
)  # fmt: skip


def measure() -> list[Figure]:
    """Times of one run over all texts of each population, by stage, and growth.

    The last figure takes the adversarial stretch whose time grows the most with its length.
    """
    library = RulePackLibrary.shipped()
    mixed = _draw([*_rows("purification"), *_examples(library)])
    everyday = _draw([*_lines("intake"), *_rows("record_clauses")])
    finds = [bool(_violations(text, library)) for text in mixed]
    populations = {
        "everyday": everyday,
        "mixed": mixed,
        "clean": [text for text, found in zip(mixed, finds, strict=True) if not found],
        "with finds": [text for text, found in zip(mixed, finds, strict=True) if found],
    }
    literals = sorted(library.scanner.literals)
    bare = _bare_automaton(literals)
    figures: list[Figure] = []
    for name, texts in populations.items():
        figures += _figures(name, texts, library, bare)
    base = _over(bare, mixed)
    for what, find in (
        ("flashtext", _flashtext(literals)),
        ("one joined regex", _joined(literals)),
    ):
        few = mixed[:FEW]
        seconds = _over(find, few) * sum(map(len, mixed)) / sum(map(len, few))
        figures.append(Figure(f"{what}, mixed texts", seconds, "bare pyahocorasick", base))
    return [*figures, _growth(library)]


def _figures(
    name: str, texts: Sequence[str], library: RulePackLibrary, bare: Callable[[str], object]
) -> list[Figure]:
    """The check one by one, in batches, and stage by stage, on one population."""
    base = _over(bare, texts)
    against = f"bare pyahocorasick, {sum(map(len, texts)):,} characters"
    one = _over(lambda text: check_sentences(text, library, Bounds()), texts)
    together = _least_cpu(lambda: list(check_batch(texts, library, Bounds())), RUNS)
    figures = [
        Figure(f"terms and contexts, {len(texts):,} {name} texts", one, against, base),
        Figure(f"{name}, checked together", together, against, base),
    ]
    for stage, seconds in _stages(texts, library).items():
        figures.append(Figure(f"{name}, checked together: {stage}", seconds, against, base))
    return figures


def _stages(texts: Sequence[str], library: RulePackLibrary) -> dict[str, float]:
    """The processor seconds that each stage of a batch takes."""
    spent: defaultdict[str, float] = defaultdict(float)
    stages = {"scan": TextCheck.scan, "unmask": TextCheck.unmask, "match": TextCheck.match}
    for at in range(0, len(texts), TOGETHER):
        began = time.process_time()
        checks = [TextCheck(text, library, Bounds()) for text in texts[at : at + TOGETHER]]
        spent["split and fold"] += time.process_time() - began
        for stage, run in stages.items():
            began = time.process_time()
            for check in checks:
                run(check)
            spent[stage] += time.process_time() - began
    return spent


def _rows(folder: str) -> list[str]:
    """The texts of the training rows in a folder."""
    files = sorted((TRAINING / folder).glob("*.jsonl"))
    return [str(json.loads(line)["text"]) for f in files for line in f.open(encoding="utf-8")]


def _lines(folder: str) -> list[str]:
    """The short lines of the text files in the folders of a folder."""
    files = sorted(
        f for f in (TRAINING / folder).glob("*/*") if f.suffix in {".txt", ".md", ".csv", ".html"}
    )
    lines = [line.strip() for f in files for line in f.open(encoding="utf-8", errors="replace")]
    return [line for line in lines if len(line) in SHORT]


def _examples(library: RulePackLibrary) -> list[str]:
    return [
        text
        for rule in library.rules
        for text in (*rule.rule.examples.must_match, *rule.rule.examples.must_not_match)
    ]


def _draw(pool: Sequence[str]) -> list[str]:
    return random.Random(SEED).choices(pool, k=TEXTS)  # noqa: S311


def _violations(text: str, library: RulePackLibrary) -> list[Any]:
    checked = check_sentences(text, library, Bounds())
    return [match for item in checked for match in item.violations]


def _bare_automaton(literals: Sequence[str]) -> Callable[[str], object]:
    automaton = cast("Any", ahocorasick).Automaton()
    for number, literal in enumerate(literals):
        automaton.add_word(literal, number)
    automaton.make_automaton()
    return lambda text: list(automaton.iter(text))


def _flashtext(literals: Iterable[str]) -> Callable[[str], object]:
    from flashtext import KeywordProcessor  # pyright: ignore[reportUnknownVariableType]

    processor = cast("Any", KeywordProcessor)()
    for literal in literals:
        if literal.strip():
            processor.add_keyword(literal)
    return lambda text: processor.extract_keywords(text, span_info=True)


def _joined(literals: Iterable[str]) -> Callable[[str], object]:
    pattern = re.compile("|".join(map(re.escape, literals)))
    return lambda text: [match.span() for match in pattern.finditer(text)]


def _over(find: Callable[[str], object], texts: Sequence[str]) -> float:
    """Processor seconds of one run over `texts`."""

    def run() -> None:
        for text in texts:
            find(text)

    return _least_cpu(run, RUNS)


def _growth(library: RulePackLibrary) -> Figure:
    """The worst of the adversarial stretches against itself, eight times as long."""
    chars = 2_500
    worst: tuple[float, str, float, float] | None = None
    for unit in ADVERSARIAL:
        once, more = (_stretch(unit, n, library) for n in (chars, TIMES * chars))
        if worst is None or more / once > worst[0]:
            worst = (more / once, unit, more, once)
    if worst is None:
        raise ValueError("no adversarial stretch")
    return Figure(
        f"{TIMES * chars:,} characters of `{worst[1]}`, the worst adversarial text",
        worst[2],
        f"{chars:,} characters of it",
        worst[3],
    )


def _stretch(unit: str, chars: int, library: RulePackLibrary) -> float:
    """Processor seconds of a check of as many whole units as fit into `chars`."""
    text = unit * (chars // len(unit))
    return _least_cpu(lambda: _violations(text, library), MORE_RUNS)


def _least_cpu(work: Callable[[], object], runs: int) -> float:
    """Processor seconds of the quickest of some runs."""
    times: list[float] = []
    for _ in range(runs):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)
