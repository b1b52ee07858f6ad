"""Loading rule packs: read the files, validate them, compile every expression once."""

import copy
import re
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from domain.compliance import JURISDICTIONS, Jurisdiction
from domain.errors import InvalidInput
from tools.compliance.compiling import Outcome, remember
from tools.compliance.expressions import (
    Shared,
    compile_expression,
    compile_expressions,
    compile_terms,
    compiled,
    expand_vocabulary,
    split_expression,
)
from tools.compliance.packs import CategoryName, Rule, RulePack, RulePackInvalid, Vocabulary
from tools.compliance.scanning import TermScanner
from tools.compliance.skeleton import Skeleton, fold_text
from tools.compliance.unmasking import Unmasker
from tools.compliance.yaml_files import load_yaml

_HERE = Path(__file__).parent
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class CompiledContext:
    """A context's expressions, ready to match."""

    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    anywhere: re.Pattern[str] | None
    all_of: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None
    scope: str


@dataclass(frozen=True, slots=True, eq=False)
class CompiledRule:
    """A rule, ready to match.

    `patterns` are the alternatives of its terms and expressions, in order. `disguised` counts only
    where the wording was disguised.
    """

    rule: Rule
    jurisdiction: Jurisdiction
    patterns: tuple[str, ...]
    disguised: re.Pattern[str] | None
    exclusions: re.Pattern[str] | None
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
        self.contexts = _compile_contexts(common, shared)
        self._everywhere = common.legal_everywhere
        told = (
            _work_out(self.packs, shared)
            if root or vocabulary
            else remember(
                [_HERE / "vocabulary.yaml", *files], lambda: _work_out(self.packs, shared)
            )
        )
        rules = [
            self._compile(pack, rule, shared, told.alternatives[rule.id])
            for pack in self.packs
            for rule in pack.rules
        ]
        self._rules = tuple(rules)
        self._owners: dict[str, list[tuple[CompiledRule, int]]] = {}
        for rule in rules:
            for order, source in enumerate(dict.fromkeys(rule.patterns)):
                self._owners.setdefault(source, []).append((rule, order))
        self.sources = tuple(self._owners)
        self.wary = tuple(r for r in rules if r.disguised is not None)
        self.judge = judge
        self.unmasker = Unmasker(told.words)
        self.scanner = TermScanner(
            [told.factors[source] for source in self.sources], self.unmasker.literals
        )
        self._categories: dict[CategoryName, re.Pattern[str]] = {
            name: _must(compile_expressions(expressions, shared, owner=f"category {name}"))
            for name, expressions in common.categories.items()
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

    def find(
        self, skeleton: str, numbers: Iterable[int], jurisdictions: Collection[Jurisdiction]
    ) -> dict[CompiledRule, list[re.Pattern[str]]]:
        """The rules of these jurisdictions that find something, with the patterns that do.

        Only the patterns are tried that `numbers`, from the scanner, says are possible.
        """
        found: dict[CompiledRule, dict[int, re.Pattern[str]]] = {}
        for number in numbers:
            source = self.sources[number]
            pattern = compiled(source)
            if pattern.search(skeleton) is None:
                continue
            for rule, order in self._owners[source]:
                if rule.jurisdiction in jurisdictions:
                    found.setdefault(rule, {})[order] = pattern
        return {rule: [by[order] for order in sorted(by)] for rule, by in found.items()}

    def names(self, jurisdictions: Collection[Jurisdiction]) -> list[str]:
        """`id@version` of the packs of these jurisdictions."""
        return [pack.ref for pack in self.packs if pack.jurisdiction in jurisdictions]

    def category_of(self, words: str) -> CategoryName | None:
        """The product category that free text names, None where it names none."""
        return next(iter(self.categories_in(fold_text(words).text)), None)

    def categories_in(self, skeleton: str) -> list[CategoryName]:
        """Every product category whose words stand in a folded text."""
        return [name for name, pattern in self._categories.items() if pattern.search(skeleton)]

    def _compile(
        self, pack: RulePack, rule: Rule, shared: Shared, alternatives: Sequence[str]
    ) -> CompiledRule:
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
            patterns=tuple(alternatives),
            disguised=compile_expressions(rule.disguised, shared, owner=rule.id),
            exclusions=compile_expressions(rule.exclusions, shared, owner=rule.id),
            replacements=tuple(
                (compile_expression(r.match, shared, owner=rule.id), r.to)
                for r in rule.replacements
            ),
        )


def parse_jurisdictions(values: Sequence[str] | None) -> tuple[Jurisdiction, ...]:
    """The jurisdictions that `values` name, letter case aside; all of them for None or nothing.

    Raises:
        InvalidInput: a value is none of CN, US, EU, platform.
    """
    if not values:
        return JURISDICTIONS
    known = {name.lower(): name for name in JURISDICTIONS}
    for value in values:
        if value.strip().lower() not in known:
            raise InvalidInput(
                f"no rule pack covers the jurisdiction {value!r}",
                hint=f"use one or more of {', '.join(JURISDICTIONS)}",
            )
    wanted = {known[value.strip().lower()] for value in values}
    return tuple(name for name in JURISDICTIONS if name in wanted)


_loading = threading.Lock()


@cache
def _compile_shipped() -> RulePackLibrary:
    return RulePackLibrary()


def _load_shipped() -> RulePackLibrary:
    with _loading:  # two threads would compile twice
        return _compile_shipped()


def _work_out(packs: Iterable[RulePack], shared: Shared) -> Outcome:
    alternatives = {
        rule.id: [
            alternative
            for expression in [*compile_terms(rule.terms), *rule.patterns]
            for alternative in split_expression(expression, shared, owner=rule.id)
        ]
        for pack in packs
        for rule in pack.rules
    }
    sources = dict.fromkeys(source for own in alternatives.values() for source in own)
    known = {source: shared.analyse(source) for source in sources}
    return Outcome(
        alternatives=alternatives,
        factors={source: analysis.factors for source, analysis in known.items()},
        words=Counter(word for analysis in known.values() for word in analysis.wordings),
    )


def _refuse_twins(packs: Iterable[RulePack]) -> None:
    twice = [n for n, count in Counter(r.id for p in packs for r in p.rules).items() if count > 1]
    if twice:
        raise RulePackInvalid(
            f"more than one rule is called {', '.join(sorted(twice))}",
            hint="give every rule an id of its own",
        )


def _compile_contexts(common: Vocabulary, shared: Mapping[str, str]) -> dict[str, CompiledContext]:
    return {
        name: CompiledContext(
            before=compile_expressions(
                [f"(?:{e})$" for e in context.before], shared, owner=f"context {name}"
            ),
            after=compile_expressions(context.after, shared, owner=f"context {name}"),
            anywhere=compile_expressions(context.anywhere, shared, owner=f"context {name}"),
            all_of=tuple(
                compile_expression(e, shared, owner=f"context {name}") for e in context.all_of
            ),
            unless=compile_expressions(context.unless, shared, owner=f"context {name}"),
            scope=context.scope,
        )
        for name, context in common.contexts.items()
    }


def _load(file: Path, shape: type[_Model]) -> _Model:
    try:
        return shape.model_validate(load_yaml(file))
    except (yaml.YAMLError, ValidationError) as error:
        raise RulePackInvalid(
            f"{file.name} is not a valid rule file: {error}", hint="mend the lines it names"
        ) from error


def _must(pattern: re.Pattern[str] | None) -> re.Pattern[str]:
    if pattern is None:
        raise RulePackInvalid("an empty list of expressions", hint="give at least one")
    return pattern
