"""What a label, a heading or a column heading stands for (`labels.yaml`)."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

import yaml

from domain.extraction import FactField
from domain.quantities import find_quantities
from domain.units import CURRENCY_SYMBOLS, look_up_unit

LabelField = FactField | Literal["price", "sku", "variant", "note"]

_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_MARKUP = re.compile(r"[\s*_`#>~'’\"“”.\-]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SHORTEST_ENDING = 2
_CODES = re.compile(r"#|\b(?:no|nr|code|id|sku|ref)\b\.?|[编货款料]号|码$", re.IGNORECASE)
_NAMES = re.compile(r"品名|名称|货名|product|item|description", re.IGNORECASE)
"""In the heading of a column that names goods with their variant (`品名规格`)."""

_HEADING_WORDS: tuple[tuple[LabelField, frozenset[str]], ...] = (
    (
        "note",
        frozenset({"wholesale", "cost", "trade", "margin", "note", "notes", "remark", "remarks"}),
    ),
    ("list_price", frozenset({"rrp", "msrp", "srp", "list", "uvp", "retail", "regular"})),
    ("live_price", frozenset({"live", "stream", "show"})),
    ("stock", frozenset({"stock", "qty", "avail", "available", "inventory", "hand", "pcs"})),
    ("colours", frozenset({"colour", "color", "shade", "colourway", "colorway"})),
    ("sizes", frozenset({"size", "sizes"})),
    ("materials", frozenset({"material", "materials", "fabric", "composition"})),
    ("sku", frozenset({"#", "no", "nr", "id", "sku", "code", "ref", "art", "ean", "gtin"})),
)
"""Words that give a heading away, the surest first."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a label stands for; `currency` is the ISO 4217 code that it names, if it does."""

    field: LabelField | None
    currency: str | None = None


UNKNOWN = Label(None)


def read_label(text: str, *, whole: bool = False) -> Label:
    """The field that the label `text` stands for, None for one that is not known.

    A Chinese label may carry words in front of a known one (`今晚直播价`), except where `whole` is
    asked for; brackets hold a currency or a remark (`Live price (USD)`).
    """
    bare = _BRACKETS.sub(" ", text)
    parts = (*_BRACKETS.findall(text), bare, *bare.split())
    currency = next((code for part in parts if (code := currency_of(part))), None)
    key = fold_label(bare)
    if not key:
        return Label(None, currency)
    forms = _forms()
    field: LabelField | None = forms.get(key) or forms.get(key.removesuffix("s"))
    if field is None and currency:
        words = [word for word in bare.split() if currency_of(word) is None]
        field = forms.get(fold_label(" ".join(words)))
    if field is None and not whole and _HAN.search(key):
        endings = (key[start:] for start in range(1, len(key) - _SHORTEST_ENDING + 1))
        field = next((forms[ending] for ending in endings if ending in forms), None)
        field = None if field == "note" else field
    return Label(field, currency)


def read_heading(text: str) -> Label:
    """What a column's heading stands for: as `read_label`, else by a word in it (`Whse qty`)."""
    label = read_label(text)
    if label.field == "name" and _CODES.search(text):
        return Label("sku", label.currency)
    if label.field == "variant" and _NAMES.search(text):
        return Label("name", label.currency)
    if label.field is not None:
        return label
    words = set(re.findall(r"[a-z#]+", _BRACKETS.sub(" ", text).casefold()))
    for field, known in _HEADING_WORDS:
        if words & known:
            return Label(field, label.currency)
    return label


def property_of(label: str) -> str:
    """A name under which labels of the same property meet: `net weight` and 净重 are `weight`."""
    key = fold_label(_BRACKETS.sub(" ", label))
    return _properties().get(key, key)


def names_property(label: str) -> bool:
    """True when `label` is, or in Chinese ends in, the name of a known property."""
    key = fold_label(label)
    return any(key[start:] in _properties() for start in range(len(key) if _HAN.search(key) else 1))


def currency_of(text: str) -> str | None:
    """The ISO 4217 code of a text that is nothing but a currency (`CNY`, `元`, `$`), or None."""
    word = unicodedata.normalize("NFKC", text).strip()
    if code := CURRENCY_SYMBOLS.get(word) or CURRENCY_SYMBOLS.get(word.upper()):
        return code
    unit = look_up_unit(word) if word and not find_quantities(word) else None
    if unit and unit.dimension.startswith("currency:"):
        return unit.dimension.removeprefix("currency:")
    return None


def fold_label(text: str) -> str:
    """`text` without case, width, spaces, hyphens and markup."""
    return _MARKUP.sub("", unicodedata.normalize("NFKC", text).casefold()).strip(":|/")


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    path = Path(__file__).with_name("labels.yaml")
    return cast("dict[str, dict[str, list[str]]]", yaml.safe_load(path.read_text("utf-8")))


@cache
def _forms() -> dict[str, LabelField]:
    forms: dict[str, LabelField] = {}
    known = {name for part in get_args(LabelField) for name in get_args(part)}
    for field, surfaces in _tables()["fields"].items():
        if field not in known:
            raise ValueError(f"labels.yaml: there is no field `{field}`")
        for surface in surfaces:
            forms.setdefault(fold_label(surface), cast("LabelField", field))
    return forms


@cache
def _properties() -> dict[str, str]:
    return {
        fold_label(surface): concept
        for concept, surfaces in _tables()["properties"].items()
        for surface in surfaces
    }
