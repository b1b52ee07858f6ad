"""Reading the live facts off an utterance or a line on the screen."""

from collections.abc import Iterator
from typing import Literal

from domain.product import ProductRecord
from domain.stream import LiveFact, LogEntry, ScreenLine, Utterance
from tools.live_facts.cues import cue, plain_words, says, split_clauses, split_statements
from tools.live_facts.prices import find_price
from tools.live_facts.stock import is_back, is_gone, stock_field

Kind = Literal["price", "stock", "promise"]

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
    for sentence in split_statements(row.text):
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


def _read(
    sentence: str, record: ProductRecord | None, *, shown: bool
) -> Iterator[tuple[Kind, str, str]]:
    plain = plain_words(sentence)
    if says("reported", plain):
        return
    price = find_price(plain, record, shown=shown)
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
