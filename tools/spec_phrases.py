"""Says specs as a host would, by the class of property that their name and value show."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from domain.product import Fact
from tools.copy_frames import read_frames
from tools.english import stem_of, words_of

_ONE = (
    r"(?:about |around |approx\.? |up to |max\.? |最大|约|仅)?\d[\d.,]*(?: ?[-~–] ?\d[\d.,]*)? ?"
    r"(?:[a-zA-Zµ°\"″%]{1,8}|[\u4e00-\u9fff]{1,2}(?=$|[（(，,]))"
)
"""One amount with its unit."""
_TIME = (
    r"(?:about |around |up to |最长|约)?\d[\d.,]*(?: ?(?:[-~–至到]|to) ?\d[\d.,]*)? ?"
    r"(?:(?:s|sec\w*|min\w*|h|hr\w*|hours?|days?|weeks?|months?|years?|yrs?)\b"
    r"|分钟|个?小时|天|周|个?月|年)"
)
_FILLED = (
    r"(?:about |around |approx\.? |up to |max\.? |最大|约|仅)?\d[\d.,]*(?: ?[-~–] ?\d[\d.,]*)? ?"
    r"(?:(?:m?l|cl|dl|lit(?:er|re)s?|fl\.? ?oz|oz|cups?|gal(?:lons?)?|quarts?|qt|pints?|k?g|lbs?)\b"
    r"|[cd]?m³|cu\.? ?ft|毫升|升|公斤|千克|克|斤|杯|人份)"
)
"""What something holds, by volume or weight."""
_SAYS_WHAT = r"[含能带](?!量|力|效|子|宽|源).+|可(?!视|乐|可|颂|变).+|适合.+|支持.+"
"""A name that is a predicate (`含坚果`, `可水洗`), which 不 denies."""
_PLURAL = re.compile(
    r"\b(?:sizes|colou?rs|dimensions|measurements|contents|ports|blades|pockets|layers|speeds|modes"
    r"|settings|pieces|legs|wheels|batteries|handles|straps|doors|drawers|shelves|strings|sockets"
    r"|soles|seams|buttons|lights|lids|feet|ingredients|accessories|refills|filters|frets)$",
    re.IGNORECASE,
)
_SIZE_LETTERS = re.compile(r"(?:X{0,3}[SL]|M)(?:/(?:X{0,3}[SL]|M))?")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9/ .-]*")
_MADE = re.compile(r"(?:Sewn|Woven|Made|Grown|Built|Printed|Roasted|Bottled|Hand\w*) ")
_NAME_LIKE = re.compile(r"[A-Z]{2,}|[A-Z][a-z]*[A-Z\d]|[a-z][A-Z]|\d|(?:USB|LED|Wi-Fi|Qi)\b")
_PLACE = re.compile(r"\b(?:origin|made in|country|place|region)\b", re.IGNORECASE)
_YES = re.compile(r"yes|y|true|✓|有|是|支持", re.IGNORECASE)
_SPACED = re.compile(r"\s*\n\s*|\s+")


@dataclass(frozen=True, slots=True)
class _Class:
    name: re.Pattern[str]
    value: re.Pattern[str]
    says: tuple[str, ...]


def is_on_paper(name: str, value: str) -> bool:
    """True for a spec that nobody says on air unless asked: an article number, a manufacturer."""
    is_code = name.casefold() in ("model", "型号") and _CODE.fullmatch(value) is not None
    return is_code or _paper().fullmatch(name.strip()) is not None


def say_spec(name: str, value: str, lang: str, turn: int) -> str:
    """A clause that says the spec, without a full stop; `turn` chooses among the wordings."""
    if len(name) > 1 and is_told(name, value.casefold()) and len(value) > len(name) + 2:
        return value
    if lang == "en" and _SIZE_LETTERS.fullmatch(name):
        return f"Size {name} is {value}"
    if value.startswith("("):
        return f"{name}{'' if lang == 'zh' else ': '}{value}"
    found = next(
        entry
        for entry in _classes(lang)
        if entry.name.fullmatch(name.casefold()) and entry.value.fullmatch(value)
    )
    low = name if _NAME_LIKE.match(name) else name[:1].lower() + name[1:]
    is_place = _PLACE.search(name) is not None and _MADE.match(value) is None
    keeps = is_place or (_keeps_case(value) and _MADE.match(value) is None)
    placed = value if keeps else value[:1].lower() + value[1:]
    return found.says[turn % len(found.says)].format(
        name=low,
        Name=name[:1].upper() + name[1:],
        value=placed if lang == "en" else value,
        Value=value[:1].upper() + value[1:] if lang == "en" else value,
        kit="一套有" if "套" in value or "单" in value else "里面有",
        **{"is": "are" if _PLURAL.search(low) else "is"},
    )


def is_told(value: str, told: str) -> bool:
    """True when `told`, text in small letters, has the value whole, so that it need not be said."""
    plain = _SPACED.sub(" ", value).strip().casefold()
    before = r"(?<![a-z\d.])" if plain[:1].isascii() else ""
    after = r"(?![a-z\d.])" if plain[-1:].isascii() else ""
    return len(plain) > 1 and re.search(before + re.escape(plain) + after, told) is not None


def spoken_specs(specs: tuple[Fact, ...], others: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Those of `specs` that a host says unasked: not on paper only, not told by `others` as well.

    Of two that say the same, the longer stays.
    """
    told = "\n".join(_SPACED.sub(" ", fact.value) for fact in others).casefold()
    kept: list[Fact] = []
    for spec in specs:
        longer = "\n".join(o.value.casefold() for o in specs if len(o.value) > len(spec.value))
        name = spec.field.removeprefix("specs.")
        if is_on_paper(name, spec.value) or any(_tells(fact, name, spec.value) for fact in others):
            continue
        if _YES.fullmatch(spec.value) and is_told(name, told):
            continue
        if len(spec.value) > 8 and spec.value.casefold() in longer:
            continue
        kept.append(spec)
    return tuple(kept)


def _tells(fact: Fact, name: str, value: str) -> bool:
    """True when `fact` says the spec; a figure alone may be that of another property."""
    text = _SPACED.sub(" ", fact.value).casefold()
    if not is_told(value, text):
        return False
    is_own = fact.field == "name" or len(text) <= len(value) or not re.search(r"\d", value)
    return is_own or any(word in text for word in _name_words(name))


def _name_words(name: str) -> list[str]:
    """What of a property's name tells it in a sentence: stems of its words, or the name."""
    stems = [stem_of(word) for word in words_of(name)]
    return [stem for stem in stems if len(stem) > 2] or [name.casefold()]


def _keeps_case(value: str) -> bool:
    """True where the first word is a name, an acronym or a unit, as far as spelling tells."""
    word = re.match(r"[A-Z][a-z]+\b", value)
    rest = value[word.end() :] if word else ""
    return word is None or not rest or re.search(r"(?<![.;] )\b[A-Z][a-z]", rest) is not None


@cache
def _paper() -> re.Pattern[str]:
    told = cast("str", read_frames("specs")["paper"])
    return re.compile(re.sub(r"\s*\|\s*", "|", told), re.IGNORECASE)


@cache
def _classes(lang: str) -> tuple[_Class, ...]:
    entries = cast("list[dict[str, Any]]", read_frames("specs")[lang])
    return tuple(
        _Class(
            re.compile(entry.get("name", ".*").replace("{says_what}", _SAYS_WHAT)),
            re.compile(
                entry.get("value", ".*")
                .replace("{one}", _ONE)
                .replace("{time}", _TIME)
                .replace("{filled}", _FILLED)
                .replace("{{", "{")
                .replace("}}", "}"),
                re.IGNORECASE,
            ),
            tuple(entry["says"]),
        )
        for entry in entries
    )
