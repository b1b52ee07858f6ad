"""Stale claims: nothing in a clip holds only for a moment, or is no longer so in the record."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.clip import Rejection, Surface
from domain.product import ProductRecord
from domain.quantities import find_quantities
from tools.clip_guards.clip_text import Said, Shown, compile_pattern, load_patterns
from tools.live_facts.cues import plain_words
from tools.live_facts.prices import find_price
from tools.live_facts.stock import is_gone

_CENT = Decimal("0.005")


def find_stale(
    said: Sequence[Said], shown: Sequence[Shown] = (), record: ProductRecord | None = None
) -> list[Rejection]:
    """Promises that end, countdowns, and prices, coupons and stock against the record as it is.

    Without a record, or where it states no price, what is said of money cannot be checked, and a
    price that is said for now is objected to.
    """
    found: list[Rejection] = []
    for one in said:
        for rule, reason, quote in _stale(one.text, record):
            found.append(_reject(rule, reason, quote, "speech", one))
    heard = {_closed(one.quote) for one in found}
    for one in shown:
        for rule, reason, quote in _stale(one.text, record):
            # A subtitle shows what is said, unless somebody spelt it otherwise.
            if one.surface != "subtitles" or _closed(quote) not in heard:
                found.append(_reject(rule, reason, quote, one.surface))
    return found


def _closed(text: str) -> str:
    return "".join(text.split()).casefold()


def _reject(
    rule: str, reason: str, quote: str, surface: Surface, said: Said | None = None
) -> Rejection:
    return Rejection(
        guard="stale_claims",
        rule=rule,
        reason=reason,
        quote=quote.strip(),
        surface=surface,
        utterance=None if said is None else said.number,
        at_ms=None if said is None else said.at_ms,
    )


def _stale(text: str, record: ProductRecord | None) -> Iterator[tuple[str, str, str]]:
    for rule, patterns in load_patterns()["stale"].items():
        if match := compile_pattern(*patterns["anywhere"]).search(text):
            yield rule, str(patterns["reason"]), match.group()
    yield from _prices(text, record)
    yield from _coupons(text, record)
    yield from _stock(text, record)


def _prices(text: str, record: ProductRecord | None) -> Iterator[tuple[str, str, str]]:
    known = _known_prices(record)
    stated = {
        quantity.text: quantity.value
        for quantity in find_quantities(text)
        if (quantity.dimension or "").startswith("currency:")
    }
    told = find_price(plain_words(text), record, shown=False)
    if told is not None and Decimal(told) not in stated.values():
        stated[told] = Decimal(told)
    for quote, value in stated.items():
        if not known:
            yield "unknown_price", "The record has no price to hold it against.", quote
        elif all(abs(value - one) > _CENT for one in known):
            now = ", ".join(str(one) for one in known)
            yield "old_price", f"The record says {now} now.", quote


def _known_prices(record: ProductRecord | None) -> list[Decimal]:
    """The record's prices, and amounts that its promotions state."""
    if record is None:
        return []
    prices = [Decimal(str(p)) for p in (record.live_price, record.list_price) if p is not None]
    for text in record.promotion:
        prices += [
            q.value for q in find_quantities(text) if (q.dimension or "").startswith("currency:")
        ]
    return list(dict.fromkeys(prices))


def _coupons(text: str, record: ProductRecord | None) -> Iterator[tuple[str, str, str]]:
    offered = " ".join(record.promotion).casefold() if record is not None else ""
    for pattern in load_patterns()["coupon"]:
        match = compile_pattern(pattern).search(text)
        if match is None:
            continue
        wanted = (match.groupdict().get("code") or match.group()).strip().casefold()
        general = "coupon" in offered or "voucher" in offered or "券" in offered
        alive = wanted in offered or (not match.groupdict().get("code") and general)
        if not alive:
            yield "dead_coupon", "The record names no such coupon now.", match.group()
            return


def _stock(text: str, record: ProductRecord | None) -> Iterator[tuple[str, str, str]]:
    said = text.casefold()
    for variant, left in record.variants.stock.items() if record is not None else ():
        if left <= 0 and variant.strip() and _names(said, variant) and not is_gone(text):
            yield "out_of_stock", f"The record says that {variant} is sold out.", variant


def _names(said: str, variant: str) -> bool:
    return all(_word(part).search(said) for part in variant.casefold().split())


def _word(part: str) -> re.Pattern[str]:
    plain = re.escape(part)
    return compile_pattern(rf"\b{plain}\b" if part.isascii() else plain)
