"""Answers as a model has phrased them, found again by what they say and not by the question.

`how much is it` and `price pls` rest on one fact: what was phrased and verified for the one is
verified anew for the other, and goes out at once. What has not been phrased is wished for, and made
when nobody waits.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from domain.product import ProductDocument
from tools.questions.decision import Decision

Key = tuple[object, ...]
V = TypeVar("V")

_KEPT = 1024
_WISHES = 16


@dataclass(frozen=True, slots=True)
class Phrasing:
    """The sentences of a model that said what a decision rests on, and the prompt's identity."""

    sentences: tuple[str, ...]
    prompt: str


@dataclass(frozen=True, slots=True)
class Wish:
    """An answer that went out in the record's own words and had better be phrased next time."""

    question: str
    document: ProductDocument
    decision: Decision
    lang: str


class Phrasings:
    """The phrasings of a workspace in memory; for callers on one event loop."""

    def __init__(self, wanted: Callable[[], None] = lambda: None) -> None:
        """`wanted` is called for each new wish."""
        self._wanted = wanted
        self._kept: OrderedDict[Key, Phrasing | None] = OrderedDict()
        self._wishes: OrderedDict[Key, Wish] = OrderedDict()

    def find(self, decision: Decision, product_id: str, lang: str) -> Phrasing | None:
        """How it was phrased; to be verified for the question at hand."""
        return self._kept.get(key_of(decision, product_id, lang))

    def keep(
        self, decision: Decision, product_id: str, lang: str, phrasing: Phrasing | None
    ) -> None:
        """Remember a phrasing, or that the model gave none that may be said."""
        key = key_of(decision, product_id, lang)
        if phrasing is None and self._kept.get(key) is not None:
            return
        self._wishes.pop(key, None)
        _put(self._kept, key, phrasing, _KEPT)

    def wish(self, wish: Wish) -> None:
        """Have it phrased when nobody waits; the newest wishes count."""
        key = key_of(wish.decision, wish.document.product_id, wish.lang)
        if key not in self._kept:
            _put(self._wishes, key, wish, _WISHES)
            self._wanted()

    def take_wish(self) -> Wish | None:
        """The newest wish, which is then nobody else's."""
        return self._wishes.popitem()[1] if self._wishes else None


def key_of(decision: Decision, product_id: str, lang: str) -> Key:
    """What an answer says: the facts, the yes or no, and to what; the same whoever asks."""
    asked = () if decision.polarity is None else tuple(sorted(map(str.casefold, decision.asked)))
    facts = tuple((fact.field, fact.value) for fact in decision.facts)
    times = tuple(sorted((path, moment.at_ms) for path, moment in decision.moments.items()))
    return (product_id, lang, decision.kind, facts, decision.polarity, asked, times)


def _put(kept: OrderedDict[Key, V], key: Key, value: V, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
