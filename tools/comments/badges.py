"""Level and club marks around a name: by their words, by their ground, by how full they are."""

import re
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tools.comments.endings import COLONS, snap_cut
from tools.comments.ink import HEIGHT
from tools.comments.notices import is_badge
from tools.comments.rows import Row, cut_row, is_wide, measure, width_of

_OTHER_GROUND = 12.0  # L*a*b*
_OTHER_INK = 18.0
_FULLER = 0.2
_PILL = 0.92  # of the size of the writing beside it
_PILL_GROUND = 20.0  # L*a*b*
_RIM, _INSIDE = (0.0, 0.35), (0.5, 3.0)  # em
_OTHER_RIM = 32.0  # L*a*b*
_CLUB = re.compile(r"[\u4e00-\u9fff]{2,3} ?\d{1,2} ?(?=[\u4e00-\u9fff][^\s:：]{0,12}[:：])")
_NUMBER = re.compile(r"\W? ?\d+")
_WIDEST = 6  # em
_NEXT = 1.6  # em


def drop_badges(row: Row) -> Row:
    """The row without the level and club marks that stand before the name."""
    for _ in range(3):
        end = _badge_end(row)
        if end is None or end >= len(row.text):
            return row
        row = cut_row(row, end)[1]
    return row


def drop_initial(row: Row) -> Row:
    """The row without the letter on the picture beside it, which its name begins with."""
    text = row.text
    if len(text) > 3 and text[1] == " " and text[0].casefold() == text[2].casefold():
        return cut_row(row, 2)[1]
    return row


def is_pill(mark: Row, name: Row) -> bool:
    """Whether a row before another is a mark with a ground of its own, whatever it says."""
    return (
        measure(mark.text) < _WIDEST
        and mark.em < _PILL * name.em
        and grounds_apart(mark, name) > _PILL_GROUND
    )


def drop_rim(row: Row) -> Row:
    """The row without the ink of the mark before it that its box still touches."""
    if row.ink is None or measure(row.text) < _INSIDE[1]:
        return row
    n = len(row.ink.amount)
    em = row.em / max(row.right - row.left, 1.0)
    rim = row.ink.mean(_RIM[0] * em, _RIM[1] * em)
    inside = row.ink.mean(_INSIDE[0] * em, _INSIDE[1] * em)
    if rim is None or inside is None or np.linalg.norm(rim[:3] - inside[:3]) < _OTHER_RIM:
        return row
    amount = row.ink.amount.copy()
    amount[: round(_RIM[1] * em * n) + 1] = 0
    return replace(row, ink=replace(row.ink, amount=amount))


def drop_marks_after(row: Row) -> Row:
    """A name without the level and club marks that follow it."""
    for at in range(max(1, len(row.text) - 8), len(row.text)):
        if not (row.text[at - 1].isspace() or at in row.seams) or not is_badge(row.text[at:]):
            continue
        head, tail = cut_row(row, at)
        if _is_badge_there(tail, head, row, at):
            return head
    return row


def _badge_end(row: Row) -> int | None:
    for at in sorted(row.seams)[:1]:
        head, tail = cut_row(row, at)
        if measure(head.text) < _WIDEST and not is_badge(tail.text) and _is_mark(head, tail):
            return at
    for at in _mark_ends(row.text):
        head, tail = cut_row(row, at)
        if tail.text[:1] not in COLONS and _is_badge_there(head, _first_signs(tail), row, at):
            return at
    if club := _CLUB.match(row.text):
        head, tail = cut_row(row, club.end())
        if _inks_apart(head, _first_signs(tail)) > _OTHER_INK or _solid(head) - _solid(tail) > 0.1:
            return club.end()
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
    if at is None or (row.text[at - 1].islower() and row.text[at].islower()):
        return None
    marks = [to for to in range(max(1, at - 2), at + 3) if is_badge(row.text[:to])]
    if marks:
        return max(marks)
    head, tail = cut_row(row, at)
    return at if _solid(head) - _solid(_first_signs(tail)) > 2 * _FULLER else None


def _first_signs(row: Row) -> Row:
    """The beginning of a row: of a name, before its text in another colour."""
    wide = 0.0
    for at, sign in enumerate(row.text):
        wide += width_of(sign)
        if wide > _NEXT:
            return cut_row(row, at + 1)[0] if at + 1 < len(row.text) else row
    return row


def _is_mark(head: Row, tail: Row) -> bool:
    if is_badge(head.text):
        return _solid(head) > 0.2 or grounds_apart(head, tail) > 8 or head.em < 0.85 * tail.em
    return _solid(head) > 0.5 or (grounds_apart(head, tail) > 25 and head.em < 0.95 * tail.em)


def _mark_ends(text: str) -> list[int]:
    """Where a badge at the start may end, the furthest first."""
    return [at for at in range(min(len(text) - 1, 8), 0, -1) if is_badge(text[:at])]


def _is_badge_there(mark: Row, name: Row, row: Row, at: int) -> bool:
    """Whether what reads like a badge beside a name looks like one.

    A badge is full to its edges, which writing never is; a colour or ground of its own is believed
    of words that stand apart only, for names may be numbers and begin with any word.
    """
    if _solid(mark) - _solid(name) > _FULLER:
        return True
    grounds, inks = grounds_apart(mark, name), _inks_apart(mark, name)
    if _NUMBER.fullmatch(mark.text):
        leads = row.text[at - 1].isspace() or row.text[at].isspace()
        leads = leads and row.text.startswith(mark.text)
        return grounds > _OTHER_GROUND or (leads and inks > _OTHER_INK)
    apart = row.text[at - 1].isspace() or row.text[at].isspace() or at in row.seams
    between = is_wide(row.text[at - 1]) != is_wide(row.text[at])
    return (apart and (grounds > 8 or inks > 10)) or (
        between and (grounds > _OTHER_GROUND or inks > _OTHER_INK)
    )


def grounds_apart(head: Row, tail: Row) -> float:
    """How far the colours behind two rows are from each other, in L*a*b*."""
    if head.ink is None or tail.ink is None:
        return 0.0
    one, two = np.median(head.ink.ground, axis=0), np.median(tail.ink.ground, axis=0)
    return float(np.linalg.norm(one - two))


def seam_apart(one: Row, two: Row) -> float:
    """How far the colours behind two neighbours are from each other where they meet, in L*a*b*."""
    if one.ink is None or two.ink is None:
        return 0.0
    ends = one.ink.ground[-HEIGHT:], two.ink.ground[:HEIGHT]
    left, right = (np.median(end, axis=0) for end in ends)
    return float(np.linalg.norm(left - right))


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
