"""Terms and contexts of the compliance check against plain keyword finders, on the same literals.

10,000 short texts, drawn with a fixed seed from the training rows for purification and the rules'
own examples. The keyword finders only look literals up in the raw text; the check folds disguises
away, tries expressions and contexts, and reads disguised sentences twice.
"""

import json
import random
import re
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import ahocorasick

from bench.figure import Figure, median_seconds
from tools.compliance import Bounds, RulePackLibrary, check_sentences, fold_text

TEXTS = 10_000
SEED = 20_260_101
RUNS = 3
MORE_RUNS = 5
FEW = 500
"""Texts for the finders that are too slow for all of them; their time is scaled up."""
TIMES = 8
ROWS = Path(__file__).resolve().parent.parent / "training" / "purification"
ADVERSARIAL = ("最", "1", "cures a ", "a.b ", "最好最", "a最", "c*r", "zui ", "0.1", "微 ", "💰最")


def measure() -> list[Figure]:
    """Times of one run over all texts, apart for clean texts and for texts with finds, and growth.

    The last figures take the adversarial stretch whose time grows the most with its length.
    """
    library = RulePackLibrary.shipped()
    texts = _texts(library)
    finds = [bool(_violations(text, library)) for text in texts]
    clean = [text for text, found in zip(texts, finds, strict=True) if not found]
    with_finds = [text for text, found in zip(texts, finds, strict=True) if found]
    literals = sorted(library.scanner.literals)
    bare = _bare_automaton(literals)
    figures: list[Figure] = []
    for name, some in (("mixed", texts), ("clean", clean), ("with finds", with_finds)):
        base = _seconds(bare, some)
        chars = sum(map(len, some))
        against = f"bare pyahocorasick, {len(literals):,} literals, {chars:,} characters"
        figures += [
            Figure(f"fold and scan, {len(some):,} {name} texts", seconds, against, base)
            for seconds in [_seconds(lambda text: _scan(text, library), some)]
        ]
        seconds = _seconds(lambda text: _violations(text, library), some)
        figures.append(
            Figure(f"terms and contexts, {len(some):,} {name} texts", seconds, against, base)
        )
    base = _seconds(bare, texts)
    for what, find in (
        ("flashtext", _flashtext(literals)),
        ("one joined regex", _joined(literals)),
    ):
        few = texts[:FEW]
        seconds = _seconds(find, few) * sum(map(len, texts)) / sum(map(len, few))
        figures.append(Figure(f"{what}, mixed texts", seconds, "bare pyahocorasick", base))
    return [*figures, _growth(library)]


def _texts(library: RulePackLibrary) -> list[str]:
    lines = [line for f in sorted(ROWS.glob("*.jsonl")) for line in f.open(encoding="utf-8")]
    pool = [str(json.loads(line)["text"]) for line in lines]
    for rule in library.rules:
        pool += [*rule.rule.examples.must_match, *rule.rule.examples.must_not_match]
    return random.Random(SEED).choices(pool, k=TEXTS)  # noqa: S311


def _violations(text: str, library: RulePackLibrary) -> list[Any]:
    checked = check_sentences(text, library, Bounds())
    return [match for item in checked for match in item.violations]


def _scan(text: str, library: RulePackLibrary) -> object:
    return library.scanner.scan(fold_text(text).text)


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


def _seconds(find: Callable[[str], object], texts: Sequence[str]) -> float:
    def run() -> None:
        for text in texts:
            find(text)

    return median_seconds(run, RUNS)


def _growth(library: RulePackLibrary) -> Figure:
    """The worst of the adversarial stretches against itself, eight times as long."""
    chars = 2_500
    worst: tuple[float, str, float, float] | None = None
    for unit in ADVERSARIAL:
        once, more = (_least_cpu((unit * n)[:n], library) for n in (chars, TIMES * chars))
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


def _least_cpu(text: str, library: RulePackLibrary) -> float:
    """Processor seconds of the quickest of some checks: others on the machine do not count."""
    times: list[float] = []
    for _ in range(MORE_RUNS):
        began = time.process_time()
        _violations(text, library)
        times.append(time.process_time() - began)
    return min(times)
