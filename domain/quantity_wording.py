"""How a quantity of one language is said in the other."""

import re
from decimal import Decimal

from domain.quantities import Quantity
from domain.units import display_unit

_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(r"[\d.,]+")
_SURFACE = re.compile(r"[A-Za-z]+$|[\u4e00-\u9fff]+$")
_COUNTED_TIME = frozenset({"day", "week", "month", "year", "business day"})
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

# Chinese measure words, the first of them is shown; English words, one and many.
_COUNTERS: tuple[tuple[str, str], ...] = (
    ("层", "layer layers ply"),
    ("人 位", "person people persons"),
    ("次", "time times"),
    ("色 颜色", "colour colours color colors"),
    ("款", "style styles"),
    ("双 对", "pair pairs"),
    ("套 组", "set sets"),
    ("包", "pack packs"),
    ("盒", "box boxes"),
    ("袋", "bag bags"),
    ("瓶", "bottle bottles"),
    ("罐", "can cans jar jars"),
    ("张", "sheet sheets"),
    ("杯", "cup cups"),
    ("份", "serving servings"),
    ("卷", "roll rolls"),
    ("桶", "tub tubs"),
    ("箱", "case cases"),
    ("单 笔", "order orders"),
    ("粒", "capsule capsules"),
    ("片", "tablet tablets"),
    ("尺码", "size sizes"),
    ("件 只 个 条 支 台 枚 根 本 把 颗 顶 串 粒 片", "pc pcs piece pieces unit units item items"),
)
_TO_ENGLISH: dict[str, tuple[str, str]] = {}
_TO_CHINESE: dict[str, str] = {}
for _chinese, _english in _COUNTERS:
    _words = _english.split()
    for _word in _words:
        _TO_CHINESE.setdefault(_word, _chinese.split()[0])
    if _words[0] not in ("capsule", "tablet"):
        for _surface in _chinese.split():
            _TO_ENGLISH.setdefault(_surface, (_words[0], _words[1]))

# `{}` before a noun and alone, English and Chinese, where these are not the unit's own name.
_GRADED: dict[str, tuple[str, str]] = {
    "yarn count": ("{}-count", "{}支"),
    "thread count": ("{}-thread-count", "{}根"),
    "gsm": ("{} gsm", "{}克/平方米"),
    "mesh": ("{} mesh", "{}目"),
    "grit": ("{} grit", "{}目"),
    "denier": ("{}D", "{}D"),
    "gauge": ("{}-gauge", "{}针"),
    "hp": ("{} HP", "{}匹"),
    "momme": ("{} momme", "{}姆米"),
    "deg": ("{}°", "{}°"),
    "% vol": ("{}% vol", "{}度"),
    "码": ("size {}", "{}码"),
    "C": ("{} °C", "{}℃"),
    "F": ("{} °F", "{}华氏度"),
}
_CONVERTED = {"斤": "g", "两": "g", "丝": "mm"}
"""Units that English has no word for, and the base unit that they are told in."""


def say_quantity(quantity: Quantity, lang: str, *, before_noun: bool = False) -> str | None:
    """`quantity` as a reader of `lang` (`en`, `zh`) writes it; None where it cannot be told.

    `before_noun` tells that it stands before what it describes (`3-layer steel`).
    """
    text = quantity.text.strip()
    if quantity.unit is None:
        return _plain(quantity.value) if _is_foreign(text, lang) else text
    if _NUMBER.fullmatch(text):
        return text
    match quantity.dimension:
        case "discount":
            off = _plain(quantity.value)
            return f"{off}% off" if lang == "en" else f"{_plain((100 - quantity.value) / 10)}折"
        case "date":
            return _say_date(int(quantity.value), lang)
        case "clock":
            return _say_clock(quantity) if _is_foreign(text, lang) else text
        case "count":
            return _say_count(quantity, lang, before_noun=before_noun)
        case _:
            return _say_measure(quantity, lang)


def _say_measure(quantity: Quantity, lang: str) -> str | None:
    name = quantity.unit or ""
    amount = quantity.value
    if (quantity.dimension or "").startswith("currency"):
        amount = quantity.base
    if name in _GRADED:
        return _GRADED[name][lang == "zh"].format(_plain(amount))
    if lang == "en" and name in _CONVERTED:
        name, amount = _CONVERTED[name], quantity.base
        if name == "g" and amount >= 1000:
            name, amount = "kg", amount / 1000
    unit = display_unit(name, lang)
    if unit is None:
        return None if _is_foreign(quantity.text, lang) else quantity.text
    if lang == "zh" or unit == "%":
        return f"{_plain(amount)}{unit}"
    plural = "s" if unit in _COUNTED_TIME and amount != 1 else ""
    return f"{_plain(amount)} {unit}{plural}"


def _say_count(quantity: Quantity, lang: str, *, before_noun: bool) -> str | None:
    surface = _SURFACE.search(quantity.text.strip())
    word = surface.group().casefold() if surface else ""
    amount = _plain(quantity.value)
    if lang == "zh":
        return f"{amount}{_TO_CHINESE.get(word, '件')}"
    known = next((w for end in range(len(word)) if (w := _TO_ENGLISH.get(word[end:]))), None)
    if known is None:
        return None
    one, many = known
    if before_noun and one == "layer":
        return f"{amount}-{one}"
    return f"{amount} {one if quantity.value == 1 else many}"


def _say_date(value: int, lang: str) -> str:
    year, month, day = value // 10000, value // 100 % 100, value % 100
    if lang == "zh":
        return (
            (f"{year}年" if year else "")
            + (f"{month}月" if month else "")
            + (f"{day}日" if day else "")
        )
    named = _MONTHS[month - 1] if month else ""
    spoken = " ".join(part for part in (named, str(day) if day else "") if part)
    return ", ".join(part for part in (spoken, str(year) if year else "") if part)


def _say_clock(quantity: Quantity) -> str:
    hours, minutes = divmod(int(quantity.value), 60)
    return f"{hours}:{minutes:02d}"


def _is_foreign(text: str, lang: str) -> bool:
    """Whether a reader of `lang` meets letters of the other script."""
    return bool(_HAN.search(text)) if lang == "en" else any(c.isalpha() for c in text)


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
