"""Edits of a sentence: what rules put in place of the words that they object to, and what goes."""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from tools.compliance.matching import Match
from tools.compliance.sentences import split_clauses
from tools.compliance.skeleton import Skeleton
from tools.compliance.trimming import (
    begins_with_verb,
    end_before_amount,
    find_comparison,
    find_handle,
    find_tail,
    widen,
)

_REACH = 60
"""Code points after a replacement in which words are looked for that belong to it."""

_AMPLIFIER = re.compile(r"(最+(?=最)|全+(?=宇宙|世界|国|网|球|行)).{0,2}$")
_GROUP = re.compile(r"\\(\d)")
_ARTICLE = re.compile(r"\b([Aa])n?( +)$")
_PREDICATE = re.compile(r"\b(?:are|is|was|were|be|feels?|looks?|tastes?|seems?) $", re.IGNORECASE)
_NO_NOUN = re.compile(
    r"\s*(?:$|[,.;:!?]|(?:and|or|but|on|in|of|for|to|at|with|ever|you|i|we|when|that)\b)", re.I
)
_PLURAL = re.compile(
    r"(?: [a-z-]+)??( (?!(?:this|its|is|was|has|plus|gas|bus|glass|dress|lens|press)\b)"
    r"[a-z-]{2,}[^\Wsui]s)\b",
    re.IGNORECASE,
)
_OBJECT = re.compile(r" (?:you|your|the|an?|my|our|it|them|\d)", re.IGNORECASE)
_DEGREE = re.compile(r"(?:very|really|truly) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `to` in place of `[start, end)` of the sentence; None where no replacement fits."""

    start: int
    end: int
    to: str | None


def find_edits(text: str, skeleton: Skeleton, matches: Sequence[Match]) -> list[Edit]:
    """What has to be done about `matches`, by place, widened to all that belongs to the claim."""
    edits = _drop_covered(
        sorted(
            (_edit(skeleton, match) for match in matches),
            key=lambda edit: (edit.start, -edit.end, edit.to is None),
        )
    )
    edits = [_widen(text, edit) for edit in edits]
    edits += _find_tails(text, skeleton, matches, edits)
    return sorted(edits, key=lambda edit: (edit.start, -edit.end))


def _edit(skeleton: Skeleton, match: Match) -> Edit:
    start, end = skeleton.original(match.start, match.end)
    found = skeleton.text[match.start : match.end]
    for pattern, to in match.rule.replacements:
        hit = pattern.fullmatch(found)
        if hit:
            end = end_before_amount(skeleton.source, start, end)
            start -= _count_amplifiers(skeleton.source, start)
            words = _expand(to, hit, skeleton, match.start)
            if skeleton.source[start:end].endswith(words):
                start = widen(skeleton.source, (start, start))[0]
            return Edit(start, end, words)
    return Edit(start, end, None)


def _count_amplifiers(text: str, start: int) -> int:
    """How many characters before a superlative only make it larger (`最|最好`, `全|宇宙最好`)."""
    found = _AMPLIFIER.search(text, max(0, start - _REACH), start + 2)
    return found.end(1) - found.start(1) if found and found.end(1) == start else 0


def _widen(text: str, edit: Edit) -> Edit:
    if edit.to is not None:
        return edit
    return Edit(*widen(text, (edit.start, edit.end)), None)


def _find_tails(
    text: str, skeleton: Skeleton, matches: Sequence[Match], edits: Sequence[Edit]
) -> list[Edit]:
    """What goes with words that are replaced: a comparison, a time, a handle."""
    tails: list[Edit] = []
    places = {skeleton.original(m.start, m.end): m.rule.rule.category for m in matches}
    closes = deque(close for _, close in split_clauses(text))
    for edit, following in zip_longest(edits, edits[1:]):
        while len(closes) > 1 and closes[0] < edit.end:
            closes.popleft()
        category = places.get((edit.start, edit.end))
        if edit.to is None and category != "absolute":
            continue
        tail = find_tail(text, edit.end)
        if category == "absolute":
            close = min(closes[0], edit.end + _REACH)
            tail = find_comparison(text, edit.end, close) or tail
        elif category == "contact":
            tail = find_handle(text, edit.end) or tail
        if tail is None:
            continue
        if following is None or not following.start < tail[1] < following.end:
            tails.append(Edit(*tail, ""))
    return tails


def _expand(template: str, hit: re.Match[str], skeleton: Skeleton, at: int) -> str:
    """`template` with its groups as the source writes them; `at` is where the hit begins."""

    def written(group: re.Match[str]) -> str:
        first, last = hit.span(int(group[1]))
        if first == last:
            return ""
        start, end = skeleton.original(at + first, at + last)
        return skeleton.source[start:end]

    return _GROUP.sub(written, template)


def _drop_covered(edits: Sequence[Edit]) -> list[Edit]:
    """`edits`, sorted by place, without those that lie within an earlier one with a replacement."""
    kept: list[Edit] = []
    covered = 0
    for edit in edits:
        if edit.end <= covered:
            continue
        kept.append(edit)
        if edit.to is not None:
            covered = edit.end
    return kept


def innermost(edits: Sequence[Edit]) -> list[Edit]:
    """The cuts among `edits`, sorted by place, that contain no other one; and the replacements."""
    kept: list[Edit] = []
    nearest: Edit | None = None
    for edit in reversed(edits):
        if edit.to is None:
            if nearest is not None and nearest.end <= edit.end:
                continue
            nearest = edit
        kept.append(edit)
    return kept[::-1]


def meet(one: Edit, other: Edit) -> bool:
    """True when both change a character."""
    return one.start < other.end and other.start < one.end


def apply_edits(clause: str, edits: Sequence[Edit], offset: int) -> str:
    """`clause`, which begins at `offset` of the sentence, with the sorted replacements in place."""
    parts: list[str] = []
    done = 0
    for edit in edits:
        start, end = edit.start - offset, edit.end - offset
        if start < done or edit.to is None:
            continue
        starts_large = clause[start : start + 1].isupper() and not clause[:start].strip()
        to = edit.to[:1].upper() + edit.to[1:] if starts_large else edit.to
        parts.append(_join(clause[done:start], to, clause[end : end + _REACH]))
        done = end
    return "".join([*parts, clause[done:]])


def _is_verb(after: str, found: re.Match[str]) -> bool:
    """True when a word in -s is the verb of the noun before it (` coat weighs`)."""
    if found.start(1) == 0:
        return False
    return begins_with_verb(found[1]) or _OBJECT.match(after, found.end()) is not None


def _join(before: str, to: str, after: str) -> str:
    """`before` and `to`, with an English article that agrees with what follows, or none."""
    led = re.match(r"an? (?=\w)", to, re.IGNORECASE)
    if led:
        bare = to[led.end() :]
        plural = _PLURAL.match(after)
        is_plural = _PLURAL.fullmatch(" " + bare) or (plural and not _is_verb(after, plural))
        has_noun = " " in _DEGREE.sub("", bare)
        predicate = _PREDICATE.search(before) and not has_noun
        if is_plural or (predicate and _NO_NOUN.match(after)):
            to = bare[:1].upper() + bare[1:] if led[0][0].isupper() else bare
    article = _ARTICLE.search(before)
    if article is None:
        return before + to
    if re.match(r"(?:a|an|the|our) ", to):
        return before[: article.start()] + to
    follows = (to + after).lstrip()
    proper = article[1] + ("n" if follows[:1].lower() in "aeiou" else "")
    return before[: article.start()] + proper + article[2] + to
