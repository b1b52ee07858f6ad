"""Holding what a host states against the record, and against what they said before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from domain.product import ProductRecord
from domain.quantities import Quantity
from tools.contradictions.kinds import read_kinds
from tools.contradictions.measures import read_measures
from tools.contradictions.prices import LIVE, read_prices
from tools.contradictions.statements import Stated, agrees, says
from tools.contradictions.terms import read_terms
from tools.contradictions.variants import STOCK, read_variants
from tools.host_speech import Clause, is_correction, read_clauses
from tools.product_names import name_words
from tools.questions.reading import content_words

Reader = Callable[[Sequence[Clause], ProductRecord], Iterator[Stated]]

_READERS: tuple[Reader, ...] = (read_prices, read_terms, read_variants, read_kinds, read_measures)


@dataclass(frozen=True)
class Contradiction:
    """What a host said, `quote`, and what is known: of the record's `field`, or from earlier.

    `earlier` is the number of the entry that said otherwise, `known` the record's value or the
    earlier sentence.
    """

    what: Literal["record", "earlier"]
    field: str
    said: str
    known: str
    quote: str
    product_id: str
    earlier: int | None = None


@dataclass(frozen=True)
class Hearing:
    """Whether an utterance states something of the goods, and what of it is said otherwise."""

    states: bool = False
    contradictions: tuple[Contradiction, ...] = ()


@dataclass(frozen=True)
class _Heard:
    """The last statement of a slot."""

    stated: Stated
    seq: int


class SpeechCheck:
    """Reads the host's utterances of one stream in order; `records` are those of the line-up."""

    def __init__(self, records: Mapping[str, ProductRecord]) -> None:
        self._records = records
        self._heard: dict[tuple[str, str], _Heard] = {}
        self._names = _own_words(records)

    def hear(self, seq: int, text: str, product_id: str | None) -> Hearing:
        """What the utterance `seq` says otherwise; `product_id` is what was on air with it.

        Who corrects themselves contradicts nothing, and counts from then on.
        """
        product_id = self._named(text) or product_id
        record = self._records.get(product_id or "")
        if product_id is None or record is None:
            return Hearing()
        states = False
        clauses = read_clauses(text)
        corrects = is_correction(text)
        found: dict[str, Contradiction] = {}
        for reader in _READERS:
            for stated in reader(clauses, record):
                states = True
                one = None if corrects else self._weigh(stated, product_id)
                if one is not None:
                    found.setdefault(one.field, one)
                if one is None or one.what == "earlier":
                    self._remember(stated, seq, product_id)
        return Hearing(states, tuple(found.values()))

    def _named(self, text: str) -> str | None:
        """The one product of the line-up that a sentence names."""
        words = name_words(text)
        named = [product_id for product_id, own in self._names.items() if own & words]
        return named[0] if len(named) == 1 else None

    def _weigh(self, stated: Stated, product_id: str) -> Contradiction | None:
        if stated.is_new:
            return None
        before = self._heard.get((product_id, stated.slot))
        if (
            before is not None
            and _is_of_the_same(before.stated, stated)
            and _differ(before.stated, stated)
        ):
            # a price or a stock that was announced holds, whatever the record says
            if before.stated.is_new or (stated.known is None and not stated.confirmed):
                return self._contradiction(stated, product_id, before)
        elif before is not None and before.stated.is_new:
            return None
        if stated.known is None:
            return None
        return self._contradiction(stated, product_id, None)

    def _contradiction(
        self, stated: Stated, product_id: str, before: _Heard | None
    ) -> Contradiction:
        known = before.stated.clause.sentence if before else stated.known
        return Contradiction(
            what="earlier" if before else "record",
            field=stated.field,
            said=stated.said,
            known=known or "",
            quote=stated.clause.sentence,
            product_id=product_id,
            earlier=before.seq if before else None,
        )

    def _remember(self, stated: Stated, seq: int, product_id: str) -> None:
        if stated.is_loose and not stated.is_new:
            return
        key = product_id, stated.slot
        before = self._heard.get(key)
        if stated.slot == LIVE and before and before.stated.is_new and not stated.is_new:
            return  # what was announced holds until it is changed again
        if stated.slot.startswith(STOCK) and stated.value == "there" and not stated.is_new:
            return
        self._heard[key] = _Heard(stated, seq)


def _is_of_the_same(before: Stated, now: Stated) -> bool:
    """Whether two statements of a slot speak of one thing, as far as their words tell.

    A material may be of another part, a list price another shop's, a term of another country; a
    measure that the record has not is of what the clauses both name.
    """
    if now.slot.startswith(("material.", "price.list", "gift.")):
        return False
    texts = before.clause.text, now.clause.text
    if now.slot.startswith(("shipping.", "returns.")):
        return not any(says("region", text) for text in texts)
    if now.slot.startswith("measure.") and now.known is None and not now.confirmed:
        shared = content_words(texts[0]) & content_words(texts[1])
        return any(not word[0].isdigit() for word in shared - content_words(now.said))
    return True


def _differ(before: Stated, now: Stated) -> bool:
    a, b = before.value, now.value
    if isinstance(a, Quantity) and isinstance(b, Quantity):
        return not agrees(b, a) and not agrees(a, b)
    return a != b


def _own_words(records: Mapping[str, ProductRecord]) -> dict[str, frozenset[str]]:
    """The words of each product's name that no other of the line-up has."""
    own = {product_id: name_words(record.name or "") for product_id, record in records.items()}
    return {
        product_id: words.difference(*(w for other, w in own.items() if other != product_id))
        for product_id, words in own.items()
    }
