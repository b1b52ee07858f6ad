"""The facts of a document that copy may say, and which of them matter more."""

import re

from domain.product import Fact, ProductDocument

_UNSETTLED = re.compile(
    r"\bnot (?:yet )?(?:been )?confirmed\b|\bunconfirmed\b"
    r"|\bto be (?:confirmed|announced|decided)\b|\bTB[ACD]\b"
    r"|待定|待确认|(?:还没|尚未|未)(?:确认|确定|定)|暂定",
    re.IGNORECASE,
)
"""What a merchant's note says is not known yet."""

_HARM = re.compile(
    r"\ballerg|\bcontains?\b|\bgot egg|\bnuts?\b|\bmilk\b|\bgluten|\bsoy|\bchok|\bsmall parts?\b|"
    r"\bunder (?:the age of )?(?:\d|three|four|six|eight)|\bswallow|\bchildren\b|\bbab(?:y|ies)\b|"
    r"\bpregnan|\bbreast-?feed|\bdoctor\b|\bmedic|\bdose\b|\bflame|\bfire\b|\bburn(?:s|ing)?\b|"
    r"\bboiling\b|\bshock|\bhot\b|\bunattended\b|\bhurt|\bslip\b|"
    r"过敏|含(?:有)?[^，。]{0,6}(?:坚果|花生|牛奶|乳|蛋|麸质|大豆|鱼|虾|蟹|芝麻)|岁以下|周岁|"
    r"儿童|幼儿|婴|宝宝|小孩|孕妇|哺乳|医生|医师|就医|药物|误食|吞咽|窒息|明火|生火|烫|高温|触电|"
    r"糖尿病|肾|不宜超过|人群|伤口|刺痛",
    re.IGNORECASE,
)
"""Whom it may harm, and how: what has to be told before a purchase (消费者权益保护法, art. 18)."""
_LIMIT = re.compile(
    r"\bno(?:t|r)?\b|n['’]t\b|\bonly\b|\bnever\b|[不别勿]|仅限|只能|避免|禁",
    re.IGNORECASE,
)
"""What it is not for, or comes without: what a buyer would send it back for."""


class SayableFacts:
    """The facts of a document that are settled, and not of a variant sold out, by field."""

    def __init__(self, document: ProductDocument) -> None:
        disputed = {c.field for c in document.conflicts if c.status == "open"}
        sold_out = _sold_out(document)
        self._facts = [
            fact
            for fact in document.facts()
            if not _within(fact.field, disputed)
            and _UNSETTLED.search(fact.value) is None
            and not _names_sold_out(fact, sold_out)
        ]

    def one(self, field: str) -> tuple[Fact, ...]:
        """The fact at `field`, or none."""
        return tuple(f for f in self._facts if f.field == field)

    def under(self, field: str) -> tuple[Fact, ...]:
        """The facts of a list or a mapping."""
        return tuple(f for f in self._facts if f.field.startswith((f"{field}[", f"{field}.")))

    def warnings(self) -> tuple[Fact, ...]:
        """The warnings, those of harm first, then those of what it is not for."""
        found = self.under("warnings")
        grave = [fact for fact in found if is_grave(fact.value)]
        limits = [fact for fact in found if fact not in grave and _LIMIT.search(fact.value)]
        return tuple(dict.fromkeys((*grave, *limits, *found)))


def is_grave(warning: str) -> bool:
    """True for a warning of whom the goods may harm."""
    return _HARM.search(warning) is not None


def _within(field: str, disputed: set[str]) -> bool:
    return any(field == d or field.startswith((f"{d}[", f"{d}.")) for d in disputed)


def _sold_out(document: ProductDocument) -> set[str]:
    """Sizes and colours whose every variant has no stock."""
    variants = document.record.variants
    gone: set[str] = set()
    for value in (*variants.sizes, *variants.colours):
        counts = [n for name, n in variants.stock.items() if _is_variant(value, name)]
        if counts and not any(counts):
            gone.add(value)
    return gone


def _is_variant(value: str, name: str) -> bool:
    """True when the variant `name` (`Moss M`, `苔绿M`) is one of `value`."""
    if value.isascii():
        return value.casefold() in name.casefold().replace("/", " ").split() or (
            " " in value and value.casefold() in name.casefold()
        )
    return value in name


def _names_sold_out(fact: Fact, gone: set[str]) -> bool:
    return fact.field.startswith(("variants.sizes[", "variants.colours[")) and fact.value in gone
