"""How little of a clause may go with the words objected to, so that its facts stay.

Ways in order of what they leave: the goods without the modifier (`史上最强的|吸尘器`), the subject
without its predicate (`这款乳胶枕|治颈椎病`), what follows the claim, what stands around it. A way
is a proposal: whoever takes it checks the result again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from domain.quantities import find_quantities
from tools.compliance.han import is_han
from tools.compliance.lawful import Span, describes_goods, find_facts
from tools.compliance.lexicon import load_lexicon
from tools.compliance.yaml_files import load_yaml

_LONGEST_MODIFIER = 8
_LONGEST_SUBJECT = 7
_MOST_REPEATED = 4
_MOST_ADDED = 4
_MOST_NAMED = 5
_REACH = 24
_DIGITS = re.compile(r"\d+$")
_CLOSING = " \t\n，,、：:。.！!？?；;…—–-"
_FUNCTION_WORD = re.compile(
    r"(?:and|or|but|so|is|are|was|were|in|on|at|of|for|from|with|without|by|to|than|that|which|who"
    r"|it|they|we|you|your|our|my|the|a|an|as|if|when|while|after|before|because|guys|all|unless|until|except|under|over|above|below|no|not"
    r"|never|nor|less|more|than)\b",
    re.IGNORECASE,
)
_ADVERB = re.compile(r"[a-z]+ly|just|even|ever|also|then|now|here|there|these|this|those|that|its")
_DETERMINED = re.compile(r"(?:\b(?:an?|the|our|my|your|this|these|its|with|is|are))[ ]*$", re.I)
_OPENING = re.compile(r"(?:the|an?|our|my|your|this|these|its) ", re.IGNORECASE)
_ADDED = re.compile(r"[ ]*(?=(?:with|in an?|in \d|from|for [$€£]|at [$€£]|contains|comes) )", re.I)


@dataclass(frozen=True, slots=True)
class Trim:
    """What to leave out of a clause; `is_subject` when no more than a subject stays."""

    start: int
    end: int
    is_subject: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    before: re.Pattern[str]
    after: re.Pattern[str]
    compared: re.Pattern[str]
    contact: re.Pattern[str]
    links: re.Pattern[str]
    joined: re.Pattern[str]
    bound: re.Pattern[str]
    subject_zh: re.Pattern[str]
    teller_zh: re.Pattern[str]
    subject_en: re.Pattern[str]
    claim_verb: re.Pattern[str]
    other_verb: re.Pattern[str]
    verb: re.Pattern[str]
    lead: re.Pattern[str]


def widen(text: str, span: Span) -> Span:
    """`span` with the words next to it that only say how much, how soon or among whom."""
    words = _load_words()
    start, end = span
    for _ in range(_MOST_ADDED):
        more = words.before.search(text, max(0, start - _REACH), start)
        if more and not _is_part_of_word(text, more):
            start = more.start()
        more = words.after.match(text, end)
        end = more.end() if more else end
    return start, end


def find_comparison(text: str, start: int, end: int) -> Span | None:
    """Where `text[start:end)` says with what a superlative compares (`in the world`)."""
    found = _load_words().compared.search(text, start, end)
    return found.span() if found else None


def find_tail(text: str, at: int) -> Span | None:
    """How soon or how much, right behind a claim that was replaced (`overnight`)."""
    found = _load_words().after.match(text, at)
    return found.span() if found else None


def find_handle(text: str, at: int) -> Span | None:
    """Whom to write to and for what, right behind a way out of the platform."""
    found = _load_words().contact.match(text, at)
    if found is None or end_before_amount(text, at, found.end()) != found.end():
        return None
    return found.span()


def end_before_amount(text: str, start: int, end: int) -> int:
    """`end`, or where digits begin that `[start, end)` takes from an amount (`coffee200|克`)."""
    digits = _DIGITS.search(text, start, end)
    if digits is None or text[end : end + 1].isdigit():
        return end
    amount = find_quantities(text[digits.start() : end + _REACH])[:1]
    cut = [q for q in amount if q.start == 0 and q.dimension and digits.start() + q.end > end]
    return digits.start() if cut and digits.start() > start else end


def begins_with_verb(text: str) -> bool:
    """True when an English clause has no subject of its own (` and ships from Ohio`)."""
    return _load_words().verb.match(text) is not None


def is_light(word: str) -> bool:
    """True for an English word that links, denies or tells what is done: no part of a noun."""
    words = _load_words()
    return any(
        pattern.fullmatch(word)
        for pattern in (_FUNCTION_WORD, words.claim_verb, words.other_verb, words.verb, _ADVERB)
    )


def strip_links(subject: str) -> str:
    """`subject` without the words at its end that lead to a predicate (`治`, ` is`)."""
    return _without_links(subject)


def is_short(subject: str) -> bool:
    """True when `subject` says no more than what is sold (`这款乳胶枕`, `This clear gel`)."""
    words = subject.strip(_CLOSING)
    opening = _load_words().subject_zh.match(words)
    if any(map(is_han, words)):
        return len(words) - (opening.end() if opening else 0) <= _MOST_NAMED
    return len(words.split()) < _MOST_NAMED


def find_trims(clause: str, start: int, end: int) -> Iterator[Trim]:
    """Ways of taking the claim at `[start, end)` out of `clause`, the least loss first."""
    ways = _find_chinese if any(map(is_han, clause)) else _find_english
    close = len(clause.rstrip(_CLOSING))
    facts = find_facts(clause, [(start, end)])
    yield from ways(clause, start, end, close, facts)
    if any(fact[1] <= start for fact in facts) and any(fact[0] >= end for fact in facts):
        yield Trim(start, end)


def _find_chinese(
    clause: str, start: int, end: int, close: int, facts: Sequence[Span]
) -> Iterator[Trim]:
    words = _load_words()
    opening = words.subject_zh.match(clause)
    head = opening.end() if opening and opening.end() <= start else 0
    before = clause[head:start]
    modifier_end = _end_of_modifier(clause, end, close)
    leading = any(fact[1] <= start for fact in facts)
    if modifier_end is not None:
        if not leading and len(before) <= _LONGEST_MODIFIER:
            yield Trim(head, modifier_end, is_subject=not facts)
        else:
            repeated = _find_repeated(clause, start, modifier_end)
            yield Trim(start, modifier_end + repeated)
    subject = _without_links(clause[:start])
    told = words.teller_zh.match(clause) is not None
    if len(subject.strip()) > head and (head or (leading and not told)):
        yield Trim(len(subject), close, is_subject=True)
    at = next((fact[0] for fact in facts if fact[0] >= end), None)
    if at is not None and describes_goods(clause[at:]) and not is_bound(clause[end:at]):
        yield Trim(0, at)


def _end_of_modifier(clause: str, end: int, close: int) -> int | None:
    """Where the noun begins that a claim ending at `end` modifies by 的, or directly."""
    if clause[end - 1] == "的":
        return end if end < close else None
    found = re.compile(r"[^，,、。的]{0,10}?的(?=[^\s，,。：:了吗吧呢])").match(clause, end, close)
    return found.end() if found else None


def _find_repeated(clause: str, start: int, after: int) -> int:
    """How many characters after a modifier repeat the noun before it (`蜂蜜|最纯的|蜂蜜`)."""
    return next(
        (
            size
            for size in range(_MOST_REPEATED, 0, -1)
            if start >= size and clause[start - size : start] == clause[after : after + size]
        ),
        0,
    )


def _find_english(
    clause: str, start: int, end: int, close: int, facts: Sequence[Span]
) -> Iterator[Trim]:
    words = _load_words()
    lead = words.lead.match(clause)
    first = lead.end() if lead else 0
    trailing = any(fact[0] >= end for fact in facts)
    noun = re.compile(r"[ -]+(?=[A-Za-z])").match(clause, end, close)
    if noun and not (
        _FUNCTION_WORD.match(clause, noun.end()) or words.verb.match(clause, noun.end())
    ):
        opening = _OPENING.match(clause, start)
        at = opening.end() if opening and opening.end() < end else start
        if _DETERMINED.search(clause[first:at]):
            yield Trim(at, noun.end())
    verb = words.claim_verb.search(clause, first, end)
    verb = verb or words.other_verb.search(clause, max(start, first), end)
    subject = _without_links(clause[: verb.start() if verb else start].rstrip())
    count = len(subject[first:].split())
    leading = any(fact[1] <= len(subject) for fact in facts)
    named = words.subject_en.match(clause, first) is not None
    if count > 1 and ((named and count <= _LONGEST_SUBJECT) or leading):
        if trailing and _ADDED.match(clause, end):
            yield Trim(len(subject), end)
        yield Trim(len(subject), close, is_subject=True)
    if trailing:
        added = _ADDED.match(clause, end)
        if added:
            yield Trim(0, added.end())
        at = next(fact[0] for fact in facts if fact[0] >= end)
        verbs = list(words.verb.finditer(clause, end, at))
        if verbs:
            at = verbs[-1].start()
        if describes_goods(clause[at:]) and not is_bound(clause[end:at]):
            yield Trim(0, at)


def _without_links(subject: str) -> str:
    links = _load_words().links
    end = len(subject)
    while link := links.search(subject, max(0, end - _REACH), end):
        if _is_part_of_word(subject, link):
            break
        end = link.start()
    return subject[:end]


def _is_part_of_word(text: str, found: re.Match[str]) -> bool:
    """True when the one character `found` ends a word (`多功能`, `羽绒被`) and links nothing."""
    at = found.start()
    if at == 0 or found.end() - at != 1 or not is_han(text[at]):
        return False
    words = _load_words()
    if words.joined.search(text, 0, at + 1):
        return True
    is_link = words.links.search(text, at - 1, at) is not None
    return text[at - 1 : at + 1] in load_lexicon().pairs and not is_link


def is_bound(dropped: str) -> bool:
    """True when what would be dropped denies or limits what follows it (`不超过|5克糖`)."""
    return _load_words().bound.search(dropped) is not None


@cache
def _load_words() -> _Words:
    told = cast("dict[str, Any]", load_yaml(Path(__file__).with_name("trimming.yaml")))
    named = cast("dict[str, str]", told["words"])

    def compiled(expressions: Sequence[str], *, wrap: str = "{}") -> re.Pattern[str]:
        joined = "|".join(f"(?:{expression})" for expression in expressions)
        for _ in range(2):
            for name, words in named.items():
                joined = joined.replace(f"<{name}>", words.strip())
        return re.compile(wrap.format(f"(?:{joined})"), re.IGNORECASE)

    return _Words(
        before=compiled(told["before"], wrap=r"{}$"),
        after=compiled(told["after"]),
        compared=compiled([told["compared"]]),
        contact=compiled([told["contact"]]),
        links=compiled(told["links"], wrap=r"{}$"),
        joined=compiled(told["joined"], wrap=r"{}$"),
        bound=compiled(told["bound"]),
        subject_zh=compiled(["<subject_zh>"], wrap=r"\s*{}"),
        teller_zh=compiled(["<teller_zh>"], wrap=r"\s*{}"),
        subject_en=compiled(["<subject_en>"]),
        claim_verb=compiled(["<claim_verb_en>"], wrap=r"\b{}\b"),
        other_verb=compiled(["<other_verb_en>"], wrap=r"\b{}\b"),
        verb=compiled(["<verb_en>"], wrap=r"[ ]*(?:(?:and|but) )?\b{}\b"),
        lead=re.compile(r"\s*(?:(?:and|so|but|plus|because|while)\b )?", re.IGNORECASE),
    )
