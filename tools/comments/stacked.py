"""Lists in which the user stands on a row above the text: TikTok, Instagram, some side panels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.comments.badges import drop_marks_after
from tools.comments.chains import Chain, Entry
from tools.comments.grouping import (
    INFINITE,
    ODDNESS,
    Draft,
    cheapest_labels,
    draft,
    find_rhythm,
    indent,
    off_ground,
    off_size,
)
from tools.comments.notices import is_count, is_interface, is_notice, is_price, is_tail, is_time
from tools.comments.parting import clean_user
from tools.comments.rows import measure

_ROUNDS = 3
_NAME_TO_TEXT = 2.0  # em
_TONE, _SIZE = 9.0, 0.13  # one unit of difference: of `Ink.tone`, of em

Style = NDArray[np.float64]


def parse_stacked(chain: Chain) -> tuple[list[Draft], float]:
    """The comments of a chain, read as a name with text on the rows below, and how odd that is."""
    found = [_drafts_of(chain, start) for start in _starts(chain)]
    return max(found, key=lambda drafts: sum(d.strength for d in drafts[0]) - ODDNESS * drafts[1])


def _starts(chain: Chain) -> list["_Look | None"]:
    """What names and texts may look like to begin with: unknown, or either of two kinds of row."""
    styles = np.stack([_style(chain, entry) for entry in chain.entries])
    if len(styles) < 4:
        return [None]
    away = np.linalg.norm(styles[:, None] - styles[None], axis=2)
    one, two = divmod(int(away.argmax()), len(styles))
    for _ in range(_ROUNDS):
        first, second = _halves(styles, styles[one], styles[two])
        one = int(np.linalg.norm(styles - first, axis=1).argmin())
        two = int(np.linalg.norm(styles - second, axis=1).argmin())
    if one == two:
        return [None]
    first, second = _halves(styles, styles[one], styles[two])
    apart = float(np.linalg.norm(first - second))
    return [None, _Look(first, second, apart), _Look(second, first, apart)]


def _halves(styles: Style, one: Style, two: Style) -> tuple[Style, Style]:
    """The middle of the styles nearer to `one`, and of the others."""
    nearer = np.linalg.norm(styles - one, axis=1) <= np.linalg.norm(styles - two, axis=1)
    others = styles if nearer.all() else styles[~nearer]
    first = np.asarray(np.median(styles[nearer], axis=0), np.float64)
    return first, np.asarray(np.median(others, axis=0), np.float64)


def _drafts_of(chain: Chain, look: "_Look | None") -> tuple[list[Draft], float]:
    entries = chain.entries
    costs = _Costs(chain, look)
    labels: list[str] = []
    odd = 0.0
    for _ in range(_ROUNDS):
        labels, odd = cheapest_labels(len(entries), "NTCX", costs.cost)
        costs.learn(labels)
    drafts: list[Draft] = []
    at = 0
    while at < len(entries):
        end = at + 1
        if labels[at] in "NT":
            while end < len(entries) and labels[end] in (
                "TC" if end == at + 1 and labels[at] == "N" else "C"
            ):
                end += 1
            named = labels[at] == "N"
            texts = entries[at + named : end]
            if texts and not is_tail(texts[0].row.text):
                user = clean_user(drop_marks_after(entries[at].row).text) if named else None
                strength = costs.quality if named else 0.1
                drafts.append(draft(user, entries[at:end], [t.row.text for t in texts], strength))
        at = end
    return drafts, odd


@dataclass(frozen=True)
class _Look:
    """Styles of names and texts, and how far apart they are."""

    name: Style
    text: Style
    apart: float


class _Costs:
    def __init__(self, chain: Chain, look: _Look | None) -> None:
        self._chain = chain
        self._styles = [_style(chain, entry) for entry in chain.entries]
        self._inner, self._outer = find_rhythm(chain.pitches[1:])
        self._look = look

    @property
    def quality(self) -> float:
        """How clearly names stand out, 0.2-1."""
        rhythm = (self._outer - self._inner - 0.15) / 0.35 if self._outer else 0.0
        style = (self._look.apart - 0.8) / 1.2 if self._look else 0.0
        return float(np.clip(max(rhythm, style), 0.2, 1.0))

    def learn(self, labels: Sequence[str]) -> None:
        """Take over the styles of the rows that were called names and texts."""
        names = [s for s, label in zip(self._styles, labels, strict=True) if label == "N"]
        texts = [s for s, label in zip(self._styles, labels, strict=True) if label in "TC"]
        if not names or not texts:
            self._look = None
            return
        name, text = np.median(np.stack(names), axis=0), np.median(np.stack(texts), axis=0)
        spread = np.median(
            [np.linalg.norm(s - name) for s in names] + [np.linalg.norm(s - text) for s in texts]
        )
        least = 1.0 if min(len(names), len(texts)) > 1 else 1.4
        apart = float(np.linalg.norm(name - text) / max(least, 1.5 * float(spread)))
        self._look = _Look(name, text, apart)

    def cost(self, index: int, before: str, label: str) -> float:
        """The cost of a row's label after the label of the row above."""
        entry = self._chain.entries[index]
        text = entry.row.text
        if index in self._chain.rules:
            return 0.0 if label == "X" else INFINITE
        if label == "N":
            cost = 2.5 if before == "N" else 0.0
            cost += self._pitch(index, inner=False) if before != "^" else 0.0
            cost += self._away(index, "N") + _name_cost(text)
            return cost + min(2.0, off_size(self._chain, entry)) + indent(self._chain, entry, 4.5)
        if label == "X":
            return self._other(index, before, text) + (2.0 if before == "N" else 0.0)
        cost = (
            self._away(index, "T") + off_size(self._chain, entry) + indent(self._chain, entry, 1.2)
        )
        cost += off_ground(self._chain, entry)
        if label == "T":
            if before == "N":
                return cost + self._pitch(index, inner=True)
            return cost + (1.6 if before == "^" else 3.2)
        if before not in "TC":
            return INFINITE
        return (
            cost + 0.4 + self._pitch(index, inner=True) + (0 if self._chain.is_full(index) else 3.0)
        )

    def _other(self, index: int, before: str, text: str) -> float:
        cost = 1.7 + (self._pitch(index, inner=False) if before not in "X^" else 0.0)
        if is_notice(text):
            cost -= 1.6
        elif is_interface(text) or is_price(text) or is_count(text) or is_time(text):
            cost -= 0.9
        return max(0.1, cost)

    def _pitch(self, index: int, *, inner: bool) -> float:
        pitch = self._chain.pitches[index]
        if not self._outer:
            return max(0.0, pitch - _NAME_TO_TEXT) * 3 if inner else 0.0
        width = self._outer - self._inner
        away = (pitch - self._inner) / width if inner else (self._outer - pitch) / width
        return min(4.0, 4.0 * max(0.0, away - 0.25))

    def _away(self, index: int, kind: str) -> float:
        if self._look is None:
            return 0.0
        own, other = (
            (self._look.name, self._look.text)
            if kind == "N"
            else (self._look.text, self._look.name)
        )
        style = self._styles[index]
        difference = float(np.linalg.norm(style - own) - np.linalg.norm(style - other))
        return float(np.clip(difference, 0, 2.5)) * min(1.0, self._look.apart / 1.5)


def _name_cost(text: str) -> float:
    wide = measure(text)
    cost = max(0.0, wide - 11) * 0.25
    if text.rstrip()[-1:] in "?？!！。.,，":
        cost += 0.8
    if is_notice(text):
        cost += 1.5
    return cost


def _style(chain: Chain, entry: Entry) -> Style:
    ink = entry.row.ink
    tone = ink.mean() if ink is not None else None
    tones = np.zeros(4) if tone is None else np.asarray(tone, np.float64) / _TONE
    size = np.clip(entry.row.em / chain.em, 0.7, 1.4) / _SIZE
    return np.asarray([*tones, size], np.float64)
