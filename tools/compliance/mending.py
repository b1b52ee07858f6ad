"""Mending a violating sentence until nothing in it violates, and joining what was mended."""

from collections.abc import Sequence

from domain.compliance import Mend
from tools.compliance.bounds import Bounds
from tools.compliance.lawful import find_facts
from tools.compliance.library import RulePackLibrary
from tools.compliance.matching import Match
from tools.compliance.meaning import IMPLIED
from tools.compliance.reading import Checked, check_sentences
from tools.compliance.rewriting import (
    cut_clauses,
    forbids_goods,
    forbids_sentence,
    mend_clauses,
)
from tools.compliance.tidying import tidy_rewrite

_ROUNDS = 4
"""How often a mend is mended again; every round takes something out."""


def mend_sentence(checked: Checked, library: RulePackLibrary, bounds: Bounds) -> Mend:
    """The rules' own mend of a violating sentence, which keeps what it says beside the claim.

    What is only meant is looked at when the words that rules object to are gone: most often it went
    with them. What cannot be mended is cut by clauses, and then as a whole.
    """
    start, end = checked.sentence.start, checked.sentence.end
    item, cut = checked, False
    rules = library.without_judge()
    if not forbids_sentence(checked.violations):
        for _ in range(_ROUNDS):
            text, lost = mend_clauses(
                item.sentence.text,
                item.skeleton,
                _first_to_mend(item),
                lambda rest: not is_violating(rest, rules, bounds),
            )
            cut = cut or lost
            if not text:
                break
            read = check_sentences(text, library, bounds)
            if not any(part.violations for part in read):
                return Mend(start=start, end=end, text=text, method="cut" if cut else "replacement")
            if len(read) > 1 or text == item.sentence.text:
                break
            item = read[0]
    if not forbids_goods(checked.violations):
        for strict in (False, True) if not forbids_sentence(checked.violations) else (True,):
            text = cut_clauses(
                checked.sentence.text, checked.skeleton, checked.violations, strict=strict
            )
            if text and not is_violating(text, library, bounds):
                return Mend(start=start, end=end, text=text, method="cut")
    return Mend(start=start, end=end, text="", method="cut")


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
