"""Prohibited claims: does the check object to what violates, and to nothing else?"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from domain.settings import Settings
from evals.report import EvalReport, Miss, share
from evals.rows import ComplianceRow, PurificationRow, read_rows
from live.demo import read_script
from live.demo.composing import EXAMPLE
from models.embeddings import EmbeddedE5
from models.text_classifier import load_classifier
from tools.compliance import MeaningJudge, RulePackLibrary, check_text

_VIOLATING = ("explicit", "implicit", "evasive")
_SAFE = ("trap", "plain")


def measure(settings: Settings) -> list[EvalReport]:
    """The sentences of three kinds that violate and of two that do not, and the older rows."""
    embedder = EmbeddedE5(threads=settings.threads.embedding)
    judge = MeaningJudge(lambda: load_classifier("purification", embedder))
    library = RulePackLibrary.shipped(judge=judge)
    rows = [
        *read_rows("purification/en", PurificationRow),
        *read_rows("purification/zh", PurificationRow),
    ]
    return [_by_kind(rows, library), _older(library), _show(library)]


def _by_kind(rows: Sequence[PurificationRow], library: RulePackLibrary) -> EvalReport:
    called: dict[str, bool] = {}
    layers: Counter[str] = Counter()
    cleared: list[bool] = []
    misses: list[Miss] = []
    for row in rows:
        violating, rules, rewrite = _check(row.text, row.jurisdiction, row.category, library)
        called[row.id] = violating
        if violating and row.span is not None:
            cleared.append(row.span not in rewrite)
        if violating:
            implied = all(rule.endswith("meaning.implied") for rule in rules)
            layers["meaning alone" if implied else "rules"] += 1
        if violating != row.violating:
            about = {"kind": row.kind, "lang": row.lang, "type": row.type}
            about["jurisdiction"] = row.jurisdiction or "all"
            misses.append(Miss(row.id, row.kind, ", ".join(rules) or "no finding", about))

    def shares(group: Iterable[PurificationRow]) -> dict[str, float]:
        kinds: defaultdict[str, list[bool]] = defaultdict(list)
        for row in group:
            kinds[row.kind].append(called[row.id])
        return {kind: share(sum(found), len(found)) for kind, found in sorted(kinds.items())}

    overall = shares(rows)
    return EvalReport(
        job="prohibited claims",
        data="committed, en + zh, written blind",
        rows=len(rows),
        measures={
            **{f"recall {kind}": overall[kind] for kind in _VIOLATING},
            **{f"flagged {kind}": overall[kind] for kind in _SAFE},
            "rewrites without the words that violate": share(sum(cleared), len(cleared)),
        },
        details={
            "by language": {
                lang: shares(r for r in rows if r.lang == lang) for lang in ("en", "zh")
            },
            "by jurisdiction": {
                name: shares(r for r in rows if (r.jurisdiction or "all") == name)
                for name in ("CN", "US", "EU", "platform", "all")
            },
            "found by": dict(layers),
        },
        misses=tuple(misses),
    )


def _older(library: RulePackLibrary) -> EvalReport:
    """Precision, recall and F1 on the first rows, as they were measured from the start."""
    rows = read_rows("compliance", ComplianceRow)
    right = found = called = 0
    misses: list[Miss] = []
    for row in rows:
        violating, rules, _ = _check(row.text, row.jurisdiction, row.category, library)
        right += violating == row.violating
        called += violating
        found += violating and row.violating
        if violating != row.violating:
            wanted = "violating" if row.violating else "safe"
            misses.append(Miss(row.id, wanted, ", ".join(rules) or "no finding"))
    return EvalReport(
        job="prohibited claims, first rows",
        data="committed, en + zh",
        rows=len(rows),
        measures={
            "F1": share(2 * found, called + sum(row.violating for row in rows)),
            "precision": share(found, called),
            "recall": share(found, sum(row.violating for row in rows)),
            "accuracy": share(right, len(rows)),
        },
        misses=tuple(misses),
    )


def _show(library: RulePackLibrary) -> EvalReport:
    """Everything that the hosts of the demo broadcast say, of which its script marks the boasts."""
    lines = [
        line
        for block in read_script(EXAMPLE).blocks.values()
        for segment in block.segments
        for line in segment.lines
    ]
    found = false = 0
    misses: list[Miss] = []
    for number, line in enumerate(lines):
        violating, rules, _ = _check(line.say, None, "", library)
        found += violating and line.claim is not None
        false += violating and line.claim is None
        if violating != (line.claim is not None):
            wanted = "violating" if line.claim is not None else "safe"
            misses.append(Miss(line.id or str(number), wanted, ", ".join(rules) or "no finding"))
    claims = sum(line.claim is not None for line in lines)
    return EvalReport(
        job="prohibited claims, a whole show",
        data="the demo broadcast's script",
        rows=len(lines),
        measures={
            "recall": share(found, claims),
            "precision": share(found, found + false),
            "flagged lawful lines": share(false, len(lines) - claims),
        },
        misses=tuple(misses),
    )


def _check(
    text: str, jurisdiction: str | None, category: str, library: RulePackLibrary
) -> tuple[bool, list[str], str]:
    """Whether `text` violates, by which rules, and its rewrite."""
    scope = [jurisdiction] if jurisdiction else None
    report = check_text(text, library, jurisdictions=scope, category=category)
    rules = [finding.rule for finding in report.findings if finding.severity == "violation"]
    return report.violating, list(dict.fromkeys(rules)), report.rewrite
