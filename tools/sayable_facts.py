"""The facts of a document that copy may say, and which of them matter more."""

import re
from collections import Counter
from collections.abc import Sequence

from domain.product import Fact, ProductDocument
from tools.size_bound import find_size_bound

_UNSETTLED = re.compile(
    r"\bnot (?:yet )?(?:been )?confirmed\b|\bunconfirmed\b"
    r"|\bto be (?:confirmed|announced|decided)\b|\bTB[ACD]\b"
    r"|待定|待确认|(?:还没|尚未|未)(?:确认|确定|定)|暂定",
    re.IGNORECASE,
)
"""What a merchant's note says is not known yet."""

_HARM = re.compile(
    r"\ballerg|\bcontains?\b(?! no\b)|\bgot egg|\b(?:pea)?nuts?\b"
    r"|\bmilk\b(?![ -]?(?:white|jug|glass))"
    r"|\bgluten|\bsoy|\bchok|\bsmall parts?\b|\bswallow|\bingest|\bchildren\b|\bbab(?:y|ies)\b"
    r"|\b(?:under|below) (?:the )?age\b|\b(?:under|below) (?:the age of )?"
    r"(?:\d{1,2}|three|four|five|six|eight|twelve)(?=[- ](?:years?|yrs?|months?)|\s*(?:[.,;:)]|$))"
    r"|\breach of|\btoddlers?\b|\binfants?\b|\bpregnan|\bbreast-?feed|\bdoctor\b|\bmedic|\bdose\b"
    r"|\bflame|\bfire\b|\bburn(?:s|ing)?\b|\bscald|\bboiling\b|\bshock|\bhot\b(?! water)"
    r"|\bunattended\b|\bhurt|\bslip\b|\bsharp\b|\bpinch|\bdrown|\bstrangl|\bstrangul"
    r"|(?<!non-)(?<!non )\b(?:in)?flammable|\bcombustible|\bexplo(?:d|s)|\bignit"
    r"|\bpoison|(?<!non-)(?<!non )\btoxic|\bsuffocat|\bcorrosive|\birritat|\bsensiti[sz]"
    r"|\bharm(?:s|ful)?\b|\bfatal|\bdanger|\bhazard|\bcancer|\basthma|\binhal|\bfumes?\b|\bvapou?rs\b"
    r"|\beyes?\b|\blaser|\bseizure|\bepilep|\bpacemaker|\bimplant"
    r"|\bnot (?:to be )?(?:eat|drink|eaten)"
    r"|\bdrows"
    r"|过敏|含(?:有)?[^，。]{0,6}(?:坚果|花生|牛奶|乳|蛋|麸质|大豆|鱼|虾|蟹|芝麻)|岁以下|周岁|"
    r"儿童|幼儿|婴|宝宝|小孩|孕妇|哺乳|医生|医师|就医|药物|误食|吞咽|吞食|窒息|明火|生火|火源|热源|"
    r"(?<!熨)烫(?!金|钻|发)|高温(?!熨|洗|烘|水洗)|触电|漏电|糖尿病|肾|不宜超过|伤口|刺痛|刺激|"
    r"人群[^，。]{0,4}(?:慎|禁|不宜|勿)|(?:敏感|特殊|不适宜|不适用)[^，。]{0,4}人群|"
    r"(?<!无)(?:有毒|毒性|毒害)|中毒|易燃|可燃|易爆|爆炸|腐蚀|有害|致癌|致命|"
    r"(?:勿|不可|不得|不能|严禁|禁止)(?:食用|食|吃|饮用|内服|入口|吸入|直视|接触眼)|入眼|眼睛|"
    r"小零件|小部件|锐利|锋利|尖锐|夹手|缠绕|勒颈|溺水|激光|癫痫|起搏器",
    re.IGNORECASE,
)
"""Whom it may harm, and how: what has to be told before a purchase (消费者权益保护法, art. 18).

The words are those of the hazard statements of GHS and CLP (Annex III) and of the warnings that
GB 5296.5 and GB 6675.1 ask for.
"""
_LIMIT = re.compile(
    r"\bno(?:t|r)?\b|n['’]t\b|\bonly\b|\bnever\b|[不别勿]|仅限|只能|避免|禁",
    re.IGNORECASE,
)
"""What it is not for, or comes without: what a buyer would send it back for."""


STOCK = "variants.stock."
"""Where the field paths of stock figures start."""


class SayableFacts:
    """The facts of a document that are settled, and not of a variant sold out, by field.

    `bound` are the specs that hold for one size alone, with that size.
    """

    def __init__(self, document: ProductDocument) -> None:
        disputed = {c.field for c in document.conflicts if c.status == "open"}
        sold_out = _sold_out(document)
        self._sold_out = sold_out
        self.bound = find_size_bound(document)
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

    def left_out(self) -> tuple[Fact, ...]:
        """Stock figures of variants that are sold out, while their size and colour are offered."""
        offered = self.under("variants.sizes") + self.under("variants.colours")
        return tuple(
            fact
            for fact in self.under("variants.stock")
            if fact.value == "0"
            and not self._is_gone(fact)
            and any(_is_within(value.value, _variant(fact)) for value in offered)
        )

    def confined(self) -> tuple[Fact, ...]:
        """Stock figures of colours that come in fewer sizes than others do, sold out or not.

        None where a figure does not name both a size and a colour: then nobody knows.
        """
        sizes = [fact.value for fact in self.under("variants.sizes")]
        colours = [fact.value for fact in self.under("variants.colours")]
        told = {fact: _variant(fact) for fact in self.under("variants.stock")}
        pairs = {fact: (_longest(colours, v), _longest(sizes, v)) for fact, v in told.items()}
        of_offered = {f: p for f, p in pairs.items() if not self._is_gone(f)}
        if not all(colour and size for colour, size in of_offered.values()):
            return ()
        counts = Counter(colour for colour, _ in of_offered.values())
        most = max(counts.values(), default=0)
        return tuple(f for f, (colour, _) in of_offered.items() if counts[colour] < most)

    def _is_gone(self, fact: Fact) -> bool:
        return any(_is_within(gone, _variant(fact)) for gone in self._sold_out)


def _variant(fact: Fact) -> str:
    return fact.field.removeprefix(STOCK)


def is_grave(warning: str) -> bool:
    """True for a warning of whom the goods may harm."""
    return _HARM.search(warning) is not None


def _within(field: str, disputed: set[str]) -> bool:
    return any(field == d or field.startswith((f"{d}[", f"{d}.")) for d in disputed)


def _sold_out(document: ProductDocument) -> set[str]:
    """Sizes and colours whose every variant has no stock."""
    variants = document.record.variants
    gone: set[str] = set()
    for values, others in (
        (variants.sizes, variants.colours),
        (variants.colours, variants.sizes),
    ):
        counts: dict[str, list[int]] = {}
        for name, count in variants.stock.items():
            value = _longest(values, name)
            is_other = value is not None and value != name and value in variants.stock
            if value is not None and not (is_other and _longest(others, name) is None):
                counts.setdefault(value, []).append(count)
        gone.update(value for value, stock in counts.items() if not any(stock))
    return gone


def _longest(values: Sequence[str], name: str) -> str | None:
    """The longest of `values` that the variant `name` (`Moss M`, `苔绿M`) contains."""
    return max((v for v in values if _is_within(v, name)), key=len, default=None)


def _is_within(value: str, name: str) -> bool:
    if value.isascii():
        whole = rf"(?<![a-z\d.'’-]){re.escape(value.casefold())}(?![a-z\d'’-]|\.\d)"
        return re.search(whole, name.casefold()) is not None
    return value in name


def _names_sold_out(fact: Fact, gone: set[str]) -> bool:
    return fact.field.startswith(("variants.sizes[", "variants.colours[")) and fact.value in gone
