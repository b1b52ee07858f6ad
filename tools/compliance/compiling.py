"""What the expressions of rule packs come to, worked out once for each state of the files.

Taking thousands of expressions apart takes seconds, so the outcome is kept in `.build/rules` under
the hash of all that it depends on: the rule files, the code that reads them, and Python's version.
"""

import hashlib
import json
import os
import platform
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.compliance.rarity import Factor

_HERE = Path(__file__).parent
_CACHE = _HERE.parents[1] / ".build" / "rules"
_OLD_SECONDS = 7 * 24 * 3600
_CODE = (
    "alternatives", "automaton", "compiling", "expressions", "han", "literals", "lookalikes",
    "rarity", "skeleton", "working_out",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """The alternatives of all expressions, what each alternative needs, and the rules' words.

    `patterns` are the alternatives of each rule's expressions, for plain and for disguised wording,
    `asides` those of its exclusions, of contexts and categories; `factors` has, for each
    alternative, strings of which a match contains one of each set, the rarest first; `words` counts
    the wordings of the plain `patterns` by the alternatives that are made of them.
    """

    patterns: Mapping[str, Sequence[str]]
    asides: Mapping[str, Sequence[str]]
    factors: Mapping[str, Sequence[Factor]]
    words: Mapping[str, int]


def remember(files: Iterable[Path], work_out: Callable[[], Outcome]) -> Outcome:
    """What `work_out` gives for these rule files, from the cache where it was worked out before.

    A cache that cannot be written or read costs time and nothing else.
    """
    key = _key(files)
    path = _CACHE / f"{key}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        return _read(json.loads(path.read_text("utf-8")))
    outcome = work_out()
    with suppress(OSError):
        _CACHE.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.part")
        partial.write_text(json.dumps(_written(outcome), ensure_ascii=False), "utf-8")
        partial.replace(path)
        for old in _CACHE.glob("*.json"):
            if old != path and old.stat().st_mtime < path.stat().st_mtime - _OLD_SECONDS:
                old.unlink()
    return outcome


def _key(files: Iterable[Path]) -> str:
    digest = hashlib.sha256(platform.python_version().encode())
    for path in (*files, *(_HERE / f"{name}.py" for name in _CODE)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:24]


def _written(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON data; expressions and factors are written once, else by their numbers."""
    sources = {source: number for number, source in enumerate(outcome.factors)}
    factors: dict[Factor, int] = {}
    return {
        "sources": list(sources),
        "patterns": _numbered(outcome.patterns, sources),
        "asides": _numbered(outcome.asides, sources),
        "needed": [
            [factors.setdefault(factor, len(factors)) for factor in own]
            for own in outcome.factors.values()
        ],
        "factors": [sorted(factor) for factor in factors],
        "words": dict(outcome.words),
    }


def _numbered(
    named: Mapping[str, Sequence[str]], numbers: Mapping[str, int]
) -> dict[str, list[int]]:
    return {name: [numbers[source] for source in own] for name, own in named.items()}


def _read(data: dict[str, Any]) -> Outcome:
    sources: list[str] = data["sources"]
    factors: list[Factor] = [frozenset(map(str, factor)) for factor in data["factors"]]
    needed: list[list[int]] = data["needed"]

    def named(field: str) -> dict[str, list[str]]:
        numbers: dict[str, list[int]] = data[field]
        return {name: [sources[n] for n in own] for name, own in numbers.items()}

    return Outcome(
        patterns=named("patterns"),
        asides=named("asides"),
        factors={
            source: [factors[n] for n in own] for source, own in zip(sources, needed, strict=True)
        },
        words=Counter(data["words"]),
    )
