"""What a host says of a promise that was made: that it is kept, or that it will not be.

A sentence speaks of a promise when it holds words of what was promised, of which the most and the
newest counts; that it is kept or taken back is told by words of its own (`resolving.yaml`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from domain.watching import PromiseChange
from tools.host_speech import Clause, find_first, read_clauses, read_expressions
from tools.questions.reading import content_words, covered
from tools.spoken_prices import find_prices

_FILE = Path(__file__).with_suffix(".yaml")
_LEAST_SHARE = 0.3
_BY_QUOTE, _BY_CONDITION = 0.5, 0.6
"""What words of the whole sentence count beside those of what was promised."""

Outcome = Literal["kept", "withdrawn"]


@dataclass(frozen=True)
class Held:
    """A promise as it stands, and what it is known by; `amount` is that of an offered price."""

    change: PromiseChange
    awaited: bool
    by_end: bool
    amount: float | None

    @property
    def is_open(self) -> bool:
        """Whether it is neither kept nor broken nor taken back."""
        return self.change.state == "open"

    @property
    def is_offer(self) -> bool:
        """A price at which one can buy from the moment on that it was said."""
        return self.amount is not None and not self.awaited


def find_outcome(
    text: str, open_promises: Iterable[Held], product_id: str | None
) -> tuple[Held, Outcome] | None:
    """The promise that an utterance speaks of, and what it says has become of it."""
    clauses = [c for c in read_clauses(text) if not (c.asked or c.others or c.unreal)]
    said = " , ".join(clause.text for clause in clauses)
    candidates = [
        held
        for held in open_promises
        if held.change.product_id in (None, product_id) or product_id is None or _names(said, held)
    ]
    withdrawn = [clause for clause in clauses if _says("withdrawn", clause.text)]
    kept = [clause for clause in clauses if _says("kept", clause.text)]
    if withdrawn and (held := _spoken_of(said, candidates)) is not None:
        is_fulfilled = _says("limited", held.change.condition or "") and not any(
            _says("withdrawn", _without_used_up(clause.text)) for clause in withdrawn
        )
        return None if is_fulfilled else (held, "withdrawn")
    if (held := _lowered(clauses, candidates, is_kept=bool(kept))) is not None:
        return held, "kept"
    open_to = [held for held in candidates if _can_be_kept(held)]
    if kept and (held := _spoken_of(said, open_to)) is not None:
        return held, "kept"
    draws = [held for held in open_to if held.awaited and _says("draw", held.change.quote.lower())]
    if draws and _says("winner", said):
        return draws[-1], "kept"
    return None


def _can_be_kept(held: Held) -> bool:
    """Whether something is done for it in the show: a standing price or term only holds."""
    return not held.is_offer and held.change.promise not in ("shipping", "returns", "deadline")


def is_closing(text: str) -> bool:
    """Whether the host says goodbye for the day."""
    return _says("closing", text.lower())


def _spoken_of(said: str, candidates: Iterable[Held]) -> Held | None:
    """The promise that a sentence holds most words of, the newest of equals."""
    scored = [(_score(said, held), held.change.start_ms, held) for held in candidates]
    found = max(scored, key=lambda one: one[:2], default=None)
    return found[2] if found is not None and found[0] >= _LEAST_SHARE else None


def _score(said: str, held: Held) -> float:
    own = _words(held.change.value)
    score = covered(own, said)
    quote = covered(_words(held.change.quote.lower()), said)
    condition = covered(_words((held.change.condition or "").lower()), said)
    return max(score, _BY_QUOTE * quote, _BY_CONDITION * condition) if own else 0.0


def _names(said: str, held: Held) -> bool:
    return covered(_words(held.change.value), said) >= _BY_QUOTE


def _words(text: str) -> frozenset[str]:
    for pattern in read_expressions(_FILE)["filler"]:
        text = pattern.sub(" ", text)
    return content_words(text)


def _lowered(clauses: list[Clause], candidates: list[Held], *, is_kept: bool) -> Held | None:
    """A lower price was promised, and here it is."""
    awaited = [h for h in candidates if h.change.promise == "price" and h.awaited]
    if not awaited:
        return None
    awaited_amounts = [held.amount for held in awaited if held.amount is not None]
    prices = [p for p in find_prices(clauses, known=awaited_amounts) if not p.is_list]
    amounts = {float(price.amount) for price in prices}
    for held in reversed(awaited):
        if held.amount in amounts:
            return held
    says_new = any(price.is_new for price in prices)
    says_off = any(
        find_first(read_expressions(_FILE.with_name("finding.yaml"))["price"], clause.text)
        or "off" in clause.text.split()
        for clause in clauses
    )
    return awaited[-1] if says_new or (is_kept and says_off) else None


def _without_used_up(text: str) -> str:
    for pattern in read_expressions(_FILE)["used_up"]:
        text = pattern.sub(" ", text)
    return text


def _says(kind: str, text: str) -> bool:
    return find_first(read_expressions(_FILE)[kind], text) is not None
