"""When a source says something, and whether it takes back what was said before."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from domain.evidence import Locator, Passage
from domain.extraction import ExtractedFact

_YMD = re.compile(
    r"(?<!\d)(20\d\d)\s?[-/.年]\s?(1[0-2]|0?[1-9])\s?[-/.月]\s?(3[01]|[12]\d|0?[1-9])(?!\d)"
)
_COMPACT = re.compile(r"(?<!\d)(20\d\d)(1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9])(?!\d)")
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})[-/.](\d{1,2})[-/.](20\d\d|\d\d)(?!\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = "|".join(_MONTHS)
_NAMED = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[ -](?:of )?({_MONTH})[a-z]*\.?[ ,-]+(20\d\d)", re.I
)
_NAMED_US = re.compile(rf"\b({_MONTH})[a-z]*\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (20\d\d)", re.I)
_MONTH_YEAR = re.compile(rf"\b({_MONTH})[a-z]*\.?[ -](20\d\d)\b", re.I)
_YEAR_MONTH = re.compile(r"(?<!\d)(20\d\d)\s?[-/.年]\s?(1[0-2]|0?[1-9])(?:月|(?![-\d/.]))")
_DATED = re.compile(
    r"\b(?:updated?|effective|valid|as of|dated?|issued|revised|revision|version|from|price ?list"
    r"|prices)\b|更新|生效|有效|日期|报价|价格表|价目|版本|修订|执行|截至|自\S{0,12}起",
    re.IGNORECASE,
)
_STAMPED = re.compile(r"\s*[\[(（【]?\s*(?:[^\d\[(]{1,30}?\s*)?[\[(（【]?\d")
_ONLY_A_DAY = re.compile(
    rf"(?:[-\d\s/.,—–=()（）\[\]年月日号]|(?:{_MONTH})[a-z]*|"
    r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)day|(?:st|nd|rd|th)\b"
    r"|(?:星期|周)[一二三四五六日天])+",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"\b(?:correct(?:ion|ing)|corrected|my (?:mistake|bad|fault)|typo|mistyped|misquoted"
    r"|i meant|i mean\b|(?:was|were|is|are) (?:wrong|outdated|incorrect)|wrong (?:price|number"
    r"|figure|weight|size|one)|(?:it|that|this|which|price|one)(?:'s|’s| is| was| should be)?"
    r" (?:now |actually )?(?:\S+ ){0,3}(?:and |, )?not \S*\d|should (?:be|read|have been|say)"
    r"|ignore (?:the|my|that) (?:\w+ )?(?:earlier|previous|old|first|last)"
    r"|(?:has |have |been )?(?:changed|dropped|raised|reduced|amended) (?:to|from)"
    r"|(?:use|go with|goes by|take) (?:this|the new|the updated)|supersedes?|replaces the)"
    r"|\bsorry\b.{0,60}\d|\bactually\b.{0,40}\d"
    r"|更正|纠正|订正|勘误|改为|改成|改到|改回|调整为|调整到|调到|(?:写|打|说|发|报|搞|弄|记|标)错"
    r"|为准|不是[^，。；]{1,14}[，,]?\s*(?:而?是|应)|应(?:该)?(?:是|为)|作废|口误|笔误|手误|有误",
    re.IGNORECASE,
)
_OF_THE_GOODS = re.compile(
    r"生产|保质|到期|批号|制造|\b(?:exp|expir\w+|mfg|manufactur\w+|best before|produced|use by"
    r"|batch|lot)\b",
    re.IGNORECASE,
)
_DATING_KINDS = ("text", "table", "html", "pdf")
_HALF_DAYS = re.compile(r"\d:\d\d(?::\d\d)?\s?[AP]M\b", re.IGNORECASE)
_DOLLARS = re.compile(r"\bUSD\b|(?<![A-Z])\$\s?\d")
_ANNOUNCED = 2
"""Messages, stamps among them, that a correction without a fact may announce."""
_LONGEST_MESSAGE = 240
_VOID = re.compile(
    r"作废(?!前)|旧版|旧价|失效"
    r"|\b(?:void|superseded|obsolete|outdated)\b",
    re.IGNORECASE,
)
_VOIDS_OTHERS = re.compile(
    r"之前|此前|以前|原来?的?|上[一个]?版|\b(?:earlier|previous|prior|older|all other)\b",
    re.IGNORECASE,
)
"""A list that makes earlier ones void (`之前的报价全部作废`) is itself in force."""
LONG_AGO = date(1900, 1, 1)
"""The day of a sheet that says of itself that it is void: anything dated overrules it."""
_LEADING = 8
"""Passages at the start of a source in which it may date itself."""


def date_facts(facts: Sequence[ExtractedFact], passages: Sequence[Passage]) -> list[ExtractedFact]:
    """`facts` of one source with the day on which each was stated, where the source says it.

    A chat's message has the day of its stamp, or of the last stamp above it; a list or a document
    the date in its name or in its first lines that says that it is one (`valid from`, 生效). A
    fact is a correction when its message, or the one before it without a fact, takes something
    back.
    """
    days = _days(passages)
    corrected = _corrections(passages, {fact.evidence.locator for fact in facts})
    return [
        fact.model_copy(
            update={
                "stated_on": days.get(fact.evidence.locator),
                "correction": fact.correction
                or fact.evidence.locator in corrected
                or _CORRECTS.search(fact.evidence.quote) is not None,
            }
        )
        for fact in facts
    ]


def find_day(text: str, *, day_first: bool = True) -> date | None:
    """The first whole date in `text`; of 03/04/2026 the order is told by `day_first`."""
    found: list[tuple[int, date]] = []
    for match in _YMD.finditer(text):
        _add(found, match, int(match[1]), int(match[2]), int(match[3]))
    for match in _COMPACT.finditer(text):
        _add(found, match, int(match[1]), int(match[2]), int(match[3]))
    for match in _NUMERIC.finditer(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        year += 2000 if year < 100 else 0
        day, month = (first, second) if day_first else (second, first)
        if month > 12:
            day, month = month, day
        _add(found, match, year, month, day)
    for match in _NAMED.finditer(text):
        _add(found, match, int(match[3]), _month(match[2]), int(match[1]))
    for match in _NAMED_US.finditer(text):
        _add(found, match, int(match[3]), _month(match[1]), int(match[2]))
    if not found:
        for match in _MONTH_YEAR.finditer(text):
            _add(found, match, int(match[2]), _month(match[1]), 1)
        for match in _YEAR_MONTH.finditer(text):
            _add(found, match, int(match[1]), int(match[2]), 1)
    return min(found, key=lambda item: item[0])[1] if found else None


def _add(found: list[tuple[int, date]], match: re.Match[str], y: int, m: int, d: int) -> None:
    try:
        found.append((match.start(), date(y, m, d)))
    except ValueError:
        return


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _days(passages: Sequence[Passage]) -> dict[Locator, date]:
    """The day of each passage that has one."""
    if not passages:
        return {}
    day_first = _is_day_first(passages)
    days: dict[Locator, date] = {}
    for _, sheet in groupby(passages, key=lambda passage: passage.locator.sheet):
        part = list(sheet)
        current = _own_date(part, day_first=day_first)
        for passage in part:
            stamped = _stamp(passage, day_first=day_first)
            current = stamped or current
            if current is not None:
                days.setdefault(passage.locator, current)
    return days


def _is_day_first(passages: Sequence[Passage]) -> bool:
    """Whether dates like 03/04/2026 put the day first.

    Dates that leave no choice tell; else a list in US dollars, or a clock with AM and PM, has the
    month first.
    """
    pairs = [_NUMERIC.search(passage.text) for passage in passages]
    seen = [(int(m[1]), int(m[2])) for m in pairs if m]
    if any(first > 12 for first, _ in seen):
        return True
    if any(second > 12 for _, second in seen):
        return False
    american = _HALF_DAYS if passages[0].kind == "text" else _DOLLARS
    return not any(american.search(passage.text) for passage in passages)


def _own_date(passages: Sequence[Passage], *, day_first: bool) -> date | None:
    """The date that a source gives itself, in its name or in its first lines.

    A photo's name tells when it was taken and a label when the goods were made: neither dates what
    they say.
    """
    if passages[0].kind not in _DATING_KINDS:
        return None
    sheet = passages[0].locator.sheet or ""
    if _is_void(sheet) or any(_is_void(p.text) for p in passages[:2] if p.cells is None):
        return LONG_AGO
    for passage in passages[:_LEADING]:
        if (
            passage.cells is None
            and _DATED.search(passage.text)
            and not _OF_THE_GOODS.search(passage.text)
        ):
            day = find_day(passage.text, day_first=day_first)
            if day is not None and _stamp(passage, day_first=day_first) is None:
                return day
    if sheet and (day := find_day(sheet, day_first=day_first)) is not None:
        return day
    return find_day(passages[0].file.rsplit("/", 1)[-1].replace("_", "-"), day_first=day_first)


def _is_void(text: str) -> bool:
    """Says of itself that it no longer holds."""
    return _VOID.search(text) is not None and _VOIDS_OTHERS.search(text) is None


def _stamp(passage: Passage, *, day_first: bool) -> date | None:
    """The day at the start of a chat's line, beside a clock time or alone on it."""
    if passage.kind != "text" or passage.cells is not None:
        return None
    head = passage.text[:60]
    if not _STAMPED.match(head):
        return None
    clock = re.search(r"\d{1,2}:\d{2}", head)
    day = find_day(head, day_first=day_first)
    if day is None or (clock is None and not _ONLY_A_DAY.fullmatch(passage.text)):
        return None
    return day


def _corrections(passages: Sequence[Passage], told: set[Locator]) -> set[Locator]:
    """The places of corrections; one that gives no fact itself announces the next message."""
    found: set[Locator] = set()
    announced = 0
    for passage in passages:
        if passage.kind != "text" or len(passage.text) > _LONGEST_MESSAGE:
            continue
        says = _CORRECTS.search(passage.text) is not None
        gives = passage.locator in told
        if gives and (says or announced):
            found.add(passage.locator)
        announced = 0 if gives else _ANNOUNCED if says else max(0, announced - 1)
    return found
