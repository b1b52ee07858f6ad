"""Supplier's boasts that no host may say: kept as evidence, not as qualities of the goods."""

import re
from collections.abc import Sequence

from domain.compliance import Jurisdiction
from domain.evidence import Evidence
from domain.extraction import ProductDraft
from domain.language import detect_language
from domain.product import Dropped, ProductRecord, SetAside
from tools.compliance import RulePackLibrary, check_text
from tools.extraction.directives import TO_HOST

NOT_COMPLIANT = "not_compliant"

_SAID_ON_AIR = ("selling_points", "promotion")
_SUPERLATIVE = re.compile(
    r"\b(?:best|finest|greatest|no\.? ?1|number one|#1|world'?s)\b.{0,40}\b(?:ever|world|earth"
    r"|market|brand|anywhere)\b|\b(?:world'?s|no\.? ?1|number one|#1)\b",
    re.IGNORECASE,
)
"""Puffery that is legal in some markets only, while what a record keeps may be said in all."""
_QUOTED = re.compile(r"[\"“「『](.+)[\"”」』]")
_EUROPEAN = ("EUR", "GBP", "CHF", "SEK", "DKK", "NOK", "PLN", "CZK")


def set_boasts_aside(draft: ProductDraft, packs: RulePackLibrary) -> ProductDraft:
    """`draft` without the selling points and promotions that violate a rule where it is sold.

    Each is listed in `dropped` with the place that says it and the rules that it breaks; what only
    may be meant stays, for the copy is checked for that. Lines that someone wants said, which are
    set aside, get the rules by which they may not. The market is told from the language and the
    currency of the record.
    """
    record = draft.record.model_copy(deep=True)
    evidence = dict(draft.evidence)
    dropped = list(draft.dropped)
    for field in _SAID_ON_AIR:
        values: list[str] = getattr(record, field)
        places = [evidence.pop(f"{field}[{index}]", []) for index in range(len(values))]
        kept: list[str] = []
        for value, found in zip(values, places, strict=True):
            rules = _broken_rules(value, record, packs)
            if rules:
                dropped.append(_drop(field, value, found, rules))
            else:
                evidence[f"{field}[{len(kept)}]"] = found
                kept.append(value)
        setattr(record, field, kept)
    asides = [_judge(aside, record, packs) for aside in draft.set_aside]
    return draft.model_copy(
        update={
            "record": record,
            "evidence": evidence,
            "dropped": dropped,
            "set_aside": asides,
        }
    )


def _judge(aside: SetAside, record: ProductRecord, packs: RulePackLibrary) -> SetAside:
    """A line that someone wants said, with the rules that its words break."""
    if aside.reason != TO_HOST:
        return aside
    quote = _QUOTED.search(aside.text)
    rules = _broken_rules(quote[1] if quote else aside.text, record, packs)
    return aside.model_copy(update={"rules": rules})


def _drop(field: str, value: str, found: Sequence[Evidence], rules: tuple[str, ...]) -> Dropped:
    first = found[0] if found else None
    return Dropped(
        field=field,
        value=value,
        reason=NOT_COMPLIANT,
        file=first.file if first else None,
        evidence=first,
        rules=rules,
    )


def _broken_rules(value: str, record: ProductRecord, packs: RulePackLibrary) -> tuple[str, ...]:
    report = check_text(
        value,
        packs.without_judge(),
        jurisdictions=_markets(record, value),
        category=" ".join(filter(None, (record.category, record.name))) or None,
    )
    found = [finding.rule for finding in report.findings if finding.severity == "violation"]
    return tuple(dict.fromkeys(found))


def _markets(record: ProductRecord, value: str) -> list[Jurisdiction]:
    if _SUPERLATIVE.search(value):
        return ["CN", "US", "EU", "platform"]
    if record.currency == "CNY" or (record.currency is None and detect_language(value) == "zh"):
        return ["CN", "platform"]
    return ["EU" if record.currency in _EUROPEAN else "US", "platform"]
