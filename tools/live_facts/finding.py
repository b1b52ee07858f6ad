"""Reading the live facts off an utterance or a line on the screen."""

import re
from collections.abc import Iterator
from typing import Literal

from domain.product import ProductRecord
from domain.stream import LiveFact, LogEntry, ScreenLine, Utterance
from tools.live_facts.cues import cue, plain_words, says, split_clauses, split_statements
from tools.live_facts.prices import find_price, find_size_prices
from tools.live_facts.stock import in_digits, is_back, is_gone, stock_field

Kind = Literal["price", "stock", "promise"]

SIZE_PRICE = "live_price."
"""The field of a price that holds for one size: `live_price.<the size as the record has it>`."""
_COUNT = re.compile(
    r"\d+ ?(?:pieces|packs|pairs|units|sets|boxes|left|more)"
    r"|\d+[张把台双只支口罐瓶套个条盒件袋包箱床块单]"
)
_NEXT = re.compile(r"[^.!?。！？]+[.!?。！？]*")
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
    shown = isinstance(row, ScreenLine)
    for sentence in split_statements(row.text):
        for fact, field, value in _read(sentence, record, shown=shown):
            quote = sentence.strip()
            if (
                fact == "stock"
                and not shown
                and is_back(value)
                and not _COUNT.search(in_digits(quote))
            ):
                quote = _with_count(row.text, quote)
            found.append(
                LiveFact(
                    start_ms=row.valid_from_ms,
                    fact=fact,
                    product_id=product_id,
                    field=field,
                    value=value,
                    quote=quote,
                    said_in=entry.seq,
                )
            )
    return found


def _with_count(text: str, sentence: str) -> str:
    """What came back, with the sentence right after it that says how many."""
    start = text.find(sentence)
    rest = text[start + len(sentence) :]
    for match in list(_NEXT.finditer(rest))[:2]:
        if _COUNT.search(in_digits(plain_words(match.group()))) and not says(
            "price_change", match.group()
        ):
            return text[start : start + len(sentence) + match.end()].strip()
    return sentence


def _read(
    sentence: str, record: ProductRecord | None, *, shown: bool
) -> Iterator[tuple[Kind, str, str]]:
    plain = plain_words(sentence)
    if says("reported", plain) and not says("own_report", plain):
        return
    of_sizes = {} if shown else find_size_prices(plain, record)
    for size, price in of_sizes.items():
        yield "price", f"{SIZE_PRICE}{size}", price
    price = None if of_sizes else find_price(plain, record, shown=shown)
    if price is not None:
        yield "price", "live_price", price
    for _, clause in [] if says("gift_talk", plain) else split_clauses(plain):
        if is_gone(clause) or (is_back(clause) and not says("back_not", plain)):
            yield "stock", stock_field(clause, record), clause
            break
    if shown or says("doubt", plain):
        return
    conditional = says("condition", plain)
    for promise in _PROMISES:
        if conditional and promise not in _MAY_DEPEND:
            continue
        if match := cue(f"promise_{promise}").search(plain.rstrip(".!。！… ")):
            yield "promise", promise, match.group().strip()
            break
