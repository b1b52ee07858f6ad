"""The deterministic mend of one sentence: replace, else trim, else cut, and keep what is lawful.

Each clause that a rule touches loses as little as will do: the rule's own replacement where one
fits, else the modifier, the predicate or what stands before the facts (`trimming`), else all of it.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from tools.compliance.edits import Edit, apply_edits, find_edits, innermost, meet
from tools.compliance.lawful import Span, count_kept, describes_goods, find_facts
from tools.compliance.matching import Match
from tools.compliance.sentences import split_clauses
from tools.compliance.skeleton import Skeleton
from tools.compliance.tidying import says_something, tidy_sentence
from tools.compliance.trimming import (
    begins_with_verb,
    find_trims,
    is_short,
)

_FRAGMENT = re.compile(
    r"\s*(?:[A-Za-z'-]+|(?:and|or)"
    r"(?: (?!(?:it|we|you|they|i|this|the|an?|our|your)\b)[A-Za-z'-]+){1,3})[\s,.;:!?]*",
    re.IGNORECASE,
)
"""The rest of a list that the clause before it began: `anxiety`, ` and completely non-toxic`."""

_AFTERTHOUGHT = re.compile(r" while ", re.IGNORECASE)
_SHARED_SUBJECT = re.compile(
    r" and (?!(?:it|we|you|they|i|he|she|this|that|these|the|an?|our|your|my|then|also|now)\b)"
    r"(?:[A-Za-z'-]+ ){1,3}",
    re.IGNORECASE,
)
"""What stands before a cut that also takes the clause before: ` and reishi powder ` (cures …)."""

_FORBIDDEN_GOODS = frozenset({"counterfeit", "tobacco", "gambling", "minors", "prohibited"})
"""Categories of rules that object to the goods themselves: nothing said of them may stay."""

_TRICKS = frozenset(
    {
        "price", "review", "draw", "popularity", "after_sales", "endorsement", "origin", "evasion",
        "scarcity", "contact", "earnings", "finance",
    }
)  # fmt: skip
"""Categories of rules under which prices, counts and dates may belong to what is objected to."""

_STOP = re.compile(r"[，,：:]\s*$")

_BARE_FACT = re.compile(r"[\s,;:]*\d+(?:\.\d+)? ?[a-z]{1,3}[\s.!]*", re.IGNORECASE)
"""An amount that stands for itself behind what it is of (`This balm|, 50 ml.`)."""

_MOST_EDITS, _MOST_CLAUSES, _MOST_FACTS = 30, 8, 40
"""How much is looked at closely: what is beyond it is replaced or cut."""

IsClean = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _Part:
    """What stays of some clauses; `is_subject` when it waits for a predicate."""

    text: str
    is_subject: bool = False


def mend_clauses(
    text: str, skeleton: Skeleton, matches: Sequence[Match], is_clean: IsClean
) -> tuple[str, bool]:
    """`text` with as little taken out as makes each touched clause clean; and whether any was.

    The text is empty when what is left could not stand as a sentence.
    """
    edits = find_edits(text, skeleton, matches)
    kept: list[_Part] = []
    cut = was_cut = False
    waiting = deque(edits)
    for clauses in _group_clauses(text, edits):
        start, end = clauses[0][0], clauses[-1][1]
        inside: list[Edit] = []
        while waiting and waiting[0].start < end:
            inside.append(waiting.popleft())
        if not inside and was_cut and hangs_on(text[start:end]):
            continue
        was_cut = False
        if not inside:
            kept.append(_Part(text[start:end]))
            continue
        if len(edits) > _MOST_EDITS or len(clauses) > _MOST_CLAUSES:
            part = _replace(text[start:end], inside, start)
        else:
            part = _mend_group(text, clauses, inside, is_clean)
        was_cut = any(edit.to is None for edit in inside)
        cut = cut or was_cut
        if part.text:
            kept.append(part)
        elif kept:
            kept[-1] = replace(kept[-1], text=_close(kept[-1].text, text[start:end]))
    return _stand(_join_parts(kept), like=text), cut


def cut_clauses(
    text: str, skeleton: Skeleton, matches: Sequence[Match], *, strict: bool = False
) -> str:
    """`text` without the clauses that a match touches.

    With `strict` only clauses with facts stay: facts of any kind, or where a trick with prices,
    reviews and the like is objected to, what describes the goods and the facts that follow that.
    """
    tricks = is_trick(matches)
    edits = sorted(
        (Edit(*skeleton.original(match.start, match.end), None) for match in matches),
        key=lambda edit: (edit.start, -edit.end),
    )
    kept: list[str] = []
    waiting = deque(edits)
    for clauses in _group_clauses(text, edits):
        start, end = clauses[0][0], clauses[-1][1]
        clause, touched = text[start:end], False
        while waiting and waiting[0].start < end:
            waiting.popleft()
            touched = True
        if touched or not (
            not strict
            or describes_goods(clause)
            or (kept and find_facts(clause))
            or (not tricks and any(map(str.isdigit, clause)))
        ):
            continue
        kept.append(clause)
    return _stand("".join(kept), like=text)


def forbids_sentence(matches: Sequence[Match]) -> bool:
    """True when a rule asks for the whole sentence to go, facts about other things aside."""
    return any(match.rule.rule.cut == "sentence" for match in matches)


def forbids_goods(matches: Sequence[Match]) -> bool:
    """True when a rule objects to the goods themselves."""
    return any(match.rule.rule.category in _FORBIDDEN_GOODS for match in matches)


def is_trick(matches: Sequence[Match]) -> bool:
    """True when prices, counts and dates may belong to what a rule objects to."""
    return any(match.rule.rule.category in _TRICKS for match in matches)


def _stand(rest: str, *, like: str) -> str:
    rest = tidy_sentence(rest, like=like)
    return rest if says_something(rest) else ""


def hangs_on(clause: str) -> bool:
    """True when `clause` says nothing without the clause before it."""
    if find_facts(clause) or begins_with_verb(clause):
        return False
    return _FRAGMENT.fullmatch(clause) is not None or _AFTERTHOUGHT.match(clause) is not None


def _mend_group(
    text: str, clauses: Sequence[Span], edits: Sequence[Edit], is_clean: IsClean
) -> _Part:
    """The clean one of the ways that keeps the most facts; of equals, the first."""
    start, end = clauses[0][0], clauses[-1][1]
    group = text[start:end]
    cuts = [edit for edit in edits if edit.to is None]
    lost = [
        (edit.start - start, edit.end - start)
        for edit in innermost(edits)
        if any(a <= edit.start and edit.end <= b for a, b in clauses)
    ]
    facts = [group[a:b] for a, b in find_facts(group, lost)][:_MOST_FACTS]
    best, most = _Part(""), -1
    for part in _propose(text, clauses, edits):
        kept = count_kept(part.text, facts)
        if kept <= most or not is_clean(part.text):
            continue
        says_more = not part.is_subject or not is_short(part.text)
        if not facts and part.text and cuts and says_more:
            continue
        is_all = (start, end) == (0, len(text))
        if is_all and part.is_subject and not any(map(str.isdigit, part.text)):
            continue
        best, most = part, kept
        if kept == len(facts):
            break
    return best


def _propose(text: str, clauses: Sequence[Span], edits: Sequence[Edit]) -> Iterator[_Part]:
    """What may stay of `clauses`, the whole first and nothing last."""
    start, end = clauses[0][0], clauses[-1][1]
    if whole := _replace(text[start:end], edits, start).text:
        yield _Part(whole)
    elif len(clauses) == 1:
        yield from _trim(text, start, end, edits)
    else:
        told = [clause for clause in clauses if find_facts(text[clause[0] : clause[1]])]
        for first, last in clauses:
            before = "".join(text[a:b] for a, b in told if b <= first)
            after = "".join(text[a:b] for a, b in told if a >= last)
            for part in _trim(text, first, last, edits):
                yield _Part(before + part.text + after, part.is_subject and not after)
            yield _Part(before + after)
        for first, last in told:
            yield _Part(text[first:last])
    yield _Part("")


def _close(text: str, dropped: str) -> str:
    """`text` with the comma that stood behind what was `dropped` after it."""
    stop = _STOP.search(dropped)
    return text.rstrip() + stop[0] if text and stop and not _STOP.search(text) else text


def _replace(group: str, edits: Sequence[Edit], offset: int) -> _Part:
    """`group` with every edit's replacement; empty where one has none."""
    if any(edit.to is None for edit in edits):
        return _Part("")
    return _Part(apply_edits(group, edits, offset))


def _trim(text: str, start: int, end: int, edits: Sequence[Edit]) -> Iterator[_Part]:
    """The ways to trim the clause at `[start, end)`, by the least words objected to and by all."""
    clause = text[start:end]
    touching = [e for e in edits if e.to is None and e.start < end and start < e.end]
    for chosen in (innermost(touching), touching):
        if not chosen:
            continue
        left = max(0, min(edit.start for edit in chosen) - start)
        right = min(len(clause), max(edit.end for edit in chosen) - start)
        if right - left >= len(clause.strip()):
            continue
        for trim in find_trims(clause, left, right):
            taken = Edit(start + trim.start, start + trim.end, "")
            others = [e for e in edits if e.to is not None and not meet(e, taken)]
            inside = [e for e in others if start <= e.start and e.end <= end]
            mended = apply_edits(clause, sorted([taken, *inside], key=lambda e: e.start), start)
            yield _Part(mended, trim.is_subject)


def _join_parts(parts: Sequence[_Part]) -> str:
    """The parts as one; a subject takes the predicate that follows it, or goes."""
    joined = ""
    for index, part in enumerate(parts):
        text = part.text
        if part.is_subject:
            following = parts[index + 1].text if index + 1 < len(parts) else ""
            if begins_with_verb(following):
                joined += text.rstrip(" ，,：:")
                continue
            is_named = following and not (text.isascii() and not _BARE_FACT.fullmatch(following))
            if not find_facts(text) and not is_named:
                joined = _close(joined, text)
                continue
        previous = parts[index - 1] if index else None
        if previous is not None and previous.is_subject and begins_with_verb(text):
            text = re.sub(r"^ *(?:(?:and|but) )?", " ", text, flags=re.IGNORECASE)
        joined += text
    return joined


def _group_clauses(text: str, edits: Sequence[Edit]) -> list[list[Span]]:
    """The clauses, together where an edit runs across them, as one where they share a subject."""
    groups: list[list[Span]] = []
    waiting = deque(edits)
    reach = 0
    for start, end in split_clauses(text):
        while waiting and waiting[0].start < start:
            reach = max(reach, waiting.popleft().end)
        first = waiting[0] if waiting and waiting[0].start < end else None
        shared = (
            first is not None
            and first.to is None
            and _SHARED_SUBJECT.fullmatch(text, start, first.start) is not None
        )
        if groups and shared:
            groups[-1][-1] = (groups[-1][-1][0], end)
        elif groups and reach > start:
            groups[-1].append((start, end))
        else:
            groups.append([(start, end)])
    return groups
