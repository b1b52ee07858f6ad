"""Promises, contradictions and claims in what hosts say: scenarios, and the demo broadcast.

A promise is found when its line is read as one of its kind; a found one is false when the ledger
opens a promise of a kind that the line does not make. So one that is merely said again is neither.
"""

from collections import Counter
from collections.abc import Sequence

from domain.quantities import Quantity, find_quantities, same_quantity
from evals import promises_on_air
from evals.options import Options
from evals.promise_rows import (
    Resolves,
    SaidPromise,
    Scenario,
    ScenarioLine,
    read_scenarios,
    scenario_folder,
)
from evals.report import EvalReport, Miss, share
from evals.segmentation import f1
from tools.contradictions import SpeechCheck
from tools.promises import Ledger, Promised, find_promises
from tools.questions.reading import content_words, covered
from tools.spoken import normalise_spoken

_HEARD_MS = 4000
"""A line is taken to last so long, or until the next one begins."""
_SAME_WORDS = 0.5


def measure(options: Options) -> list[EvalReport]:
    """The scenarios, where there are such, and the demo's script."""
    folder = scenario_folder()
    scenarios = read_scenarios(folder) if folder.is_dir() else []
    data = "scenarios of host speech"
    if not scenarios:
        missing = EvalReport("promises", data, missing=f"no scenarios in {folder.name}/")
        return [missing, *promises_on_air.measure(options.settings)]
    return [*_score(scenarios, data), *promises_on_air.measure(options.settings)]


def _score(scenarios: Sequence[Scenario], data: str) -> list[EvalReport]:
    counts: Counter[str] = Counter()
    misses: list[Miss] = []
    for scenario in scenarios:
        _run(scenario, counts, misses)
    lines = sum(len(scenario.lines) for scenario in scenarios)
    found, false, missed = counts["found"], counts["false"], counts["missed"]
    promises = {
        "F1": round(f1(found, found + false, found + missed), 3),
        "precision": share(found, found + false),
        "recall": share(found, found + missed),
        "value right": share(counts["value"], found),
        "condition told": share(counts["condition"], counts["conditions"]),
    }
    said = counts["contradiction"], counts["contradictions told"], counts["contradictions"]
    otherwise = {
        "precision": share(said[0], said[1]),
        "recall": share(said[0], said[2]),
        "record or earlier right": share(counts["what"], said[0]),
    }
    right, told, wanted = counts["resolved"], counts["resolves told"], counts["resolves"]
    outcomes = {"precision": share(right, told), "recall": share(right, wanted)}
    by_kind = {
        kind: {name: counts[f"{name} {kind}"] for name in ("found", "false", "missed")}
        for kind in sorted({key.split(" ", 1)[1] for key in counts if key.startswith("found ")})
    }
    return [
        EvalReport(
            "promises",
            data,
            lines,
            dict(promises),
            details={"kinds": by_kind},
            misses=tuple(m for m in misses if m.about["job"] == "promise"),
        ),
        EvalReport(
            "contradictions",
            data,
            said[2],
            dict(otherwise),
            misses=tuple(m for m in misses if m.about["job"] == "contradiction"),
        ),
        EvalReport(
            "promises kept and taken back",
            data,
            wanted,
            dict(outcomes),
            misses=tuple(m for m in misses if m.about["job"] == "outcome"),
        ),
    ]


def _run(scenario: Scenario, counts: Counter[str], misses: list[Miss]) -> None:
    records = {product.product_id: product.record for product in scenario.products}
    ledger, check = Ledger(), SpeechCheck(records)
    made_in: dict[str, set[int]] = {}
    for line in scenario.lines:
        at_ms = _end_ms(scenario, line)
        record = records.get(line.product_id or "")
        currency = record.currency if record else None
        promised = find_promises(line.text, at_ms, currency=currency)
        heard = check.hear(line.n, line.text, line.product_id)
        ledger.advance(at_ms)
        changes = ledger.hear(line.n, line.text, at_ms, line.product_id, currency=currency)
        for change in changes:
            if change.state == "open":
                made_in.setdefault(change.promise_id, set()).add(line.n)
        opened = {change.promise for change in changes if change.state == "open"}
        _score_promises(scenario, line, promised, opened, counts, misses)
        _score_contradiction(scenario, line, [c.what for c in heard.contradictions], counts, misses)
        told = [
            Resolves(line=number, how=change.state)
            for change in changes
            if change.state in ("kept", "withdrawn")
            for number in made_in.get(change.promise_id, ())
            if number != line.n
        ]
        _score_outcome(scenario, line, told, counts, misses)


def _end_ms(scenario: Scenario, line: ScenarioLine) -> int:
    start_ms = round(line.t * 1000)
    later = (round(other.t * 1000) for other in scenario.lines if other.t > line.t)
    return min(start_ms + _HEARD_MS, min(later, default=start_ms + _HEARD_MS))


def _score_promises(
    scenario: Scenario,
    line: ScenarioLine,
    promised: Sequence[Promised],
    opened: set[str],
    counts: Counter[str],
    misses: list[Miss],
) -> None:
    wanted = {promise.kind for promise in line.promises}
    found = {one.kind for one in promised} & wanted
    for kind, name in (
        *((kind, "found") for kind in found),
        *((kind, "false") for kind in opened - wanted),
        *((kind, "missed") for kind in wanted - found),
    ):
        counts[name] += 1
        counts[f"{name} {kind}"] += 1
    for kind in found:
        gold = [promise for promise in line.promises if promise.kind == kind]
        got = [one for one in promised if one.kind == kind]
        right = any(_same_value(promise, one) for promise in gold for one in got)
        counts["value"] += right
        conditional = any(promise.condition for promise in gold)
        counts["conditions"] += conditional
        counts["condition"] += conditional and any(one.condition for one in got)
        if not right:
            wrong = "; ".join(one.value for one in got)
            misses.append(_miss(scenario, line, "promise", gold[0].value, wrong))
    if opened - wanted or wanted - found:
        misses.append(
            _miss(scenario, line, "promise", ", ".join(sorted(wanted)), ", ".join(sorted(opened)))
        )


def _score_contradiction(
    scenario: Scenario,
    line: ScenarioLine,
    told: Sequence[str],
    counts: Counter[str],
    misses: list[Miss],
) -> None:
    wanted = line.contradicts
    counts["contradictions"] += wanted is not None
    counts["contradictions told"] += bool(told)
    counts["contradiction"] += bool(told) and wanted is not None
    counts["what"] += wanted is not None and wanted.what in told
    if bool(told) != (wanted is not None):
        expected = wanted.what if wanted else "nothing"
        misses.append(_miss(scenario, line, "contradiction", expected, ", ".join(told)))


def _score_outcome(
    scenario: Scenario,
    line: ScenarioLine,
    told: Sequence[Resolves],
    counts: Counter[str],
    misses: list[Miss],
) -> None:
    wanted = line.resolves
    right = wanted is not None and wanted in told
    counts["resolves"] += wanted is not None
    counts["resolves told"] += bool(told)
    counts["resolved"] += right
    if right != (wanted is not None) or bool(told) != (wanted is not None):
        expected = f"{wanted.line} {wanted.how}" if wanted else "nothing"
        got = ", ".join(f"{one.line} {one.how}" for one in told)
        misses.append(_miss(scenario, line, "outcome", expected, got))


def _same_value(gold: SaidPromise, got: Promised) -> bool:
    """The same amounts, as far as the gold has such; else half of the gold's words."""
    said = f"{got.value} {got.condition or ''} {got.quote}"
    wanted = find_quantities(normalise_spoken(gold.value).lower())
    if wanted:
        own = find_quantities(normalise_spoken(f"{got.value} {got.condition or ''}").lower())
        return all(any(_same(a, b) for b in own) for a in wanted)
    return covered(content_words(gold.value), said) >= _SAME_WORDS


def _same(a: Quantity, b: Quantity) -> bool:
    return same_quantity(a, b) or (None in (a.dimension, b.dimension) and a.value == b.value)


def _miss(scenario: Scenario, line: ScenarioLine, job: str, wanted: str, got: str) -> Miss:
    where = f"{scenario.scenario}:{line.n}"
    return Miss(where, f"{wanted} in: {line.text}", got or "nothing", {"job": job})
