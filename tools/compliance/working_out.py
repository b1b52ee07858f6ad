"""Working out what a scan needs to know of every expression of the rule packs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from tools.compliance.compiling import Outcome
from tools.compliance.expressions import Shared, compile_terms, split_expression
from tools.compliance.packs import RulePack, Vocabulary
from tools.compliance.rarity import Chooser
from tools.compliance.skeleton import fold_text


def work_out(packs: Sequence[RulePack], common: Vocabulary, shared: Shared) -> Outcome:
    """The alternatives of all expressions, and which of their factors are looked up.

    How often a factor is met is counted in the examples of the rules.

    Raises:
        RulePackInvalid: an expression is not valid.
    """
    patterns = {
        rule.id: _split([*compile_terms(rule.terms), *rule.patterns], shared, rule.id)
        for pack in packs
        for rule in pack.rules
    }
    known = {source: shared.analyse(source) for own in patterns.values() for source in own}
    words = Counter(word for analysis in known.values() for word in analysis.wordings)
    patterns |= {
        f"{rule.id} disguised": _split(rule.disguised, shared, rule.id)
        for pack in packs
        for rule in pack.rules
    }
    asides = dict(
        chain(
            _of_rules(packs, shared), _of_contexts(common, shared), _of_categories(common, shared)
        )
    )
    known |= {
        source: shared.analyse(source)
        for own in chain(patterns.values(), asides.values())
        for source in own
    }
    examples = [
        fold_text(text).text
        for pack in packs
        for rule in pack.rules
        for text in (*rule.examples.must_match, *rule.examples.must_not_match)
    ]
    chooser = Chooser((f for analysis in known.values() for f in analysis.factors), examples)
    return Outcome(
        patterns=patterns,
        asides=asides,
        factors={source: chooser.choose(analysis.factors) for source, analysis in known.items()},
        words=words,
    )


def _of_rules(packs: Iterable[RulePack], shared: Shared) -> Iterator[tuple[str, list[str]]]:
    for pack in packs:
        for rule in pack.rules:
            yield f"{rule.id} exclusions", _split(rule.exclusions, shared, rule.id)


def _of_contexts(common: Vocabulary, shared: Shared) -> Iterator[tuple[str, list[str]]]:
    for name, context in common.contexts.items():
        owner = f"context {name}"
        before = _split(context.before, shared, owner)
        yield f"{owner} before", [f"(?:{source})$" for source in before]
        yield f"{owner} after", _split(context.after, shared, owner)
        yield f"{owner} anywhere", _split(context.anywhere, shared, owner)
        yield f"{owner} unless", _split(context.unless, shared, owner)
        for place, expression in enumerate(context.all_of):
            yield f"{owner} all {place}", _split([expression], shared, owner)


def _of_categories(common: Vocabulary, shared: Shared) -> Iterator[tuple[str, list[str]]]:
    for name, expressions in common.categories.items():
        owner = f"category {name}"
        yield owner, _split(expressions, shared, owner)


def _split(expressions: Iterable[str], shared: Shared, owner: str) -> list[str]:
    return [
        alternative
        for expression in expressions
        for alternative in split_expression(expression, shared, owner=owner)
    ]
