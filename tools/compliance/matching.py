"""Matching one sentence against the rules: candidates, exclusions, contexts, merged findings."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from domain.compliance import Override
from tools.compliance.library import CompiledContext, CompiledRule
from tools.compliance.skeleton import Skeleton

_REACH = 60
"""Code points that a `before` or `after` expression sees."""


@dataclass(frozen=True, slots=True)
class Match:
    """A span that a rule objects to; offsets are those of the sentence's skeleton.

    `override` is a person's decision that these words may stay.
    """

    rule: CompiledRule
    start: int
    end: int
    override: Override | None = None


@dataclass(slots=True)
class Surroundings:
    """A sentence's skeleton with what stands around it, and what is known of it so far.

    `near` and `text` give the folded neighbourhood and the folded whole when they are asked for;
    `whole_held` is shared by the sentences of a text: what is known of the whole of it.
    """

    skeleton: Skeleton
    near: Callable[[], str]
    text: Callable[[], str]
    whole_held: dict[tuple[str, str], bool]
    _held: dict[tuple[str, str], bool] = field(default_factory=dict[tuple[str, str], bool])

    def holds(self, name: str, context: CompiledContext, start: int, end: int) -> bool:
        """True when the context makes the words at `[start, end)` legal."""
        sentence = self.skeleton.text
        if _search(self._held, (name, "unless"), context.unless, sentence):
            return False
        if context.anywhere or context.all_of:
            held = self.whole_held if context.scope == "text" else self._held
            scope = self._scope(context.scope)
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

    def _scope(self, name: str) -> str:
        if name == "sentence":
            return self.skeleton.text
        return self.near() if name == "near" else self.text()


def match_rule(
    around: Surroundings,
    rule: CompiledRule,
    patterns: Sequence[re.Pattern[str]],
    contexts: Mapping[str, CompiledContext],
) -> list[Match]:
    """What `rule` objects to by those of its expressions that can match, in order.

    Spans that touch are merged into one.
    """
    text = around.skeleton.text
    found = list(_find_all(patterns, text))
    if rule.disguised is not None:
        found += [
            span
            for span in _find_all((rule.disguised,), text)
            if around.skeleton.is_disguised(*span)
        ]
        found.sort()
    if not found:
        return []
    legal = [m.span() for m in rule.exclusions.finditer(text)] if rule.exclusions else []
    matches: list[Match] = []
    for start, end in found:
        if _is_covered(start, end, legal) or any(
            around.holds(name, contexts[name], start, end) for name in rule.rule.legal_when
        ):
            continue
        if matches and start <= matches[-1].end:
            matches[-1] = Match(rule, matches[-1].start, max(end, matches[-1].end))
        else:
            matches.append(Match(rule, start, end))
    return matches


def _find_all(patterns: Sequence[re.Pattern[str]], text: str) -> Iterator[tuple[int, int]]:
    """Non-empty spans as one alternation of the patterns finds them, from left to right.

    Each pattern is searched on from where it was found last, so that the text is gone through
    once for each.
    """
    waiting: list[tuple[int, int, int, re.Pattern[str]]] = []
    for order, pattern in enumerate(patterns):
        first = _search_from(pattern, text, 0)
        if first is not None:
            waiting.append((first[0], order, first[1], pattern))
    while waiting:
        waiting.sort(key=lambda w: w[:2])
        start, _, end, _ = waiting[0]
        yield start, end
        still: list[tuple[int, int, int, re.Pattern[str]]] = []
        for found in waiting:
            if found[0] >= end:
                still.append(found)
                continue
            following = _search_from(found[3], text, end)
            if following is not None:
                still.append((following[0], found[1], following[1], found[3]))
        waiting = still


def _search_from(pattern: re.Pattern[str], text: str, at: int) -> tuple[int, int] | None:
    for match in pattern.finditer(text, at):
        if match.end() > match.start():
            return match.span()
    return None


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
