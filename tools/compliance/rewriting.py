"""The deterministic mend: put the rule's own replacement, or cut, and tidy what is left."""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from tools.compliance.matching import Match
from tools.compliance.sentences import split_clauses
from tools.compliance.skeleton import Skeleton, is_han

_TERMINATOR = re.compile(r"[。！？!?；;.…\n][\s”’」』）)\"'】》]*$")
_LEADING = re.compile(
    r"^(?:[\s，,、：:；;—\-–…]+|(?:and|but|so|plus|while|because|also)\b[\s,]*|"
    r"(?:并且|而且|所以|因为|因此|但是?|不过|同时)(?=[^有是会好]))",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"(?:[\s，,、：:；;—–-]|\b(?:and|but|so|plus|while))$", re.IGNORECASE)
_FRAGMENT = re.compile(
    r"\s*(?:[A-Za-z'-]+|(?:and|or)"
    r"(?: (?!(?:it|we|you|they|i|this|the|an?|our|your)\b)[A-Za-z'-]+){1,3})[\s,.;:!?]*",
    re.IGNORECASE,
)
"""The rest of a list that the clause before it began: `anxiety`, ` and completely non-toxic`."""

_SHARED_SUBJECT = re.compile(
    r" and (?!(?:it|we|you|they|i|he|she|this|that|these|the|an?|our|your|my|then|also|now)\b)"
    r"(?:[A-Za-z'-]+ ){1,3}",
    re.IGNORECASE,
)
"""What stands before a cut that also takes the clause before: ` and reishi powder ` (cures …)."""

_GROUP = re.compile(r"\\(\d)")
_ARTICLE = re.compile(r"\b([Aa])n?( +)$")


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `to` in place of `[start, end)` of the sentence; None where no replacement fits."""

    start: int
    end: int
    to: str | None


def mend_clauses(
    text: str, skeleton: Skeleton, matches: Sequence[Match], *, replace: bool
) -> tuple[str, bool]:
    """`text` with each match replaced, or the clauses cut that it touches; and whether any was.

    With `replace` false every touched clause is cut. The text is empty when a rule asks for the
    whole sentence to go, or when what is left could not stand as a sentence.
    """
    edits = sorted(
        (_edit(skeleton, match, replace=replace) for match in matches),
        key=lambda edit: (edit.start, -edit.end, edit.to is None),
    )
    edits = _drop_covered(edits)
    lost = any(edit.to is None for edit in edits)
    if lost and any(match.rule.rule.cut == "sentence" for match in matches):
        return "", True
    kept: list[str] = []
    waiting = deque(edits)
    was_cut = False
    for start, end in _joined_clauses(text, edits):
        inside: list[Edit] = []
        while waiting and waiting[0].start < end:
            inside.append(waiting.popleft())
        was_cut = any(edit.to is None for edit in inside) or (
            was_cut and not inside and _FRAGMENT.fullmatch(text[start:end]) is not None
        )
        if not was_cut:
            kept.append(_apply(text[start:end], inside, start))
    rest = tidy_sentence("".join(kept), like=text)
    return (rest if _says_something(rest) else ""), lost


def tidy_sentence(text: str, *, like: str) -> str:
    """`text` as a sentence again: no dangling comma or connective, ended and begun as `like`."""
    terminator = _TERMINATOR.search(like)
    body = _strip_repeatedly(_TERMINATOR.sub("", text).strip())
    if not body:
        return ""
    body = _tidy_inside(body)
    if like.lstrip()[:1].isupper():
        body = body[0].upper() + body[1:]
    lead = like[: len(like) - len(like.lstrip())]
    return lead + body + (terminator[0] if terminator else "")


def tidy_rewrite(text: str) -> str:
    """The joined text without blank runs and stray punctuation that the cuts left."""
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r"\n[ \t]+", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text)
    return re.sub(r"^[\s，,、。；;：:]+", "", text).rstrip(" \t")


def _edit(skeleton: Skeleton, match: Match, *, replace: bool) -> Edit:
    start, end = skeleton.original(match.start, match.end)
    found = skeleton.text[match.start : match.end]
    for pattern, to in match.rule.replacements if replace else ():
        hit = pattern.fullmatch(found)
        if hit:
            return Edit(start, end, _expand(to, hit, skeleton, match.start))
    return Edit(start, end, None)


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


def _joined_clauses(text: str, edits: Sequence[Edit]) -> list[tuple[int, int]]:
    """Clause spans; those that one of the sorted edits runs across, or needs, become one."""
    spans: list[tuple[int, int]] = []
    waiting = deque(edits)
    reach = 0
    for start, end in split_clauses(text):
        while waiting and waiting[0].start < start:
            reach = max(reach, waiting.popleft().end)
        first = waiting[0] if waiting and waiting[0].start < end else None
        shared = (
            first is not None
            and first.to is None
            and (_SHARED_SUBJECT.fullmatch(text, start, first.start) is not None)
        )
        if spans and (reach > start or shared):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _apply(clause: str, edits: Sequence[Edit], offset: int) -> str:
    parts: list[str] = []
    done = 0
    for edit in edits:
        start, end = edit.start - offset, edit.end - offset
        if start < done or edit.to is None:
            continue
        starts_large = clause[start : start + 1].isupper() and not clause[:start].strip()
        to = edit.to[:1].upper() + edit.to[1:] if starts_large else edit.to
        parts.append(_join(clause[done:start], to, clause[end : end + 4]))
        done = end
    return "".join([*parts, clause[done:]])


def _join(before: str, to: str, after: str) -> str:
    """`before` and `to`, with an English article before them agreeing with what follows."""
    article = _ARTICLE.search(before)
    if article is None:
        return before + to
    if re.match(r"(?:a|an|the|our) ", to):
        return before[: article.start()] + to
    follows = (to + after).lstrip()
    proper = article[1] + ("n" if follows[:1].lower() in "aeiou" else "")
    return before[: article.start()] + proper + article[2] + to


def _strip_repeatedly(body: str) -> str:
    while True:
        shorter = _TRAILING.sub("", _LEADING.sub("", body)).strip()
        if shorter == body:
            return body
        body = shorter


def _tidy_inside(text: str) -> str:
    text = re.sub(r"([，,、：:])(?:\s*[，,、：:])+", r"\1", text)
    text = re.sub(r"\(\s*\)|（\s*）|“”|「」|\"\"", "", text)
    text = re.sub(r"[ \t]{2,}", " ", text)
    return re.sub(r" +([,.!?;:，。！？；：])", r"\1", text)


def _says_something(text: str) -> bool:
    words = len(re.findall(r"[A-Za-z]+", text))
    return sum(map(is_han, text)) + 1.5 * words >= 4
