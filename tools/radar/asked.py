"""What a viewer's question asks: the matter, what it names, and the words that are left."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast

import yaml

from domain.language import detect_language
from domain.lexicon import broader_concepts, find_terms
from domain.quantities import find_quantities
from tools.questions.reading import content_words

_FILE = Path(__file__).with_suffix(".yaml")
_MOST_HAN, _MOST_WORDS = 10, 8
_VARIANT = ("colour", "size")
_AVAILABLE = frozenset({"stock_all", "colours", "sizes"})
VARIANT = "variant"
"""The matter of asking for one colour or size, whether it is called stock, colour or size."""
_SIZE_NUMBER = re.compile(
    r"\bsize\s*(\d{1,2}(?:\.5)?)\b|(?<![\d.])(\d{1,2}(?:\.5)?)\s*(?:码|号(?!链接|能|发|到))"
    r"|\b(?:any|us|uk|eu)\s*(\d{1,2}(?:\.5)?)s?\b",
    re.IGNORECASE,
)
_SIZE_WORD = re.compile(
    r"\b(?:(?:size|sizes|in|any|an?|the|is|are)\s+)(?P<after>xx?s|small|medium|large|x-?large|"
    r"xx-?large|xx?l|[sml])s?(?=\s*(?:$|[?!.,]|(?:left|still|sold|gone|pls|please|too|or|in stock|"
    r"available|back)\b))"
    r"|\b(?P<before>xx?s|small|medium|large|x-?large|xx?l)s?"
    r"(?=\s+(?:left|in stock|available|gone)\b)",
    re.IGNORECASE,
)
_SIZES = {"small": "s", "medium": "m", "large": "l", "xlarge": "xl", "xxlarge": "xxl"}
_PLACE = re.compile(
    r"\b(?:ship(?:ping|s|ped)?|deliver(?:y|s|ing)?|post(?:ing)?|send(?:ing)?|mail)\b.{0,8}?"
    r"\b(?:to|in)\s+(?:the\s+)?(?P<en>[A-Za-z][A-Za-z. ]{1,20}?)(?=\s*(?:possible|ok|please|pls|"
    r"too|as well|\bor\b|and|yet|now|from|[?!.,]|$))"
    r"|(?:寄|发|送|邮)(?:货)?(?:到|往|去)?(?P<after>[\u4e00-\u9fff]{2,4}?)(?=吗|么|不|可|行|[?？]|$)"
    r"|^(?P<before>[\u4e00-\u9fff]{2,3}?)(?=也?(?:能|可以|可|会)?(?:到|发|送|寄|包邮))",
    re.IGNORECASE,
)
_NO_PLACE = re.compile(
    r"(?:me|my|us|days?|time|store|stock|货|什么|啥|快递|你们|我们|这个|这款|能不|可不)$"
    r"|.*(?:今天|现在|明天|后天|几天|多久|几号|多少|什么|时候|下单|拍|呀|啊)|.*[天号快]$"
)
_TO_A_PLACE = frozenset({"ship_to", "ship_cost", "ship_time"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question by what it asks.

    `matter` is one of `asked.yaml`, `variant`, or None where none is known; `form` what kind of
    answer it wants (`often`, `long`, `price`, `many`, `how`, `where`, `which`, else `yes_no`).
    `entities` are what it names, as `class:concept`; `words` those that carry meaning.
    """

    text: str
    lang: str
    matter: str | None
    form: str
    entities: frozenset[str]
    words: frozenset[str]

    @property
    def is_settled(self) -> bool:
        """Whether matter and entities tell by themselves what is asked."""
        return self.matter is not None and not _matters().get(self.matter, _OPEN).is_open

    def of(self, cls: str) -> frozenset[str]:
        """The entities of a class."""
        return frozenset(one for one in self.entities if one.startswith(f"{cls}:"))

    @property
    def about(self) -> tuple[str, ...]:
        """The classes of entities that are part of what is asked."""
        if self.matter == VARIANT:
            return _VARIANT
        return () if self.matter is None else _matters().get(self.matter, _OPEN).about


@dataclass(frozen=True, slots=True)
class _Matter:
    pattern: re.Pattern[str]
    about: tuple[str, ...] = ()
    is_open: bool = False


_OPEN = _Matter(re.compile(r"(?!)"), is_open=True)


@lru_cache(maxsize=8192)
def read_asked(text: str) -> Asked:
    """A question in parts, by patterns and the bilingual lexicon; nothing in it is followed."""
    plain = " ".join(text.split())
    matter = next((name for name, one in _matters().items() if one.pattern.search(plain)), None)
    entities = _entities(plain, matter)
    if any(one.startswith(_VARIANT) for one in entities) and (
        matter in _AVAILABLE or matter is None
    ):
        matter = VARIANT
    form = next((name for name, one in _forms().items() if one.search(plain)), "yes_no")
    return Asked(plain, detect_language(plain), matter, form, entities, content_words(plain))


def asks_plainly(text: str) -> bool:
    """Whether a comment asks by its very form: a short one about a known matter.

    Of 398 such comments of `training/questions`, 386 ask.
    """
    asked = read_asked(text)
    is_short = (
        len(asked.text) <= _MOST_HAN if asked.lang == "zh" else asked.text.count(" ") < _MOST_WORDS
    )
    return asked.matter is not None and is_short and _plain().search(asked.text) is not None


def broader(entity: str) -> frozenset[str]:
    """An entity and those that it is one of: navy is a blue."""
    cls, _, concept = entity.partition(":")
    return frozenset(f"{cls}:{one}" for one in broader_concepts(cls, concept))


def _entities(text: str, matter: str | None) -> frozenset[str]:
    found = {f"{t.cls}:{t.concept}" for t in find_terms(text) if t.cls in _NAMED_CLASSES}
    for match in _SIZE_NUMBER.finditer(text):
        found.add(f"size:{next(filter(None, match.groups()))}")
    for match in _SIZE_WORD.finditer(text):
        named = (match["after"] or match["before"]).lower().replace("-", "")
        found.add(f"size:{_SIZES.get(named, named)}")
    if matter in _TO_A_PLACE:
        found |= _places(text)
    if _counts(matter) and not any(one.startswith("size:") for one in found):
        found |= {
            f"quantity:{q.value.normalize()}{q.unit or ''}"
            for q in find_quantities(text)
            if q.dimension is not None
        }
    return frozenset(found)


def _counts(matter: str | None) -> bool:
    """Whether an amount belongs to what is asked: 15 and 16 inches, one box and three."""
    known = _matters().get(matter or "", _OPEN)
    return known.is_open or "quantity" in known.about


_NAMED_CLASSES = frozenset({"colour", "size", "group", "material", "care"})


def _places(text: str) -> set[str]:
    """Where to: a country of the lexicon however it is written, else the words after `to`."""
    countries = {
        f"place:{term.concept}"
        for form in (text, text.title(), text.upper())
        for term in find_terms(form)
        if term.cls == "country"
    }
    if countries:
        return countries
    named = [
        m[name] for m in _PLACE.finditer(text) for name in ("en", "after", "before") if m[name]
    ]
    said = [one.casefold().strip() for one in named]
    known: dict[str, str] = _read()["places"]
    return {f"place:{known.get(one, one)}" for one in said if not _NO_PLACE.match(one)}


def is_kin(a: str, b: str) -> bool:
    """Whether a question about one matter may be worded like one about another."""
    return a != b and any(a in group and b in group for group in _read()["kin"])


@cache
def _read() -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load(_FILE.read_text(encoding="utf-8")))


@cache
def _forms() -> Mapping[str, re.Pattern[str]]:
    forms = cast("dict[str, list[str]]", _read()["forms"])
    return {name: re.compile("|".join(says), re.IGNORECASE) for name, says in forms.items()}


@cache
def _plain() -> re.Pattern[str]:
    # The one group that is referred to is the first of all.
    return re.compile("|".join(cast("list[str]", _read()["plain"])), re.IGNORECASE)


@cache
def _matters() -> Mapping[str, _Matter]:
    data = cast("dict[str, dict[str, Any]]", _read()["matters"])
    return {
        name: _Matter(
            re.compile("|".join(f"(?:{one})" for one in entry["says"]), re.IGNORECASE),
            tuple(entry.get("about", ())),
            bool(entry.get("open", False)),
        )
        for name, entry in data.items()
    }
