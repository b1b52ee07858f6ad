"""A product's record as it stands on air: with what the host has changed until a moment.

A live fact overrides the record only from its time on, and keeps its own evidence: the sentence in
the stream. Where it cannot be told which variant is meant, the record stays as it is.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.evidence import Evidence, Locator
from domain.lexicon import find_terms
from domain.product import Fact, ProductDocument, Variants
from domain.quantities import find_quantities
from domain.stream import LiveFact
from tools.live_facts import is_back, is_gone
from tools.questions.decision import SAID

_STOCK = "variants.stock"
_EVERYTHING = re.compile(
    r"\b(?:everything|all of (?:it|them)|they are all|completely|totally|the last one)\b"
    r"|全部|全都|都(?:已经)?(?:卖|抢|没)|一件(?:都|也)|彻底|所有",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\b(?:only|just)? ?(?P<en>\d+)(?: \w+)? (?:left|remaining)\b"
    r"|(?:只|就|还)?剩(?:下)?(?:最后)?(?P<zh>\d+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LiveRecord:
    """`document` with what was changed in it; `changes` are the live facts by field path."""

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
        if fact.fact == "price":
            record.live_price = float(fact.value)
            changes["live_price"] = fact
        elif fact.fact == "stock":
            for path, count in _stock(fact, record.variants, document.record.variants).items():
                variant = path.removeprefix(f"{_STOCK}.")
                if count is None:
                    record.variants.stock.pop(variant, None)
                    changes.pop(path, None)
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


def _stock(fact: LiveFact, now: Variants, recorded: Variants) -> dict[str, int | None]:
    """The count of each variant that a fact speaks of; None where only its return is known."""
    variants = _variants_in(fact, now)
    left = _LEFT.search(fact.value)
    if left is not None:
        count = int(left["en"] or left["zh"])
        return dict.fromkeys(variants, count) if len(variants) == 1 else {}
    if is_gone(fact.value):
        return dict.fromkeys(variants, 0)
    if is_back(fact.value):
        return {
            path: recorded.stock.get(path.removeprefix(f"{_STOCK}.")) or None for path in variants
        }
    return {}


def _variants_in(fact: LiveFact, variants: Variants) -> Sequence[str]:
    """The stock paths that a fact speaks of; a colour or size of which no count is known too."""
    if fact.field != _STOCK:
        return [fact.field]
    named = _named(fact.quote, variants)
    if named:
        counted = [v for v in variants.stock if all(_holds(v, name) for name in named)]
        return [f"{_STOCK}.{name}" for name in counted or [" ".join(named)]]
    if len(variants.stock) == 1 or _EVERYTHING.search(fact.quote):
        return [f"{_STOCK}.{name}" for name in variants.stock]
    return []


def _named(text: str, variants: Variants) -> list[str]:
    """The listed colours and sizes that a text names, at most one of each."""
    found: list[str] = []
    for listed in (variants.colours, variants.sizes):
        named = [one for one in listed if _holds(text, one)]
        if len(named) == 1:
            found += named
    return found


def _holds(text: str, listed: str) -> bool:
    """Whether a text names a listed colour or size, in its own words or the other language's."""
    if re.search(rf"(?<![A-Za-z0-9]){re.escape(listed)}(?![A-Za-z0-9])", text, re.IGNORECASE):
        return True
    wanted = {(term.cls, term.concept) for term in find_terms(listed) if term.cls in _CLASSES}
    if wanted:
        return wanted <= {(term.cls, term.concept) for term in find_terms(text)}
    amounts = [(q.value, q.unit) for q in find_quantities(listed)]
    return bool(amounts) and amounts[0] in [(q.value, q.unit) for q in find_quantities(text)]


_CLASSES = frozenset({"colour", "size"})
