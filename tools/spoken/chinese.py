"""Spoken Chinese amounts in digits."""

import re
from decimal import Decimal

from domain.numerals import parse_han
from domain.units import CASED, FOLDED, look_up_unit

_D = "[一二两三四五六七八九]"
_TAIL = rf"(?:零?{_D}百(?:零?{_D}?十{_D}?|零{_D}|{_D})?|零?{_D}?十{_D}?|零?{_D})"
_BELOW_10000 = rf"(?:{_D}千{_TAIL}?|{_D}百(?:零?{_D}?十{_D}?|零{_D}|{_D})?|{_D}?十{_D}?|{_D})"
_CARDINAL = re.compile(
    rf"(?:{_BELOW_10000}万(?:零?{_BELOW_10000})?|{_BELOW_10000}|零)(?:点[零〇一二三四五六七八九]+)?"
    r"|[零〇一二三四五六七八九]{3,}"
)
"""A number as it is properly said, or shortened (`一千二百`, `一千二`), or digits."""

_HAN = "零〇一二三四五六七八九十百千万亿两"
_UNITS = "|".join(
    re.escape(surface)
    for surface in sorted({*CASED, *FOLDED}, key=len, reverse=True)
    if "\u3400" <= surface[0] <= "\u9fff"
)
_STOP = rf"(?<![第{_HAN}半几数多\d点])"
_RUN = rf"(?:[{_HAN}]|点(?=[零〇一二三四五六七八九]))"

_MONEY = re.compile(
    rf"(?:(?P<han>{_STOP}[{_HAN}]+)|(?P<digits>(?<![\d.])\d+))块"
    r"(?:(?P<tenth>[一二三四五六七八九\d])(?:毛(?P<hundredth>[一二三四五六七八九\d])?(?:分)?)?)"
    r"(?:钱)?(?![\d.%一二三四五六七八九十百千万个件折条双盒瓶])"
)
_MISHEARD_NINE = re.compile(r"(?<=\d块)[酒久]")
_PERCENT = re.compile(rf"百分之({_RUN}+|\d+(?:\.\d+)?)")
_DISCOUNT = re.compile(rf"{_STOP}([一二三四五六七八九]{{1,2}})折(?!叠|扣|边|痕|合|磨|腾|算)")
_DATE = re.compile(
    r"(?:(?P<year>[零〇一二三四五六七八九]{4})年)?"
    r"(?<![零〇一二三四五六七八九十\d])(?P<month>十[一二]?|[一二三四五六七八九])月"
    r"(?P<day>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?P<mark>[号日])"
)
_YEAR = re.compile(r"(?<![零〇一二三四五六七八九])([一二][零〇九][零〇一二三四五六七八九]{2})年")
_ABOUT = re.compile(
    rf"{_STOP}(?P<tens>[一二三四五六七八九]?十)?"
    rf"(?P<pair>一两|两三|二三|三四|三五|四五|五六|六七|七八|八九)"
    rf"(?P<power>[十百千万]?)(?=(?:个(?=月|小时|工作日|星期))?(?:{_UNITS}))"
)
_AMOUNT = re.compile(rf"{_STOP}(?P<number>{_RUN}+?)(?P<unit>个?(?:{_UNITS}))")
_BY = re.compile(rf"{_STOP}(?P<number>{_RUN}+)(?=(?:到|至|乘以?|[-~～×xX])\d)")
_METRES = re.compile(rf"(?<![{_HAN}\d点.])({_D}|\d)米([一二三四五六七八九1-9])(?![{_HAN}\d.米])")
_BARE = re.compile(rf"{_STOP}(?P<number>[{_HAN}]{{3,}})(?![{_HAN}点]|多|来|几)")
_COUNTED = frozenset({"count", "size", "multiple"})
_FIXED = (
    "半斤八两",
    "三天两头",
    "一五一十",
    "二百五",
    "百分百",
    "一千零一夜",
    "三百六十行",
    "五花",
)
_FIXED_PLACES = re.compile("|".join(_FIXED))


def normalise_chinese(text: str) -> str:
    """Amounts in Chinese words as digits; see `tools.spoken.normalise_spoken`.

    An approximate number becomes a range (`两三天`: `2-3天`). `129块酒` is `129块九` misheard.
    """
    parts: list[str] = []
    start = 0
    for fixed in _FIXED_PLACES.finditer(text):
        parts += [_normalise(text[start : fixed.start()]), fixed.group()]
        start = fixed.end()
    return "".join([*parts, _normalise(text[start:])])


def _normalise(text: str) -> str:
    text = _MISHEARD_NINE.sub("九", text)
    text = _PERCENT.sub(_percent, text)
    text = _DATE.sub(_date, text)
    text = _YEAR.sub(lambda m: f"{parse_han(m[1])}年", text)
    text = _MONEY.sub(_money, text)
    text = _DISCOUNT.sub(lambda m: f"{parse_han(m[1])}折", text)
    text = _ABOUT.sub(_about, text)
    text = _METRES.sub(lambda m: f"{_one_digit(m[1])}.{_one_digit(m[2])}米", text)
    text = _AMOUNT.sub(_amount, text)
    text = _BY.sub(lambda m: _digits(m["number"]) or m.group(), text)
    return _BARE.sub(_bare, text)


def _digits(words: str) -> str | None:
    """The number in digits, None for words that are no proper number."""
    if not _CARDINAL.fullmatch(words):
        return None
    value = parse_han(words)
    return None if value is None else _plain(value)


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _percent(match: re.Match[str]) -> str:
    said = match[1]
    if said == "百":
        return "100%"
    number = said if said[0].isdigit() else _digits(said)
    return match.group() if number is None else f"{number}%"


def _date(match: re.Match[str]) -> str:
    year = f"{parse_han(match['year'])}年" if match["year"] else ""
    return f"{year}{parse_han(match['month'])}月{parse_han(match['day'])}{match['mark']}"


def _money(match: re.Match[str]) -> str:
    """`39块9` and `三十九块九毛五` as yuan with decimals."""
    whole = match["digits"] or _digits(match["han"])
    if whole is None:
        return match.group()
    tenth, hundredth = (_one_digit(match[name]) for name in ("tenth", "hundredth"))
    return f"{whole}.{tenth}{hundredth}元"


def _one_digit(char: str | None) -> str:
    if not char:
        return ""
    return char if char.isdigit() and char.isascii() else str(parse_han(char))


def _about(match: re.Match[str]) -> str:
    low, high = (parse_han(char) or Decimal(0) for char in match["pair"])
    power = parse_han("一" + match["power"]) or Decimal(1) if match["power"] else Decimal(1)
    base = parse_han(match["tens"]) or Decimal(0) if match["tens"] else Decimal(0)
    if match["tens"] and match["power"]:
        return match.group()
    return f"{_plain(base + low * power)}-{_plain(base + high * power)}"


def _amount(match: re.Match[str]) -> str:
    words, surface = match["number"], match["unit"]
    number = _digits(words)
    unit = look_up_unit(surface) or look_up_unit(surface.removeprefix("个"))
    if number is None or unit is None:
        return match.group()
    if unit.dimension in _COUNTED and (len(words) == 1 or re.fullmatch("[一两][百千万亿]", words)):
        return match.group()
    if words == "一" or (surface == "块" and len(words) == 1):  # 两块手表 counts watches
        return match.group()
    return f"{number}{surface}"


def _bare(match: re.Match[str]) -> str:
    """A number of three words or more that says hundreds: nothing but an amount is so long."""
    if not re.search("[百千万]", match["number"]):
        return match.group()
    return _digits(match["number"]) or match.group()
