"""The amount that a sentence states as the price of now."""

import re
from decimal import Decimal

from domain.language import detect_language
from domain.product import ProductRecord, plain_number
from domain.quantities import Quantity, find_quantities
from tools.live_facts.cues import cue, says, split_clauses
from tools.variant_words import find_meant

_LEAST_SHARE, _MOST_SHARE = Decimal("0.1"), Decimal("3")
"""A live price lies between a tenth and three times the price of the record."""
_ALIKE_LEAST, _ALIKE_MOST = Decimal("0.4"), Decimal("1.3")
"""A number that no word calls a price lies this near to it."""
_CHANGED_LEAST = Decimal("0.5")
"""A new price is rarely less than half of the one before."""
_OF_SIZE_LEAST, _OF_SIZE_MOST = Decimal("0.3"), Decimal("4")
"""Sizes cost up to some times what the record's price is for."""
_COUNTED = re.compile(
    r"\s*(?:[%％]|percent\b|[a-z]+s\b|张|把|台|双|只|支|口|罐|瓶|套|个|位|分|秒|点|小时|天|年|岁|斤|克|毫升|厘米|米)",
    re.I,
)
_BARE_LEAST, _BARE_MOST = 5, 100_000
_PER_PIECE = re.compile(
    r"\s*(?:(?:一|每|/)?[支瓶罐把个件盒条套杯双口袋包斤只台瓶](?!装)|块钱?|元|$|[!！。.啊呀哈了])"
)
_AFTER_PRICE = re.compile(
    r"(?:[价降卖改要到]|降到|改成|直播间|今天|今晚|现在|就是|一[支瓶罐把个件盒条套杯双口袋包斤只台]"
    r"|\b(?:it'?s|it is|this is|for|at|to|now|only|just|is|price))\s*$",
    re.IGNORECASE,
)
_NAMES_PRICE = re.compile(
    r"\b(?:price|dollars?|bucks?|quid|pounds?|euros?|tonight|today|now)\b|[$£€¥￥价块元降卖]|直播间|今天"
    r"|今晚|现在|刷新|改好|直接拍",
    re.IGNORECASE,
)


def find_price(plain: str, record: ProductRecord | None, *, shown: bool) -> str | None:
    """As a plain decimal; None where no price, or more than one, is stated for now."""
    if says("doubt", plain) or says("condition", plain):
        return None
    for read in (_said_for_now, _alike, _changed):
        offers = [one for one in read(plain, record) if _is_plausible(one.value, record)]
        if offers:
            break
    else:
        return None
    if shown and len(offers) > 1:
        return None
    value = offers[-1].value
    return plain_number(float(value))


def find_size_prices(plain: str, record: ProductRecord | None) -> dict[str, str]:
    """Prices that a sentence states for some of several sizes: `一米的1299，一米二的1499`."""
    sizes = record.variants.sizes if record else []
    if len(sizes) < 2 or any(says(kind, plain) for kind in ("doubt", "condition")):
        return {}
    known = _prices_of(record)
    prices: dict[str, str] = {}
    named: list[str] = []
    for _, clause in split_clauses(plain):
        meant = find_meant(clause, sizes)
        named = meant if meant and len(meant) < len(sizes) else named
        if len(named) != 1 or says("was", clause) or says("condition", clause):
            continue
        own = {quantity.value for quantity in find_quantities(named[0])}
        for quantity in find_quantities(clause):
            money = (quantity.dimension or "").startswith("currency:")
            before, after = clause[: quantity.start], clause[quantity.end :]
            bare = quantity.dimension is None and not _COUNTED.match(after)
            near = any(_OF_SIZE_LEAST * p <= quantity.value <= _OF_SIZE_MOST * p for p in known)
            if not (money or bare) or not near or (bare and quantity.value in own):
                continue
            if not says("not_a_price", f"{before[-18:]} # {after[:14]}"):
                prices[named[0]] = plain_number(float(quantity.value))
    return prices


def _changed(plain: str, record: ProductRecord | None) -> list[Quantity]:
    """The last amount near to the record's price where a sentence tells of a new one."""
    known = _prices_of(record)
    if not known or not says("price_change", plain) or says("elsewhere", plain):
        return []
    found: list[Quantity] = []
    for start, clause in split_clauses(plain):
        for quantity in find_quantities(clause):
            money = (quantity.dimension or "").startswith("currency:")
            pounds = quantity.dimension == "mass" and quantity.text.lower().endswith(
                ("pound", "pounds")
            )
            after = clause[quantity.end :]
            bare = quantity.dimension is None and not _COUNTED.match(after)
            near = any(_CHANGED_LEAST * p <= quantity.value <= p for p in known)
            past = says("was", plain[max(0, start - 1) : start] + clause[: quantity.start])
            if (money or pounds or bare) and near and not past:
                near_by = f"{clause[: quantity.start][-18:]} # {after[:14]}"
                if not says("not_a_price", near_by):
                    found.append(quantity)
    return found[-1:]


def _said_for_now(plain: str, record: ProductRecord | None) -> list[Quantity]:
    """Amounts that words for now go with."""
    if not says("now", plain):
        return []
    offers: list[Quantity] = []
    for start, clause in split_clauses(plain):
        quantities = [q for q in _amounts(clause, record) if _is_offered(clause, q)]
        before = plain[:start]
        said_now = says("now", clause) and not _is_of_others(before, clause)
        if not quantities or not (said_now or (says("now", before) and not says("was", clause))):
            continue
        offers.append(quantities[-1])
    return offers


def _alike(plain: str, record: ProductRecord | None) -> list[Quantity]:
    """Amounts that are near to the record's price and stand as prices do: `价格改好了，79一支`."""
    known = _prices_of(record)
    told_of_others = says("was", plain) or says("elsewhere", plain)
    if not known or told_of_others or not _NAMES_PRICE.search(plain):
        return []
    found: list[Quantity] = []
    for _, clause in split_clauses(plain):
        for quantity in find_quantities(clause):
            money = (quantity.dimension or "").startswith("currency:")
            before, after = clause[: quantity.start], clause[quantity.end :]
            stands = money or (
                quantity.dimension in (None, "count")
                and _PER_PIECE.match(after) is not None
                and (not before.strip() or _AFTER_PRICE.search(before) is not None)
            )
            near = any(_ALIKE_LEAST * p <= quantity.value <= _ALIKE_MOST * p for p in known)
            if stands and near and _is_offered(clause, quantity):
                found.append(quantity)
    return found if len({quantity.value for quantity in found}) == 1 else []


def _amounts(clause: str, record: ProductRecord | None) -> list[Quantity]:
    """Money, and bare numbers that may be money."""
    found: list[Quantity] = []
    currency = record.currency if record else None
    for quantity in find_quantities(clause):
        money = quantity.dimension or ""
        if money.startswith("currency:"):
            same = currency is None or money == f"currency:{currency}" or len(quantity.text) < 2
            if same or quantity.text.strip()[:1] in "$¥￥":
                found.append(quantity)
        elif (
            quantity.dimension is None
            and _BARE_LEAST <= quantity.value <= _BARE_MOST
            and _bare_price(clause, quantity)
        ):
            found.append(quantity)
    return found


def _bare_price(clause: str, quantity: Quantity) -> bool:
    """`now 89`, `只要89`, `降到59.9`: the number stands right after words for the price."""
    before, after = clause[: quantity.start], clause[quantity.end :]
    if re.match(
        r"\s*[A-Za-z%％度片个条盒件包袋张把台双只支口罐瓶套箱位名单分秒小天年月岁码号毫克升米]",
        after,
    ):
        return False
    pattern = (
        r"(?:只要|只需|到手价?(?:是)?|降到|改成|变成|打到|现在(?:只要|是|卖)?|今天(?:直接)?(?:到手|只要)?)\s*$"
        if detect_language(clause) == "zh"
        else r"(?:now|only|just|down to|dropped to|changed to|cut to|at|price is|it is)[ $]*$"
    )
    return re.search(pattern, before, re.IGNORECASE) is not None


def _is_offered(clause: str, quantity: Quantity) -> bool:
    """No word around the amount says that it is another's price, or no price."""
    before, after = clause[: quantity.start], clause[quantity.end :]
    near = before[-18:] + " # " + after[:14]
    was = cue("was").search(before)
    if was is not None and not cue("now").search(before, was.end()):
        return False
    return not says("not_a_price", near)


def _is_of_others(before: str, clause: str) -> bool:
    """`In the shops, you pay $28`: the words for now are weak, and another's price was begun."""
    others, now = (list(cue(kind).finditer(before)) for kind in ("was", "now"))
    begun = bool(others) and (not now or now[-1].end() < others[-1].end())
    return begun and not cue("now").search(cue("now_weak").sub(" ", clause))


def _is_plausible(value: Decimal, record: ProductRecord | None) -> bool:
    known = _prices_of(record)
    return not known or any(_LEAST_SHARE * p <= value <= _MOST_SHARE * p for p in known)


def _prices_of(record: ProductRecord | None) -> list[Decimal]:
    prices = [record.live_price, record.list_price] if record else []
    return [Decimal(str(price)) for price in prices if price]
