"""Mending a violating sentence until nothing in it violates, and joining what was mended."""

import re
from collections.abc import Sequence
from itertools import count, groupby
from typing import Literal

from domain.compliance import Mend
from tools.compliance.bounds import Bounds
from tools.compliance.edits import find_edits, innermost
from tools.compliance.lawful import find_facts
from tools.compliance.library import RulePackLibrary
from tools.compliance.matching import Match
from tools.compliance.meaning import IMPLIED
from tools.compliance.reading import Checked, check_sentences
from tools.compliance.restating import Loss, restate_lost
from tools.compliance.rewriting import (
    cut_clauses,
    forbids_goods,
    forbids_sentence,
    is_trick,
    mend_clauses,
)
from tools.compliance.tidying import tidy_rewrite

_SPELT = re.compile(r"(?=[A-Za-z]*\d)[A-Za-z\d]{2,}|(?<![A-Za-z])[A-Za-z]{2,}(?![A-Za-z])")
"""What is spelt in letters and digits within a disguised word (`祛D0U`)."""

_ROUNDS = 4
"""How often a mend is mended again; every round takes something out."""


def mend_sentence(checked: Checked, library: RulePackLibrary, bounds: Bounds) -> Mend:
    """The rules' own mend of a violating sentence, which keeps what it says beside the claim.

    What is only meant is looked at when the words that rules object to are gone: most often it went
    with them. What cannot be mended is cut by clauses, and then as a whole; every fact that was
    lost so and may be said is said again.
    """
    start, end = checked.sentence.start, checked.sentence.end
    text, method = _mend(checked, library, bounds)
    if not forbids_goods(checked.violations):
        longer = _restate(checked, text, library, bounds)
        text, method = longer, method if longer == text else "cut"
    return Mend(start=start, end=end, text=text, method=method)


def _restate(checked: Checked, text: str, library: RulePackLibrary, bounds: Bounds) -> str:
    """`text` with what it lost; the judge is asked of each fact only if it objects to them all."""
    loss, hidden = _find_loss(checked), _find_hidden(checked)
    longer = text
    for judges in (library.without_judge(), library):

        def is_clean(rest: str, judges: RulePackLibrary = judges) -> bool:
            is_bare = not any(word in rest for word in hidden)
            return is_bare and not is_violating(rest, judges, bounds)

        longer = restate_lost(loss, text, is_clean)
        if longer == text or not is_violating(longer, library, bounds):
            return longer
    return longer


def _mend(
    checked: Checked, library: RulePackLibrary, bounds: Bounds
) -> tuple[str, Literal["replacement", "cut"]]:
    item, cut = checked, False
    rules = library.without_judge()
    hidden = _find_hidden(checked)

    def is_clean(rest: str) -> bool:
        return not any(word in rest for word in hidden) and not is_violating(rest, rules, bounds)

    if not forbids_sentence(checked.violations):
        for _ in range(_ROUNDS):
            text, lost = mend_clauses(
                item.sentence.text,
                item.skeleton,
                _first_to_mend(item),
                is_clean,
            )
            cut = cut or lost
            if not text:
                break
            read = check_sentences(text, library, bounds)
            if not any(part.violations for part in read):
                return text, "cut" if cut else "replacement"
            if len(read) > 1 or text == item.sentence.text:
                break
            item = read[0]
    if not forbids_goods(checked.violations):
        for strict in (False, True) if not forbids_sentence(checked.violations) else (True,):
            text = cut_clauses(
                checked.sentence.text, checked.skeleton, checked.violations, strict=strict
            )
            if text and not is_violating(text, library, bounds):
                return text, "cut"
    return "", "cut"


def _find_hidden(checked: Checked) -> set[str]:
    """Disguised words of what is objected to, as they are written: none of them may stay."""
    skeleton, source = checked.skeleton, checked.sentence.text
    hidden: set[str] = set()
    for match in checked.violations:
        marks = [skeleton.is_disguised(i, i + 1) for i in range(match.start, match.end)]
        for masked, run in groupby(zip(marks, count(match.start)), key=lambda pair: pair[0]):
            places = [place for _, place in run]
            start, end = skeleton.original(places[0], places[-1] + 1)
            if masked and end - start > 1:
                hidden |= {source[start:end], *_SPELT.findall(source[start:end])}
    return hidden


def _find_loss(checked: Checked) -> Loss:
    """What has to go of the sentence, with what belongs to the claim."""
    edits = find_edits(checked.sentence.text, checked.skeleton, checked.violations)
    inner = innermost(edits)
    return Loss(
        checked.sentence.text,
        objected=[(edit.start, edit.end) for edit in inner],
        around=[(edit.start, edit.end) for edit in set(edits).difference(inner)],
        is_trick=is_trick(checked.violations),
    )


def join_rewrite(text: str, mends: Sequence[Mend], library: RulePackLibrary, bounds: Bounds) -> str:
    """`text` with every mend in its place; checked again, and what still violates is cut.

    A mend that cut the proof of its neighbour makes the neighbour violate, so the check is
    repeated until nothing is found; every round shortens the text.
    """
    if not mends:
        return text
    parts: list[str] = []
    done = 0
    for mend in sorted(mends, key=lambda m: m.start):
        parts += [text[done : mend.start], mend.text]
        done = mend.end
    rewrite = tidy_rewrite("".join([*parts, text[done:]]))
    while True:
        checked = check_sentences(rewrite, library, bounds)
        if not any(item.violations for item in checked):
            return rewrite
        rewrite = tidy_rewrite("".join(c.sentence.text for c in checked if not c.violations))


def is_violating(text: str, library: RulePackLibrary, bounds: Bounds) -> bool:
    """True when `text`, taken alone, has a finding of severity `violation`."""
    return any(item.violations for item in check_sentences(text, library, bounds))


def _first_to_mend(item: Checked) -> Sequence[Match]:
    """What rules object to, and what is only meant where no fact is lost with it."""
    if all(m.rule.rule.category == IMPLIED for m in item.violations):
        return item.violations
    return [
        match
        for match in item.violations
        if match.rule.rule.category != IMPLIED
        or not find_facts(item.skeleton.text[match.start : match.end])
    ]
