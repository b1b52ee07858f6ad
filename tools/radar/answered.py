"""Which of the questions that viewers wait with a host answers by what is said."""

import re
from collections.abc import Sequence

from domain.quantities import find_quantities
from tools.live_facts import is_hearsay
from tools.questions.odds import AnswersQuestion
from tools.radar.asked import VARIANT, Asked, read_asked
from tools.radar.clusters import Cluster
from tools.radar.likeness import Likeness, clash
from tools.spoken import normalise_spoken

_SENTENCE = re.compile(r"[^.!?。！？…\n]+(?:\.(?=\d)[^.!?。！？…\n]+)*[.!?。！？…]*")
_SHORTEST = 4
_MOST = 4
"""Questions that one sentence is held against."""
_NEAR = 0.3
"""Cosine of centred vectors from which a sentence may be about what is asked."""
_TIME = ("time", "business_time")
_WANTED: dict[str, tuple[str, ...]] = {
    "price": ("currency",),
    "variant_price": ("currency",),
    "ship_cost": ("currency",),
    "weight": ("mass",),
    "capacity": ("volume",),
    "length": ("length",),
    "dimensions": ("length", "area"),
    "battery_life": _TIME,
    "charge_time": _TIME,
    "insulation": _TIME,
    "ship_time": _TIME,
    "warranty": _TIME,
    "shelf_life": _TIME,
}
"""The dimension of the amount that answers a matter."""
_DAYS = re.compile(
    r"\b(?:today|tomorrow|tonight|same day|next day)\b|今天|明天|当天|次日|今晚", re.IGNORECASE
)
_ALL = re.compile(r"\b(?:every|all|both)\b|都|全部|所有", re.IGNORECASE)


class HostAnswers:
    """Holds a host's sentences against waiting questions.

    `judge` tells how likely a sentence answers; from `least` on it does. Asking, guessing and
    repeating what a viewer asked is no answer.
    """

    def __init__(self, judge: AnswersQuestion, likeness: Likeness, least: float) -> None:
        self._judge = judge
        self._likeness = likeness
        self._least = least

    def find(self, text: str, before: str, waiting: Sequence[Cluster]) -> list[Cluster]:
        """The questions that an utterance answers; `before` is what was said right before it."""
        left = list(waiting)
        found: list[Cluster] = []
        for match in _SENTENCE.finditer(text):
            sentence = match.group().strip()
            if len(sentence) >= _SHORTEST and not is_hearsay(sentence) and left:
                answered = self._answered(sentence, before, left)
                found += answered
                left = [one for one in left if one not in answered]
            before = f"{before} {sentence}"
        return found

    def _answered(
        self, sentence: str, before: str, waiting: Sequence[Cluster]
    ) -> Sequence[Cluster]:
        said = read_asked(normalise_spoken(sentence))
        amounts = {(q.dimension or "").partition(":")[0] for q in find_quantities(said.text)}
        possible = [one for one in waiting if _may_answer(one.clearest, said, amounts)]
        if not possible:
            return []
        vector = self._likeness.embed([said])[0]
        near = {
            one.cluster_id: max(float(wording.vector @ vector) for wording in one.wordings)
            for one in possible
        }
        possible = [
            one
            for one in possible
            if near[one.cluster_id] >= _NEAR or _is_about(one.clearest, said, amounts)
        ]
        possible.sort(key=lambda one: -near[one.cluster_id])
        return [
            one
            for one in possible[:_MOST]
            if self._judge.odds(one.clearest.text, [sentence], [before])[0] >= self._least
        ]


def _may_answer(asked: Asked, said: Asked, amounts: set[str]) -> bool:
    """Whether a sentence has what an answer needs: the amount, the colour or size, the place."""
    if clash(asked, said):
        return False
    if asked.matter == VARIANT and not _ALL.search(said.text):
        return asked.of("colour") | asked.of("size") <= said.entities
    if asked.form in ("price", "many", "often") or asked.matter in _WANTED:
        wanted = _WANTED.get(asked.matter or "")
        if asked.matter == "ship_cost" and said.matter == "ship_cost":
            return True
        if wanted is _TIME:
            return not amounts.isdisjoint(_TIME) or _DAYS.search(said.text) is not None
        return any(one in amounts for one in wanted) if wanted else bool(amounts)
    return True


def _is_about(asked: Asked, said: Asked, amounts: set[str]) -> bool:
    if asked.matter is not None and asked.matter == said.matter:
        return True
    if asked.matter == VARIANT or asked.words & said.words:
        return True
    return asked.matter == "price" and "currency" in amounts
