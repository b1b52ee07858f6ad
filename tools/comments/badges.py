"""Level and club marks around a name: by their words, by their ground, by how full they are."""

import numpy as np
from numpy.typing import NDArray

from tools.comments.ink import HEIGHT
from tools.comments.notices import is_badge
from tools.comments.parting import COLONS, snap_cut
from tools.comments.rows import Row, cut_row, is_wide, measure

_OTHER_GROUND = 12.0  # L*a*b*
_OTHER_INK = 18.0
_FULLER = 0.3
_WIDEST = 6  # em


def drop_badges(row: Row) -> Row:
    """The row without the level and club marks that stand before the name."""
    for _ in range(3):
        end = _badge_end(row)
        if end is None or end >= len(row.text):
            return row
        row = cut_row(row, end)[1]
    return row


def drop_marks_after(row: Row) -> Row:
    """A name without the level and club marks that follow it."""
    for at in range(max(1, len(row.text) - 8), len(row.text)):
        if not (row.text[at - 1].isspace() or at in row.seams) or not is_badge(row.text[at:]):
            continue
        head, tail = cut_row(row, at)
        grounds, inks = grounds_apart(head, tail), _inks_apart(head, tail)
        if grounds > _OTHER_GROUND or inks > _OTHER_INK or _solid(tail) - _solid(head) > _FULLER:
            return head
    return row


def _badge_end(row: Row) -> int | None:
    for at in sorted(row.seams)[:1]:
        head, tail = cut_row(row, at)
        if measure(head.text) < _WIDEST and _is_mark(head, tail):
            return at
    for at in _word_ends(row.text):
        if is_badge(row.text[:at]):
            head, tail = cut_row(row, at)
            if tail.text[:1] in COLONS:
                continue
            grounds, inks = grounds_apart(head, tail), _inks_apart(head, tail)
            if (
                grounds > _OTHER_GROUND
                or inks > _OTHER_INK
                or _solid(head) - _solid(tail) > _FULLER
            ):
                return at
    if row.ink is None:
        return None
    solid = _solidity(row)
    start = int(HEIGHT * 0.5)
    if len(solid) < 2 * HEIGHT or solid[:start].max(initial=0) < 0.5:
        return None
    over = np.flatnonzero(solid[start:] < 0.42)
    if not over.size:
        return None
    end = start + int(over[0])
    if end < HEIGHT * 0.8 or end > _WIDEST * HEIGHT:
        return None
    at = snap_cut(row, end / len(solid), badge=True)
    if at is None:
        return None
    marks = [to for to in range(max(1, at - 2), at + 3) if is_badge(row.text[:to])]
    return max(marks) if marks else at


def _is_mark(head: Row, tail: Row) -> bool:
    if is_badge(head.text):
        return _solid(head) > 0.2 or grounds_apart(head, tail) > 8 or head.em < 0.85 * tail.em
    return _solid(head) > 0.5 or (grounds_apart(head, tail) > 25 and head.em < 0.95 * tail.em)


def _word_ends(text: str) -> list[int]:
    """Where a badge at the start may end: at a blank or between scripts, the furthest first."""
    return [
        at
        for at in range(min(len(text) - 1, 8), 0, -1)
        if text[at].isspace() or is_wide(text[at - 1]) != is_wide(text[at])
    ]


def grounds_apart(head: Row, tail: Row) -> float:
    """How far the colours behind two rows are from each other, in L*a*b*."""
    if head.ink is None or tail.ink is None:
        return 0.0
    one, two = np.median(head.ink.ground, axis=0), np.median(tail.ink.ground, axis=0)
    return float(np.linalg.norm(one - two))


def _inks_apart(head: Row, tail: Row) -> float:
    one = head.ink.mean() if head.ink is not None else None
    two = tail.ink.mean() if tail.ink is not None else None
    return 0.0 if one is None or two is None else float(np.linalg.norm(one[:3] - two[:3]))


def _solidity(row: Row) -> NDArray[np.float32]:
    """How much of the row's height is filled, smoothed over a sign's width."""
    if row.ink is None:
        return np.zeros(1, np.float32)
    box = np.ones(HEIGHT // 2, np.float32) / (HEIGHT // 2)
    return np.convolve(row.ink.amount / HEIGHT, box, mode="same").astype(np.float32)


def _solid(row: Row) -> float:
    """The share of the row's columns that are filled like a badge, not like writing."""
    return float((_solidity(row) > 0.45).mean())
