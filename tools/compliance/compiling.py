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

from tools.compliance.rarity import Factor, Placed

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

    `patterns` are the alternatives of each rule's expressions, `asides` those of its other fields
    and of contexts; `factors` has, for each alternative, strings of which a match contains one of
    each set, the rarest first; `words` counts the wordings of `patterns` by the alternatives that
    are made of them.
    """

    patterns: Mapping[str, Sequence[str]]
    asides: Mapping[str, Sequence[str]]
    factors: Mapping[str, Sequence[Placed]]
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
    """The outcome as JSON data; factors that many alternatives need are written once."""
    numbers: dict[Factor, int] = {}
    needed = {
        source: [(numbers.setdefault(f.strings, len(numbers)), f.least, f.most) for f in factors]
        for source, factors in outcome.factors.items()
    }
    return {
        "patterns": dict(outcome.patterns),
        "asides": dict(outcome.asides),
        "factors": [sorted(factor) for factor in numbers],
        "needed": needed,
        "words": dict(outcome.words),
    }


def _read(data: dict[str, Any]) -> Outcome:
    factors: list[Factor] = [frozenset(map(str, factor)) for factor in data["factors"]]
    needed: dict[str, list[tuple[int, int, int]]] = data["needed"]
    return Outcome(
        patterns=data["patterns"],
        asides=data["asides"],
        factors={
            source: [Placed(factors[number], *place) for number, *place in own]
            for source, own in needed.items()
        },
        words=Counter(data["words"]),
    )
