"""Promises in an utterance: what the host says viewers will get, of whom and by when.

A clause promises when it commits the host to something that viewers can hold them to: an offered
price, a gift, a term, goods kept or coming, the sending, the taking back, or what will be done
later. What was, is asked, told of others or only wished for promises nothing. The words are data
(`finding.yaml`), a list of expressions a kind; a group `v` is what is promised, else all of it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.quantities import find_quantities
from domain.watching import PromiseKind
from tools.host_speech import Clause, find_first, is_correction, read_clauses, read_expressions
from tools.promises.due import Due, find_due, is_beyond
from tools.spoken_prices import SpokenPrice, find_prices

_FILE = Path(__file__).with_name("finding.yaml")
_BY_WORDS: tuple[PromiseKind, ...] = ("gift", "shipping", "returns", "price", "stock", "deadline")
_TERMS: frozenset[PromiseKind] = frozenset({"shipping", "returns"})
"""Kinds that are of orders, not of the show."""
_LONGEST = 60
_TRIM = " ,.，。!！、;；的"


@dataclass(frozen=True)
class Promised:
    """A promise as it was said.

    `value` is what was promised, in short and in the words of the host with amounts in digits;
    `amount` its price, where it is one. `condition` is on what it depends. One that is `awaited` is
    yet to be done in the show, others are terms that stand.
    """

    kind: PromiseKind
    value: str
    quote: str
    condition: str | None
    due: Due
    amount: float | None = None
    awaited: bool = False


def find_promises(text: str, at_ms: int = 0, *, currency: str | None = None) -> list[Promised]:
    """The promises of an utterance that ended at `at_ms`, at most one of a kind in a clause.

    `currency` is that of the record of the goods on air. Who corrects what they said promises
    nothing new.
    """
    if is_correction(text):
        return []
    found: list[Promised] = []
    led = ""
    for clause in read_clauses(text):
        if clause.holds and not _is_denied(clause):
            is_led = led == clause.sentence and not any(one.quote == led for one in found)
            found += _read(clause, at_ms, currency, is_led=is_led)
        if find_first(_expressions("lead"), clause.text):
            led = clause.sentence
    priced = {one.quote for one in found if one.kind == "price"}
    made = {one.quote for one in found if one.amount is not None}
    found = [
        one
        for one in found
        if not (one.kind == "deadline" and one.quote in priced)
        and not (one.kind == "price" and one.amount is None and one.quote in made)
    ]
    return list({(one.kind, one.value): one for one in found}.values())


def _read(clause: Clause, at_ms: int, currency: str | None, *, is_led: bool) -> Iterator[Promised]:
    """What a clause promises; with `is_led` one before it told a time to come."""
    condition = _condition(clause)
    kinds: set[PromiseKind] = set()
    for price in find_prices([clause], currency):
        if not price.is_list and (price.binds or price.is_new) and not _is_only_back(clause):
            kinds.add("price")
            value = _around(price)
            yield _promised(clause, "price", value, condition, at_ms, float(price.amount))
    for kind in _BY_WORDS:
        match = find_first(_expressions(kind), clause.text)
        if match is None and kind == "gift" and find_first(_expressions("gift_mark"), clause.after):
            match = find_first(_expressions("gift_if_marked"), clause.text)
        if match is None or kind in kinds or _is_another(kind, clause):
            continue
        if kind == "stock" and "price" in kinds:
            continue
        kinds.add(kind)
        yield _promised(clause, kind, _value(match, clause, kind), condition, at_ms)
    if not kinds and (match := find_first(_expressions("commits"), clause.text)):
        for kind in _BY_WORDS:
            told = find_first(_expressions(f"word_{kind}"), match.group())
            if told is not None and not _is_another(kind, clause):
                kinds.add(kind)
                yield _promised(clause, kind, _value(match, clause, kind), condition, at_ms)
                break
    acts = [*_expressions("other"), *(_expressions("after_lead") if is_led else ())]
    if not kinds and (match := find_first(acts, clause.text)) and not _is_another("other", clause):
        yield _promised(clause, "other", _value(match, clause, "other"), condition, at_ms)


def _promised(
    clause: Clause,
    kind: PromiseKind,
    value: str,
    condition: str | None,
    at_ms: int,
    amount: float | None = None,
) -> Promised:
    due = find_due(f"{clause.before} {clause.text} {clause.after}", at_ms)
    beyond = due == Due() and is_beyond(clause.text)
    acts = find_first(_expressions(f"awaited_{kind}"), clause.text) is not None
    waits = kind == "price" and find_first(_expressions("event"), condition or "") is not None
    return Promised(
        kind=kind,
        value=value,
        quote=clause.sentence,
        condition=condition,
        due=Due() if kind in _TERMS else due,
        amount=amount,
        awaited=(acts or waits or kind == "other") and not beyond and kind not in _TERMS,
    )


def _is_denied(clause: Clause) -> bool:
    return find_first(_expressions("denied"), clause.text) is not None


def _is_only_back(clause: Clause) -> bool:
    """A price that is said to be the usual one again takes an offer back, it makes none."""
    return find_first(_expressions("price_back"), clause.text) is not None


def _is_another(kind: PromiseKind, clause: Clause) -> bool:
    return find_first(_expressions(f"not_{kind}"), clause.text) is not None


def _condition(clause: Clause) -> str | None:
    """On what the promise depends: said in the clause itself, or right before or after it."""
    for text in (clause.text, clause.before, clause.after):
        own = text == clause.text
        match = find_first(_expressions("condition" if own else "condition_beside"), text)
        if match is not None:
            return (match.groupdict().get("v") or match.group()).strip(_TRIM) or None
    return None


def _value(match: re.Match[str], clause: Clause, kind: PromiseKind) -> str:
    value = match.groupdict().get("v") or match.group()
    if kind in ("shipping", "returns") and not find_quantities(value):
        start, end = match.span()
        near = [
            q
            for q in find_quantities(clause.text)
            if -24 < q.start - end < 24 or start < q.end < end
        ]
        value = f"{value} {near[0].text}" if near and near[0].text not in value else value
    if kind in ("gift", "stock") and (tail := find_first(_expressions("tail"), value)):
        value = value[: tail.start()]
    return value.strip(_TRIM)[:_LONGEST].strip()


def _around(price: SpokenPrice) -> str:
    """The amount with what limits it (`26 pounds until midnight`)."""
    limit = find_first(_expressions("price_limit"), f"{price.clause.text} {price.clause.after}")
    return f"{price.text} {limit.group().strip(_TRIM)}" if limit else price.text


def _expressions(name: str) -> Sequence[re.Pattern[str]]:
    return read_expressions(_FILE).get(name, ())
