"""The best story that a template can be filled with, found exactly.

What a stretch adds depends on itself and on the stretch before it, so a dynamic programme over
(slot, stretch, time told so far) knows the best that can still come, were stretches allowed to
repeat. That bound guides a best-first search (A*) over stories without repeats; the first whole
story that it takes is the best one. Time is counted in steps in the bound alone, which is widened
by what the steps may be off; a story's own length is exact.
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count, pairwise, product

import numpy as np
from numpy.typing import NDArray

from domain.storyline import Filled, Storyline, Template
from tools.storylines.stretches import Stretch

Array = NDArray[np.float64]
Follows = Array
"""`[a, b]` is how well utterance `b` follows utterance `a`, from 0 to 1."""

_STEPS = 240
_MOST_TAKEN = 8_000
"""Partial stories that are looked at before the search gives up."""

_JOINT = 0.12
"""What a joint costs at which nothing follows, as a part of the whole story's worth."""
_LENGTH = 1.0
"""What a story of half the wanted length, or of once more than it, loses by half of that."""


@dataclass(frozen=True)
class Goal:
    """How long a story is to be, in milliseconds, and what is learnt of tags in a row.

    `used` gives for a stretch the part of it that earlier stories tell, which costs `reuse`.
    """

    target_ms: int
    tolerance: float = 0.1
    bigrams: Callable[[str, str], float] = lambda _one, _other: 0.0
    used: Callable[[Stretch], float] = lambda _: 0.0
    reuse: float = 0.5

    @property
    def least_ms(self) -> float:
        """The shortest story that will do."""
        return self.target_ms * (1 - self.tolerance)

    @property
    def most_ms(self) -> float:
        """The longest story that will do."""
        return self.target_ms * (1 + self.tolerance)

    def worth(self, stretch: Stretch) -> float:
        """What a stretch adds, by its share of the story."""
        return (
            stretch.duration_ms / self.target_ms * (stretch.worth - self.reuse * self.used(stretch))
        )

    def off(self, duration_ms: float) -> float:
        """What the length costs."""
        return _LENGTH * abs(duration_ms - self.target_ms) / self.target_ms


@dataclass(frozen=True)
class Found:
    """The best story, None where there is none; `proven` is False where the search gave up."""

    story: Storyline | None
    proven: bool = True


def rate(parts: Sequence[Stretch], goal: Goal, follows: Follows) -> float:
    """The score of a whole story."""
    tags = ["^", *(_name(part) for part in parts), "$"]
    return (
        sum(goal.worth(part) for part in parts)
        - _JOINT * sum(1 - float(follows[a.last - 1, b.first]) for a, b in pairwise(parts))
        + sum(goal.bigrams(a, b) for a, b in pairwise(tags))
        - goal.off(sum(part.duration_ms for part in parts))
    )


def search(
    template: Template,
    choices: Sequence[Sequence[Stretch]],
    goal: Goal,
    follows: Follows,
    *,
    accept: Callable[[Storyline], bool] = lambda _: True,
) -> Found:
    """The best story of a template that `accept` takes; `choices` are the stretches of each slot.

    No utterance is told twice. Of equally good stories any is taken.
    """
    space = _Space(template, choices, goal, follows)
    ticket = count()
    heap: list[tuple[float, int, float, int, tuple[tuple[int, int], ...]]] = []

    def push(bound: float, gained: float, steps: int, path: tuple[tuple[int, int], ...]) -> None:
        if bound > -np.inf:
            heapq.heappush(heap, (-bound, next(ticket), gained, steps, path))

    def expand(gained: float, steps: int, path: tuple[tuple[int, int], ...]) -> None:
        before = path[-1] if path else None
        taken = [choices[slot][place] for slot, place in path]
        for slot in space.reach(-1 if before is None else before[0]):
            sums = gained + space.step(before, slot)
            at = steps + space.lengths[slot]
            fits = at < space.room
            bounds = np.full(len(sums), -np.inf)
            bounds[fits] = sums[fits] + space.to_go[slot][np.flatnonzero(fits), at[fits]]
            for place in np.flatnonzero(bounds > -np.inf).tolist():
                one = choices[slot][place]
                if not any(one.overlaps(other) for other in taken):
                    push(
                        float(bounds[place]),
                        float(sums[place]),
                        int(at[place]),
                        (*path, (slot, place)),
                    )

    expand(0.0, 0, ())
    for _ in range(_MOST_TAKEN):
        if not heap:
            return Found(None)
        bound, _number, gained, steps, path = heapq.heappop(heap)
        if steps < 0:
            story = _story(template, choices, path, -bound, follows)
            if accept(story):
                return Found(story)
            continue
        if space.may_end(path[-1][0]):
            length = sum(choices[slot][place].duration_ms for slot, place in path)
            if goal.least_ms <= length <= goal.most_ms:
                last = choices[path[-1][0]][path[-1][1]]
                whole = gained + goal.bigrams(_name(last), "$") - goal.off(length)
                push(whole, gained, -1, path)
        expand(gained, steps, path)
    return Found(None, proven=False)


class _Space:
    """The tables of a search: what can still come after each stretch of each slot."""

    def __init__(
        self,
        template: Template,
        choices: Sequence[Sequence[Stretch]],
        goal: Goal,
        follows: Follows,
    ) -> None:
        self._template = template
        self._choices = choices
        self._goal = goal
        self._step_ms = max(50.0, goal.most_ms / _STEPS)
        slots = len(template.slots)
        self._slack = slots * self._step_ms / 2
        self.room = int((goal.most_ms + self._slack) / self._step_ms) + 2
        self.lengths = [
            np.array([round(one.duration_ms / self._step_ms) for one in row], dtype=np.int64)
            for row in choices
        ]
        self._worth = [np.array([goal.worth(one) for one in row]) for row in choices]
        self._joints = {
            (a, b): self._joint(a, b, follows)
            for a in range(slots)
            for b in range(a + 1, slots)
            if b in self.reach(a)
        }
        self.to_go = self._solve()

    def reach(self, slot: int) -> range:
        """The slots that may come next: up to the first that may not stay empty."""
        slots = self._template.slots
        for other in range(slot + 1, len(slots)):
            if not slots[other].optional:
                return range(slot + 1, other + 1)
        return range(slot + 1, len(slots))

    def may_end(self, slot: int) -> bool:
        """Whether the story may end with this slot."""
        return all(one.optional for one in self._template.slots[slot + 1 :])

    def step(self, before: tuple[int, int] | None, slot: int) -> Array:
        """What each stretch of a slot adds after the one before."""
        if before is not None:
            joint: Array = self._joints[before[0], slot][before[1]]
            return self._worth[slot] + joint
        first = [self._goal.bigrams("^", _name(one)) for one in self._choices[slot]]
        return self._worth[slot] + np.array(first)

    def _joint(self, a: int, b: int, follows: Follows) -> Array:
        before, after = self._choices[a], self._choices[b]
        first, last = _ends(before)
        later_first, later_last = _ends(after)
        table = -_JOINT * (1 - follows[np.ix_(last - 1, later_first)])
        clash = later_first[None, :] < last[:, None]
        if not self._template.in_order:
            clash &= first[:, None] < later_last[None, :]
        table[clash] = -np.inf
        names, later = [_name(one) for one in before], [_name(one) for one in after]
        learnt = {pair: self._goal.bigrams(*pair) for pair in product(set(names), set(later))}
        if any(learnt.values()):
            table += np.array([[learnt[one, other] for other in later] for one in names])
        return table

    def _solve(self) -> list[Array]:
        slots = len(self._template.slots)
        tables: list[Array] = [np.zeros((0, 0))] * slots
        for slot in reversed(range(slots)):
            row = self._choices[slot]
            table = np.full((len(row), self.room), -np.inf)
            if self.may_end(slot) and row:
                last = np.array([self._goal.bigrams(_name(one), "$") for one in row])
                table = last[:, None] + self._ending()[None, :]
            for other in self.reach(slot):
                joint, lengths = self._joints[slot, other], self.lengths[other]
                for place, length in enumerate(lengths):
                    if length >= self.room:
                        continue
                    later = self._worth[other][place] + tables[other][place, length:]
                    sums = joint[:, place, None] + later[None, :]
                    head = table[:, : self.room - length]
                    np.maximum(head, sums, out=head)
            tables[slot] = table
        return tables

    def _ending(self) -> Array:
        """The least that a story of each number of steps may lose by its length."""
        ms = np.arange(self.room) * self._step_ms
        nearest = np.clip(self._goal.target_ms, ms - self._slack, ms + self._slack)
        cost = _LENGTH * np.abs(nearest - self._goal.target_ms) / self._goal.target_ms
        fits = (ms + self._slack >= self._goal.least_ms) & (ms - self._slack <= self._goal.most_ms)
        return np.where(fits, -cost, -np.inf)


def _ends(row: Sequence[Stretch]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    first = np.array([one.first for one in row], dtype=np.int64)
    return first, np.array([one.last for one in row], dtype=np.int64)


def _name(stretch: Stretch) -> str:
    return "" if stretch.tag is None else stretch.tag.value


def _story(
    template: Template,
    choices: Sequence[Sequence[Stretch]],
    path: Sequence[tuple[int, int]],
    score: float,
    follows: Follows,
) -> Storyline:
    taken = [(slot, choices[slot][place]) for slot, place in path]
    joints = [1.0, *(float(follows[a.last - 1, b.first]) for (_, a), (_, b) in pairwise(taken))]
    parts = tuple(
        Filled(
            slot=slot,
            tag=one.tag,
            first=one.first,
            last=one.last,
            start_ms=one.start_ms,
            end_ms=one.end_ms,
            segment=one.segment,
            fit=round(one.fit, 4),
            appeal=round(one.appeal, 4),
            follows=round(joint, 4),
        )
        for (slot, one), joint in zip(taken, joints, strict=True)
    )
    return Storyline(
        template=template.name, industry=template.industry, score=round(score, 6), parts=parts
    )
