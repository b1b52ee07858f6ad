"""A product's record as it stands on air: with what the host has changed until a moment.

A live fact overrides the record only from its time on, and keeps its own evidence: the sentence in
the stream. Where it cannot be told which variant is meant, the record stays as it is.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.evidence import Evidence, Locator
from domain.language import detect_language
from domain.product import Fact, ProductDocument, Variants
from domain.stream import LiveFact
from tools.copy_wording import money
from tools.live_facts import SIZE_PRICE, in_digits, is_gone
from tools.questions.decision import SAID
from tools.spoken import normalise_spoken
from tools.variant_words import find_meant

_STOCK = "variants.stock"
_EVERYTHING = re.compile(
    r"\b(?:everything|all of (?:it|them)|they are all|completely|totally|the last one)\b"
    r"|全部|全都|都(?:已经)?(?:卖|抢|没)|一件(?:都|也)|彻底|所有",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\b(?P<en>\d+)(?: more)?(?: (?:pieces?|pairs?|units?|sets?|boxes|of (?:them|these|'em)))?"
    r" (?:left|remaining|in stock|just scanned)\b"
    r"|\b(?P<piece>\d+) (?:pieces|packs|pairs|units|sets|cartons|of (?:them|these|'em)|came back)\b"
    r"|(?:剩下?|刚到|到了|有|匀出来|补了|放了|上了|加了)(?:最后|了)?(?P<zh>\d+)多?"
    r"[支瓶罐把个件盒条套杯双口袋包只台张床箱块单]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LiveRecord:
    """`document` with what was changed in it; `changes` are the live facts by field path.

    What came back, nobody said how many, has a change but no stock figure.
    """

    document: ProductDocument
    changes: Mapping[str, LiveFact] = field(default_factory=dict[str, LiveFact])


def apply_live_facts(
    document: ProductDocument, facts: Iterable[LiveFact], stream_id: str
) -> LiveRecord:
    """The record with the prices and stock that `facts`, the oldest first, state for it."""
    record = document.record.model_copy(deep=True)
    evidence = dict(document.evidence)
    changes: dict[str, LiveFact] = {}
    for fact in facts:
        if fact.product_id != document.product_id:
            continue
        if fact.fact == "price" and fact.field.startswith(SIZE_PRICE):
            name = _size_price(fact.field.removeprefix(SIZE_PRICE))
            lang = detect_language(name)
            record.specs[name] = money(fact.value, record.currency, lang)
            changes[f"specs.{name}"] = fact
        elif fact.fact == "price":
            record.live_price = float(fact.value)
            changes["live_price"] = fact
        elif fact.fact == "stock":
            for path, count in _stock(fact, record.variants, document.record.variants).items():
                variant = path.removeprefix(f"{_STOCK}.")
                if count is None:
                    record.variants.stock.pop(variant, None)
                else:
                    record.variants.stock[variant] = count
                changes[path] = fact
    for path, fact in changes.items():
        evidence[path] = [moment_evidence(fact.quote, fact.start_ms, stream_id)]
    conflicts = [one for one in document.conflicts if one.field not in changes]
    changed = document.model_copy(
        update={"record": record, "evidence": evidence, "conflicts": conflicts}
    )
    return LiveRecord(changed, changes)


def moment_evidence(quote: str, at_ms: int, stream_id: str) -> Evidence:
    """Evidence that points into a stream."""
    return Evidence(
        source=stream_id,
        file=f"stream {stream_id}",
        locator=Locator(second=round(at_ms / 1000, 3)),
        quote=quote,
    )


def said_fact(seq: int, text: str, at_ms: int, stream_id: str) -> Fact:
    """What was said, as a fact that an answer can rest on."""
    return Fact(
        field=f"{SAID}{seq}", value=text, evidence=(moment_evidence(text, at_ms, stream_id),)
    )


def _size_price(size: str) -> str:
    """The name of the property that holds what one size costs."""
    return f"{size}价格" if detect_language(size) == "zh" else f"{size} price"


def _stock(fact: LiveFact, now: Variants, recorded: Variants) -> dict[str, int | None]:
    """The count of each variant that a fact speaks of; None where only its return is known."""
    variants = _variants_in(fact, now)
    count = _count_in(fact.quote)
    if count is not None and len(variants) == 1 and not is_gone(fact.value):
        return {f"{_STOCK}.{variants[0]}": count}
    if is_gone(fact.value):
        return {f"{_STOCK}.{variant}": 0 for variant in variants}
    return {f"{_STOCK}.{v}": recorded.stock.get(v) or None for v in variants}


def _variants_in(fact: LiveFact, variants: Variants) -> Sequence[str]:
    """The variants that a fact speaks of; a colour or size of which no count is known too."""
    if fact.field != _STOCK:
        return [fact.field.removeprefix(f"{_STOCK}.")]
    counted = list(variants.stock)
    meant = find_meant(fact.value, counted) or find_meant(fact.quote, counted)
    if meant or counted:
        everything = len(counted) == 1 or _EVERYTHING.search(fact.quote) is not None
        return meant or (counted if everything else [])
    return find_meant(fact.quote, [*variants.colours, *variants.sizes])


def _count_in(quote: str) -> int | None:
    """How many there are: `eight pieces`, `只剩6件`, `四十把`."""
    plain = in_digits(normalise_spoken(quote))
    left = _LEFT.search(plain)
    if left is not None:
        return int(left["en"] or left["zh"] or left["piece"])
    return None
