"""Rows to comments: the cheapest way to label each row of a chain.

Two kinds of list are tried on every chain: `inline`, where a row begins with its user, and
`stacked`, where the user stands on a row above the text. Costs are in nats or so; each says how odd
a label is for a row, from its cut, its colour, its distance from the row above, its indentation and
whether the row above had room for its first word. The best sequence is found by Viterbi.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tools.comments.badges import drop_marks_after
from tools.comments.chains import Chain, Entry
from tools.comments.notices import is_tail
from tools.comments.parting import clean_text, clean_user
from tools.comments.rows import Row, cut_row, join_text

INFINITE = 1e9
ODDNESS = 0.15
"""What a unit of cost takes from the strength of a list, when lists are compared."""

_OTHER_PANEL = 30.0  # L*a*b*
_FEW = 6  # distances of which any one may be of its own kind
_MANY = 8  # distances that tell two kinds by how little they spread


@dataclass(frozen=True)
class Draft:
    """A comment found in a chain; `strength` 0-1.3 is how sure it is that this is one."""

    user: str | None
    text: str
    rows: tuple[Row, ...]
    strength: float


def cheapest_labels(
    length: int, labels: str, cost: Callable[[int, str, str], float]
) -> tuple[list[str], float]:
    """The labels of `length` rows with the least sum of `cost(row, label before, label)`.

    The label before the first row is `^`.
    """
    best: dict[str, tuple[float, list[str]]] = {"^": (0.0, [])}
    for row in range(length):
        following: dict[str, tuple[float, list[str]]] = {}
        for label in labels:
            options = [
                (total + cost(row, before, label), path) for before, (total, path) in best.items()
            ]
            total, path = min(options, key=lambda option: option[0])
            following[label] = (total, [*path, label])
        best = following
    total, path = min(best.values(), key=lambda option: option[0])
    return path, total


def part_entry(entry: Entry) -> tuple[str | None, str]:
    """User and first text of a row, parted where its cut is."""
    if entry.cut is None:
        return None, clean_text(entry.row.text)
    head, tail = cut_row(entry.row, entry.cut.at)
    return clean_user(drop_marks_after(head).text), clean_text(tail.text)


def says_notice(entry: Entry) -> bool:
    """Whether what follows the user is what the platform says of them."""
    if entry.cut is None:
        return False
    _, text = part_entry(entry)
    return is_tail(text, after_colon=entry.cut.colon)


def draft(
    user: str | None, entries: Sequence[Entry], texts: Sequence[str], strength: float
) -> Draft:
    """A comment of the given rows."""
    return Draft(user, join_text(texts), tuple(entry.row for entry in entries), strength)


def off_size(chain: Chain, entry: Entry) -> float:
    """The cost of writing larger or smaller than the rest of the chain's."""
    ratio = min(
        max(one, 1 / one)
        for one in (
            entry.row.em / chain.em,
            (entry.row.bottom - entry.row.top) / chain.height,
        )
    )
    return 0.0 if ratio < 1.22 else min(3.5, (ratio - 1.22) * 9 + 0.5)


def indent(chain: Chain, entry: Entry, allowed: float) -> float:
    """The cost of beginning further than `allowed` em from the left edge of the chain."""
    shift = min(abs(entry.row.left - chain.left), abs(entry.begin - chain.left)) / chain.em
    return 0.0 if shift < allowed else min(3.0, 1.0 + shift - allowed)


def off_ground(chain: Chain, entry: Entry) -> float:
    """The cost of standing on a plain panel of another colour than the rest of the chain."""
    if chain.ground is None or entry.panel is None:
        return 0.0
    return 1.2 if float(np.linalg.norm(entry.panel - chain.ground)) > _OTHER_PANEL else 0.0


def find_rhythm(pitches: Sequence[float]) -> tuple[float, float]:
    """The usual distances within and between comments in em; (0, 0) where they are alike."""
    near = np.asarray([p for p in pitches if p < 4.5], np.float64)
    if len(near) < 3:
        return 0.0, 0.0
    widest = 2.1 * float(np.percentile(near, 10))
    rare = (near > widest).sum() <= len(near) // 8
    known = np.sort(near[near <= widest] if rare else np.minimum(near, widest))
    if len(known) < 3:
        return 0.0, 0.0
    best = (np.inf, 0.0, 0.0)
    least = 1 if len(known) < _FEW else max(2, len(known) // 6)
    for cut in range(least, len(known) - least + 1):
        inner, outer = float(np.median(known[:cut])), float(np.median(known[cut:]))
        loss = float(np.abs(known[:cut] - inner).sum() + np.abs(known[cut:] - outer).sum())
        best = min(best, (loss, inner, outer))
    loss, inner, outer = best
    plain = 0.28 if len(known) < _MANY else max(0.14, 5 * loss / len(known))
    return (inner, outer) if outer - inner > min(0.28, plain) else (0.0, 0.0)
