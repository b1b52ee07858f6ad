"""Storylines for a brief: each template's best story, and variants that differ."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from domain.clip_brief import ClipBrief
from domain.experiment_report import TemplateWeights
from domain.recording import SpeechTag
from domain.storyline import Slot, Storyline, Template
from tools.storylines.searching import Follows, Goal, search
from tools.storylines.stretches import Material, Stretch

ScorePairs = Callable[[Sequence[tuple[str, str]]], NDArray[np.float32]]
"""For pairs of sentences how well the second follows the first (`tools.coherence`)."""

MOST_CHOICES = 120
"""Stretches of a slot that are searched, the worthiest; the search among them is exact."""
TOLERANCE = 0.1
_LEARNT = 0.02
"""What a unit of learnt weight adds to a story's score."""
_AGAIN = 0.1
"""What a template that was told already costs, so that variants tell different stories."""
_SAME = 0.5
_INSERTED = Slot(min_seconds=1.5, max_seconds=10)


@dataclass(frozen=True)
class Arranged:
    """Storylines, the best first, and in words what could not be as asked."""

    storylines: tuple[Storyline, ...]
    notes: tuple[str, ...] = ()


@dataclass
class Arranger:
    """Makes storylines of one material; what is known of its joints is kept between calls."""

    score_pairs: ScorePairs
    weights: TemplateWeights | None = None
    tolerance: float = TOLERANCE
    _known: dict[tuple[str, str], float] = field(default_factory=dict[tuple[str, str], float])

    def arrange(
        self, material: Material, templates: Sequence[Template], brief: ClipBrief
    ) -> Arranged:
        """As many storylines as the brief wants variants, or as there are.

        Two differ in their template or in most of what is said. Where no template can be told
        whole, what it lacks is left out, and a note says so; where none can be told at all, those
        that take whatever is said come in.
        """
        shaped = [one for t in templates if (one := shape(t, brief)) is not None]
        strict = [one for one in shaped if not one.in_order]
        told, notes = self._fill(material, strict, brief, [])
        if len(told) < brief.variants:
            more, given_up = self._fill(material, [loosen(one) for one in strict], brief, told)
            by_name = {one.name: one for one in strict}
            notes += [_lacking(by_name[story.template], story) for story in more[len(told) :]]
            told, notes = more, [*notes, *given_up]
        if len(told) < brief.variants:
            told, given_up = self._fill(material, [t for t in shaped if t.in_order], brief, told)
            notes += given_up
        if told and len(told) < brief.variants:
            notes.append(f"{len(told)} different storylines can be told, not {brief.variants}")
        return Arranged(tuple(told), tuple(dict.fromkeys(notes)))

    def _fill(
        self,
        material: Material,
        templates: Sequence[Template],
        brief: ClipBrief,
        before: Sequence[Storyline],
    ) -> tuple[list[Storyline], list[str]]:
        choices = {t.name: [_choose(material, slot) for slot in t.slots] for t in templates}
        follows = self._follows(material, choices.values())
        told, notes = list(before), list[str]()
        usable = {
            one.name: one
            for one in templates
            if all(s.optional or r for s, r in zip(one.slots, choices[one.name], strict=True))
        }
        # What is told only takes away, so a template's last score bounds its next one.
        bounds = dict.fromkeys(usable, float("inf"))
        while usable and len(told) < brief.variants:
            best: Storyline | None = None
            times = Counter(story.template for story in told)
            bound = {name: value - _AGAIN * times[name] for name, value in bounds.items()}
            for name in sorted(bounds, key=lambda one: -bound[one]):
                if best is not None and self._rank(best, times) >= bound[name]:
                    break
                goal = self._goal(brief, told)
                accept = _different_from(told)
                found = search(usable[name], choices[name], goal, follows, accept=accept)
                if not found.proven:
                    notes.append(f"the search for {name} was given up")
                if found.story is None:
                    del bounds[name]
                    continue
                bounds[name] = self._rank(found.story, Counter())
                if best is None or self._rank(found.story, times) > self._rank(best, times):
                    best = found.story
            if best is None:
                break
            told.append(best)
        return told, notes

    def _goal(self, brief: ClipBrief, told: Sequence[Storyline]) -> Goal:
        said = [story.utterances for story in told]

        def used(stretch: Stretch) -> float:
            numbers = range(stretch.first, stretch.last)
            times = sum(number in one for number in numbers for one in said)
            return times / len(numbers)

        goal = Goal(brief.seconds * 1000, self.tolerance, used=used)
        weights = self.weights
        if weights is None:
            return goal

        def learnt(one: str, other: str) -> float:
            return _LEARNT * weights.bigrams.get(f"{one}>{other}", 0.0)

        return replace(goal, bigrams=learnt)

    def _rank(self, story: Storyline, times: Counter[str]) -> float:
        again = _AGAIN * times[story.template]
        if self.weights is None:
            return story.score - again
        tags = ">".join(part.tag.value for part in story.parts if part.tag is not None)
        return story.score + _LEARNT * self.weights.templates.get(tags, 0.0) - again

    def _follows(self, material: Material, choices: Iterable[list[list[Stretch]]]) -> Follows:
        rows = [row for one in choices for row in one]
        ends = sorted({s.last - 1 for row in rows for s in row})
        starts = sorted({s.first for row in rows for s in row})
        places = [(a, b) for a in ends for b in starts if b not in (a, a + 1)]
        pairs = [(material.text(a), material.text(b)) for a, b in places]
        open_pairs = [pair for pair in dict.fromkeys(pairs) if pair not in self._known]
        scores = self.score_pairs(open_pairs) if open_pairs else ()
        self._known |= {p: float(s) for p, s in zip(open_pairs, scores, strict=True)}
        table = np.zeros((len(material.tagged), len(material.tagged) + 1))
        for (a, b), pair in zip(places, pairs, strict=True):
            table[a, b] = self._known[pair]
        for a in ends:
            table[a, a + 1] = 1.0
        return table


def shape(template: Template, brief: ClipBrief) -> Template | None:
    """The template as the brief wants it; None where it cannot be told without what is unwanted.

    A wanted tag takes the first slot that it may stand in, else gets a slot before the last.
    """
    slots: list[Slot] = []
    for slot in template.slots:
        tags = tuple(tag for tag in slot.tags if tag not in brief.unwanted)
        if slot.tags and not tags:
            if not slot.optional:
                return None
            continue
        slots.append(slot.model_copy(update={"tags": tags}))
    if template.in_order:
        return template.model_copy(update={"slots": tuple(slots)})
    given: set[int] = set()
    for tag in brief.wanted:
        place = next(
            (n for n, slot in enumerate(slots) if tag in slot.tags and n not in given), None
        )
        if place is None:
            place = max(0, len(slots) - 1)
            slots.insert(place, _INSERTED)
            given = {n + (n >= place) for n in given}
        given.add(place)
        slots[place] = slots[place].model_copy(update={"tags": (tag,), "optional": False})
    return template.model_copy(update={"slots": tuple(slots)}) if slots else None


def loosen(template: Template) -> Template:
    """The template with every slot optional, and longer where the material is."""
    slots = [
        slot.model_copy(update={"optional": True, "max_seconds": min(60, slot.max_seconds * 1.5)})
        for slot in template.slots
    ]
    return template.model_copy(update={"slots": tuple(slots)})


def _choose(material: Material, slot: Slot) -> list[Stretch]:
    """The worthiest stretches of a slot, each tag and place once."""
    found = sorted(material.stretches(slot), key=lambda s: (-s.worth, s.start_ms, s.last))
    return found[:MOST_CHOICES]


def _different_from(told: Sequence[Storyline]) -> Callable[[Storyline], bool]:
    def accept(story: Storyline) -> bool:
        return all(are_different(story, other) for other in told)

    return accept


def are_different(one: Storyline, other: Storyline) -> bool:
    """Whether two storylines have another template, or most of what is said is another.

    Two that say exactly the same are never different.
    """
    shared = len(one.utterances & other.utterances)
    if one.utterances == other.utterances:
        return False
    fewer = min(len(one.utterances), len(other.utterances))
    return one.template != other.template or shared < _SAME * fewer


def _lacking(template: Template, story: Storyline) -> str:
    filled = {part.slot for part in story.parts}
    missing = [
        " or ".join(tag.value for tag in slot.tags)
        for number, slot in enumerate(template.slots)
        if number not in filled and not slot.optional
    ]
    what = "; ".join(missing) or "its usual lengths"
    return f"{story.template} is told without {what}"


def missing_wanted(story: Storyline, wanted: Sequence[SpeechTag]) -> list[SpeechTag]:
    """Wanted tags that no stretch of a story was taken for."""
    return [tag for tag in wanted if all(part.tag is not tag for part in story.parts)]
