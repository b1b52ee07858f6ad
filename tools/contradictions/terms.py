"""Shipping, returns and warranty, and gifts."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from domain.product import ProductRecord
from domain.quantities import Quantity
from tools.contradictions.statements import (
    Stated,
    agrees_with_any,
    amounts_in,
    is_denied,
    quantities_in,
    record_texts,
    says,
)
from tools.host_speech import Clause, read_clauses
from tools.promises.finding import find_promises
from tools.questions.reading import content_words, covered

_SPANS = frozenset({"time", "business_time", "calendar"})
_SAME_GIFT = 0.5
_SAID_OF_GIFTS = ("promotion", "selling_points")


def read_terms(clauses: Sequence[Clause], record: ProductRecord) -> Iterator[Stated]:
    """What clauses state of sending, taking back and giving."""
    for clause in clauses:
        if clause.holds:
            yield from _shipping(clause, record)
            yield from _returns(clause, record)
            yield from _gifts(clause, record)


def _shipping(clause: Clause, record: ProductRecord) -> Iterator[Stated]:
    text = clause.text
    known = (record.shipping or "").lower()
    spans = _spans(clause)
    kind = next((kind for kind in ("dispatch", "delivery") if says(kind, text)), None)
    if spans and kind and not says("send_back", text) and not says("damage_words", text):
        own = [q for part in _parts(known) for q in _times(part) if _is_of(part, kind)]
        others = own or _times(known)
        confirmed = bool(others) and agrees_with_any(spans[-1], others)
        yield Stated(
            slot=f"shipping.{kind}",
            field="shipping",
            said=" - ".join(q.text.strip() for q in spans),
            value=spans[-1],
            clause=clause,
            known=record.shipping if own and not confirmed else None,
            confirmed=confirmed,
        )
    if says("free_shipping", text):
        has_limit = says("threshold", f"{clause.before} {text} {clause.after}")
        limited = [part for part in _parts(known) if says("free_shipping", part) or "free" in part]
        is_limited = bool(limited) and all(says("threshold", part) for part in limited)
        costs = not limited and any(_money(part) for part in _parts(known))
        yield Stated(
            slot="shipping.free",
            field="shipping",
            said=text,
            value="limited" if has_limit else "free",
            clause=clause,
            known=record.shipping if not has_limit and (is_limited or costs) else None,
            confirmed=bool(limited) and is_limited == has_limit,
            is_loose=True,
        )
    elif says("shipping_fee", text) and (fees := _fees(clause)):
        known_fees = _money(known)
        confirmed = any(
            float(fee.value) == float(other.value) for fee in fees for other in known_fees
        )
        yield Stated(
            slot="shipping.fee",
            field="shipping",
            said=fees[-1].text.strip(),
            value=str(fees[-1].value),
            clause=clause,
            known=record.shipping if known_fees and not confirmed else None,
            confirmed=confirmed,
        )


def _returns(clause: Clause, record: ProductRecord) -> Iterator[Stated]:
    text = clause.text
    kind = next((k for k in ("warranty_words", "return_words") if says(k, text)), None)
    if kind is None or (says("damage_words", text) and kind == "return_words"):
        return
    entries = [
        value.lower()
        for _, value in record_texts(record, "returns_warranty")
        if _is_of_return(value.lower(), kind)
    ]
    if kind == "return_words" and says("no_returns", text):
        takes = [value for value in entries if not says("no_returns", value)]
        limited = [part for value in takes for part in _parts(value)]
        if takes and not any(says("no_returns", part) for part in limited):
            yield Stated("returns.any", "returns_warranty", text, "none", clause, takes[0])
        return
    spans = _spans(clause)
    if not spans:
        return
    known = [q for value in entries for q in _times(value)]
    confirmed = agrees_with_any(spans[0], known)
    yield Stated(
        slot=f"returns.{kind}",
        field="returns_warranty",
        said=spans[0].text.strip(),
        value=spans[0],
        clause=clause,
        known="; ".join(entries) if known and not confirmed else None,
        confirmed=confirmed,
    )


def _gifts(clause: Clause, record: ProductRecord) -> Iterator[Stated]:
    """Another number of the same gift, or none where the record promises one."""
    for path, value in record_texts(record, *_SAID_OF_GIFTS):
        gifts = _promised_gifts(value)
        if not gifts and not says("gift_denied", clause.text):
            continue
        gift = gifts[0] if gifts else value
        if covered(content_words(gift) - _small_words(), clause.text) < _SAME_GIFT:
            continue
        if says("gift_denied", clause.text):
            if gifts and not says("threshold", value):
                yield Stated("gift.any", path, clause.text, "none", clause, value)
            continue
        said = next(iter(_promised_gifts(clause.text)), "")
        count, known = _count(said), _count(gift)
        if count and known and count != known:
            yield Stated("gift.count", path, said, str(count), clause, value)


@lru_cache(maxsize=2048)
def _promised_gifts(text: str) -> Sequence[str]:
    return [one.value for one in find_promises(text) if one.kind == "gift"]


def _spans(clause: Clause) -> list[Quantity]:
    return [
        q
        for q in quantities_in(clause.text)
        if q.dimension in _SPANS and not is_denied(clause, q.start) and q.unit not in ("min", "s")
    ]


def _times(text: str) -> list[Quantity]:
    return [q for q in amounts_in(text) if q.dimension in _SPANS]


def _money(text: str) -> list[Quantity]:
    return [q for q in amounts_in(text) if (q.dimension or "").startswith("currency:")]


def _fees(clause: Clause) -> list[Quantity]:
    """What sending costs, and not from what amount on it is free."""
    return [q for q in _money(clause.text) if not says("limit_before", clause.text[: q.start])]


def _count(gift: str) -> int | None:
    """How many of a gift; one where it is told as one (`a pouch`, 一个)."""
    counts = [q.value for q in amounts_in(gift) if q.dimension in (None, "count")]
    if counts:
        return int(counts[0])
    return 1 if re.match(r"(?:an?|one|free)\b|一", gift) else None


@lru_cache(maxsize=2048)
def _parts(text: str) -> Sequence[str]:
    return [clause.text for clause in read_clauses(text.replace(";", ". "))] or [text]


def _is_of(part: str, kind: str) -> bool:
    other = "delivery" if kind == "dispatch" else "dispatch"
    return says(kind, part) or not says(other, part)


def _is_of_return(value: str, kind: str) -> bool:
    if kind == "warranty_words":
        return says(kind, value) or not says("return_words", value)
    return not says("warranty_words", value) and not says("damage_words", value)


@cache
def _small_words() -> frozenset[str]:
    return content_words("free with every each order one a 每 一个 送 把 只 张")
