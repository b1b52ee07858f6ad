"""How a stored value is said in the language of the copy."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from domain.language import detect_language
from domain.lexicon import translate_terms
from domain.product import Fact
from tools.copy_frames import load_frames

NAMES = frozenset({"name", "brand"})
"""Fields that are said as written in every language."""

_CURRENCIES = {
    "en": {"USD": "${}", "CNY": "¥{}", "EUR": "€{}", "GBP": "£{}", "HKD": "HK${}", "JPY": "{} yen"},
    "zh": {
        "USD": "{}美元",
        "CNY": "{}元",
        "EUR": "{}欧元",
        "GBP": "{}英镑",
        "HKD": "{}港元",
        "JPY": "{}日元",
    },
}
_CODE = re.compile(r"[A-Z0-9][A-Z0-9\s./+×*%°:()-]*(?:(?<=\d)\s?[a-zA-Zµ°]{1,3})?")
_HAN = re.compile(r"[\u3400-\u9fff]")
_NAME = re.compile(r"(?:(?:[A-Z0-9][\w.+/²³㎡°%-]*|&|\d\S*)(?:\s+|$))+")
_EDGES = " \t\r\n.。;；,，、!！"


def clean(value: str) -> str:
    """The value without a closing full stop, on one line, so that it fits into a sentence."""
    return re.sub(r"\s+", " ", value).strip(_EDGES)


def money(amount: str, currency: str | None, lang: str) -> str:
    """A price as it is said: `$19.90` and `$128`; `199元`. Unknown currencies keep their code."""
    whole, _, cents = amount.partition(".")
    if lang == "en" and cents and currency not in ("JPY", None):
        amount = f"{whole}.{cents:0<2}"
    if currency is None:
        return amount
    return _CURRENCIES[lang].get(currency, "{} " + currency).format(amount)


@dataclass(frozen=True, slots=True)
class Wording:
    """Says facts in `lang`; `translations` are verified ones by field path.

    For the fields in `untranslated` a translation was tried, and did not hold.
    """

    lang: str
    translations: Mapping[str, str] = field(default_factory=dict[str, str])
    untranslated: Collection[str] = ()

    def is_foreign(self, fact: Fact) -> bool:
        """True when the value has to be put into the copy's language before it can be said."""
        value = clean(fact.value)
        if fact.field in NAMES or _CODE.fullmatch(value) is not None:
            return False
        if self.lang == "zh":
            return _HAN.search(value) is None
        return detect_language(value, default=self.lang) != self.lang

    def say(self, fact: Fact) -> str:
        """The value to put into a sentence.

        In another language: the verified translation, else closed-class terms through the
        lexicon, else the source's own wording, in brackets unless it is a mere name (`USB Type-C`).
        """
        value = clean(fact.value)
        if not self.is_foreign(fact):
            return value
        if fact.field in self.translations:
            return clean(self.translations[fact.field])
        name = fact.field.removeprefix("specs.") if fact.field.startswith("specs.") else ""
        translated = translate_terms(value, self.lang, about=name)
        is_name = _NAME.fullmatch(value) is not None and _HAN.search(value) is None
        return translated or (value if is_name else f"({value})")

    def is_bracketed(self, fact: Fact) -> bool:
        """True when `say` can only give the source's own wording in brackets."""
        return self.is_foreign(fact) and self.say(fact) == f"({clean(fact.value)})"

    def label(self, fact: Fact) -> str:
        """The name of a spec (`specs.weight` gives `weight`), in the copy's language if known."""
        name = clean(fact.field.removeprefix("specs."))
        if detect_language(name, default=self.lang) == self.lang:
            return name
        return load_frames(self.lang).labels.get(name.casefold()) or f"({name})"

    def variant(self, fact: Fact) -> str:
        """The variant that a stock figure is of (`variants.stock.Moss 350 ml`), as it is called."""
        name = clean(fact.field.removeprefix("variants.stock."))
        is_own = detect_language(name, default=self.lang) == self.lang
        return name if is_own else translate_terms(name, self.lang) or name

    def in_words(self, fact: Fact) -> Fact:
        """The fact with the value as `say` gives it, for checks against the finished line."""
        return fact.model_copy(update={"value": self.say(fact)})
