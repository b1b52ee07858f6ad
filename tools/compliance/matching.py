"""Matching one sentence against the rules: candidates, exclusions, contexts, merged findings."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tools.compliance.library import CompiledContext, CompiledRule
from tools.compliance.skeleton import Skeleton

_REACH = 60
"""Code points that a `before` or `after` expression sees."""


@dataclass(frozen=True, slots=True)
class Match:
    """A span that a rule objects to; offsets are those of the sentence's skeleton."""

    rule: CompiledRule
    start: int
    end: int


@dataclass(slots=True)
class Surroundings:
    """A sentence's skeleton with what stands around it, and what is known of it so far.

    `whole_held` is shared by the sentences of a text: what is known of the whole of it.
    """

    skeleton: Skeleton
    near: str
    text: str
    whole_held: dict[tuple[str, str], bool]
    _held: dict[tuple[str, str], bool] = field(default_factory=dict[tuple[str, str], bool])

    def holds(self, name: str, context: CompiledContext, start: int, end: int) -> bool:
        """True when the context makes the words at `[start, end)` legal."""
        sentence = self.skeleton.text
        if _search(self._held, (name, "unless"), context.unless, sentence):
            return False
        scope = {"sentence": sentence, "near": self.near, "text": self.text}[context.scope]
        held = self.whole_held if context.scope == "text" else self._held
        if _search(held, (name, "anywhere"), context.anywhere, scope):
            return True
        if context.all_of and all(
            _search(held, (name, str(i)), pattern, scope)
            for i, pattern in enumerate(context.all_of)
        ):
            return True
        if context.before and context.before.search(sentence[max(0, start - _REACH) : start]):
            return True
        return bool(context.after and context.after.match(sentence[end : end + _REACH]))


def match_sentence(
    around: Surroundings, rules: Sequence[CompiledRule], contexts: Mapping[str, CompiledContext]
) -> list[Match]:
    """What the rules object to, in order; spans of one rule that touch are merged into one."""
    return [match for rule in rules for match in _match_rule(around, rule, contexts)]


def _match_rule(
    around: Surroundings, rule: CompiledRule, contexts: Mapping[str, CompiledContext]
) -> list[Match]:
    text = around.skeleton.text
    if rule.find.search(text) is None:
        return []
    legal = [m.span() for m in rule.exclusions.finditer(text)] if rule.exclusions else []
    matches: list[Match] = []
    for found in rule.find.finditer(text):
        start, end = found.span()
        if start == end:
            continue
        if _is_covered(start, end, legal) or any(
            around.holds(name, contexts[name], start, end) for name in rule.rule.legal_when
        ):
            continue
        if matches and start <= matches[-1].end:
            matches[-1] = Match(rule, matches[-1].start, max(end, matches[-1].end))
        else:
            matches.append(Match(rule, start, end))
    return matches


def _search(
    held: dict[tuple[str, str], bool],
    key: tuple[str, str],
    pattern: re.Pattern[str] | None,
    text: str,
) -> bool:
    """Whether `pattern` is found in `text`, looked up only once for each key."""
    if pattern is None:
        return False
    if key not in held:
        held[key] = pattern.search(text) is not None
    return held[key]


def _is_covered(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """True when one of the disjoint, sorted `spans` covers `[start, end)`."""
    at = bisect_right(spans, start, key=lambda span: span[0]) - 1
    return at >= 0 and end <= spans[at][1]
