"""What a chat turn says about the work it asks for: kind, length, language, the text to check."""

import re
from collections.abc import Sequence
from typing import Any

from domain.compliance import Jurisdiction
from domain.copywriting import CopyKind

SHORTEST_SECONDS, LONGEST_SECONDS = 5, 600
MOST_VARIANTS = 5


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_KINDS: tuple[tuple[CopyKind, re.Pattern[str]], ...] = (
    ("title", _any(r"\b(?:titles?|headlines?)\b", "标题")),
    (
        "short_video",
        _any(r"\bshort[- ]video\b|\bvideo script\b|\btiktoks?\b|\breels?\b|\bshorts\b", "短视频"),
    ),
    ("reply", _any(r"\brepl(?:y|ies)\b|\bresponse to\b", "回复|回评|评论区回")),
    (
        "bullets",
        _any(r"\bbullets?(?: points?)?\b|\bselling points\b|\bkey points\b", "卖点|要点|五点"),
    ),
    (
        "script",
        _any(
            r"\b(?:scripts?|copy|copywriting|pitch|captions?|tagline|slogan|hook|opener|opening)\b",
            r"\b(?:posts?|ads?|adverts?|intro|description|talking points|promo)\b",
            "脚本|文案|话术|口播|稿|台词|开场|种草|广告|软文|带货词|介绍词|推文|串词",
        ),
    ),
)
COPY_NOUNS = re.compile("|".join(p.pattern for _, p in _KINDS), re.IGNORECASE)
"""Words for what a copywriter writes."""

_CHINESE_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "八": 8, "十": 10}
_WORD_DIGITS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
_NUMBER = (
    r"(\d{1,4}|"
    + "|".join(_WORD_DIGITS)
    + "|[一二两三四五六八]?十[一二三四五六七八九]?|[一二两三四五六八])"
)
_HALF_MINUTE = _any(r"\bhalf a minute\b", "半分钟")
_SECONDS = _any(r"(?<![A-Za-z\d.])" + _NUMBER + r"\s*-?\s*(?:seconds?\b|secs?\b|s\b|秒)")
_MINUTES = _any(r"(?<![A-Za-z\d.])" + _NUMBER + r"\s*-?\s*(?:minutes?\b|mins?\b|min\b|分钟)")
_VARIANTS = _any(
    r"\b(\d|two|three|four|five)\s+(?:different\s+|\w+\s+)?(?:titles|headlines|versions|variants|scripts|options|hooks|replies)\b",
    "([2-5二两三四五])(?:个|条|版|篇|份)(?:不同)?(?:的)?(?:标题|版本|脚本|话术|口播|文案|方案|$|[，。])",
)
_LANGUAGES = (
    ("zh", _any(r"\b(?:chinese|mandarin)\b", "中文|汉语|普通话")),
    ("en", _any(r"\benglish\b", "英文|英语")),
    ("ja", _any(r"\bjapanese\b", "日文|日语")),
    ("ko", _any(r"\bkorean\b", "韩文|韩语")),
    ("es", _any(r"\bspanish\b", "西班牙语")),
    ("fr", _any(r"\bfrench\b", "法文|法语")),
    ("de", _any(r"\bgerman\b", "德文|德语")),
)
_PLATFORMS = _any(
    r"\b(tiktok|amazon|taobao|tmall|douyin|shopee|lazada|youtube|instagram|facebook|temu|ebay)\b",
    "(抖音|淘宝|天猫|小红书|京东|拼多多|快手|视频号|微信)",
)
_TONE = _any(
    r"\bin an? ([a-z][a-z ,-]{2,30}?) (?:tone|voice|style|way)\b",
    r"\b(funny|funnier|friendly|formal|casual|warm|warmer|playful|calm|serious|cheerful|humorous)\b",
    r"(?:语气|风格|调子)(?:要|得)?([\u4e00-\u9fff]{2,4})|([\u4e00-\u9fff]{2})(?:一点|一些|点)?的?(?:语气|风格)|(活泼|幽默|正式|亲切|温柔|搞笑|口语)",
)
_PRODUCT = _any(
    r"\b(?:for|about|on)\s+(?:the |our |my |this )?"
    r"((?!(?:me|us|it|tiktok|amazon|a|an)\b)\w[\w \-]{1,50}?)"
    r"(?=\s+(?:in|with|that|under|of|please|and)\b|\s*[,.!?;:]|\s*$|\s+\d)",
    r"(?:给|为|替)(?!我|大家|你)([\w\u4e00-\u9fff \-]{2,24}?)(?:写|来|做|出|生成|起|拟|换|想)",
)
_JURISDICTIONS: tuple[tuple[Jurisdiction, re.Pattern[str]], ...] = (
    ("CN", _any(r"\bchin(?:a|ese)\b|\bCN\b", "中国|国内|广告法")),
    ("US", _any(r"\b(?:united states|american?|FTC|FDA)\b|(?-i:\bUS\b)", "美国")),
    ("EU", _any(r"\b(?:europe(?:an)?|EU)\b", "欧盟|欧洲")),
    ("platform", _any(r"\bplatforms?\b|\bmarketplaces?\b", "平台")),
)
_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"|「([^」]+)」|『([^』]+)』|‘([^’]{3,})’|'([^']{6,})'")
_AFTER_COLON = re.compile(r"[:：]\s*(\S.*)$|\n\s*(\S.*)$", re.DOTALL)
_AFTER_SAY = re.compile(
    r"(?:\b(?:say|claim|write|promise|advertise)(?: that)?"
    r"|(?:能不能|可不可以|可以|能)(?:这么|这样)?(?:说|写|宣传|讲))"
    r"[\s,，]*(\S.*?)(?:\s+on air)?[吗么]?\s*[?？]*$",
    re.IGNORECASE | re.DOTALL,
)


def copy_details(turn: str) -> dict[str, Any]:
    """`kind, seconds, lang, platform, tone, variants, product`, those that the turn names.

    Of a reply also the `comment` that it hands over.
    """
    kind = next((kind for kind, pattern in _KINDS if pattern.search(turn)), None)
    found = {
        "kind": kind,
        "seconds": seconds_in(turn),
        "lang": next((tag for tag, pattern in _LANGUAGES if pattern.search(turn)), None),
        "platform": _first(_PLATFORMS, turn),
        "tone": _first(_TONE, turn),
        "variants": _variants(turn),
        "product": _first(_PRODUCT, turn),
        "comment": (_handed_over(turn) or None) if kind == "reply" else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def seconds_in(turn: str) -> int | None:
    """The length that is asked for, in seconds, brought within what a brief allows."""
    if _HALF_MINUTE.search(turn):
        return 30
    for pattern, unit in ((_SECONDS, 1), (_MINUTES, 60)):
        if match := pattern.search(turn):
            seconds = _number(match[1]) * unit
            return min(max(seconds, SHORTEST_SECONDS), LONGEST_SECONDS)
    return None


def quoted_text(turn: str) -> str:
    """The text that a turn hands over, or wants to say."""
    if handed := _handed_over(turn):
        return handed
    said = _AFTER_SAY.search(turn)
    return said[1].strip() if said else ""


def _handed_over(turn: str) -> str:
    """What stands after the turn's colon or line break, else in quotation marks."""
    quote = next((g for m in _QUOTED.finditer(turn) for g in m.groups() if g), "")
    colon = _AFTER_COLON.search(turn)
    after = next((group for group in colon.groups() if group), "") if colon else ""
    if quote and (not after or after.strip("“”\"「」『』‘’' \n。.!?？") == quote.strip()):
        return quote.strip()
    return after.strip()


def jurisdictions_in(turn: str) -> Sequence[Jurisdiction]:
    """Whose rules the turn names."""
    return [code for code, pattern in _JURISDICTIONS if pattern.search(turn)]


def _variants(turn: str) -> int | None:
    word = _first(_VARIANTS, turn)
    return min(_number(word), MOST_VARIANTS) if word else None


def _first(pattern: re.Pattern[str], turn: str) -> str | None:
    match = pattern.search(turn)
    return next((g.strip() for g in match.groups() if g), None) if match else None


def _number(word: str) -> int:
    word = word.casefold()
    if word.isdigit():
        return int(word)
    if "十" in word:
        tens, _, ones = word.partition("十")
        return 10 * _CHINESE_DIGITS.get(tens, 1) + (
            "一二三四五六七八九".index(ones) + 1 if ones else 0
        )
    return _CHINESE_DIGITS.get(word) or _WORD_DIGITS.get(word, 1)
