"""Matching one sentence against the rules: candidates, exclusions, contexts, merged findings."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from domain.compliance import Override
from tools.compliance.library import CompiledContext, CompiledRule
from tools.compliance.scanning import Scan
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


class Surroundings:
    """A scanned sentence with what stands around it.

    `asides` scans the sentence, its neighbourhood or the whole text for exclusions and contexts;
    `contexts` are all that there are.
    """

    def __init__(
        self,
        skeleton: Skeleton,
        scan: Scan,
        asides: Callable[[str], Scan],
        contexts: Mapping[str, CompiledContext],
    ) -> None:
        self.skeleton = skeleton
        self.scan = scan
        self._asides = asides
        self._contexts = contexts

    @cached_property
    def sentence(self) -> Scan:
        """The scan of the sentence itself for exclusions and contexts."""
        return self._asides("sentence")

    def possible(self, names: Iterable[str]) -> list[CompiledContext]:
        """Those of the contexts that may hold somewhere in the sentence."""
        seen = self.sentence.patterns
        contexts = [self._contexts[name] for name in names]
        return [c for c in contexts if c.scope != "sentence" or not c.numbers.isdisjoint(seen)]

    def holds(self, context: CompiledContext, start: int, end: int) -> bool:
        """True when the context makes the words at `[start, end)` legal."""
        here = self.sentence
        if here.holds(context.unless):
            return False
        if context.anywhere or context.all_of:
            scope = self._asides(context.scope)
            if scope.holds(context.anywhere):
                return True
            if context.all_of and all(map(scope.holds, context.all_of)):
                return True
        before, after = here.text[max(0, start - _REACH) : start], here.text[end : end + _REACH]
        return any(e.search(before) for e in here.expressions(context.before)) or any(
            e.match(after) for e in here.expressions(context.after)
        )


def match_rule(around: Surroundings, rule: CompiledRule, patterns: Sequence[int]) -> list[Match]:
    """What `rule` objects to by those of its expressions that are found, in order.

    Spans that touch are merged into one.
    """
    found = list(_find_all(around.scan, patterns))
    disguised = around.scan.among(rule.disguised)
    if disguised:
        spans = _find_all(around.scan, disguised)
        found = sorted([*found, *(s for s in spans if around.skeleton.is_disguised(*s))])
    if not found:
        return []
    asides = around.sentence
    legal = list(_find_all(asides, asides.among(rule.exclusions)))
    contexts = around.possible(rule.rule.legal_when)
    matches: list[Match] = []
    for start, end in found:
        if _is_covered(start, end, legal) or any(
            around.holds(context, start, end) for context in contexts
        ):
            continue
        if matches and start <= matches[-1].end:
            matches[-1] = Match(rule, matches[-1].start, max(end, matches[-1].end))
        else:
            matches.append(Match(rule, start, end))
    return matches


def _find_all(scan: Scan, numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Non-empty spans as one alternation of the expressions finds them, from left to right.

    Each expression is searched on from where it was found last, so that the text is gone through
    once for each.
    """
    waiting: list[tuple[int, int, int, int]] = []
    for order, number in enumerate(numbers):
        first = scan.first(number)
        if first is not None:
            waiting.append((first[0], order, first[1], number))
    while waiting:
        waiting.sort()
        start, _, end, _ = waiting[0]
        yield start, end
        still: list[tuple[int, int, int, int]] = []
        for found in waiting:
            if found[0] >= end:
                still.append(found)
                continue
            following = scan.search(found[3], end)
            if following is not None:
                still.append((following[0], found[1], following[1], found[3]))
        waiting = still


def _is_covered(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """True when one of the disjoint, sorted `spans` covers `[start, end)`."""
    at = bisect_right(spans, start, key=lambda span: span[0]) - 1
    return at >= 0 and end <= spans[at][1]
