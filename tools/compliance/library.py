"""Loading rule packs: read the files, validate them, compile every expression once."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from domain.compliance import JURISDICTIONS, Jurisdiction
from domain.errors import InvalidInput
from tools.compliance.expressions import (
    compile_expression,
    compile_expressions,
    compile_terms,
    expand_vocabulary,
)
from tools.compliance.literals import analyse
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

    `patterns` are its terms, as one expression, and its expressions, in order; the first of them
    has the number `first` in the library's scanner. `disguised` counts only where the wording was
    disguised.
    """

    rule: Rule
    jurisdiction: Jurisdiction
    patterns: tuple[re.Pattern[str], ...]
    first: int
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
        shared = expand_vocabulary(common)
        self.contexts = _compile_contexts(common, shared)
        rules: list[CompiledRule] = []
        patterns = 0
        for pack in self.packs:
            for rule in pack.rules:
                rules.append(self._compile(pack, rule, shared, patterns))
                patterns += len(rules[-1].patterns)
        self._rules = tuple(rules)
        self._owners = tuple(r for r in rules for _ in r.patterns)
        self.wary = tuple(r for r in rules if r.disguised is not None)
        self.judge = judge
        known = [analyse(p.pattern) for compiled in self._rules for p in compiled.patterns]
        self.unmasker = Unmasker(frozenset[str]().union(*(k.wordings for k in known)))
        self.scanner = TermScanner([k.requirements for k in known], self.unmasker.literals)
        self._categories: dict[CategoryName, re.Pattern[str]] = {
            name: _must(compile_expressions(expressions, shared, owner=f"category {name}"))
            for name, expressions in common.categories.items()
        }
        ids = [compiled.rule.id for compiled in self._rules]
        twice = {rule_id for rule_id in ids if ids.count(rule_id) > 1}
        if twice:
            raise RulePackInvalid(
                f"more than one rule is called {', '.join(sorted(twice))}",
                hint="give every rule an id of its own",
            )

    @property
    def rules(self) -> tuple[CompiledRule, ...]:
        """All rules of all packs."""
        return self._rules

    def candidates(
        self, patterns: Iterable[int], jurisdictions: Collection[Jurisdiction]
    ) -> dict[CompiledRule, list[re.Pattern[str]]]:
        """The rules of these jurisdictions to which the numbered expressions belong, in order."""
        found: dict[CompiledRule, list[re.Pattern[str]]] = {}
        for number in sorted(patterns):
            rule = self._owners[number]
            if rule.jurisdiction in jurisdictions:
                found.setdefault(rule, []).append(rule.patterns[number - rule.first])
        return found

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
        self, pack: RulePack, rule: Rule, shared: Mapping[str, str], first: int
    ) -> CompiledRule:
        for name in rule.legal_when:
            if name not in self.contexts:
                raise RulePackInvalid(
                    f"{rule.id} is legal in the context {name!r}, which the vocabulary lacks",
                    hint="add it under `contexts` or correct the name",
                )
        terms = compile_expressions(compile_terms(rule.terms), shared, owner=rule.id)
        patterns = [compile_expression(e, shared, owner=rule.id) for e in rule.patterns]
        return CompiledRule(
            rule=rule,
            jurisdiction=pack.jurisdiction,
            patterns=(terms, *patterns) if terms else tuple(patterns),
            first=first,
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
