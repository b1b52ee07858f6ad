"""The brand of goods whose sources do not label it: told by where names of makers stand.

A maker's name stands alone on a label, in a page's title beside the goods, in front of a company's
form, behind `by`, or at the head of a price list; and other sources say it too.
"""

import re
from collections.abc import Iterator, Sequence

from domain.evidence import Evidence
from domain.lexicon import find_terms
from tools.goods import place_of
from tools.quotes import fold_text

_SEGMENTS = re.compile(r"\s+[-–—|·:]\s+|[|｜_【】]|\s+-(?=[\u3400-\u9fff])|　")
_WORD = r"(?:[A-Z][\w'’]+|[A-Z]{2,}|[A-Z]\w*[A-Z]\w*)"
_LATIN = re.compile(rf"{_WORD}(?: (?:&|and) {_WORD}| {_WORD}){{0,2}}")
_BY = re.compile(
    r"\b(?:[Bb]y|BY|[Dd]ist(?:\.|ributed)?(?: by)?|[Mm]ade by|©(?: \d{4})?) "
    rf"(?P<who>{_LATIN.pattern})"
)
_COMPANY = re.compile(
    rf"(?P<who>{_LATIN.pattern}),? (?:Inc|LLC|Ltd|Limited|GmbH|UAB|Co|Corp|S\.?A|B\.?V|AB|Oy)\b"
)
_TRADES = (
    "家纺|家居|食品|宠物|生物|电子|数码|厨具|母婴|美妆|护肤|科技|服饰|珠宝|玩具"
    "|运动|户外|日化|洗护|茶业|酒业|乳业|电器|箱包|鞋业"
)
_HAN_COMPANY = re.compile(
    r"(?:^|[：:\s（(·]|[\u3400-\u9fff]{2}[市省县区]?)(?P<who>[\u3400-\u9fff]{2,4}?)"
    rf"(?:{_TRADES})"
)
_HAN_SHOP = re.compile(r"(?P<who>[\u3400-\u9fff]{2,4}?)(?:官方|旗舰|品牌|专卖)(?:旗舰)?店")
_HAN_LEADS = re.compile(r"(?P<who>[\u3400-\u9fff]{2,4})[ 　](?=[A-Za-z\u3400-\u9fff])")
_AMOUNT = re.compile(r"\W*\d[\d.,]*\W*")
_HAN_ALONE = re.compile(r"[\u3400-\u9fff]{2,4}")
_HAN_FIRST = re.compile(r"(?P<who>[\u3400-\u9fff]{2,4})(?=[ A-Za-z\d])")
_OPENING = 3
"""Lines at the start of a label or a page among which a maker's name stands alone."""

_MOST_WORDS = 3
_NO_MAKER = re.compile(
    r"\b(?:price|list|live|retail|export|sheet|page|home|product|new|free|warning|ingredients|made"
    r"|the|this|and|size|care|wash|model|code|item|stock|order|your|our|for|with|quick|start)\b"
    r"|价|表|单|报|直播|产品|商品|规格|说明|详情|首页|参数|系列|配料|成分|名称|使用|注意|净含|库存|清单|旗舰|官方",
    re.IGNORECASE,
)


def find_brand(
    name: str | None, sentences: Sequence[Evidence], *, names: Sequence[str] = ()
) -> tuple[str, Evidence] | None:
    """The maker's name and a sentence that says it, None where none stands out.

    Of names in the places of a maker the one counts that most sources say, at least two of them,
    or that the goods' own `name` begins with; `names` are what sources call the goods.
    """
    goods = fold_text(name or "")
    texts: dict[str, str] = {}
    for sentence in sentences:
        texts[sentence.source] = texts.get(sentence.source, "") + "\n" + fold_text(sentence.quote)
    best: tuple[tuple[float, int], str, Evidence] | None = None
    for words, place in _candidates(goods, [*names, *([name] if name else [])], sentences):
        folded = fold_text(words)
        if _NO_MAKER.search(words) or _is_word_of_goods(words):
            continue
        sources = sum(_stands_in(folded, text) for text in texts.values())
        leads = goods.startswith(folded) and goods != folded
        if sources < 2 and not leads:
            continue
        if goods and folded in goods and not leads:
            continue
        rank = (sources + 2 * leads, len(folded))
        shouted = best is not None and best[1].isupper() and not words.isupper()
        if best is None or rank > best[0] or (rank == best[0] and shouted):
            best = (rank, words, place)
    return (best[1], best[2]) if best else None


def _candidates(
    goods: str, names: Sequence[str], sentences: Sequence[Evidence]
) -> Iterator[tuple[str, Evidence]]:
    """Names in the places of a maker, each with all its beginnings (`Norvane Audio`, `Norvane`)."""
    for match in filter(None, map(_HAN_FIRST.match, names)):
        place = next((s for s in sentences if match["who"] in s.quote), None)
        if place is not None:
            yield match["who"], place
    seen: dict[str, int] = {}
    for sentence in sorted(sentences, key=place_of):
        text = sentence.quote.strip()
        line = seen[sentence.source] = seen.get(sentence.source, 0) + 1
        for pattern in (_BY, _COMPANY):
            for match in pattern.finditer(text):
                yield from ((part, sentence) for part in _beginnings(match["who"]))
        for pattern in (_HAN_COMPANY, _HAN_SHOP):
            for match in pattern.finditer(text):
                who = re.sub(rf"(?:{_TRADES})$", "", match["who"])
                yield from ((who[:end], sentence) for end in range(2, len(who) + 1))
        segments = [part.strip() for part in _SEGMENTS.split(text) if part and part.strip()]
        if (line > _OPENING and len(segments) < 2) or any(map(_AMOUNT.fullmatch, segments)):
            continue
        for segment in segments:
            if goods and fold_text(segment) in goods and not goods.startswith(fold_text(segment)):
                continue
            if (match := _LATIN.match(segment)) and (
                len(segment.split()) <= _MOST_WORDS or len(segments) > 1
            ):
                yield from (
                    (part, sentence)
                    for part in _beginnings(match.group())
                    if not _goes_on_as(goods, fold_text(segment), fold_text(part))
                )
            if _HAN_ALONE.fullmatch(segment):
                yield segment, sentence
            if match := _HAN_LEADS.match(segment):
                yield match["who"], sentence


def _beginnings(words: str) -> list[str]:
    """`Tarn & Forge`: all of it, and `Tarn`."""
    parts = words.split(" ")
    return [
        " ".join(parts[:end])
        for end in range(1, len(parts) + 1)
        if parts[end - 1] not in ("&", "and")
    ]


def _goes_on_as(goods: str, segment: str, part: str) -> bool:
    """Whether `segment` is the name of the goods, of which `part` is only the beginning."""
    if not goods.startswith(part + " ") or segment == part:
        return False
    following = goods[len(part) + 1 :].split(" ")[0]
    return segment.startswith(f"{part} {following}")


def _stands_in(words: str, text: str) -> bool:
    if words.isascii():
        return re.search(rf"(?<![a-z0-9]){re.escape(words)}(?![a-z0-9])", text) is not None
    return words in text


def _is_word_of_goods(words: str) -> bool:
    """A colour, a material, a country or the like, and no name."""
    covered = sum(term.end - term.start for term in find_terms(words))
    return covered * 2 > len(words)
