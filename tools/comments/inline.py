"""Lists in which a row begins with its user: Douyin, Kuaishou, Taobao, Shopee, many side panels."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace

from tools.comments.chains import Chain, Entry
from tools.comments.grouping import (
    INFINITE,
    Draft,
    cheapest_labels,
    draft,
    find_rhythm,
    indent,
    off_ground,
    off_size,
    part_entry,
    says_notice,
)
from tools.comments.notices import (
    is_asking,
    is_input_hint,
    is_interface,
    is_notice,
    is_price,
    is_time,
)
from tools.comments.parting import Cut, name_tone, recut

_FAINT = 5.0  # L*a*b*
_PARTED = 0.8
_REGULAR, _IN_TIME = 3, 0.4  # rows with names that stand apart as comments do, and their worth
_UNREAD = (1.5, 7.0)  # em from the edge, where a name stands that could not be read
_ALIKE = 0.6  # of the usual contrast


def parse_inline(chain: Chain) -> tuple[list[Draft], float]:
    """The comments of a chain, read as `user text` with wrapped rows below, and how odd that is."""
    chain = _settle(chain)
    entries = chain.entries
    costs = _Costs(chain)
    labels, odd = cheapest_labels(len(entries), "SCX", costs.cost)
    drafts: list[Draft] = []
    group: list[Entry] = []
    trust = 1.0
    for index, (label, entry) in enumerate(zip([*labels, "X"], [*entries, None], strict=True)):
        if label != "C" and group:
            user, first = part_entry(group[0])
            texts = [first, *(one.row.text for one in group[1:])]
            if first or len(group) > 1:
                drafts.append(draft(user, group, texts, costs.strength(group[0].cut) * trust))
            group = []
        if label in "SC" and entry is not None:
            if label == "S":
                trust = costs.trust(index)
            group.append(entry)
    return drafts, odd


def _settle(chain: Chain) -> Chain:
    """The cuts again, as those of the whole chain tell where they fall.

    Where most rows part at a colon, a colon wins against a change of tone elsewhere; where they
    do not, a row is parted where it turns from the tone of the names to that of the texts.
    """
    cuts = [entry.cut for entry in chain.entries if entry.cut is not None]
    colons = [cut for cut in cuts if cut.colon or (cut.other and cut.other.colon)]
    if cuts and len(colons) * 2 >= len(cuts):
        entries = tuple(
            replace(e, cut=e.cut.other) if e.cut is not None and e.cut.other else e
            for e in chain.entries
        )
        return Chain(entries, chain.colour)
    contrasts = [cut.contrast for cut in cuts if cut.contrast]
    if len(contrasts) < 3 or chain.colour is None:
        return chain
    known = [(entry.row, entry.cut) for entry in chain.entries if entry.cut is not None]
    name, usual = name_tone(known), statistics.median(contrasts)
    entries = tuple(
        entry
        if entry.cut is not None and (entry.cut.colon or entry.cut.mask or entry.cut.seam)
        else replace(entry, cut=recut(entry.row, chain.colour, name, usual) or entry.cut)
        for entry in chain.entries
    )
    return Chain(entries, chain.colour)


class _Costs:
    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        cuts = [entry.cut for entry in chain.entries if entry.cut is not None]
        loose = sum(
            e.cut is None and not chain.is_full(i) and not is_notice(e.row.text)
            for i, e in enumerate(chain.entries)
            if i not in chain.rules
        )
        self._parted = len(cuts) / max(1, len(cuts) + loose)
        self._colons = _share(cuts, lambda cut: cut.colon)
        self._marked = _share(cuts, lambda cut: cut.colon or cut.mask)
        self._coloured = _share(cuts, lambda cut: cut.contrast > 0)
        steps = [
            pitch
            for pitch, entry in zip(chain.pitches[1:], chain.entries[1:], strict=True)
            if entry.cut is not None and pitch < 4.5
        ]
        self._step = statistics.median(steps) if len(steps) > 1 else 0.0
        inner, outer = find_rhythm(chain.pitches[1:])
        apart = sum(pitch > (inner + outer) / 2 for pitch in chain.pitches[1:])
        alternating = apart > 0.35 * (len(chain.pitches) - 1)
        self._rhythm = (inner, outer) if alternating else (0.0, 0.0)
        self._regular = sum(pitch > (inner + outer) / 2 for pitch in steps) if alternating else 0
        contrasts = [cut.contrast for cut in cuts if cut.contrast > 0]
        self._usual = statistics.median(contrasts) if contrasts else 0.0

    def strength(self, cut: Cut | None) -> float:
        """How much a row's cut speaks for a comment, 0-1.3."""
        if cut is None:
            return 0.1
        coloured = min(1.0, max(0.0, cut.contrast - _FAINT) / 10) if cut.contrast else 0.0
        if not (cut.colon or cut.mask):
            coloured *= min(1.0, self._parted / _PARTED)
        if self._regular >= _REGULAR and self._parted >= _PARTED:
            coloured += _IN_TIME
        return min(1.3, coloured * 0.9 + (0.7 if cut.colon else 0) + (0.7 if cut.mask else 0))

    def cost(self, index: int, before: str, label: str) -> float:
        """The cost of a row's label after the label of the row above."""
        if label != "X" and index in self._chain.rules:
            return INFINITE
        if label == "S":
            return self._start(index)
        if label == "C":
            return self._continued(index) if before in "SC" else INFINITE
        if index in self._chain.rules:
            return 0.0
        return self._other(self._chain.entries[index])

    def _start(self, index: int) -> float:
        entry = self._chain.entries[index]
        cost = off_size(self._chain, entry) + indent(self._chain, entry, 4.5)
        cost += off_ground(self._chain, entry)
        cut = entry.cut
        marked = cut is not None and (cut.mask or (cut.colon and cut.contrast > 0))
        cost += self._tight(index) * (0.2 if marked else 1.0)
        if cut is None:
            if self._is_unnamed(index):
                return cost + 1.2
            far = self._chain.pitches[index] > 2.8 and index > 0
            asks = 0.5 if is_asking(entry.row.text) else 0.0
            cost += (
                (2.2 if self._parted > 0.75 else 1.7) - asks + far + indent(self._chain, entry, 0.7)
            )
            return cost + (1.0 if entry.stray > 16 else 0.0)
        if says_notice(entry) or self._tells(entry):
            return cost + 3.0
        if cut.mask or (cut.colon and cut.contrast):
            return cost
        if cut.colon:
            return cost + (0.3 if self._colons >= 0.5 else 1.0)
        weak = max(0.0, 0.6 - cut.contrast / max(self._usual, 1.0))
        return cost + 0.2 + 2.4 * weak + (0.6 if self._marked > 0.7 else 0.0)

    def _is_unnamed(self, index: int) -> bool:
        """Whether a row begins where texts do, at the distance of comments, without its name."""
        entry = self._chain.entries[index]
        shift = (entry.begin - self._chain.left) / self._chain.em
        in_time = self._step and abs(self._chain.pitches[index] - self._step) < 0.15 * self._step
        seen = self._marked > 0.7 and entry.stray < 16 and not is_notice(entry.row.text)
        return bool(in_time and seen and _UNREAD[0] < shift < _UNREAD[1])

    def trust(self, index: int) -> float:
        """How far the distance from the row above lets a comment begin here, 0.3-1."""
        return max(0.3, 1 - self._tight(index))

    def _tight(self, index: int) -> float:
        """The cost of a start as near to the row above as wrapped rows are to one another."""
        inner, outer = self._rhythm
        if index == 0:
            return 0.0
        if self._chain.pitches[index] < 0.8 * self._step:
            return 2.2
        if not outer:
            return 0.0
        away = (outer - self._chain.pitches[index]) / (outer - inner)
        return 3.0 * max(0.0, min(1.0, away) - 0.4)

    def _loose(self, index: int) -> float:
        """The cost of a wrapped row as far from the row above as comments are from one another."""
        inner, outer = self._rhythm
        if not outer:
            return 0.0
        away = (self._chain.pitches[index] - inner) / (outer - inner)
        return 5.0 * max(0.0, min(1.0, away) - 0.4)

    def _continued(self, index: int) -> float:
        entry = self._chain.entries[index]
        cost = 0.3 + off_size(self._chain, entry) + indent(self._chain, entry, 1.3)
        if not self._tight(index):
            cost += max(0.0, self._chain.pitches[index] - 1.65) * 5
        full = self._chain.is_full(index)
        cost += self._loose(index)
        if not full:
            cost += 1.2 if self._tight(index) > 1 else 3.0
        cut = entry.cut
        if full and self._tight(index) > 1 and not (cut is not None and (cut.colon or cut.mask)):
            cost -= 1.5
        if cut is not None and cut.contrast and self._usual:
            sure = min(1.0, cut.contrast / self._usual) * min(1.0, cut.contrast / 14)
            if self._marked > 0.7 and not (cut.colon or cut.mask):
                cost += 0.8 * sure
            else:
                cost += 3 * sure if cut.colon or sure > 0.6 else 1.5 * sure
        elif cut is not None and cut.mask:
            cost += 3.0
        elif cut is not None and self._colons >= 0.5:
            cost += 0.6 if self._coloured > 0.6 else 2.0
        if entry.stray > 16 and cut is None:
            cost += 1.5
        return cost

    def _said(self, entry: Entry) -> bool:
        """Whether a row that speaks of coupons and the like is a viewer's, by name or question."""
        return (entry.cut is not None and self._named(entry.cut)) or is_asking(entry.row.text)

    def _tells(self, entry: Entry) -> bool:
        """Whether a row tells what somebody did, not what they said."""
        if not is_notice(entry.row.text):
            return False
        cut = entry.cut
        return cut is None or not self._named(cut) or is_notice(entry.row.text[: cut.at])

    def _named(self, cut: Cut) -> bool:
        """Whether what stands before a cut is surely a name, so that the rest may be judged."""
        return cut.colon or cut.mask or cut.contrast > _ALIKE * self._usual > 0

    def _other(self, entry: Entry) -> float:
        cost = 1.9
        text = entry.row.text
        if says_notice(entry) or is_input_hint(text):
            cost -= 2.2
        elif entry.cut is None or not entry.cut.colon:
            if self._tells(entry):
                cost -= 2.2
            elif is_price(text) or is_time(text) or (is_interface(text) and not self._said(entry)):
                cost -= 1.8
            elif entry.cut is None and entry.stray > 16:
                cost -= 1.5
        return max(0.0, cost)


def _share(cuts: Sequence[Cut], test: Callable[[Cut], bool]) -> float:
    return sum(test(cut) for cut in cuts) / len(cuts) if cuts else 0.0
