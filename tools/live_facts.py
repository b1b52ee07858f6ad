"""What a host says that changes a product's record from then on: price, stock, promises.

Precision before recall: a fact that was never said misleads every answer after it, one that was
missed only leaves the record as it was. So a clause counts that states something for now; what was,
would be, is asked, denied or told of others does not. The words are data: `live_facts.yaml`.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, cast

import yaml

from domain.language import detect_language
from domain.product import ProductRecord, plain_number
from domain.quantities import Quantity, find_quantities
from domain.stream import LiveFact, LogEntry, ScreenLine, Utterance
from tools.spoken import normalise_spoken

_FILE = Path(__file__).with_suffix(".yaml")
_SENTENCE = re.compile(r"[^.!?。！？…\n]+(?:\.(?=\d)[^.!?。！？…\n]+)*[.!?。！？…]*")
_CLAUSE = re.compile(r"[^,;，；、:：—]+")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|「[^」]*」|'[^']{12,}'")
_ASKING = re.compile(
    r"[?？]\s*$|[吗呢么]\s*[?？。!！]?\s*$|^(?:how|what|which|when|why|who|where)\b"
    r"|^(?:is|are|was|will|do|does|did|can|could) (?:it|they|this|that|there|you|we|the|i|he|she)\b"
    r"|多少钱|什么价|有没有|是不是|能不能|几[块元]|怎么卖",
    re.IGNORECASE,
)
_LEAST_SHARE, _MOST_SHARE = Decimal("0.1"), Decimal("3")
"""A live price lies between a tenth and three times the price of the record."""
_BARE_LEAST, _BARE_MOST = 5, 100_000
_PROMISES = ("gift", "ship", "guarantee", "later")
_MAY_DEPEND = ("guarantee",)
"""`If it gets cheaper, we pay back the difference` promises; `if you buy two, you get one` too
little is known of."""


def find_live_facts(
    entry: LogEntry, product_id: str | None, record: ProductRecord | None = None
) -> list[LiveFact]:
    """The facts that an utterance or a line on the screen states about the product on air.

    A number without a currency is a price only with words for the price of now; with a record, a
    price has to be of its order. What a host promises counts from them, not from the screen alone.
    """
    row = entry.row
    if not isinstance(row, Utterance | ScreenLine) or (
        isinstance(row, Utterance) and row.speaker != "host"
    ):
        return []
    found: list[LiveFact] = []
    for sentence in _sentences(row.text):
        for fact, field, value in _read(sentence, record, shown=isinstance(row, ScreenLine)):
            found.append(
                LiveFact(
                    start_ms=row.valid_from_ms,
                    fact=fact,
                    product_id=product_id,
                    field=field,
                    value=value,
                    quote=sentence.strip(),
                    said_in=entry.seq,
                )
            )
    return found


def is_gone(text: str) -> bool:
    """Whether a text says that something has sold out."""
    return _says("gone", text) and not _says("gone_not", text)


def is_back(text: str) -> bool:
    """Whether a text says that something is there again."""
    return _says("back", text) and not _says("back_not", text)


def is_hearsay(text: str) -> bool:
    """Whether a text only asks, guesses, or repeats what somebody asked or said."""
    plain = normalise_spoken(text)
    return _ASKING.search(text.strip()) is not None or _says("reported", plain)


Kind = Literal["price", "stock", "promise"]


def _sentences(text: str) -> Iterator[str]:
    """Statements: questions are none."""
    for match in _SENTENCE.finditer(text):
        if not _ASKING.search(match.group().strip()):
            yield match.group()


def _read(
    sentence: str, record: ProductRecord | None, *, shown: bool
) -> Iterator[tuple[Kind, str, str]]:
    plain = normalise_spoken(_QUOTED.sub(" ", sentence))
    if _says("reported", plain):
        return
    price = _price(plain, record, shown=shown)
    if price is not None:
        yield "price", "live_price", price
    for clause in _clauses(plain):
        if is_gone(clause):
            yield "stock", _stock_field(clause, record), clause
            break
        if _says("back", clause) and not _says("back_not", plain):
            yield "stock", _stock_field(clause, record), clause
            break
    if shown or _says("doubt", plain):
        return
    conditional = _says("condition", plain)
    for promise in _PROMISES:
        if conditional and promise not in _MAY_DEPEND:
            continue
        if match := _pattern(f"promise_{promise}").search(plain.rstrip(".!。！… ")):
            yield "promise", promise, match.group().strip()
            break


def _price(plain: str, record: ProductRecord | None, *, shown: bool) -> str | None:
    """The amount that a sentence states as the price of now, as a plain decimal."""
    now_words = list(_pattern("now").finditer(plain))
    if not now_words or _says("doubt", plain) or _says("condition", plain):
        return None
    offers: list[Quantity] = []
    for start, clause in _clauses_at(plain):
        quantities = [q for q in _amounts(clause, record) if _is_offered(clause, q)]
        before = plain[:start]
        said_now = _says("now", clause) and not _is_of_others(before, clause)
        if not quantities or not (said_now or (_says("now", before) and not _says("was", clause))):
            continue
        offers.append(quantities[-1])
    if not offers or (shown and len(offers) > 1):
        return None
    value = offers[-1].value
    return plain_number(float(value)) if _is_plausible(value, record) else None


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
    if re.match(r"\s*[A-Za-z%％度片个条盒件分秒小天年月岁码号毫克升米]", after):
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
    was = _pattern("was").search(before)
    if was is not None and not _pattern("now").search(before, was.end()):
        return False
    return not _says("not_a_price", near)


def _is_of_others(before: str, clause: str) -> bool:
    """`In the shops, you pay $28`: the words for now are weak, and another's price was begun."""
    others, now = (list(_pattern(kind).finditer(before)) for kind in ("was", "now"))
    begun = bool(others) and (not now or now[-1].end() < others[-1].end())
    return begun and not _pattern("now").search(_pattern("now_weak").sub(" ", clause))


def _is_plausible(value: Decimal, record: ProductRecord | None) -> bool:
    known = [p for p in (record.live_price, record.list_price) if p] if record else []
    return not known or any(
        _LEAST_SHARE * Decimal(str(price)) <= value <= _MOST_SHARE * Decimal(str(price))
        for price in known
    )


def _stock_field(clause: str, record: ProductRecord | None) -> str:
    """The variant of the record whose words are all said, else the whole product."""
    said = clause.casefold()
    for variant in record.variants.stock if record else ():
        if all(part in said for part in variant.casefold().split()):
            return f"variants.stock.{variant}"
    return "variants.stock"


def _clauses(plain: str) -> list[str]:
    return [clause for _, clause in _clauses_at(plain)]


def _clauses_at(plain: str) -> list[tuple[int, str]]:
    return [(m.start(), m.group().strip()) for m in _CLAUSE.finditer(plain) if m.group().strip()]


def _says(kind: str, text: str) -> bool:
    return _pattern(kind).search(text) is not None


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    lists = cast("dict[str, list[str]]", yaml.safe_load(_FILE.read_text(encoding="utf-8")))
    return re.compile("|".join(f"(?:{pattern})" for pattern in lists[kind]), re.IGNORECASE)
