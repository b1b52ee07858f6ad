"""The promise ledger: what was promised on air, and what has become of it.

It is a function of what was said, in order: the same speech gives the same changes with the same
ids. A promise that is said again is no new one; a price that is offered anew changes the offer.
"""

from collections.abc import Iterable
from dataclasses import replace

from domain.quantities import find_quantities, same_quantity
from domain.watching import PromiseChange, PromiseState
from tools.promises.finding import Promised, find_promises
from tools.promises.resolving import Held, find_outcome, is_closing
from tools.questions.reading import content_words, covered

GRACE_MS = 60_000
"""How long after its time a promise may still be kept."""
_SAME = 0.5
_MOST_OPEN = 400
"""Beyond so many, the oldest are no longer looked for in what is said."""


class Ledger:
    """Holds the promises of one stream; feed it utterances and time in order."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}

    def hear(
        self,
        seq: int,
        text: str,
        at_ms: int,
        product_id: str | None = None,
        *,
        currency: str | None = None,
    ) -> list[PromiseChange]:
        """What the utterance with the number `seq`, which ended at `at_ms`, changes."""
        promised = find_promises(text, at_ms, currency=currency)
        again = [held for one in promised if (held := self._same(one, product_id)) is not None]
        candidates = [held for held in self._open() if held not in again]
        outcome = find_outcome(text, candidates, product_id)
        changes: list[PromiseChange] = []
        if outcome is not None:
            held, state = outcome
            changes.append(self._change(held, state, at_ms, quote=text.strip(), said_in=seq))
        for one in promised:
            known = self._same(one, product_id)
            if known is None:
                changes.append(self._make(one, seq, at_ms, product_id))
            elif known.is_offer and one.amount is not None and one.amount != known.amount:
                changes.append(self._offer(known, one, seq, at_ms))
        return changes

    def advance(self, at_ms: int) -> list[PromiseChange]:
        """What time alone changes up to `at_ms`: what was due and was not heard of is broken."""
        changes: list[PromiseChange] = []
        for held in self._open():
            due_ms = held.change.due_ms
            if due_ms is not None and due_ms + GRACE_MS <= at_ms:
                state: PromiseState = "broken" if held.awaited else "kept"
                changes.append(self._change(held, state, due_ms + GRACE_MS))
        return changes

    def close(self, at_ms: int) -> list[PromiseChange]:
        """The stream is over: what was to be done in it, whatever came, is broken."""
        return [
            self._change(held, "broken", at_ms)
            for held in self._open()
            if held.awaited
            and (held.by_end or held.change.due_ms is not None)
            and held.change.condition is None
        ]

    def contradict(self, said_in: int, by: int, at_ms: int, quote: str) -> list[PromiseChange]:
        """The entry `by` says otherwise than the promises that were made in `said_in`."""
        return [
            self._change(held, "broken", at_ms, quote=quote, said_in=by)
            for held in self._open()
            if held.change.said_in == said_in and not held.is_offer
        ]

    def owed(self, text: str) -> list[PromiseChange]:
        """Who says goodbye with `text` still owes these."""
        if not is_closing(text):
            return []
        return [h.change for h in self._open() if h.awaited and h.change.condition is None]

    def due_by(self, at_ms: int) -> list[PromiseChange]:
        """What is yet to be done by `at_ms` or before."""
        return [
            held.change
            for held in self._open()
            if held.awaited and held.change.due_ms is not None and held.change.due_ms <= at_ms
        ]

    def _open(self) -> list[Held]:
        return [held for held in self._held.values() if held.is_open][-_MOST_OPEN:]

    def _same(self, one: Promised, product_id: str | None) -> Held | None:
        """The promise that `one` repeats."""
        for held in reversed(self._open()):
            if held.change.promise == one.kind and _may_be_one(held.change.product_id, product_id):
                if one.amount is not None and not one.awaited:
                    if held.is_offer:
                        return held
                elif held.amount == one.amount and _says_same(held.change, one):
                    return held
        return None

    def _make(self, one: Promised, seq: int, at_ms: int, product_id: str | None) -> PromiseChange:
        # made of its time and kind, so that a replay gives the same
        number, name = 1, f"{one.kind}-{at_ms}"
        while name in self._held:
            number, name = number + 1, f"{one.kind}-{at_ms}-{number + 1}"
        change = PromiseChange(
            start_ms=at_ms,
            promise_id=name,
            promise=one.kind,
            state="open",
            value=one.value,
            quote=one.quote,
            said_in=seq,
            product_id=product_id,
            condition=one.condition,
            due_ms=one.due.at_ms,
        )
        self._held[name] = Held(change, one.awaited, one.due.by_end, one.amount)
        return change

    def _offer(self, held: Held, one: Promised, seq: int, at_ms: int) -> PromiseChange:
        """The offered price has changed."""
        change = held.change.model_copy(
            update={
                "start_ms": at_ms,
                "value": one.value,
                "quote": one.quote,
                "said_in": seq,
                "condition": one.condition,
                "due_ms": one.due.at_ms,
            }
        )
        self._held[change.promise_id] = Held(change, False, one.due.by_end, one.amount)
        return change

    def _change(
        self,
        held: Held,
        state: PromiseState,
        at_ms: int,
        *,
        quote: str | None = None,
        said_in: int | None = None,
    ) -> PromiseChange:
        update: dict[str, object] = {"state": state, "start_ms": at_ms}
        if quote is not None:
            update |= {"quote": quote, "said_in": said_in}
        change = held.change.model_copy(update=update)
        self._held[change.promise_id] = replace(held, change=change)
        return change


def current_promises(changes: Iterable[PromiseChange]) -> list[PromiseChange]:
    """The newest change of each promise, in the order in which they were made."""
    newest: dict[str, PromiseChange] = {}
    for change in changes:
        newest[change.promise_id] = change
    return list(newest.values())


def _may_be_one(a: str | None, b: str | None) -> bool:
    return a == b or a is None or b is None


def _says_same(held: PromiseChange, one: Promised) -> bool:
    """The same numbers, and the same words as far as there are such."""
    old, new = find_quantities(held.value), find_quantities(one.value)
    if old or new:
        if len(old) != len(new) or not all(map(same_quantity, old, new)):
            return False
        if one.kind in ("shipping", "returns"):
            return True
    words, said = content_words(one.value), content_words(held.value)
    if not words or not said:
        return words == said
    return max(covered(words, held.value), covered(said, one.value)) >= _SAME
