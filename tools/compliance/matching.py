"""Matching one sentence against the rules: candidates, exclusions, contexts, merged findings."""

import re
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
    """A sentence's skeleton with what stands around it, and what is known of it so far."""

    skeleton: Skeleton
    near: str
    text: str
    _held: dict[tuple[str, str], bool] = field(default_factory=dict[tuple[str, str], bool])

    def holds(self, name: str, context: CompiledContext, start: int, end: int) -> bool:
        """True when the context makes the words at `[start, end)` legal."""
        sentence = self.skeleton.text
        if self._search(name, "unless", context.unless, sentence):
            return False
        scope = {"sentence": sentence, "near": self.near, "text": self.text}[context.scope]
        if self._search(name, "anywhere", context.anywhere, scope):
            return True
        if context.all_of and all(
            self._search(name, str(i), pattern, scope) for i, pattern in enumerate(context.all_of)
        ):
            return True
        if context.before and context.before.search(sentence[max(0, start - _REACH) : start]):
            return True
        return bool(context.after and context.after.match(sentence[end : end + _REACH]))

    def _search(self, name: str, part: str, pattern: re.Pattern[str] | None, text: str) -> bool:
        if pattern is None:
            return False
        key = (name, part)
        if key not in self._held:
            self._held[key] = pattern.search(text) is not None
        return self._held[key]


def match_sentence(
    around: Surroundings, rules: Sequence[CompiledRule], contexts: Mapping[str, CompiledContext]
) -> list[Match]:
    """What the rules object to, in order; spans of one rule that touch are merged into one."""
    return [match for rule in rules for match in _match_rule(around, rule, contexts)]


def _match_rule(
    around: Surroundings, rule: CompiledRule, contexts: Mapping[str, CompiledContext]
) -> list[Match]:
    text = around.skeleton.text
    legal: list[tuple[int, int]] | None = None
    matches: list[Match] = []
    for found in rule.find.finditer(text):
        start, end = found.span()
        if start == end:
            continue
        if legal is None:
            legal = [m.span() for m in rule.exclusions.finditer(text)] if rule.exclusions else []
        if any(a <= start and end <= b for a, b in legal) or any(
            around.holds(name, contexts[name], start, end) for name in rule.rule.legal_when
        ):
            continue
        if matches and start <= matches[-1].end:
            matches[-1] = Match(rule, matches[-1].start, max(end, matches[-1].end))
        else:
            matches.append(Match(rule, start, end))
    return matches
