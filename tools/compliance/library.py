"""Loading rule packs: read the files, validate them, compile every expression once."""

import copy
import re
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from domain.compliance import Jurisdiction
from tools.compliance.compiling import remember
from tools.compliance.expressions import (
    Shared,
    compile_expression,
    expand_vocabulary,
)
from tools.compliance.packs import (
    CategoryName,
    Context,
    Rule,
    RulePack,
    RulePackInvalid,
    Vocabulary,
)
from tools.compliance.scanning import Scan, TermScanner
from tools.compliance.skeleton import Skeleton, fold_text
from tools.compliance.unmasking import Unmasker
from tools.compliance.working_out import work_out
from tools.compliance.yaml_files import load_yaml

_HERE = Path(__file__).parent
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class CompiledContext:
    """A context's expressions, by their numbers among the asides.

    `numbers` are all those of which one is found where it holds.
    """

    before: frozenset[int]
    after: frozenset[int]
    anywhere: frozenset[int]
    all_of: tuple[frozenset[int], ...]
    unless: frozenset[int]
    scope: str
    numbers: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class CompiledRule:
    """A rule, ready to match.

    `patterns` are the alternatives of its terms and expressions; `disguised`, which count only
    where the wording was disguised, their numbers, and `exclusions` numbers among the asides. All
    are in order.
    """

    rule: Rule
    jurisdiction: Jurisdiction
    patterns: tuple[str, ...]
    disguised: Sequence[int]
    exclusions: Sequence[int]
    replacements: tuple[tuple[re.Pattern[str], str], ...]


SentenceJudge = Callable[
    [Skeleton, Sequence[Jurisdiction], str | None], Sequence[tuple[CompiledRule, int, int]]
]
"""A further layer: asked of each sentence by its skeleton (disguises undone), under these
jurisdictions and for goods of this category; gives rules and the skeleton spans they object to."""


class RulePackLibrary:
    """The rule packs of a folder, with the vocabulary that they share.

    `judge` is asked of every sentence besides the rules.

    Raises:
        RulePackInvalid: a file breaks the format, two rules share an id, an expression cannot be
            compiled or could run away; the message names file and rule.
    """

    def __init__(
        self,
        root: Path | None = None,
        *,
        vocabulary: Path | None = None,
        judge: SentenceJudge | None = None,
    ) -> None:
        common = _load(vocabulary or _HERE / "vocabulary.yaml", Vocabulary)
        folder = root or _HERE / "packs"
        files = sorted(folder.glob("*.yaml"))
        if not files:
            raise RulePackInvalid(
                f"{folder} holds no rule pack", hint="put at least one .yaml rule pack there"
            )
        self.packs: tuple[RulePack, ...] = tuple(_load(file, RulePack) for file in files)
        _refuse_twins(self.packs)
        shared = expand_vocabulary(common)
        told = (
            work_out(self.packs, common, shared)
            if root or vocabulary
            else remember(
                [_HERE / "vocabulary.yaml", *files], lambda: work_out(self.packs, common, shared)
            )
        )
        self.unmasker = Unmasker(told.words)
        self.scanner = TermScanner(told.factors, told.patterns, self.unmasker.literals)
        self.asides = TermScanner(told.factors, told.asides)
        self.contexts = {
            name: _compile_context(f"context {name}", context, self.asides)
            for name, context in common.contexts.items()
        }
        self._everywhere = common.legal_everywhere
        self._rules = tuple(
            self._compile(pack, rule, shared) for pack in self.packs for rule in pack.rules
        )
        self._owners: list[list[tuple[CompiledRule, int]]] = [[] for _ in self.sources]
        for rule in self._rules:
            for order, number in enumerate(dict.fromkeys(self.scanner.numbers[rule.rule.id])):
                self._owners[number].append((rule, order))
        self._under = [{rule.jurisdiction for rule, _ in own} for own in self._owners]
        self._wary = tuple(rule for rule in self._rules if rule.disguised)
        self._disguised = frozenset(n for rule in self._wary for n in rule.disguised)
        self.judge = judge
        self._categories: dict[CategoryName, frozenset[int]] = {
            name: frozenset(self.asides.numbers[f"category {name}"]) for name in common.categories
        }

    @classmethod
    def shipped(cls, *, judge: SentenceJudge | None = None) -> "RulePackLibrary":
        """The rule packs that ship with the application, compiled once in a process.

        Compiled they take some 200 MiB.
        """
        library = copy.copy(_load_shipped())
        library.judge = judge
        return library

    def without_judge(self) -> "RulePackLibrary":
        """The same rules, asking no further layer."""
        plain = copy.copy(self)
        plain.judge = None
        return plain

    @property
    def rules(self) -> tuple[CompiledRule, ...]:
        """All rules of all packs."""
        return self._rules

    @property
    def sources(self) -> Sequence[str]:
        """The alternatives of the expressions for plain and for disguised wording, by number."""
        return self.scanner.sources

    def find(
        self, scan: Scan, jurisdictions: Collection[Jurisdiction]
    ) -> dict[CompiledRule, list[int]]:
        """The rules of these jurisdictions that find something, with the expressions that do."""
        found: dict[CompiledRule, list[tuple[int, int]]] = {}
        for number in scan.patterns:
            if self._under[number].isdisjoint(jurisdictions) or scan.first(number) is None:
                continue
            for rule, order in self._owners[number]:
                if rule.jurisdiction in jurisdictions:
                    found.setdefault(rule, []).append((order, number))
        return {rule: [number for _, number in sorted(own)] for rule, own in found.items()}

    def wary_in(self, scan: Scan) -> list[CompiledRule]:
        """The rules of which an expression for disguised wording can match."""
        seen = self._disguised & scan.patterns
        return [rule for rule in self._wary if not seen.isdisjoint(rule.disguised)] if seen else []

    def names(self, jurisdictions: Collection[Jurisdiction]) -> list[str]:
        """`id@version` of the packs of these jurisdictions."""
        return [pack.ref for pack in self.packs if pack.jurisdiction in jurisdictions]

    def category_of(self, words: str) -> CategoryName | None:
        """The product category that free text names, None where it names none."""
        return next(iter(self.categories_in(self.asides.scan(fold_text(words).text))), None)

    def categories_in(self, asides: Scan) -> list[CategoryName]:
        """Every product category whose words stand in a text, by its scan for asides."""
        return [name for name, numbers in self._categories.items() if asides.holds(numbers)]

    def _compile(self, pack: RulePack, rule: Rule, shared: Shared) -> CompiledRule:
        rule = rule.model_copy(update={"legal_when": [*rule.legal_when, *self._everywhere]})
        for name in rule.legal_when:
            if name not in self.contexts:
                raise RulePackInvalid(
                    f"{rule.id} is legal in the context {name!r}, which the vocabulary lacks",
                    hint="add it under `contexts` or correct the name",
                )
        return CompiledRule(
            rule=rule,
            jurisdiction=pack.jurisdiction,
            patterns=tuple(self.sources[number] for number in self.scanner.numbers[rule.id]),
            disguised=self.scanner.numbers[f"{rule.id} disguised"],
            exclusions=self.asides.numbers[f"{rule.id} exclusions"],
            replacements=tuple(
                (compile_expression(r.match, shared, owner=rule.id), r.to)
                for r in rule.replacements
            ),
        )


_loading = threading.Lock()


@cache
def _compile_shipped() -> RulePackLibrary:
    return RulePackLibrary()


def _load_shipped() -> RulePackLibrary:
    with _loading:  # two threads would compile twice
        return _compile_shipped()


def _refuse_twins(packs: Iterable[RulePack]) -> None:
    twice = [n for n, count in Counter(r.id for p in packs for r in p.rules).items() if count > 1]
    if twice:
        raise RulePackInvalid(
            f"more than one rule is called {', '.join(sorted(twice))}",
            hint="give every rule an id of its own",
        )


def _compile_context(owner: str, context: Context, asides: TermScanner) -> CompiledContext:
    def numbers(field: str) -> frozenset[int]:
        return frozenset(asides.numbers[f"{owner} {field}"])

    before, after, anywhere = numbers("before"), numbers("after"), numbers("anywhere")
    all_of = tuple(numbers(f"all {place}") for place in range(len(context.all_of)))
    return CompiledContext(
        before=before,
        after=after,
        anywhere=anywhere,
        all_of=all_of,
        unless=numbers("unless"),
        scope=context.scope,
        numbers=before.union(after, anywhere, *all_of),
    )


def _load(file: Path, shape: type[_Model]) -> _Model:
    try:
        return shape.model_validate(load_yaml(file))
    except (yaml.YAMLError, ValidationError) as error:
        raise RulePackInvalid(
            f"{file.name} is not a valid rule file: {error}", hint="mend the lines it names"
        ) from error
