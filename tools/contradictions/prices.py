"""Prices: what it costs now, and as a rule."""

from collections.abc import Iterator, Sequence

from domain.product import ProductRecord, plain_number
from tools.contradictions.statements import Stated, says
from tools.host_speech import Clause
from tools.spoken_prices import find_prices

LIVE = "price.live"
_OFF = 0.004
"""19.9 is said for 19.90; anything farther off is another price."""
_ABOUT = 0.06
_LEAST, _MOST = 0.5, 2.0
"""What lies farther from the record's price is no price of these goods."""


def read_prices(clauses: Sequence[Clause], record: ProductRecord) -> Iterator[Stated]:
    """The prices that clauses state."""
    recorded = {price for price in (record.live_price, record.list_price) if price}
    for price in find_prices(clauses, record.currency, recorded):
        said = float(price.amount)
        known = record.list_price if price.is_list else record.live_price
        clause = price.clause
        if says("on_condition", f"{clause.before} {clause.text} {clause.after}"):
            continue  # the price of two, with a coupon, once there are so many
        if price.is_list and said == record.live_price:
            continue
        if known and not _LEAST <= said / known <= _MOST:
            continue
        near = _ABOUT if says("about", price.clause.text) else _OFF
        same = known is not None and abs(said - known) <= near * known
        rounded = known is not None and int(known) == said and known - said < 1 and known > 20
        yield Stated(
            slot="price.list" if price.is_list else LIVE,
            field="list_price" if price.is_list else "live_price",
            said=price.text,
            value=plain_number(said),
            clause=price.clause,
            known=None if known is None or same or rounded else plain_number(known),
            confirmed=same or rounded,
            is_new=price.is_new and not price.is_list,
        )
