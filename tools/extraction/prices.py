"""List price, live price and currency in running text."""

import re
from dataclasses import replace

from domain.extraction import ExtractedFact, FactField
from domain.language import detect_language
from domain.numerals import find_numbers
from domain.product import plain_number
from domain.quantities import Quantity, find_quantities
from tools.extraction.facts import UNSURE, found_in
from tools.extraction.sentences import Sentence

_LIST = (
    r"原价|吊牌价?|日常价?|市场价|零售价|标价|划线价|专柜价?|门店价?|官网价?|官方价|平[时日]价?|店铺价|正价|参考价|指导价"
    r"|(?:list|original|regular|retail|usual|normal|full|store|tag|catalogue|everyday"
    r"|standard)[ -]?price"
    r"|\b(?:instead of|down from|reduced from)\b"
    r"|\b(?:list|rrp|msrp|srp|was|were|usually|normally|regularly|before|originally)\b"
)
_LIVE = (
    r"直播[间]?(?:专享|到手|专属|优惠)?价?|开播价|到手价?|券后价?|活动价|优惠价|促销价|秒杀价?|特价|现价|折后价?|今[天日晚]价?|福利价"
    r"|专享价|限时价|抢购价|宠粉价|live(?:[ -]?stream| room)?[ -](?:price|deal|offer|special)"
    r"|(?:on|in|for|during) (?:the|this|our) (?:live|stream|show|broadcast)(?:[ -]?stream)?"
    r"|on air|on stream|stream price|(?:deal|sale|offer|promo|special|discount|flash|show"
    r"|event)[ -]price"
    r"|\b(?:now|tonight|today)\b"
)
_PRICE = r"价格|单价|售价|价钱|\bprice\b|\bcosts?\b|\bsells? (?:for|at)\b"
_OTHER = (
    r"满|立?减|省|定金|尾款|订金|押金|运费|邮费|补|价值|值|赠|送|代金|红包|抵|涨|差价|每(?=\d)|券(?!后)|低至"
    r"|\b(?:save[sd]?|off|over|above|under|below|coupon|voucher|deposit|shipping|postage"
    r"|delivery|worth|value[d]?|fee"
    r"|gift|spend|minimum|discount of|extra|surcharge|credit|per|cost us|duty|tax|fine)\b"
)
_WORD = re.compile(
    rf"(?P<other>{_OTHER})|(?P<live>{_LIVE})|(?P<list>{_LIST})|(?P<price>{_PRICE})", re.IGNORECASE
)
_KINDS = re.compile(f"{_LIVE}|{_LIST}|{_OTHER}", re.IGNORECASE)
_AFTER = re.compile(
    r"[\s,(（]{0,2}(?:(?P<other>off\b|coupon|voucher|shipping|deposit|券(?!后)|减|运费|定金|优惠)"
    r"|(?P<live>到手|live\b|(?:on|in|for|during) (?:the|this|our) (?:live|stream|show)|now\b"
    r"|tonight\b|today\b)"
    r"|(?P<list>list\b|rrp\b|msrp\b|regular\b|original(?:ly)?\b|原价))",
    re.IGNORECASE,
)
_JOIN = (
    r"[\s:：=]*(?:(?:is|at|of|only|just|for|from|now|will be|goes for|we can do|we do|changed to"
    r"|down to|stays?|remains"
    r"|仅|只要|只需|只|是|为|才|就|都|卖|约|给到?|做到?|店里|店铺|我们|定在|定为|改为|改成"
    r"|改到|调整?[为成到])[\s:：]*){0,3}"
)
_BARE = re.compile(rf"(?P<word>{_LIVE}|{_LIST}){_JOIN}$", re.IGNORECASE)
_VAGUE = re.compile(
    r"now|tonight|today|was|were|before|usually|normally|regularly|originally|今[天日晚]",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(?:不是|不再是|而非|并非|\bnot|\bno longer|\brather than|\bchanged from)\s*$",
    re.IGNORECASE,
)
_REPLACED = re.compile(
    r"[\s，,;；]*(?:而?是|应该?是|改为|改成|to|but(?: rather)?|it(?:'s|’s| is))\s*(?:now\s*)?",
    re.IGNORECASE,
)
_CENTS = re.compile(r"\d\.\d{1,2}$")
_RANGE = re.compile(r"\s?(?:-|–|~|到|至|to)\s?")
_LEAD = re.compile(r"[\s:：]*(?:only|just|仅|只要|只需)?\s*")
_LEAD_AFTER_COMMA = re.compile(r"[^,，;；。(（]{0,30}")

IMPLIED_CURRENCY = "CNY"
"""Of a price in Chinese text that names none; a guess that any named currency outranks."""

_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})*|\d+),(\d{1,2})(?![\d.,])")
DEAREST = 10**12
"""No price reaches it; a longer number is none."""
_FIELDS: dict[str, FactField] = {"list": "list_price", "live": "live_price", "price": "list_price"}


def is_money(quantity: Quantity) -> bool:
    """True for an amount with a currency."""
    return (quantity.dimension or "").startswith("currency:")


def find_prices(sentence: Sentence) -> list[ExtractedFact]:
    """The prices that a sentence states, each followed by its currency where it names one.

    An amount is a price when the nearest price word says so: discounts, postage, deposits, gift
    values and amounts without a word are none. A price that does not say which is a list price of
    confidence `UNSURE`.
    """
    text = sentence.text
    field = sentence.meaning.field
    quantities = _join_spoken(text, find_quantities(text))
    if field in ("list_price", "live_price", "price"):
        return _labelled(sentence, quantities)
    if field not in (None, "note", "name", "promotion") or sentence.is_question:
        return []
    if priced := _of_the_page(sentence, quantities):
        return priced
    label = f"{sentence.label}: " if sentence.label else ""
    if not label and sentence.topic == "price":
        label = f"{sentence.asked}: "
    facts: list[ExtractedFact] = []
    left = 0
    denied: str | None = None
    for index, quantity in enumerate(quantities):
        before = (label if left == 0 else "") + text[left : quantity.start]
        following = quantities[index + 1] if index + 1 < len(quantities) else None
        kind = denied if denied and _REPLACED.fullmatch(before) else None
        denied = None
        if match := _DENIED.search(before):
            denied = _kind_of(quantity, before[: match.start()], text)
            left = quantity.end
            continue
        kind = kind or _kind_of(quantity, before, text, following)
        left = quantity.end
        if kind is None or _is_range(text, quantity, following):
            continue
        facts += _state(sentence, kind, quantity)
    return _doubt_second(facts)


def _of_the_page(sentence: Sentence, quantities: list[Quantity]) -> list[ExtractedFact]:
    """The price that stands at the start of a line of a shop's page, as a guess of the list price.

    Of two in the line, as of a discount, the higher one is struck out.
    """
    if sentence.passage.kind != "html" or sentence.label or not sentence.first:
        return []
    money = [quantity for quantity in quantities if is_money(quantity)]
    if not money or money[0].start > 0 or _KINDS.search(sentence.text):
        return []
    if len(money) == 1 or sentence.text[money[0].end :].lstrip()[:2] in ("or", "- "):
        return _state(sentence, "price", money[0])
    return []


def _join_spoken(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """`eighteen ninety five` as one amount, 18.95."""
    joined: list[Quantity] = []
    for quantity in quantities:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.dimension is None
            and last.value < 100
            and 10 <= quantity.value < 100
            and quantity.dimension in (None, "count")
            and last.text.replace(" ", "").replace("-", "").isalpha()
            and quantity.text[:1].isalpha()
            and text[last.end : quantity.start] == " "
        ):
            value = last.value + quantity.value / 100
            spoken = text[last.start : quantity.end]
            joined[-1] = replace(quantity, start=last.start, text=spoken, value=value)
        else:
            joined.append(quantity)
    return joined


def _doubt_second(facts: list[ExtractedFact]) -> list[ExtractedFact]:
    """Of two list prices in one sentence (`吊牌价359，平时卖329`) the second is a remark."""
    first = next((fact for fact in facts if fact.field == "list_price"), None)
    return [
        fact.model_copy(update={"confidence": UNSURE})
        if fact.field == "list_price" and fact is not first
        else fact
        for fact in facts
    ]


def _kind_of(
    quantity: Quantity, before: str, text: str, following: Quantity | None = None
) -> str | None:
    if not is_money(quantity):
        bare = _BARE.search(before) if quantity.dimension is None else None
        if bare is None or (_VAGUE.fullmatch(bare["word"]) and not _CENTS.search(quantity.text)):
            return None
    after = _AFTER.match(text, quantity.end)
    if after is not None and not _leads_on(text, after, following):
        return after.lastgroup if after.lastgroup != "other" else None
    words = list(_WORD.finditer(before))
    if not words or words[-1].lastgroup == "other":
        return None
    kind = words[-1].lastgroup
    if kind == "price" and len(words) > 1 and words[-2].lastgroup in ("live", "list"):
        return words[-2].lastgroup
    return kind


def _leads_on(text: str, after: re.Match[str], following: Quantity | None) -> bool:
    """The price word announces the next amount (`was $29, now $19`), not the one before it."""
    if following is None:
        return False
    lead = _LEAD_AFTER_COMMA if after.group()[:1] in ",，" else _LEAD
    return lead.fullmatch(text, after.end(), following.start) is not None


def _is_range(text: str, quantity: Quantity, following: Quantity | None) -> bool:
    return (
        following is not None
        and is_money(following)
        and _RANGE.fullmatch(text, quantity.end, following.start) is not None
    )


def _labelled(sentence: Sentence, quantities: list[Quantity]) -> list[ExtractedFact]:
    """`Live price: 19.9` and its kin: the first amount, if need be without a currency sign."""
    amounts = [q for q in quantities if is_money(q)] or [
        q for q in quantities[:1] if q.dimension is None and q.start == 0
    ]
    if not amounts or (len(amounts) > 1 and _is_range(sentence.text, *amounts[:2])):
        return []
    kind = {"list_price": "list", "live_price": "live"}.get(str(sentence.meaning.field), "price")
    first = _state(sentence, kind, amounts[0])
    rest: list[ExtractedFact] = []
    left = amounts[0].end
    for quantity in amounts[1:]:
        other = _kind_of(quantity, sentence.text[left : quantity.start], sentence.text)
        left = quantity.end
        if other is not None:
            rest += _state(sentence, other, quantity)
    return first + rest


def _state(sentence: Sentence, kind: str, quantity: Quantity) -> list[ExtractedFact]:
    if not 0 < quantity.value < DEAREST:
        return []
    confidence = UNSURE if kind == "price" else 1.0
    value = plain_number(float(quantity.value))
    facts = [found_in(sentence, _FIELDS[kind], value, confidence=confidence)]
    code = (
        (quantity.dimension or "").removeprefix("currency:")
        if is_money(quantity)
        else sentence.meaning.currency
    )
    if code:
        facts.append(found_in(sentence, "currency", code))
    elif detect_language(sentence.text) == "zh":
        facts.append(found_in(sentence, "currency", IMPLIED_CURRENCY, confidence=UNSURE))
    return facts


def read_amount(cell: str) -> Quantity | None:
    """The one amount in a price cell: with a currency, or a bare number (`99,00` is 99)."""
    cell = _DECIMAL_COMMA.sub(lambda m: m[1].replace(".", "") + "." + m[2], cell)
    quantities = find_quantities(cell)
    money = [quantity for quantity in quantities if is_money(quantity)]
    if money:
        return money[0] if len(money) == 1 else None
    numbers = find_numbers(cell)
    if len(numbers) != 1 or not quantities:
        return None
    return quantities[0] if quantities[0].dimension in (None, "count") else None
